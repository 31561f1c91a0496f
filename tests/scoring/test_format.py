"""docs/standard-format.md is true: each shape's options are the code's, each example is run."""

import re
from pathlib import Path

import numpy as np
import pytest

from assessments.scoring import NOT_APPLICABLE, Frame, Standard, evaluate, prepare
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
    kinds = "".join(
        f'[metric."{m}"]\nkind = "number"\ntitle = "数"\ntitle_en = "N"\nunit = "个"\nunit_en = "n"\n' for m in metrics
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
    standard = standard_of(example, metrics)
    facts = [dict(zip(metrics, (FACTS.get(c, c) for c in row[:-1]), strict=True)) for row in rows]
    numbers = [{m: float(a) if isinstance(a, str) else a for m, a in row.items()} for row in facts]
    frame = Frame.of([(str(i), "town", row) for i, row in enumerate(numbers)], metrics)
    scores = evaluate(prepare(frame, standard, groups=np.zeros(len(frame))), standard)
    assert [outcome(scores, i) for i in range(len(rows))] == [row[-1] for row in rows]


def outcome(scores, i: int) -> str:
    if not scores.applicable[i, 0]:
        return "n/a"
    if not scores.answered[i, 0]:
        return "not answered"
    return f"{scores.points[i, 0] / 100:g}"
