"""From rates to grades: bounds, prerequisites that cap a grade, vetoes, and shares that a grade may not exceed.

A grade is its place in the standard's list, best first: 0 is the best, and the number of grades stands for none.
Nothing here makes a result better.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np

from .scores import Scores
from .standard import Grade, Standard

EFFECTS = ("item", "section", "total", "bonus", "grade", "award")
NEEDS_TARGET = {"item": "criterion", "section": "section", "grade": "grade"}


def graded(rate_hundredths: np.ndarray, has_rate: np.ndarray, grades: Sequence[Grade]) -> np.ndarray:
    """(n,) grades by their inclusive lower bounds; none without a rate or under the lowest bound."""
    rates = np.asarray(rate_hundredths, dtype=np.int64)
    found = np.full(len(rates), len(grades))
    for place in reversed(range(len(grades))):
        bound = Fraction(grades[place].low) * 100
        found[rates * bound.denominator >= bound.numerator] = place
    return np.where(has_rate, found, len(grades))


def capped(grades: np.ndarray, failed: np.ndarray, caps: Sequence[int]) -> np.ndarray:
    """Grades after prerequisites (必备条件).

    failed  (n, g) bool: which of g prerequisites a station does not meet
    caps    the best grade that is left to who fails each
    """
    worst = np.where(failed, np.asarray(caps, dtype=np.int64), 0).max(axis=1, initial=0)
    return np.maximum(grades, worst)


@dataclass(frozen=True)
class Veto:
    """One 一票否决, decided by a person.

    row     of the scores
    effect  "item" (criterion `target` earns 0), "section" (`target` earns 0), "total" (everything earns 0),
            "bonus" (no bonus), "grade" (`target` is the best grade left), "award" (no award)
    """

    row: int
    effect: str
    target: str
    reason: str
    day: date
    approver: str

    def check(self, standard: Standard) -> None:
        """Raises ValueError for an unknown effect or target, and for one without reason or approver."""
        if self.effect not in EFFECTS:
            raise ValueError(f"unknown effect {self.effect!r}: one of {', '.join(EFFECTS)}")
        if not self.reason.strip() or not self.approver.strip():
            raise ValueError("a veto needs a reason and somebody who approved it")
        kind = NEEDS_TARGET.get(self.effect)
        known = {
            "criterion": [criterion.id for criterion in standard.criteria],
            "section": [section.code for section in standard.sections],
            "grade": [grade.code for grade in standard.grades],
        }
        if kind and self.target not in known[kind]:
            raise ValueError(f"unknown {kind} {self.target!r}")


@dataclass(frozen=True, eq=False)
class Vetoed:
    """Scores after vetoes, with what they do besides to points.

    caps      (n,) the best grade left to each station
    no_award  (n,) bool
    """

    scores: Scores
    caps: np.ndarray
    no_award: np.ndarray


def veto(scores: Scores, vetoes: Iterable[Veto]) -> Vetoed:
    """The scores with what was vetoed taken away; what was deducted stays. Raises ValueError, see Veto.check."""
    standard, points = scores.standard, scores.points.copy(order="F")
    caps, no_award = np.zeros(len(scores), dtype=np.int64), np.zeros(len(scores), dtype=bool)
    places = {grade.code: place for place, grade in enumerate(standard.grades)}
    for each in vetoes:
        each.check(standard)
        if each.effect == "grade":
            caps[each.row] = max(caps[each.row], places[each.target])
        elif each.effect == "award":
            no_award[each.row] = True
        else:
            columns = _columns(standard, each)
            points[each.row, columns] = np.minimum(points[each.row, columns], 0)
    return Vetoed(replace(scores, points=points), caps, no_award)


def _columns(standard: Standard, veto: Veto) -> list[int]:
    if veto.effect == "item":
        return [standard.place(veto.target)]
    if veto.effect == "section":
        section = next(each for each in standard.sections if each.code == veto.target)
        return [standard.place(criterion.id) for criterion in section.criteria]
    return [j for j, criterion in enumerate(standard.criteria) if veto.effect == "total" or not criterion.full]


def forced(
    grades: np.ndarray,
    rate_hundredths: np.ndarray,
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
    result, rates = np.array(grades), np.asarray(rate_hundredths)
    for group in np.unique(np.asarray(groups)[ranked]):
        rows = np.flatnonzero((np.asarray(groups) == group) & ranked)
        ordered = np.sort(-rates[rows])
        as_good = np.searchsorted(ordered, -rates[rows], side="right")  # stations at least as good, itself among them
        least = np.zeros(len(rows), dtype=np.int64)
        for place, share in enumerate(shares):
            if share is not None:
                room = int(Fraction(share) * len(rows))
                least = np.where(as_good > room, np.maximum(least, place + 1), least)
        result[rows] = np.maximum(result[rows], least)
    return result
