"""A standard may add to its parent and raise it; wherever it weakens it, that is named with facts that show it."""

from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from assessments.scoring import Standard, scenario, tomltext
from assessments.scoring.inherited import Finding, weakened
from assessments.scoring.rules import RULES

from .small import criterion, standard

CORE = (Path(__file__).parents[2] / "assessments/standards/core-2026.toml").read_text("utf-8")
KINDS = {"c.a": "count", "c.b": "count", "t.until": "date"}
LEVEL = '[metric."{0}"]\nkind = "number"\nhigh = 10\ntitle = "{0}"\ntitle_en = "{0}"\nunit = "分"\nunit_en = "points"\n'


def three(text: str, *figures) -> tuple[str, ...]:
    """The rule three times with another figure: the parent's, a stricter and a weaker one."""
    return tuple(text.replace("#", str(figure)) for figure in figures)


DONE = '\nrule.unless_zero = "c.a"'
# shape -> (points, the parent's rule, a stricter one, a weaker one)
SHAPES = {
    "yes_no": (4, 'yes_no = { of = "q.x" }', 'yes_no = { of = "q.x" }' + DONE, 'yes_no = { of = "q.y" }'),
    "checklist": (
        4,
        'checklist = { items = ["q.x", "q.y"] }',
        'checklist = { items = ["q.x", "q.y"], mandatory = ["q.x"] }',
        'checklist = { items = ["q.x", "q.y", "q.z"] }',
    ),
    "ratio": (4, *three('ratio = { of = "c.a", to = # }', 4, 5, 3)),
    "at_least": (4, *three('at_least = { of = "c.a", target = # }', 2, 3, 1)),
    "at_most": (4, *three('at_most = { of = "d.load", target = # }', 3000, 2900, 3010)),
    "steps": (4, *three('steps = { of = "m.a", table = [[90, 4], [80, #]], otherwise = 0 }', 3, 2, 3.5)),
    "linear": (4, *three('linear = { of = "m.a", zero_at = #, full_at = 3000 }', 9000, 8000, 10000)),
    "band": (4, *three('band = { of = "m.a", low = 2, high = 5, below = 2, above = # }', 4, 1, 6)),
    "deduct": (4, *three('deduct = { each = { "c.a" = # }, floor = 0 }', 2, 3, 1)),
    "per_point_below": (4, *three('per_point_below = { of = "m.a", target = #, lose = 0.2, floor = 0 }', 90, 95, 89.5)),
    "target_and_excess": (
        4,
        *three('target_and_excess = { of = "c.a", target = 4, gain = #, cap = 2 }', 0.5, 0.4, 0.6),
    ),
    "best_in_group": (
        4,
        'best_in_group = { of = "m.a", better = "higher" }',
        'best_in_group = { of = "m.a", better = "higher" }' + DONE,
        'ratio = { of = "m.a", to = 3 }',
    ),
    "rank_points": (
        4,
        *three('rank_points = { of = "m.a", better = "higher", table = [[1, 4], [3, #]], otherwise = 1 }', 3, 2, 3.5),
    ),
    "versus_past": (
        0,
        *three(
            'versus_past = { of = "m.a", base = "year_before", change = "units", better = "lower", start = 0, '
            "each = 0.1, floor = -1, cap = # }",
            *(1, 0.5, 2),
        ),
    ),
    "bonus": (0, *three('bonus = { each = { "c.a" = 1 }, cap = # }', 4, 3, 5)),
    "sample_check": (4, *three('sample_check = { correct = "c.a", sampled = "c.b", limit = # }', 85, 90, 80)),
    "judged": (
        4,
        'judged = { judges = ["j.a", "j.b"], top = 10, drop = "none" }',
        'judged = { judges = ["j.a", "j.b"], top = 10, drop = "none" }' + DONE,
        'judged = { judges = ["j.a"], top = 10 }',
    ),
    "imported": (
        4,
        *three('imported = { of = "j.a", factor = #, low = 0, high = 10 }', 0.4, 0.3),
        'yes_no = { of = "j.a" }',
    ),
    "exemption": (
        4,
        'exemption = { until = "t.until" }',
        'exemption = { until = "t.until" }' + DONE,
        'yes_no = { of = "t.until" }',
    ),
    "misreport": (
        0,
        *three(
            'misreport = { each = { "m.a" = 2 }, better = "higher", tolerance = #, tolerance_in = "percent", '
            "floor = -3 }",
            *(5, 4, 6),
        ),
    ),
    "composite": (
        4,
        *three(
            'composite.parts = [{ points = 2, yes_no = { of = "q.x" } }, '
            '{ points = 2, at_least = { of = "c.a", target = # } }]',
            *(2, 3, 1),
        ),
    ),
    "either_or": (
        4,
        *three(
            'either_or.parts = [{ points = 4, yes_no = { of = "q.x" } }, { points = #, yes_no = { of = "q.y" } }]',
            *(3, 2, 3.5),
        ),
    ),
}
LEVELS = "".join(map(LEVEL.format, ("j.a", "j.b")))
DERIVED = (
    '[derived."d.load"]\nformula = "c.b / c.a"\ntitle = "负荷"\ntitle_en = "Load"\nunit = "人"\nunit_en = "residents"\n'
)


