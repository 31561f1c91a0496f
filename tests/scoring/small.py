"""Small standards for tests: only what a test is about is written in it."""

from assessments.scoring import Frame, Standard, evaluate, prepare

HEAD = """
code = "small"
version = "1"
title = "小"
title_en = "Small"
in_force = 2026-01-01
classes = ["urban", "rural"]
"""
SECTION = """
[[section]]
code = "{0}"
title = "{0}"
title_en = "{0}"
"""
METRIC = """
[metric."{0}"]
kind = "{1}"
title = "{0}"
title_en = "{0}"
"""
CRITERION = """
[[criterion]]
id = "{id}"
section = "{section}"
title = "项"
title_en = "Item"
source = "(document, clause)"
points = {points}
{rule}
"""


def criterion(rule: str, points=10, id="item", section="work", more="") -> str:
    return CRITERION.format(id=id, section=section, points=points, rule=f"rule.{rule}\n{more}")


def standard(*criteria: str, head="", kinds=None, sections=("work",), more="") -> Standard:
    """A standard over the metrics m.a, m.b, m.c (numbers) and q.x, q.y, q.z (yes or no)."""
    metrics = {"m.a": "number", "m.b": "number", "m.c": "number", "q.x": "yes_no", "q.y": "yes_no", "q.z": "yes_no"}
    tables = "".join(
        METRIC.format(code, kind) + ('unit = "个"\nunit_en = "pieces"\n' if kind in ("number", "count") else "")
        for code, kind in {**metrics, **(kinds or {})}.items()
    )
    return Standard.loads(HEAD + head + "".join(map(SECTION.format, sections)) + tables + more + "".join(criteria))


def scored(standard: Standard, *facts: dict, kind="rural", excluded=None, **given):
    """Prepared frame and scores of stations with these facts; `m_a` stands for m.a."""
    rows = [(str(i), kind, {k.replace("_", "."): v for k, v in row.items()}) for i, row in enumerate(facts)]
    frame = prepare(Frame.of(rows, standard.metrics, excluded), standard, **given)
    return frame, evaluate(frame, standard)
