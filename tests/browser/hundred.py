"""A standard of a hundred figures on four pages: what a whole first quarter asks for, all of it typed by hand."""

SECTIONS = ("place", "people", "work", "means")
_EACH = 25
# Of the 25 figures of a page: two questions, a share and an amount of money; the others are counts.
_KINDS = {5: "yes_no", 11: "share", 16: "yuan", 23: "yes_no"}
_RULES = {"yes_no": 'yes_no = {{ of = "{0}" }}'}
_AT_LEAST = 'at_least = {{ of = "{0}", target = 5 }}'

_HEAD = """
code = "hundred"
version = "2026"
title = "百项标准"
title_en = "A hundred figures"
in_force = 2024-01-01
points = 100
criteria_limit = 100
classes = ["urban", "county_town", "town", "rural", "scenic"]
"""
_SECTION = """
[[section]]
code = "{code}"
title = "第{n}部分"
title_en = "Part {n}"
"""
_METRIC = """
[metric."{code}"]
title = "{title}"
title_en = "{code}"
kind = "{kind}"
"""
_CRITERION = """
[[criterion]]
id = "c.{code}"
section = "{section}"
title = "考评{title}"
title_en = "Item {code}"
points = 1
source = "试用标准 ({title})"
evidence = "none"
rule.{rule}
"""
_GRADE = """
[[grade]]
code = "any"
title = "达标"
title_en = "Any"
from = 0
"""


def codes(section: str) -> list[str]:
    """The metrics of a page in paper order."""
    return [f"{section}.n{n:02}" for n in range(1, _EACH + 1)]


def kind(code: str) -> str:
    return _KINDS.get(int(code[-2:]), "count")


def counts(section: str) -> list[str]:
    """Those of a page whose field takes a number."""
    return [code for code in codes(section) if kind(code) == "count"]


def text() -> str:
    """The standard: every figure is asked by a criterion of its own."""
    everything = [(section, code) for section in SECTIONS for code in codes(section)]
    parts = [_SECTION.format(code=section, n=n) for n, section in enumerate(SECTIONS, 1)]
    parts += [_metric(n, code) for n, (_section, code) in enumerate(everything, 1)]
    parts += [_criterion(n, section, code) for n, (section, code) in enumerate(everything, 1)]
    return "".join([_HEAD, *parts, _GRADE])


def _metric(n: int, code: str) -> str:
    unit = 'unit = "项"\nunit_en = "items"\n' if kind(code) == "count" else ""
    return _METRIC.format(code=code, title=f"第{n}项", kind=kind(code)) + unit


def _criterion(n: int, section: str, code: str) -> str:
    rule = _RULES.get(kind(code), _AT_LEAST).format(code)
    return _CRITERION.format(code=code, section=section, title=f"第{n}项", rule=rule)
