"""Two results of the same stations side by side: who moves, how far, and by which criteria."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .comparable import paired
from .grading import Verdict
from .ranking import rank
from .scores import Scores
from .standard import Criterion, Standard

LARGEST_MOVES = 5
TOP = 3


@dataclass(frozen=True, eq=False)
class Outcome:
    """What n stations got under one standard.

    rates   (n,) float64, percent as rounded by the standard; NaN where there is none
    ranks   (n,) int64 place inside the group; 0 where a station has none
    grades  (n,) int64 place of the grade in the standard's list, best 0; the number of grades stands for none
    """

    scores: Scores
    rates: np.ndarray
    ranks: np.ndarray
    grades: np.ndarray

    @classmethod
    def of(cls, verdict: Verdict, groups: np.ndarray) -> Outcome:
        """Ranked inside `groups` by the rounded rate after vetoes, graded after gates, vetoes and forced shares."""
        scores = verdict.scores
        ranked = scores.has_rate & scores.enough_applies
        ranks = rank(scores.rate_units, groups, ranked)
        grades = verdict.shared_out(groups, ranked).grades
        return cls(scores, scores.rate, ranks, grades)

    @property
    def standard(self) -> Standard:
        return self.scores.standard

    def grade(self, i: int):
        """The Grade of row i, None without one."""
        return dict(enumerate(self.standard.grades)).get(int(self.grades[i]))


@dataclass(frozen=True)
class Item:
    """What one criterion gave a station before and after; points and offers in units, None where it is not there.

    criterion  as the new standard has it, else as the old one had it
    effect     what it adds to the rate, in percentage points; None where the rate is no sum
    is_asked   does the new standard have it?
    """

    criterion: Criterion
    before: int | None
    before_full: int | None
    after: int | None
    after_full: int | None
    effect: float | None
    is_asked: bool = True

    @property
    def size(self) -> float:
        """How much it weighs among others: its effect, else how far its own rate moved."""
        if self.effect is not None:
            return abs(self.effect)
        before, after = (
            (points or 0) / (full or 1)
            for points, full in ((self.before, self.before_full), (self.after, self.after_full))
        )
        return abs(after - before)


@dataclass(frozen=True, eq=False)
class Movement:
    """Old and new outcome of the same n stations, row by row.

    groups  (n,) whose ranks are compared with whose
    """

    old: Outcome
    new: Outcome
    groups: np.ndarray

    def __len__(self) -> int:
        return len(self.groups)

    @cached_property
    def places(self) -> np.ndarray:
        """(n,) int64 places gained; 0 where a station has no place on either side."""
        both = (self.old.ranks > 0) & (self.new.ranks > 0)
        return np.where(both, self.old.ranks - self.new.ranks, 0)

    @cached_property
    def rates(self) -> np.ndarray:
        """(n,) float64 percentage points gained; NaN where there is no rate on either side."""
        return np.round(self.new.rates - self.old.rates, 6)

    @cached_property
    def moved(self) -> np.ndarray:
        """(n,) bool: is the place another one, or there on one side only?"""
        return self.old.ranks != self.new.ranks

    @cached_property
    def regraded(self) -> np.ndarray:
        """(n,) int64: 1 where the grade is better, -1 where it is worse, 0 where it is the same.

        Grades are held against each other by their code; where the lists of grades differ otherwise, by the bound
        at which each begins.
        """
        old, new = self.old.standard.grades, self.new.standard.grades
        if [grade.code for grade in old] == [grade.code for grade in new]:
            return np.sign(self.old.grades - self.new.grades)
        before, after = (np.array([*(float(g.low) for g in grades), -np.inf]) for grades in (old, new))
        return np.sign(after[self.new.grades] - before[self.old.grades]).astype(np.int64)

    @cached_property
    def changed(self) -> np.ndarray:
        """(n, m) bool over `criteria`: does a criterion earn or offer something else?"""
        found = np.zeros((len(self), len(self.criteria)), dtype=bool)
        for at, (_criterion, j, k) in enumerate(self.criteria):
            if j is None or k is None:
                found[:, at] = (self.old if k is None else self.new).scores.applicable[:, k if j is None else j]
                continue
            same = self._same_units(j, k) & (self.old.scores.applicable[:, j] == self.new.scores.applicable[:, k])
            found[:, at] = ~same
        return found

    def _same_units(self, j: int, k: int) -> np.ndarray:
        old, new = self.old.scores, self.new.scores
        by, to = (10**standard.decimals for standard in (new.standard, old.standard))
        earned = old.points[:, j].astype(np.int64) * by == new.points[:, k].astype(np.int64) * to
        return earned & (old.offered[:, j].astype(np.int64) * by == new.offered[:, k].astype(np.int64) * to)

    @cached_property
    def criteria(self) -> list[tuple[Criterion, int | None, int | None]]:
        """(criterion, its column before, its column after): those of the new standard, then those that are gone."""
        old = {criterion.id: j for j, criterion in enumerate(self.old.standard.criteria)}
        links = paired(((c.id, c.continues) for c in self.new.standard.criteria), old)
        new = [(c, old.get(links.get(c.id)), k) for k, c in enumerate(self.new.standard.criteria)]
        kept = set(links.values())
        return [*new, *((c, j, None) for j, c in enumerate(self.old.standard.criteria) if c.id not in kept)]

    def items(self, i: int) -> list[Item]:
        """The criteria that are different for row i, the one that weighs most first."""
        found = [self._item(i, *self.criteria[at]) for at in np.flatnonzero(self.changed[i])]
        return sorted(found, key=lambda item: -item.size)

    def _item(self, i: int, criterion: Criterion, j: int | None, k: int | None) -> Item:
        before, after = _cell(self.old.scores, i, j), _cell(self.new.scores, i, k)
        shares = _share(self.old.scores, i, before[0]), _share(self.new.scores, i, after[0])
        effect = None if None in shares else shares[1] - shares[0]
        return Item(criterion, *before, *after, effect, is_asked=k is not None)

    def in_group(self, group) -> np.ndarray:
        """Rows of one group: those with a new place first, best first."""
        rows = np.flatnonzero(self.groups == group)
        ranks = self.new.ranks[rows]
        return rows[np.lexsort((self.old.ranks[rows], ranks, ranks == 0))]

    def summary(self, among: np.ndarray | None = None) -> Summary:
        """Figures over the rows where `among` (n,) bool is true; over all rows when it is None."""
        among = np.ones(len(self), dtype=bool) if among is None else among
        had, has = self.old.ranks > 0, self.new.ranks > 0
        return Summary(
            stations=int(among.sum()),
            moved=int((among & self.moved).sum()),
            upgraded=int((among & (self.regraded > 0)).sum()),
            downgraded=int((among & (self.regraded < 0)).sum()),
            unranked=int((among & had & ~has).sum()),
            newly_ranked=int((among & ~had & has).sum()),
            up=_largest(self.places, among & had & has),
            down=_largest(-self.places, among & had & has),
            top=list(self._top(among)),
        )

    def _top(self, among: np.ndarray) -> Iterator[tuple[object, list[int], list[int]]]:
        """(group, rows that come into its best three, rows that leave them), where there are any."""
        was, now = (among & (1 <= side.ranks) & (side.ranks <= TOP) for side in (self.old, self.new))
        for group in np.unique(self.groups[was != now]):
            inside = self.groups == group
            yield group.item(), _rows(inside & now & ~was), _rows(inside & was & ~now)


@dataclass(frozen=True)
class Summary:
    """Figures over all stations; `up` and `down` are rows of the largest moves, the largest first."""

    stations: int
    moved: int
    upgraded: int
    downgraded: int
    unranked: int
    newly_ranked: int
    up: list[int]
    down: list[int]
    top: list[tuple[object, list[int], list[int]]]


def _rows(mask: np.ndarray) -> list[int]:
    return np.flatnonzero(mask).tolist()


def _largest(gains: np.ndarray, ranked: np.ndarray) -> list[int]:
    rows = np.flatnonzero(ranked & (gains > 0))
    return rows[np.argsort(-gains[rows], kind="stable")][:LARGEST_MOVES].tolist()


def _cell(scores: Scores, i: int, j: int | None) -> tuple[int | None, int | None]:
    if j is None or not (scores.applicable[i, j] or scores.offered[i, j]):
        return None, None
    return int(scores.points[i, j]), int(scores.offered[i, j])


def _share(scores: Scores, i: int, points: int | None) -> float | None:
    """What points add to the rate, in percentage points; None where the rate is no plain sum."""
    if not scores.standard.sums_points or not scores.has_rate[i]:
        return None
    return 100 * (points or 0) / int(scores.offered_total[i])
