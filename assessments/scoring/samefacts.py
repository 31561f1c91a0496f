"""Two standards on the same facts: does the one ever give more for them than the other?

Rules have no inverse that could be compared, so that both are asked about facts worth asking about: the bounds of
every metric, every number that stands in either rule, norm or formula, a unit to each side of it, the same on the
scale of worked-out values, and chance combinations of all these, for every class and on every day on which a norm
changes. What is found is a proof; where nothing is found it is a search that found nothing, the same each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from . import formula
from .engine import Block
from .formula import Cells
from .numbers import ABSENT, VOID
from .options import BEST, CLAIM, PAST, RANK
from .sampling import (
    BASES,
    CHANCE,
    SCALES,
    Sampled,
    behind,
    constants_behind,
    constants_in,
    numbers_in,
    off,
    prepared,
    stacked,
    worked_out,
)
from .standard import Criterion, Standard

MOST_DAYS = 6
_LOOKS_BEYOND = (BEST, RANK, CLAIM, *(f"@{period}" for period in PAST))


@dataclass(frozen=True)
class Instance:
    """One station's facts for which the second standard is kinder than the first.

    kind     the class of station, "" where it is so for every class
    facts    raw metric -> value, and of what the rules look at beyond the station "metric@best" and the like
    before   points and points on offer in the first standard; after: in the second, None where it does not apply
    """

    kind: str
    facts: dict[str, float]
    before: tuple[float, float]
    after: tuple[float, float] | None


class Incomparable(ValueError):
    """The two rules look at the group in other ways, so that no facts can be put to both."""


class SameFacts:
    """Two standards, `parent` first, and the days and classes that both have."""

    def __init__(self, parent: Standard, child: Standard):
        self.parent, self.child = parent, child
        self.classes = tuple(kind for kind in parent.classes if kind in child.classes)
        self.days = _days(parent, child)

    def kinder(self, one: Criterion, other: Criterion) -> Instance | None:
        """Facts for which `other`, of the child, gives a larger share of its points than `one`, of the parent.

        A criterion without points is held against the points themselves. Raises Incomparable.
        """
        asked = _Asked(self.parent, self.child, one, other)
        kinds = tuple(kind for kind in self.classes if one.applies(kind) and other.applies(kind))
        found = [asked.worst(kinds, day) for day in self.days] if kinds else []
        found = [each for each in found if each]
        return max(found, key=lambda each: each[0])[1] if found else None

    def looser(self, one: formula.Node, other: formula.Node, kinds: Iterable[str]) -> Instance | None:
        """Facts for which the condition `other`, of the child, is true while `one`, of the parent, is not."""
        asked = _Conditions(self.parent, self.child, one, other)
        return asked.found(tuple(kind for kind in kinds if kind in self.classes), self.days[0])


def _days(parent: Standard, child: Standard) -> list[date]:
    """The first day of both, and each later one on which a norm, target or coefficient of either changes."""
    first = max(parent.in_force, child.in_force)
    found = {first}
    for standard in (parent, child):
        tables = [*standard.norms.values(), *(each.values for each in standard.coefficients.values()), standard.targets]
        found |= {day for table in tables for steps in table.values() for day, _value in steps if day and day > first}
    return sorted(found)[:MOST_DAYS]


class _Asked(Sampled):
    """Two criteria and the facts that both are asked about."""

    def __init__(self, parent: Standard, child: Standard, one: Criterion, other: Criterion):
        marks = [*numbers_in(parent, one), *numbers_in(child, other)]
        super().__init__(parent, child, dict.fromkeys((*one.metrics, *other.metrics)), marks)
        self.one, self.other = one, other
        columns = dict.fromkeys((*one.rule.columns(), *other.rule.columns()))
        self.beyond = [column for column in columns if column.endswith(_LOOKS_BEYOND)]
        self._refuse_other_ways()

    def _refuse_other_ways(self) -> None:
        for column in self.beyond:
            code = column.partition("@")[0]
            for own in ("bests", "ranks"):
                ways = {each[code] for each in (getattr(self.parent, own), getattr(self.child, own)) if code in each}
                if len(ways) > 1:
                    raise Incomparable(code)
            trees = {each.derived[code].tree for each in (self.parent, self.child) if code in each.derived}
            if len(trees) > 1:
                raise Incomparable(code)

    def worst(self, kinds: tuple[str, ...], day: date) -> tuple[float, Instance] | None:
        """(by how much of the points, the facts) where the child is kindest; None where it never is."""
        choices = {code: self.choices(code, day) for code in self.metrics}
        others = {column: self._beyond(column, choices, day) for column in self.beyond}
        rows = self.by_chance({**choices, **others})
        rows = stacked(rows, self._with_others(self.on_derived({c: rows[c] for c in choices}, day), others))
        rows = stacked(rows, self._compared(rows))
        shares = [self._shares(side, rows, kinds, day) for side in (0, 1)]
        near = self._near(rows, choices | others, shares, len(kinds))
        if near:
            rows = stacked(rows, near)
            shares = [self._shares(side, rows, kinds, day) for side in (0, 1)]
        return self._kindest(rows, kinds, day, *shares)

    def _beyond(self, column: str, choices: Mapping[str, np.ndarray], day: date) -> np.ndarray:
        code, _, sort = column.partition("@")
        if f"@{sort}" == RANK:
            top = max([3.0, *(mark for mark in self.marks if mark % 1 == 0 and mark < 1000)])
            return np.arange(1.0, top + 3)
        return choices[code] if code in choices else np.unique([*self.marks, *SCALES])

    def _with_others(self, rows: dict[str, np.ndarray], others: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        if not rows:
            return rows
        size = len(next(iter(rows.values())))
        return rows | {column: self.chance.choice(values, size) for column, values in others.items()}

    def _compared(self, rows: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """What was claimed or had before, moved off the value by a mark, in units and in percent."""
        columns = [column for column in self.beyond if not column.endswith((BEST, RANK))]
        few = {code: values[2 : 2 + CHANCE // 20] for code, values in rows.items()}
        gaps = np.unique([mark + step for mark in self.marks for step in (-0.5, 0.0, 0.5)])
        found = []
        for column in columns:
            value = worked_out(self.parent, column.partition("@")[0], few)
            if value is not None:
                found += [{**few, column: moved} for gap in gaps for moved in off(value, gap)]
        return {code: np.concatenate([each[code] for each in found]) for code in rows} if found else {}

    def _near(self, rows, choices, shares, classes: int) -> dict[str, np.ndarray]:
        """One metric at a time, round the rows that earn most and least in either standard."""
        best = []
        for earned, offered in shares:
            share = np.where(offered > 0, earned / np.maximum(offered, 1), earned)
            share = np.where(np.isfinite(share), share, -np.inf).reshape(classes, -1)
            best += [int(share.max(axis=0).argmax()), int(np.where(np.isfinite(share), share, np.inf)[0].argmin())]
        found = [
            {**{each: np.full(len(values), held[i]) for each, held in rows.items()}, code: values}
            for i in dict.fromkeys(best)
            for code, values in choices.items()
        ]
        return {code: np.concatenate([each[code] for each in found]) for code in rows} if found else {}

    def _shares(self, side: int, rows: Mapping[str, np.ndarray], kinds, day: date) -> tuple[np.ndarray, np.ndarray]:
        """(points, points on offer) of every row, class after class; NaN not answered, infinite not applicable."""
        standard = (self.parent, self.child)[side]
        criterion = (self.one, self.other)[side]
        frame = prepared(standard, rows, kinds, day, self.beyond)
        out = np.empty(len(frame))
        with np.errstate(all="ignore"):
            block = Block(frame, [], {})
            block.move(0, len(frame), len(frame))
            offer = standard.programs[standard.place(criterion.id)](block, out)
        offered = np.full(len(frame), float(criterion.full)) if offer is None else np.array(offer)
        unit = 10.0**-standard.decimals
        return np.where(out == VOID, 0.0, out) * unit, np.where(out == ABSENT, 0.0, offered) * unit

    def _kindest(self, rows, kinds, day: date, before, after) -> tuple[float, Instance] | None:
        (was, had), (now, has) = before, after
        counted = np.isfinite(was) & (had > 0 if self.one.full else True)
        gone = counted & ~np.isfinite(now) & (now == ABSENT)
        earned = np.where(np.isfinite(now), now, 0.0)
        if self.one.full and self.other.full:
            excess = earned / np.where(has > 0, has, 1.0) - was / np.where(had > 0, had, 1.0)
            forgiven = _rounding(self.one) + _rounding(self.other)
        else:
            excess, forgiven = earned - was, 1e-9
        lost = was < had if self.one.full else was < 0
        excess = np.where(gone, np.where(lost, 1.0, 0.0), np.where(counted & np.isfinite(now), excess, 0.0))
        if excess.max(initial=0.0) <= forgiven:
            return None
        at = self._plainest(rows, excess, len(kinds))
        size = len(excess) // len(kinds)
        i, everywhere = at % size, bool((excess[at % size :: size] > forgiven).all())
        facts = {code: float(values[i]) for code, values in rows.items()}
        told = None if gone[at] else (float(earned[at]), float(has[at]))
        return float(excess[at]), Instance(
            "" if everywhere else kinds[at // size], facts, (float(was[at]), float(had[at])), told
        )

    def _plainest(self, rows, excess: np.ndarray, classes: int) -> int:
        """Of the rows with the largest excess the one with the plainest figures."""
        size = np.sum([np.log1p(np.abs(values)) + (values % 1 != 0) for values in rows.values()], axis=0)
        most = np.flatnonzero(excess >= excess.max() - 1e-9)
        return int(most[np.tile(size, classes)[most].argmin()])


def _rounding(criterion: Criterion) -> float:
    """Half of the smallest difference that its points can show, as a share of them, and a hair."""
    return 0.5 / criterion.full + 1e-9


class _Conditions(Sampled):
    """Two conditions over metrics."""

    def __init__(self, parent: Standard, child: Standard, one: formula.Node, other: formula.Node):
        self.one, self.other = one, other
        codes = dict.fromkeys(
            each
            for standard, tree in ((parent, one), (child, other))
            for code in formula.metrics_in(tree)
            for each in behind(standard, code)
        )
        marks = [
            number
            for standard, tree in ((parent, one), (child, other))
            for number in (*constants_in(tree), *constants_behind(standard, tree))
        ]
        super().__init__(parent, child, codes, marks)

    def found(self, kinds: tuple[str, ...], day: date) -> Instance | None:
        """Facts for which only the child's condition holds; what is not answered or does not apply is passed over."""
        if not kinds:
            return None
        choices = {code: self.choices(code, day) for code in self.metrics}
        rows = self.by_chance(choices)
        rows = stacked(rows, self.on_derived(rows, day))
        rows = stacked(rows, self._near(rows, choices))
        before, after = (
            self._truth(standard, tree, rows, kinds, day)
            for standard, tree in ((self.parent, self.one), (self.child, self.other))
        )
        looser = np.isfinite(before) & np.isfinite(after) & (before <= 0) & (after > 0)
        if not looser.any():
            return None
        size = np.sum([np.log1p(np.abs(values)) for values in rows.values()], axis=0)
        at = min(np.flatnonzero(looser).tolist(), key=lambda row: np.tile(size, len(kinds))[row])
        i, everywhere = at % len(size), bool(looser[at % len(size) :: len(size)].all())
        facts = {code: float(values[i]) for code, values in rows.items()}
        return Instance("" if everywhere else kinds[at // len(size)], facts, (0.0, 0.0), None)

    def _near(self, rows, choices) -> dict[str, np.ndarray]:
        found = [
            {**{each: np.full(len(values), held[i]) for each, held in rows.items()}, code: values}
            for i in range(BASES)
            for code, values in choices.items()
        ]
        return {code: np.concatenate([each[code] for each in found]) for code in rows}

    def _truth(self, standard: Standard, tree: formula.Node, rows, kinds, day: date) -> np.ndarray:
        frame = prepared(standard, rows, kinds, day)
        nothing = np.zeros(len(frame), dtype=bool)
        codes = formula.metrics_in(tree)
        cells = {code: Cells(frame.columns[code], frame.not_applicable.get(code, nothing)) for code in codes}
        return formula.evaluate(tree, cells, len(frame)).values