@cache
def with_rule(rule: str, points) -> Standard:
    return standard(
        criterion(rule, points=points),
        criterion('yes_no = { of = "q.z" }', id="other"),
        kinds=KINDS,
        more=DERIVED + LEVELS,
    )


def test_every_shape_is_tried():
    assert list(SHAPES) == list(RULES)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_rule_may_be_stricter_and_a_weaker_one_is_named_with_facts(shape):
    points, *rules = SHAPES[shape]
    parent, stricter, weaker = (with_rule(rule, points) for rule in rules)
    assert weakened(parent, parent) == []
    assert weakened(parent, stricter) == []
    (finding,) = weakened(parent, weaker, "en")
    assert finding.criterion == "item"
    assert finding.where == "1.1 Item"
    assert finding.what.startswith("with ")
    assert "the parent gives" in finding.what


def test_the_facts_and_both_results_are_told():
    parent, child = (with_rule(SHAPES["at_least"][at], 4) for at in (1, 3))
    (zh,), (en,) = weakened(parent, child), weakened(parent, child, "en")
    assert zh.what == "c.a 1 个时，上级标准得 0/4，本标准得 4/4"
    assert en.what == "with c.a 1 the parent gives 0 of 4, this standard 4 of 4"
    assert (
        en.todo
        == "tighten the rule so that the same facts earn no more; ask for what is added in a criterion of its own"
    )


PAPER = """
[[grade]]
code = "good"
title = "好"
title_en = "Good"
from = 80
at_most = 0.3
[[grade]]
code = "fair"
title = "中"
title_en = "Fair"
from = 60
[[gate]]
code = "few"
title = "警力"
title_en = "Officers"
met = "c.a >= 5"
caps = "fair"
[[gate]]
code = "share"
title = "项"
title_en = "Share"
criterion = "one"
from = 80
caps = "none"
[[veto]]
code = "fault"
title = "过错"
title_en = "Fault"
effect = "total"
when = "c.b > 2"
[[veto]]
code = "leak"
title = "泄密"
title_en = "Leak"
effect = "grade"
target = "fair"
[year]
rollup = "mean"
missing = "none"
[[trigger]]
code = "last"
title = "末位"
title_en = "Last"
place = "last"
times = 2
"""
ONE = 'at_least = { of = "c.a", target = "c.a@norm" }'
TWO = 'deduct = { each = { "c.b" = 1 }, floor = 0 }'
WORDS = 'tier = "basic"\nevidence = "optional"\nnot_applicable = "exclude"\n'
NORMS = '[norm."c.a"]\nurban = 8\nrural = 5\n'


@cache
def paper() -> dict:
    own = standard(
        criterion(ONE, points=4, id="one", more=WORDS),
        criterion(TWO, points=4, id="two"),
        kinds=KINDS,
        more=PAPER + NORMS,
    )
    return scenario.parsed(own.text)


def edited(**changes) -> Standard:
    """The paper with other values; `one__points = 5` stands for key points of the criterion one."""
    document = scenario.parsed(tomltext.document(paper()))
    rows = {row.get("id", row.get("code")): row for key in ("criterion", "grade", "gate", "veto", "section", "trigger")
            for row in document[key]}  # fmt: skip
    for path, value in changes.items():
        name, _, key = path.partition("__")
        table = rows.get(name) or {"head": document, "norm": document["norm"]["c.a"], "year": document["year"],
                                   "metric": document["metric"]["c.a"]}[name]  # fmt: skip
        if value is None:
            del table[key]
        else:
            table[key] = value
    return Standard.loads(tomltext.document(document))


@pytest.mark.parametrize(
    "raised",
    [
        {"one__points": 5, "one__tier": "basic"},
        {"one__evidence": "required"},
        {"one__not_applicable": "zero"},
        {"norm__rural": 6},
        {"good__from": 85, "good__at_most": Decimal("0.2")},
        {"few__met": "c.a >= 6", "few__caps": "none", "share__from": 90},
        {"fault__when": "c.b > 1", "leak__target": "none"},
        {"head__minimum_share": Decimal("0.8"), "head__criteria_limit": 20},
        {"two__rule": {"deduct": {"each": {"c.b": 2}, "floor": 0}}},
        {"one__title": "另一个名称", "one__id": "uno", "one__continues": "one", "share__criterion": "uno"},
    ],
    ids=str,
)
def test_what_is_raised_is_no_weakness(raised):
    assert weakened(edited(), edited(**raised)) == []


