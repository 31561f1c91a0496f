"""Share out points in the proportions that they have now, in round numbers, so that they come to a whole exactly."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

STEPS = (Decimal("0.5"), Decimal("0.1"))  # the roundest first; the finest that the standard knows is the last resort


def apportioned(points: Sequence[Decimal], goal: Decimal, decimals: int) -> list[Decimal]:
    """The points that sum to `goal`, none of those over 0 brought to 0 unless `decimals` leave no other way.

    Parts that are left over go to the largest remainders, the first of equal ones first. All 0 stay as they are.
    """
    total = sum(points, Decimal(0))
    if total <= 0 or goal <= 0:
        return list(points)
    finest = Decimal(1).scaleb(-decimals)
    for step in (*(step for step in STEPS if step >= finest), finest):
        shared = _shared(points, total, goal, step)
        if sum(shared) == goal and all(new > 0 for new, old in zip(shared, points, strict=True) if old > 0):
            break
    return shared


def _shared(points: Sequence[Decimal], total: Decimal, goal: Decimal, step: Decimal) -> list[Decimal]:
    exact = [Fraction(each) * Fraction(goal) / Fraction(total) / Fraction(step) for each in points]
    whole = [part.numerator // part.denominator for part in exact]
    left = int((goal / step).to_integral_value(ROUND_FLOOR)) - sum(whole)
    for at in sorted(range(len(exact)), key=lambda at: whole[at] - exact[at])[:left]:
        whole[at] += 1
    return [each * step for each in whole]
