"""From points to grades: vetoes, bounds, prerequisites that cap a grade, and shares that a grade may not exceed.

A grade is its place in the standard's list, best first: 0 is the best, and the number of grades stands for none.
Nothing here makes a result better.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import numpy as np

from . import formula
from .conditions import Gate, Grade, VetoRule
from .frame import Frame
from .scores import Scores
from .standard import Standard

HUNDRED = 100_00  # hundredths of a percent


def graded(
    rates: np.ndarray, has_rate: np.ndarray, grades: Sequence[Grade], whole: int | Fraction = HUNDRED
) -> np.ndarray:
    """(n,) grades by their inclusive lower bounds; none without a rate or under the lowest bound.

    rates  (n,) int64; hundredths of a percent unless `whole` says what stands for 100 %
    """
    rates, whole = np.asarray(rates, dtype=np.int64), Fraction(whole)
    found = np.full(len(rates), len(grades))
    for place in reversed(range(len(grades))):
        bound = Fraction(grades[place].low) * whole / 100
        found[rates * bound.denominator >= bound.numerator] = place
    return np.where(has_rate, found, len(grades))


def capped(grades: np.ndarray, failed: np.ndarray, caps: Sequence[int]) -> np.ndarray:
    """Grades after prerequisites (必备条件).

    failed  (n, g) bool: which of g prerequisites a station does not meet
    caps    the best grade that is left to who fails each
    """
    worst = np.where(failed, np.asarray(caps, dtype=np.int64), 0).max(axis=1, initial=0)
    return np.maximum(grades, worst)


@dataclass(frozen=True, eq=False)
class Verdict:
    """What a standard makes of n stations beside their points.

    before    the scores of the rules alone
    scores    the scores after vetoes
    by_rate   (n,) grades by the bounds alone
    best_left  (n,) the best grade that gates and vetoes leave; 0 for any
    grades    (n,) grades after gates and vetoes, and after forced shares once `shared_out`
    failed    (n, g) bool: gates not met, in the order of the standard
    open      (n, g) bool: those of them that nobody answered
    vetoed    (n, v) bool: vetoes that fired or were decided
    moved     (n,) bool: the grade is worse because too many had a better one
    """

    before: Scores
    scores: Scores
    by_rate: np.ndarray
    best_left: np.ndarray
    grades: np.ndarray
    failed: np.ndarray
    open: np.ndarray
    vetoed: np.ndarray
    moved: np.ndarray

    @property
    def no_award(self) -> np.ndarray:
        """(n,) bool: may have no award."""
        effects = [veto.effect == "award" for veto in self.scores.standard.vetoes]
        return self.vetoed[:, effects].any(axis=1)

    def code(self, i: int) -> str:
        """The code of row i's grade; "" for none."""
        return _code(self.scores.standard, self.grades[i])

    def shared_out(self, groups: np.ndarray, ranked: np.ndarray) -> Verdict:
        """The same with the shares that the standard forces on each group, see `forced`."""
        shares = self.scores.standard.shares
        if not any(shares):
            return self
        grades = forced(self.grades, self.scores.rate_units, groups, ranked, shares)
        return replace(self, grades=grades, moved=grades > self.grades)


def _code(standard: Standard, place: int) -> str:
    return standard.grades[place].code if place < len(standard.grades) else ""


def judge(frame: Frame, scores: Scores, decided: Iterable[tuple[int, str]] = ()) -> Verdict:
    """Vetoes, then the grade by the bounds, then the caps of gates and vetoes.

    frame    the prepared frame that `scores` was made from
    decided  (row, code) of each veto that a person decided

    A gate that nobody answered is not met, one that does not apply is. A veto fires where its condition is over 0.
    Raises ValueError for a veto that
    nobody decides.
    """
    standard = scores.standard
    vetoed = _vetoed(frame, standard, decided)
    after = _taken_away(scores, vetoed)
    failed, unanswered = _failed(frame, after)
    by_rate = graded(after.rate_units, after.has_rate, standard.grades, 100 * 10**standard.rate_decimals)
    caps = [each.caps for each in (*standard.gates, *standard.vetoes)]
    best_left = capped(np.zeros(len(scores), dtype=np.int64), np.hstack([failed, vetoed]), caps)
    return Verdict(
        before=scores,
        scores=after,
        by_rate=by_rate,
        best_left=best_left,
        grades=np.maximum(by_rate, best_left),
        failed=failed,
        open=unanswered,
        vetoed=vetoed,
        moved=np.zeros(len(scores), dtype=bool),
    )