@pytest.mark.parametrize(
    ("lowered", "where", "what"),
    [
        ({"one__points": 3}, "1.1 Item", "worth 3 points, fewer than the parent's 4"),
        ({"one__evidence": "none"}, "1.1 Item", "evidence is none; the parent's is optional"),
        (
            {"one__not_applicable": "full"},
            "1.1 Item",
            "when not applicable: counted as full; the parent's: left out of the points on offer",
        ),
        ({"one__tier": "high_line"}, "1.1 Item", "tier is high line; the parent's is basic"),
        ({"one__fixable_by": "bureau"}, "1.1 Item", "repaired by the bureau; the parent's by the station"),
        ({"one__applies_to": ["urban"]}, "1.1 Item", "does not apply to 农村所; the parent's does"),
        (
            {"norm__rural": 4},
            "1.1 Item",
            "with 农村所, c.a 4 the parent gives 0 of 4, this standard 4 of 4",
        ),
        ({"good__from": 75}, "Grade “Good”", "begins at 75%, lower than the parent's 80%"),
        ({"good__at_most": None}, "Grade “Good”", "largest share unlimited; the parent's is 30%"),
        ({"few__met": "c.a >= 4"}, "Gate “Officers”", "with c.a 4 the parent's is not met and this one is"),
        ({"share__from": 70}, "Gate “Share”", "asks 70% of the points; the parent's asks 80%"),
        ({"share__caps": "fair"}, "Gate “Share”", "leaves Fair at best; the parent's leaves no grade"),
        ({"fault__when": "c.b > 3"}, "Veto “Fault”", "with c.b 3 the parent's fires and this one does not"),
        ({"fault__effect": "bonus"}, "Veto “Fault”", "does something else than the parent's"),
        ({"fault__when": None}, "Veto “Fault”", "comes about in another way than the parent's"),
        (
            {"head__minimum_share": Decimal("0.5")},
            "Whole standard",
            "least share of applicable points 50%, less than the parent's 60%",
        ),
        ({"head__criteria_limit": 40}, "Whole standard", "limit of 40 criteria, more than the parent's 30"),
        ({"year__missing": "skip"}, "Whole standard", "the year is not rolled up as in the parent"),
        ({"last__times": 3}, "Trigger “Last”", "the parent's trigger is changed or gone"),
        ({"metric__unit": "只"}, "Figure “c.a”", "kind or unit is not the parent's"),
        (
            {"work__floor": -1, "work__rollup": "sum"},
            "Section “work”",
            "least points -1, more than the parent's unlimited",
        ),
        (
            {"head__rollup": "max", "head__decimals": 2},
            "1.1 Item",
            "stands in a section that is rolled up in another way than the parent's",
        ),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_lowered_is_named(lowered, where, what):
    findings = weakened(edited(), edited(**lowered), "en", classes={"rural": "农村所"})
    assert (where, what) in [(finding.where, finding.what) for finding in findings]
    assert len({finding.criterion for finding in findings} - {""}) <= 2


@pytest.mark.parametrize(
    ("list_", "where", "what"),
    [
        ("criterion", "1.2 Item", "the parent's criterion “Item” is not there"),
        ("veto", "Veto “Leak”", "the parent's veto is not there"),
        ("gate", "Gate “Share”", "the parent's gate is not there"),
        ("grade", "Grade “Fair”", "the parent's grade is not there"),
    ],
)
def test_what_is_gone_is_named(list_, where, what):
    document = scenario.parsed(tomltext.document(paper()))
    if list_ == "grade":
        document["gate"][0]["caps"] = document["veto"][1]["target"] = "none"
    document[list_].pop()
    child = Standard.loads(tomltext.document(document))
    found = [finding for finding in weakened(edited(), child, "en") if finding.what == what]
    assert [finding.where for finding in found] == [where]


def test_a_rule_that_compares_in_another_way_cannot_be_checked_and_says_so():
    higher, lower = (
        with_rule(f'best_in_group = {{ of = "m.a", better = "{better}" }}', 4) for better in ("higher", "lower")
    )
    (finding,) = weakened(higher, lower, "en")
    assert finding.what.startswith("compares “m.a” with the group or the past in another way")
    assert finding.todo == "a rule that compares must be the parent's own"


def test_the_core_standard_is_no_weaker_than_itself_and_its_child_may_add():
    core, document = Standard.loads(CORE), scenario.parsed(CORE)
    document["version"], document["criteria_limit"] = "local", 30
    share = next(row for row in document["criterion"] if row["id"] == "staffing.community")["rule"]["at_least"]
    share["target"] = 45
    assert weakened(core, Standard.loads(tomltext.document(document))) == []
    share["target"] = 38
    (finding,) = weakened(core, Standard.loads(tomltext.document(document)))
    assert isinstance(finding, Finding)
    assert finding.criterion == "staffing.community"
