"""Shapes whose points change with the distance: linear, band, per point below, best in group."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from ..numbers import GUARD
from ..options import BEST, Choice, Column, Limit, Number, Target, TargetOption, option
from .base import Rule, mark


@dataclass(frozen=True)
class Linear(Rule):
    """Points rise evenly from `zero_at` to `full_at`; when zero_at is the larger, lower is better."""

    shape = "linear"
    of: str = field(metadata=option(Column(), "the value"))
    zero_at: Decimal = field(metadata=option(Number(), "the value that earns 0 (and beyond it)"))
    full_at: Target = field(
        metadata=option(TargetOption(metric=False), "the value that earns all points (and beyond it)")
    )

    def check(self, worth, note):
        if self.full_at.number == self.zero_at:
            note("full_at", f"must differ from zero_at, both are {self.zero_at}")

    def compile(self, worth):
        of, full, zero = self.of, worth.units, float(self.zero_at)
        target, columns = self.full_at.reader(), (self.of, *self.full_at.columns)

        def points(block, out):
            np.subtract(block[of], zero, out=out)
            out /= target(block) - zero
            np.maximum(out, 0.0, out=out)
            np.minimum(out, 1.0, out=out)
            out *= full
            mark(block, out, *columns)

        return points

    def words(self, worth, say):
        zero = f"{'≤' if self._rises(say) else '≥'} {say.value(self.of, self.zero_at)}"
        best = self.norm(None, say)
        return say("linear", of=say.name(self.of), zero=zero, best=best, full=say.points(worth.full))

    def norm(self, row, say):
        return f"{'≥' if self._rises(say) else '≤'} {say.target(self.full_at, self.of)}"

    def _rises(self, say) -> bool:
        return float(say.target_number(self.full_at)) >= float(self.zero_at)


@dataclass(frozen=True)
class Band(Rule):
    """All points inside [low, high], falling evenly to 0 over the stated widths outside it."""

    shape = "band"
    of: str = field(metadata=option(Column(), "the value"))
    low: Decimal = field(metadata=option(Number(), "the least that earns all points; reaching it counts"))
    high: Decimal = field(metadata=option(Number(), "the most that earns all points; reaching it counts"))
    below: Decimal = field(
        metadata=option(Number(least=0), "width under `low` over which points fall to 0; 0 is a cliff")
    )
    above: Decimal = field(
        metadata=option(Number(least=0), "width over `high` over which points fall to 0; 0 is a cliff")
    )

    def check(self, worth, note):
        if self.low > self.high:
            note("low", f"must not be over high: {self.low} > {self.high}")

    def compile(self, worth):
        of, full = self.of, worth.units
        low, high = float(self.low), float(self.high)
        below, above = float(self.below), float(self.above)

        def points(block, out):
            value, other = block[of], block.borrow()
            _fall(np.subtract(low, value, out=out), below, low)
            _fall(np.subtract(value, high, out=other), above, high)
            np.minimum(out, other, out=out)
            block.give_back(other)
            out *= full
            mark(block, out, of, compare=True)

        return points

    def words(self, worth, say):
        return say(
            "band",
            of=say.name(self.of),
            low=say.value(self.of, self.low),
            high=say.value(self.of, self.high),
            none_low=say.value(self.of, self.low - self.below),
            none_high=say.value(self.of, self.high + self.above),
            full=say.points(worth.full),
        )

    def norm(self, row, say):
        return f"{say.number(self.low)}–{say.value(self.of, self.high)}"


def _fall(distance: np.ndarray, width: float, bound: float) -> None:
    """Turn the distance outside a bound into a share of the points, in place: 1 inside, 0 at the width."""
    if width == 0:
        np.less_equal(distance, GUARD * max(1.0, abs(bound)), out=distance)
        return
    distance /= -width
    distance += 1.0
    np.maximum(distance, 0.0, out=distance)
    np.minimum(distance, 1.0, out=distance)


@dataclass(frozen=True)
class PerPointBelow(Rule):
    """All points at the target, `lose` for each unit under it, `gain` for each unit over it."""

    shape = "per_point_below"
    of: str = field(metadata=option(Column(), "the value"))
    target: Target = field(metadata=option(TargetOption(), "the value that earns exactly the full points"))
    lose: Decimal = field(metadata=option(Number(over=0), "points lost for each unit under the target"))
    floor: Decimal | None = field(metadata=option(Limit(), "the fewest points"))
    gain: Decimal | None = field(
        metadata=option(Number(over=0, optional=True), "points for each unit over the target; optional")
    )
    cap: Decimal | None = field(
        metadata=option(Limit(goes_with="gain"), "the most points that the gain adds; required with `gain`")
    )

    def check(self, worth, note):
        if self.floor is not None and self.floor > worth.full:
            note("floor", f"{self.floor} is more than the {worth.full} points on offer")
        if self.gain is None and self.cap is not None:
            note("cap", "there is no gain to cap")

    def most(self, worth):
        if self.gain is None:
            return worth.full
        return None if self.cap is None else worth.full + self.cap

    def least(self, worth):
        return self.floor

    def compile(self, worth):
        of, full, lose = self.of, worth.units, worth.in_units(self.lose)
        gain = worth.in_units(self.gain or Decimal(0))
        cap = np.inf if self.gain is not None and self.cap is None else worth.in_units(self.cap or Decimal(0))
        floor = -np.inf if self.floor is None else worth.in_units(self.floor)
        target, columns = self.target.reader(), (self.of, *self.target.columns)

        def points(block, out):
            over = block.borrow()
            np.subtract(block[of], target(block), out=out)
            np.maximum(out, 0.0, out=over)
            over *= gain
            np.minimum(over, cap, out=over)
            np.minimum(out, 0.0, out=out)
            out *= lose
            out += over
            out += full
            block.give_back(over)
            np.maximum(out, floor, out=out)
            mark(block, out, *columns)

        return points

    def words(self, worth, say):
        text = say(
            "per_point_below",
            of=say.name(self.of),
            target=say.target_name(self.target, self.of),
            lose=say.points(self.lose),
            full=say.points(worth.full),
            floor=say.floor(self.floor),
        )
        if self.gain is None:
            return text
        return say.join([text, say("gain", gain=say.points(self.gain), cap=say.cap(self.cap))])

    def norm(self, row, say):
        return f"≥ {say.target(self.target, self.of)}"


@dataclass(frozen=True)
class BestInGroup(Rule):
    """The best of the comparison group earns all points, the others in proportion to it.

    A best of 0 gives all points to those at 0 when lower is better, and none otherwise.
    """

    shape = "best_in_group"
    of: str = field(metadata=option(Column(), "the value"))
    better: str = field(metadata=option(Choice("higher", "lower"), "which way is better"))

    def columns(self, kind=None):
        return (self.of, self.of + BEST)

    def compile(self, worth):
        of, best, full, higher = self.of, self.of + BEST, worth.units, self.better == "higher"

        def points(block, out):
            value, top = block[of], block[best]
            np.divide(value, top, out=out) if higher else np.divide(top, value, out=out)
            at_zero = (top == 0) & ~np.isnan(value)
            np.copyto(out, 0.0 if higher else value == 0, where=at_zero)
            np.maximum(out, 0.0, out=out)
            np.minimum(out, 1.0, out=out)
            out *= full
            mark(block, out, of)

        return points

    def words(self, worth, say):
        return say(f"best_{self.better}", of=say.name(self.of), full=say.points(worth.full))

    def norm(self, row, say):
        return say("group_best", best=say.cell(self.of, self.of + BEST))