def _vetoed(frame: Frame, standard: Standard, decided: Iterable[tuple[int, str]]) -> np.ndarray:
    vetoed = np.zeros((len(frame), len(standard.vetoes)), dtype=bool)
    for column, veto in enumerate(standard.vetoes):
        if veto.tree is not None:
            vetoed[:, column] = (formula.of_frame(veto.tree, frame).values > 0) & _concerned(frame, veto.applies_to)
    columns = {veto.code: column for column, veto in enumerate(standard.vetoes) if veto.is_decided}
    for row, code in decided:
        if code not in columns:
            raise ValueError(f"nobody decides a veto {code!r}")
        vetoed[row, columns[code]] = True
    return vetoed


def _taken_away(scores: Scores, vetoed: np.ndarray) -> Scores:
    """The scores with what was vetoed taken away; what was deducted stays."""
    if not vetoed.any():
        return scores
    points = scores.points.copy(order="F")
    for veto, rows in zip(scores.standard.vetoes, vetoed.T, strict=True):
        for column in columns_of(scores.standard, veto):
            points[rows, column] = np.minimum(points[rows, column], 0)
    return replace(scores, points=points)


def columns_of(standard: Standard, veto: VetoRule) -> list[int]:
    """Columns of the criteria whose points a veto takes."""
    if veto.effect == "item":
        return [standard.place(veto.target)]
    if veto.effect == "section":
        section = next(each for each in standard.sections if each.code == veto.target)
        return [standard.place(criterion.id) for criterion in section.criteria]
    if veto.effect in ("grade", "award"):
        return []
    return [j for j, criterion in enumerate(standard.criteria) if veto.effect == "total" or not criterion.full]


def _failed(frame: Frame, scores: Scores) -> tuple[np.ndarray, np.ndarray]:
    """(n, g) gates not met, and those of them that were not answered."""
    gates = scores.standard.gates
    failed, unanswered = (np.zeros((len(frame), len(gates)), dtype=bool) for _ in range(2))
    for column, gate in enumerate(gates):
        concerned = _concerned(frame, gate.applies_to)
        met, open_ = _by_points(scores, gate) if gate.tree is None else _by_facts(frame, gate)
        failed[:, column], unanswered[:, column] = concerned & ~met, concerned & open_
    return failed, unanswered


def _by_facts(frame: Frame, gate: Gate) -> tuple[np.ndarray, np.ndarray]:
    cells = formula.of_frame(gate.tree, frame)
    return (cells.values > 0) | cells.absent, np.isnan(cells.values) & ~cells.absent


def _by_points(scores: Scores, gate: Gate) -> tuple[np.ndarray, np.ndarray]:
    j, share = scores.standard.place(gate.criterion), Fraction(gate.share) / 100
    earned, offered = (cells[:, j].astype(np.int64) for cells in (scores.points, scores.offered))
    absent, open_ = ~scores.applicable[:, j] | (offered == 0), scores.missing[:, j]
    return (absent | (earned * share.denominator >= offered * share.numerator)) & ~open_, open_


def _concerned(frame: Frame, classes: frozenset[str]) -> np.ndarray:
    """(n,) bool: is the station's class one of these? All are where none is named."""
    return np.isin(frame.kinds, list(classes)) if classes else np.ones(len(frame), dtype=bool)


def forced(
    grades: np.ndarray,
    rates: np.ndarray,
    groups: np.ndarray,
    ranked: np.ndarray,
    shares: Sequence[Decimal | None],
) -> np.ndarray:
    """Grades so that no group has too many of the better ones (强制分布).

    shares  for each grade, best first, the most of the group's ranked stations (0 to 1) that may have this grade
            or a better one; None for no limit. "At least 5 % in the last" is 0.95 for the last but one.

    Places decide who moves down. Stations that share a place move together, and a part of a station is none:
    of 9 stations 25 % are 2. Unranked stations keep their grade and are not counted.
    """
    result, rates = np.array(grades), np.asarray(rates)
    for rows in _by_group(np.asarray(groups), np.flatnonzero(ranked)):
        ordered = np.sort(-rates[rows])
        as_good = np.searchsorted(ordered, -rates[rows], side="right")  # stations at least as good, itself among them
        least = np.zeros(len(rows), dtype=np.int64)
        for place, share in enumerate(shares):
            if share is not None:
                room = int(Fraction(share) * len(rows))
                least = np.where(as_good > room, np.maximum(least, place + 1), least)
        result[rows] = np.maximum(result[rows], least)
    return result


def _by_group(groups: np.ndarray, rows: np.ndarray) -> list[np.ndarray]:
    """These rows, those of one group together."""
    _, group = np.unique(groups, return_inverse=True)
    rows = rows[np.argsort(group[rows], kind="stable")]
    return np.split(rows, np.flatnonzero(np.diff(group[rows])) + 1)
