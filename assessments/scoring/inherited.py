"""Where a standard with a parent asks less than the parent does. It may add and raise, never weaken.

weakened(parent, child, "en")[0].what == "with 1 camera the parent gives 1 of 2, this standard 2 of 2"

Criteria are the parent's by their id, or by the one they say they continue. What a child adds (criteria, sections,
gates, vetoes, checks) is its own affair. Everything the parent has must be there and ask at least as much: for no
facts may a criterion of the child earn a larger share of its points than the parent's, see samefacts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from .build import CRITERIA_LIMIT, EVIDENCE
from .comparing import pairs_of, resting_on
from .differencewords import KINDS
from .inheritedchecks import of_checks
from .inheritedfacts import Told
from .inheritedgrades import of_grades, of_year
from .inheritedwords import TODO, WHAT
from .paper import Paper
from .reading import toml
from .samefacts import Incomparable, SameFacts
from .standard import SUM, Criterion, Section, Standard
from .wording import CHINESE

NA_ORDER = ("full", "exclude", "zero")  # the kindest first


@dataclass(frozen=True)
class Finding:
    """One thing that the child asks less of than its parent.

    criterion  its id in the child, in the parent where the child has none; "" for anything else
    where      what it is about, in words
    what       how it is weaker
    todo       what to do about it
    """

    criterion: str
    where: str
    what: str
    todo: str


def weakened(
    parent: Standard, child: Standard, lang: str = CHINESE, classes: Mapping[str, str] | None = None
) -> list[Finding]:
    """Every place where the child is weaker than the parent; [] where it is not.

    lang     "zh-hans" or "en"
    classes  class code -> its name in that language; codes stand for themselves where it is None
    """
    return list(_Check(parent, child, lang, classes or {}).findings())


class _Check:
    def __init__(self, parent: Standard, child: Standard, lang: str, classes: Mapping[str, str]):
        self.parent, self.child = parent, child
        self.old, self.new = (Paper(toml(each.text), lang, classes) for each in (parent, child))
        self.facts = SameFacts(parent, child)
        self.told = Told(self.new, self.old, child, parent)
        self.now = {before: id for id, before in pairs_of(self.old.document, self.new.document).items()}
        self.rests = resting_on(self.old.document), resting_on(self.new.document)

    def findings(self) -> Iterator[Finding]:
        yield from self._head()
        yield from self._sections()
        for one in self.parent.criteria:
            yield from self._criterion(one)
        for where, key, todo, words in (*of_grades(self), *of_year(self), *of_checks(self)):
            yield self.finding("", where, key, todo, **words)

    def finding(self, criterion: str, where: str, key: str, todo: str, **words) -> Finding:
        return Finding(
            criterion, where, self.new.pick(*WHAT[key]).format(**words), self.new.pick(*TODO[todo]).format(**words)
        )

    def where(self, kind: str, row) -> str:
        """A grade, gate, veto, section or metric by its title."""
        title = self.new.pick(row.title, row.title_en)
        return self.new("titled", kind=self.new.pick(*KINDS[kind]), title=title)

    # -- the whole ---------------------------------------------------------------------------

    def _head(self) -> Iterator[Finding]:
        where, old, new = self.new("whole"), self.old.document, self.new.document
        missing = [kind for kind in self.parent.classes if kind not in self.child.classes]
        if missing:
            yield self.finding("", where, "kinds", "back", kinds=self.new.items(map(self.new.kind, missing)))
        if self.child.minimum_share < self.parent.minimum_share:
            shares = {"new": self.child.minimum_share * 100, "old": self.parent.minimum_share * 100}
            yield self._figures(where, "share", "raised", shares)
        limits = {"new": new.get("criteria_limit", CRITERIA_LIMIT), "old": old.get("criteria_limit", CRITERIA_LIMIT)}
        if limits["new"] > limits["old"]:
            yield self._figures(where, "limit", "lowered", limits)
        for code, metric in self.parent.metrics.items():
            own = self.child.metrics.get(code)
            if own is not None and (own.kind, own.unit) != (metric.kind, metric.unit):
                yield self.finding("", self.where("metric", own), "unit", "kept")

    def _figures(self, where: str, key: str, todo: str, figures: Mapping[str, Decimal | None]) -> Finding:
        return self.finding("", where, key, todo, **{name: self._figure(each) for name, each in figures.items()})

    def _figure(self, number: Decimal | None) -> str:
        return self.new.pick(*WHAT["no_limit"]) if number is None else self.new.number(number)

    def _sections(self) -> Iterator[Finding]:
        child = {section.code: section for section in (*self.child.sections, self.child.whole)}
        for section in (*self.parent.sections, self.parent.whole):
            own = child.get(section.code)
            if own is not None:
                where = self.where("section", own) if own.code else self.new("whole")
                yield from self._limits(where, section, own)

    def _limits(self, where: str, section: Section, own: Section) -> Iterator[Finding]:
        low, high = (_points(self.parent, section.floor), _points(self.child, own.floor))
        if high is not None and (low is None or high > low) and section.rollup == own.rollup == SUM:
            yield self._figures(where, "section_floor", "lowered", {"new": high, "old": low})
        low, high = (_points(self.parent, section.cap), _points(self.child, own.cap))
        if low is not None and own.rollup == SUM:
            own_room = None if high is None else high - _points(self.child, own.full)
            if own_room is None or own_room > low - _points(self.parent, section.full):
                yield self._figures(where, "section_cap", "lowered", {"new": high, "old": low})
        if own.minimum_share < section.minimum_share:
            shares = {"new": own.minimum_share * 100, "old": section.minimum_share * 100}
            yield self._figures(where, "share", "raised", shares)

    # -- criteria ----------------------------------------------------------------------------

    def _criterion(self, one: Criterion) -> Iterator[Finding]:
        id = self.now.get(one.id)
        title = self.new.pick(one.title, one.title_en)
        if id is None:
            where = f"{self.old.numbers.get(one.id, '')} {title}".strip()
            yield self.finding(one.id, where, "gone", "gone", title=title)
            return
        other = self.child.criterion(id)
        where = f"{self.new.numbers.get(id, '')} {self.new.pick(other.title, other.title_en)}".strip()
        for key, todo, words in (*self._keys(one, other), *self._place(one, other), *self._rule(one, other)):
            yield self.finding(id, where, key, todo, **words)

    def _keys(self, one: Criterion, other: Criterion) -> Iterator[tuple[str, str, dict]]:
        if other.points < one.points:
            yield "points", "points", self._both(one.points, other.points)
        gone = [kind for kind in self.facts.classes if one.applies(kind) and not other.applies(kind)]
        if gone:
            yield "classes", "classes", {"kinds": self.new.items(map(self.new.kind, gone))}
        for key, order in (("evidence", EVIDENCE), ("not_applicable", NA_ORDER)):
            name = "na_mode" if key == "not_applicable" else key
            old, new = getattr(one, name), getattr(other, name)
            if order.index(new) < order.index(old):
                yield key, "kept", self._choices(key, old, new)
        for key in ("tier", "fixable_by"):
            old, new = getattr(one, key), getattr(other, key)
            if old != new:
                yield key, "kept", self._choices(key, old, new)

    def _both(self, old, new) -> dict:
        return {"old": self.new.number(old), "new": self.new.number(new)}

    def _choices(self, key: str, old: str, new: str) -> dict:
        return {"old": self.new.choice(key, old), "new": self.new.choice(key, new)}

    def _place(self, one: Criterion, other: Criterion) -> Iterator[tuple[str, str, dict]]:
        before, after = _rolled(self.parent, one), _rolled(self.child, other)
        if before != after:
            yield "rollup", "kept", {}
        elif before and before[0] in ("mean", "geometric", "harmonic") and other.weight < one.weight:
            yield "weight", "raised", self._both(one.weight, other.weight)

    def _rule(self, one: Criterion, other: Criterion) -> Iterator[tuple[str, str, dict]]:
        if self._same(one, other):
            return
        try:
            found = self.facts.kinder(one, other)
        except Incomparable as error:
            yield "incomparable", "incomparable", {"name": self.new.name(str(error))}
            return
        if found is not None:
            yield self.told.kinder(found, one, other)

    def _same(self, one: Criterion, other: Criterion) -> bool:
        """Do both give the same for all facts, as they are written?"""
        return _written(self.old, one, self.rests[0]) == _written(self.new, other, self.rests[1])


def _written(paper: Paper, criterion: Criterion, rests: Mapping) -> tuple:
    """All that the share of points of a criterion hangs on, as it is written."""
    row = next(each for each in paper.document["criterion"] if each["id"] == criterion.id)
    below = {
        (table, code): _told(paper.document[table][code]) for (table, code), ids in rests.items() if criterion.id in ids
    }
    return criterion.points, criterion.na_mode, row["rule"], below


def _told(table: Mapping) -> dict:
    """A table without its words, its page and its bounds."""
    kept = ("formula", "applies_to", "values", "kind")
    return dict(table) if not {"title", "kind"} & set(table) else {key: table[key] for key in kept if key in table}


def _rolled(standard: Standard, criterion: Criterion) -> tuple[str, ...]:
    """How what stands above a criterion is rolled up, from its section to the whole; plain sums left out."""
    sections, found = {each.code: each for each in standard.sections}, []
    section = sections[criterion.section]
    while section is not None:
        found.append(section.rollup)
        section = sections.get(section.parent)
    return tuple(mode for mode in (*found, standard.whole.rollup) if mode != SUM)


def _points(standard: Standard, units: int | None) -> Decimal | None:
    return None if units is None else standard.points(units)
