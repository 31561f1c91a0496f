"""What follows from points and goes beside them: grades, gates (必备条件) that cap them, vetoes (一票否决)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from . import forbidden, formula
from .metrics import read_classes
from .reading import Table

NO_GRADE = "none"
EFFECTS = ("item", "section", "total", "bonus", "grade", "award")
TARGETS = {"item": "criterion", "section": "section", "grade": "grade"}  # what kind of thing an effect names
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class Grade:
    """A grade reached from `low` percent up to the next better one.

    at_most   the most of a group's ranked stations, 0 to 1, that may have this grade or a better one; None: any
    at_least  the least of them that must have this grade or a worse one; None: any
    """

    code: str
    title: str
    title_en: str
    low: Decimal
    at_most: Decimal | None = None
    at_least: Decimal | None = None


@dataclass(frozen=True)
class Gate:
    """One prerequisite (必备条件): a condition on facts, or a share of the points of one criterion.

    caps       the best grade left to who does not meet it, as its place in the list; the number of grades: none
    tree       the condition, met where it is over 0; None where `criterion` is asked
    share      percent of the criterion's points that meet it
    metrics    metrics asked for it, derived ones resolved
    """

    code: str
    title: str
    title_en: str
    source: str
    source_en: str
    caps: int
    applies_to: frozenset[str]
    tree: formula.Node | None
    criterion: str
    share: Decimal
    metrics: tuple[str, ...]

    def concerns(self, kind: str) -> bool:
        """Is it asked of stations of this class?"""
        return not self.applies_to or kind in self.applies_to


@dataclass(frozen=True)
class VetoRule:
    """One 一票否决 that the standard knows.

    effect  "item" (criterion `target` earns 0), "section" (`target` earns 0), "total" (everything earns 0),
            "bonus" (no bonus), "grade" (`target`, or none, is the best grade left), "award" (no award)
    caps    of "grade": the best grade left, as its place in the list; 0 for the other effects
    tree    it fires by fact where this is over 0; None where a person decides
    """

    code: str
    title: str
    title_en: str
    source: str
    source_en: str
    effect: str
    target: str
    caps: int
    applies_to: frozenset[str]
    tree: formula.Node | None
    metrics: tuple[str, ...]

    def concerns(self, kind: str) -> bool:
        """May it strike stations of this class?"""
        return not self.applies_to or kind in self.applies_to

    @property
    def is_decided(self) -> bool:
        """Does a person decide it?"""
        return self.tree is None


@dataclass(frozen=True)
class Known:
    """What conditions may name.

    criteria  id -> points
    codes     metrics and derived metrics
    raw       codes -> the metrics behind them
    """

    grades: tuple[str, ...]
    criteria: Mapping[str, Decimal]
    sections: tuple[str, ...]
    codes: tuple[str, ...]
    classes: tuple[str, ...]
    raw: Callable[[Iterable[str]], tuple[str, ...]]


def read_grades(head: Table) -> tuple[Grade, ...]:
    """The [[grade]] tables, best first; problems are noted."""
    grades = []
    for table in tables(head, "grade"):
        words = {key: table.text(key) for key in ("code", "title", "title_en")}
        shares = {key: _share(table, key) for key in ("at_most", "at_least")}
        grades.append(Grade(low=table.number("from"), **words, **shares))
        if len(grades) == 1 and shares["at_least"] is not None:
            table.note("at_least", "of the best grade says nothing: every station has it or a worse one")
        table.finish()
    bounds = [grade.low for grade in grades if grade.low is not None]
    if bounds != sorted(set(bounds), reverse=True):
        head.problems.add("grade", "the bounds must fall from the best grade to the worst")
    limits = [share for share in shares_of(grades) if share is not None]
    if limits != sorted(limits):
        head.problems.add("grade", "at_most counts the better grades too, so it must not fall from the best grade on")
    return tuple(grades)


def shares_of(grades: Sequence[Grade]) -> tuple[Decimal | None, ...]:
    """For each grade the most, 0 to 1, that may have it or a better one; None for no limit."""
    limits = []
    for place, grade in enumerate(grades):
        least = grades[place + 1].at_least if place + 1 < len(grades) else None
        both = (grade.at_most, None if least is None else 1 - least)
        limits.append(min((limit for limit in both if limit is not None), default=None))
    return tuple(limits)


def _share(table: Table, key: str) -> Decimal | None:
    share = table.number(key, None)
    if share is not None and not 0 < share < 1:
        table.note(key, f"a share over 0 and under 1, such as 0.25, not {share}")
        return None
    return share


def read_gates(head: Table, known: Known) -> tuple[Gate, ...]:
    """The [[gate]] tables in the order of the file; problems are noted."""
    return tuple(_gate(table, known) for table in tables(head, "gate"))


def read_vetoes(head: Table, known: Known) -> tuple[VetoRule, ...]:
    """The [[veto]] tables in the order of the file; problems are noted."""
    return tuple(_veto(table, known) for table in tables(head, "veto"))


def tables(head: Table, kind: str) -> list[Table]:
    """The tables of a list, each named by its code; a code that is there twice is noted."""
    rows = head.tables(kind)
    codes = [str(row.get("code", "?")) if isinstance(row, dict) else "?" for row in rows]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        head.problems.add(f"{kind} {code}", f"code: {code!r} is there twice")
    return [Table(row, f"{kind} {code}", head.problems) for row, code in zip(rows, codes, strict=True)]


def _gate(table: Table, known: Known) -> Gate:
    words = named(table)
    caps = _caps(table, "caps", known)
    tree, criterion, share = None, "", Decimal(100)
    if "met" in table and "criterion" in table:
        table.note("", "met and criterion exclude each other")
    if "criterion" in table:
        criterion, share = table.choice("criterion", known.criteria) or "", table.number("from", share)
        _check_share(table, criterion, share, known)
        table.raw("met", None)
    else:
        tree = condition(table, "met", known)
    gate = Gate(
        **words,
        caps=caps,
        applies_to=frozenset(read_classes(table, "applies_to", known.classes)),
        tree=tree,
        criterion=criterion,
        share=share or Decimal(0),
        metrics=() if tree is None else known.raw(formula.metrics_in(tree)),
    )
    table.finish()
    forbidden.check(table.where, gate, table.problems)
    return gate


def _check_share(table: Table, criterion: str, share: Decimal | None, known: Known) -> None:
    if criterion and known.criteria[criterion] == 0:
        table.note("criterion", f"{criterion!r} has no points to take a share of")
    if share is not None and not 0 < share <= 100:
        table.note("from", f"must be over 0 and at most 100 (percent of the points), not {share}")


def _veto(table: Table, known: Known) -> VetoRule:
    words = named(table)
    effect, caps = table.choice("effect", EFFECTS), 0
    target = ""
    if effect == "grade":
        caps, target = _caps(table, "target", known), table.values.get("target", "")
    elif effect in TARGETS:
        target = table.choice("target", known.criteria if effect == "item" else known.sections)
    elif effect is not None and "target" in table:
        table.raw("target")
        table.note("target", f"of no use: the effect {effect!r} names nothing")
    else:
        table.raw("target", None)
    tree = condition(table, "when", known) if "when" in table else table.raw("when", None)
    veto = VetoRule(
        **words,
        effect=effect or "award",
        target=target or "",
        caps=caps,
        applies_to=frozenset(read_classes(table, "applies_to", known.classes)),
        tree=tree,
        metrics=() if tree is None else known.raw(formula.metrics_in(tree)),
    )
    table.finish()
    return veto


def named(table: Table) -> dict[str, str]:
    """Code, titles and source of a condition or trigger."""
    code = table.text("code")
    if code is not None and not CODE.fullmatch(code):
        table.note("code", "letters a-z, digits, and . _ - between them")
    return {
        "code": code or "?",
        "title": table.text("title"),
        "title_en": table.text("title_en"),
        "source": table.text("source", ""),
        "source_en": table.text("source_en", ""),
    }


def _caps(table: Table, key: str, known: Known) -> int:
    """The place of the best grade left; 0 after noting a problem."""
    code = table.text(key)
    if code is None or code == NO_GRADE:
        if code and not known.grades:
            table.note(key, "there is no [[grade]] to cap")
        return len(known.grades)
    if table.known(key, code, (*known.grades, NO_GRADE), "grade") is None:
        return 0
    if code == known.grades[0]:
        table.note(key, f"{code!r} is the best grade: it would change nothing")
    return known.grades.index(code)


def condition(table: Table, key: str, known: Known) -> formula.Node | None:
    """The formula under a key; None after noting what is wrong with it."""
    text = table.text(key)
    if text is None:
        return None
    try:
        tree = formula.parse(text)
    except formula.FormulaError as error:
        table.note(key, str(error))
        return None
    codes = formula.metrics_in(tree)
    if not codes:
        table.note(key, "looks at no metric")
    unknown = [code for code in codes if table.known(key, code, known.codes, "metric") is None]
    return None if unknown else tree
