"""docs/standard-format.md is true: each shape's options are the code's, each example is run."""

import re
from pathlib import Path

import numpy as np
import pytest

from assessments.scoring import NOT_APPLICABLE, Frame, Standard, evaluate, prepare
from assessments.scoring.past import PERIODS
from assessments.scoring.rules import RULES

DOCUMENT = Path(__file__).parents[2] / "docs" / "standard-format.md"
SECTIONS = dict(re.findall(r"^### `(\w+)`\n(.*?)(?=^### |\Z)", DOCUMENT.read_text("utf-8"), re.M | re.S))
FACTS = {"–": None, "n/a": NOT_APPLICABLE}


def table_under(text: str) -> list[list[str]]:
    """Cells of the last table of a section, its heading first."""
    lines = [line for line in text.split("```")[-1].splitlines() if line.startswith("|")]
    rows = [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines]
    return [rows[0], *rows[2:]]


def standard_of(example: str, metrics: list[str]) -> Standard:
    head = 'code = "e"\nversion = "1"\ntitle = "例"\ntitle_en = "Example"\nin_force = 2026-01-01\nclasses = ["town"]\n'
    section = '[[section]]\ncode = "s"\ntitle = "节"\ntitle_en = "Section"\n'
    high = {"judges": "high = 10\n", "imported": "high = 100\n"}
    bound = next((high[word] for word in high if word in example), "")
    kinds = "".join(
        f'[metric."{m}"]\nkind = "number"\ntitle = "数"\ntitle_en = "N"\nunit = "个"\nunit_en = "n"\n{bound}'
        for m in metrics
    )
    words = '[[criterion]]\nid = "e"\nsection = "s"\ntitle = "项"\ntitle_en = "Item"\nsource = "(document, clause)"\n'
    return Standard.loads(head + section + kinds + words + example)


def test_every_shape_is_documented():
    assert list(SECTIONS) == list(RULES)


@pytest.mark.parametrize("shape", RULES)
def test_the_options_of_a_shape_are_as_documented(shape):
    rows = re.findall(r"^\| `(\w+)` \| (.*) \| (.*) \| (.*) \|$", SECTIONS[shape].split("```")[0], re.M)
    assert {name: tuple(row) for name, *row in rows} == RULES[shape].option_docs()


@pytest.mark.parametrize("shape", RULES)
def test_the_worked_example_of_a_shape_comes_out_as_written(shape):
    example = re.search(r"```toml\n(.*?)```", SECTIONS[shape], re.S).group(1)
    (*metrics, _), *rows = table_under(SECTIONS[shape])
    asked = list(dict.fromkeys(metric.partition("@")[0] for metric in metrics))
    standard = standard_of(example, asked)
    facts = [dict(zip(metrics, map(fact, row), strict=False)) for row in rows]
    past = {period: framed(facts, asked, f"@{period}") for period in PERIODS}
    beyond = {"past": past, "claims": framed(facts, asked, "@self")}
    scores = evaluate(prepare(framed(facts, asked), standard, groups=np.zeros(len(rows)), **beyond), standard)
    assert [outcome(scores, i) for i in range(len(rows))] == [row[-1] for row in rows]


def fact(cell: str) -> object:
    return FACTS[cell] if cell in FACTS else float(cell) if cell.strip("-").replace(".", "").isdigit() else cell


def framed(facts: list[dict], metrics: list[str], suffix="") -> Frame:
    """The columns of a table whose heading ends in `suffix`."""
    rows = [{metric: row.get(metric + suffix) for metric in metrics} for row in facts]
    return Frame.of([(str(i), "town", row) for i, row in enumerate(rows)], metrics)


def outcome(scores, i: int) -> str:
    if not scores.applicable[i, 0]:
        return "n/a"
    if not scores.answered[i, 0]:
        return "not answered"
    return f"{scores.points[i, 0] / 100:g}"
