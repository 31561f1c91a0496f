"""The result of an evaluation: integer points and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .numbers import lowered, percent_hundredths
from .rolling import Rolled, hundredths, roll
from .standard import SUM, Standard

FULL, PARTIAL, ZERO, MISSING, NOT_APPLICABLE = "full", "partial", "zero", "missing", "not_applicable"


@dataclass(frozen=True, eq=False)
class Scores:
    """n stations by c criteria, in the order of the frame and of the standard.

    points      (n, c) int32, earned, in units of 10^-decimals; 0 where unanswered
    offered     (n, c) int32, on offer, in the same units; 0 where left out as not applicable
    applicable  (n, c) bool
    answered    (n, c) bool; False where not applicable
    """

    standard: Standard
    points: np.ndarray
    offered: np.ndarray
    applicable: np.ndarray
    answered: np.ndarray

    @classmethod
    def empty(cls, standard: Standard, rows: int) -> Scores:
        """Room for `rows` stations; one criterion lies together in memory."""
        shape = rows, len(standard.criteria)
        numbers = (np.zeros(shape, dtype=np.int32, order="F") for _ in range(2))
        flags = (np.zeros(shape, dtype=bool, order="F") for _ in range(2))
        return cls(standard, *numbers, *flags)

    def cells(self, criteria: slice, start: int, stop: int) -> tuple[np.ndarray, ...]:
        """The four tables as (criteria, rows start to stop), to be written."""
        every = (self.points, self.offered, self.applicable, self.answered)
        return tuple(array[start:stop, criteria].T for array in every)

    def __len__(self) -> int:
        return len(self.points)

    @cached_property
    def rolled(self) -> dict[str, Rolled]:
        """section code -> Rolled, with the whole under ""; for a standard that takes means."""
        return roll(self.standard, self.points, self.offered)

    @cached_property
    def _rolled_so_far(self) -> Rolled:
        """The whole over answered items only."""
        return roll(self.standard, self.points, np.where(self.missing, 0, self.offered))[""]

    @cached_property
    def total(self) -> np.ndarray:
        """(n,) int64 points earned, in units."""
        if not self.standard.sums_points:
            return self.rolled[""].earned
        return self.points.sum(axis=1, dtype=np.int64)

    @cached_property
    def offered_total(self) -> np.ndarray:
        """(n,) int64 points on offer, in units."""
        if not self.standard.sums_points:
            return self.rolled[""].offered
        return self.offered.sum(axis=1, dtype=np.int64)

    @cached_property
    def has_rate(self) -> np.ndarray:
        """(n,) bool: is anything on offer?"""
        return self.offered_total > 0

    @cached_property
    def rate_hundredths(self) -> np.ndarray:
        """(n,) int64, the rate in hundredths of a percent, half up; 0 where there is none."""
        if self.standard.whole.rollup != SUM:
            return hundredths(self.rolled[""].rate)
        return percent_hundredths(self.total, self.offered_total)

    @cached_property
    def rate(self) -> np.ndarray:
        """(n,) float64, points earned of points on offer in percent, two decimals; NaN without an offer.

        If the sheet were submitted now: what is unanswered earns 0.
        """
        return np.where(self.has_rate, self.rate_hundredths / 100, np.nan)

    @cached_property
    def missing(self) -> np.ndarray:
        """(n, c) bool: applicable and not answered."""
        return self.applicable & ~self.answered

    @cached_property
    def so_far_hundredths(self) -> np.ndarray:
        """(n,) int64, the rate over answered items only, in hundredths; 0 where none is answered."""
        if self.standard.whole.rollup != SUM:
            rates = hundredths(self._rolled_so_far.rate)
        elif self.standard.sums_points:
            rates = percent_hundredths(self.total, self._offered_so_far)
        else:
            rates = percent_hundredths(self._rolled_so_far.earned, self._offered_so_far)
        return np.where(self.answered.any(axis=1), rates, 0)

    @cached_property
    def _offered_so_far(self) -> np.ndarray:
        """(n,) int64 points on offer over answered items only."""
        if not self.standard.sums_points:
            return self._rolled_so_far.offered
        return np.where(self.missing, 0, self.offered).sum(axis=1, dtype=np.int64)

    @cached_property
    def so_far(self) -> np.ndarray:
        """(n,) float64, the rate over answered items only, in percent; NaN if none is answered."""
        some = self.answered.any(axis=1) & (self._offered_so_far > 0)
        return np.where(some, self.so_far_hundredths / 100, np.nan)

    @cached_property
    def applicable_share(self) -> np.ndarray:
        """(n,) float64, points on offer to the station of all the standard's points; NaN when it has none."""
        if not self.standard.sums_points:
            return np.where(self.has_rate, self.rolled[""].share, 0.0)
        full = self.standard.full
        return self.offered_total / full if full else np.full(len(self), np.nan)

    @cached_property
    def enough_applies(self) -> np.ndarray:
        """(n,) bool: does the standard's minimum share apply, so that the station may be ranked?"""
        least = self.standard.minimum_share
        if not self.standard.sums_points:
            return self.applicable_share >= lowered(float(least))
        return np.array([int(offer) >= least * self.standard.full for offer in self.offered_total], dtype=bool)

    def sections(self) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """section code -> (points earned, points on offer), (n,) int64 in units."""
        if not self.standard.sums_points:
            return {section.code: _pair(self.rolled[section.code]) for section in self.standard.sections}
        return {
            section.code: (
                self.points[:, js].sum(axis=1, dtype=np.int64),
                self.offered[:, js].sum(axis=1, dtype=np.int64),
            )
            for section in self.standard.sections
            for js in [[self.standard.place(criterion.id) for criterion in section.criteria]]
        }

    def section_rates(self) -> dict[str, np.ndarray]:
        """section code -> (n,) float64 rate in percent, two decimals; NaN where nothing is on offer."""
        means = {section.code for section in self.standard.sections if section.rollup != SUM}
        return {
            code: np.where(
                offered > 0,
                (hundredths(self.rolled[code].rate) if code in means else percent_hundredths(earned, offered)) / 100,
                np.nan,
            )
            for code, (earned, offered) in self.sections().items()
        }

    def criterion_status(self, i: int) -> list[str]:
        """ "full", "partial", "zero", "missing" or "not_applicable" of each criterion of row i."""
        return [self.status(i, j) for j in range(len(self.standard.criteria))]

    def status(self, i: int, j: int) -> str:
        """Status of criterion j of row i."""
        if not self.applicable[i, j]:
            return NOT_APPLICABLE
        if not self.answered[i, j]:
            return MISSING
        earned = int(self.points[i, j])
        if earned >= self._ceiling(i, j):
            return FULL
        return ZERO if earned <= 0 else PARTIAL

    def _ceiling(self, i: int, j: int) -> int:
        """Units from which nothing more can be asked: the offer, or the cap of a bonus."""
        criterion, offered = self.standard.criteria[j], int(self.offered[i, j])
        if offered:
            return offered
        most = criterion.rule.most(self.standard.worth(criterion))
        return 2**62 if most is None else int(most * 10**self.standard.decimals)


def _pair(rolled: Rolled) -> tuple[np.ndarray, np.ndarray]:
    return rolled.earned, rolled.offered
