"""One rule asked about one station: what it earns now, and what it would earn with other facts.

Candidates for one metric are scored together as one column of a frame, by the rule itself: first near
the fact, then ever farther, then closer round the nearest that wins. No shape needs an inverse of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from .engine import Block
from .formula import Cells, evaluate
from .frame import Frame
from .metrics import Metric
from .numbers import Worth
from .standard import Standard
from .wording import Row

NEAR = np.arange(1, 65, dtype=float)
FAR = 2.0 ** np.arange(7, 41)
GRIDS = {"area": 0.01, "share": 0.01, "number": 0.01}  # what a metric that is not whole moves by; else 1
ENOUGH = 1e-6  # units; what wins is compared before rounding, so that a norm is met and not just grazed


@dataclass(frozen=True)
class Change:
    """One metric from `value` to `new`, which earns `points` units in all."""

    metric: str
    value: float
    new: float
    points: float


class Trial:
    """One rule, without parts, of one row of a prepared frame.

    now      units earned as things are; NaN where unanswered, infinite where the rule does not apply
    ceiling  units that full points (or the cap of a bonus) are
    """

    def __init__(self, row: Row, standard: Standard, rule, worth: Worth):
        self.row, self.standard, self.rule, self.worth = row, standard, rule, worth
        self.program = rule.compile(worth)
        most = rule.most(worth)
        self.ceiling = worth.in_units(worth.full if most is None else max(most, worth.full))
        self.needed = self._with_sources(rule.columns())
        self.now = float(self.points({})[0])

    @property
    def applies(self) -> bool:
        return self.now != np.inf

    @property
    def lost(self) -> bool:
        return self.applies and not self.now >= self.ceiling - ENOUGH

    @property
    def asked(self) -> list[str]:
        """Metrics that the rule rests on for a station of this class."""
        columns = self._with_sources(self.rule.columns(self.row.kind))
        return [column for column in columns if column in self.standard.metrics]

    def unanswered(self) -> list[str]:
        return [code for code in self.asked if self.row.is_unanswered(code)]

    def lever(self, chosen: str | None) -> str | None:
        """The metric to move: what blocks all points, the chosen one, or what the rule is about."""
        blocking = self.rule.blocking(self.row)
        if not blocking and chosen in self.asked:
            return chosen
        own = blocking or self.rule.lever()
        sources = self._with_sources([own]) if own else []
        return next((code for code in sources if code in self.standard.metrics), None)

    def points(self, changes: dict[str, np.ndarray]) -> np.ndarray:
        """(k,) units, not rounded, for k values of each changed metric."""
        k = max([len(values) for values in changes.values()], default=1)
        cells: dict[str, Cells] = {}
        out = np.empty(k)
        with np.errstate(all="ignore"):
            for column in self.needed:
                cells[column] = self._cells(column, changes, cells, k)
            block = Block(self._frame(cells, k), [], {})
            block.move(0, k, k)
            self.program(block, out)
        return out

    def change(self, lever: str) -> Change | None:
        """The smallest change of one metric that earns the most; None where no change earns more."""
        metric, value = self.standard.metrics[lever], self.row.value(lever)
        grid = 1.0 if metric.whole else GRIDS.get(metric.kind, 1.0)
        steps = self._steps(metric, value, grid)
        earned = self._finite(self.points({lever: value + steps}))
        now = self._finite(np.array([self.now]))[0]
        if not len(steps) or earned.max() <= now + ENOUGH:
            return None
        best = min(earned.max(), self.ceiling)
        step = self._closest(lever, value, grid, steps, earned >= best - ENOUGH, best)
        new = Decimal(repr(value)) + Decimal(repr(grid)) * round(step / grid)
        return Change(lever, value, float(new), float(best))

    def _steps(self, metric: Metric, value: float, grid: float) -> np.ndarray:
        """Changes to try, both ways, within the metric's bounds and on its grid."""
        marks = [float(mark) - value for mark in self.rule.marks()]
        bounds = [float(bound) - value for bound in (metric.low, metric.high) if bound is not None]
        sizes = np.concatenate([NEAR, FAR]) * grid
        steps = np.concatenate([sizes, -sizes, np.round(np.array([*marks, *bounds]) / grid) * grid])
        low = -np.inf if metric.low is None else float(metric.low) - value
        high = np.inf if metric.high is None else float(metric.high) - value
        return steps[(steps >= low) & (steps <= high) & (steps != 0)]

    def _closest(self, lever, value, grid, steps, wins, best) -> float:
        """The smallest winning change, between the smallest one seen and the last that fails before it."""
        winner = min(steps[wins], key=abs)
        fails = steps[~wins & (np.sign(steps) == np.sign(winner)) & (np.abs(steps) < abs(winner))]
        loser = max([0.0, *fails], key=abs)
        while abs(winner - loser) > grid * 1.5:
            between = np.unique(np.round(np.linspace(loser, winner, 66)[1:-1] / grid) * grid)
            between = between[(np.abs(between) > abs(loser)) & (np.abs(between) < abs(winner))]
            if not len(between):
                break
            won = self._finite(self.points({lever: value + between})) >= best - ENOUGH
            winner = min([winner, *between[won]], key=abs)
            loser = max([loser, *(each for each in between[~won] if abs(each) < abs(winner))], key=abs)
        return winner

    def _finite(self, earned: np.ndarray) -> np.ndarray:
        """Unanswered and not applicable earn nothing here."""
        return np.where(np.isfinite(earned), earned, 0.0)

    def _with_sources(self, columns) -> list[str]:
        """Columns to carry, derived ones after those they use."""
        found: list[str] = []
        for column in columns:
            derived = self.standard.derived.get(column)
            found += self._with_sources(derived.uses if derived else self.standard.sizes(column))
            found.append(column)
        return list(dict.fromkeys(found))

    def _cells(self, column: str, changes, cells, k: int) -> Cells:
        if column in changes:
            return Cells(changes[column], np.zeros(k, dtype=bool))
        if column in self.standard.derived:
            return evaluate(self.standard.derived[column].tree, cells, k)
        return Cells(np.full(k, self.row.value(column)), np.full(k, self.row.is_absent(column)))

    def _frame(self, cells: dict[str, Cells], k: int) -> Frame:
        row = slice(self.row.i, self.row.i + 1)
        columns = {column: each.values for column, each in cells.items()}
        absent = {column: each.absent for column, each in cells.items() if each.absent.any()}
        ids, kinds = (np.repeat(array[row], k) for array in (self.row.frame.ids, self.row.frame.kinds))
        return Frame(ids, kinds, columns, absent)
