"""What would win the lost points: the inverse of a rule, found with the rule itself.

Candidates for one metric are scored together as one column of a frame: first near the fact, then
ever farther, then closer round the nearest that wins. No shape needs an inverse of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from .engine import Block
from .formula import Cells, evaluate
from .frame import Frame
from .metrics import Metric
from .numbers import Worth, round_half_up
from .standard import Criterion, Standard
from .wording import Row, Say

NEAR = np.arange(1, 65, dtype=float)
FAR = 2.0 ** np.arange(7, 41)
STEPS = {"yuan": 1.0, "area": 0.01, "share": 0.01, "number": 0.01}


@dataclass(frozen=True)
class Change:
    """One metric from what it is to what wins `points` (units) in all for a leaf of a rule."""

    metric: str
    value: float
    new: float
    points: int
    is_full: bool


def remedy(frame: Frame, i: int, standard: Standard, criterion: Criterion, say: Say) -> str:
    """What would win full points, in words; "" where nothing is lost or one fact cannot win it."""
    row, texts = Row(frame, i), []
    for leaf, worth in criterion.rule.leaves(standard.worth(criterion)):
        trial = _Trial(row, standard, leaf, worth)
        if trial.applies and trial.now < trial.ceiling:
            texts.append(_in_words(trial, criterion, say))
    return say.join([text for text in texts if text])


class _Trial:
    """One leaf of a rule, asked what other facts would earn this station."""

    def __init__(self, row: Row, standard: Standard, leaf, worth: Worth):
        self.row, self.standard, self.leaf, self.worth = row, standard, leaf, worth
        self.program = leaf.compile(worth)
        most = leaf.most(worth)
        most = worth.full if most is None else max(most, worth.full)
        self.ceiling = int(worth.in_units(most))
        self.needed = self.needed_for(leaf.columns(row.kind))
        earned = self._earned({})
        self.applies = not np.isposinf(earned[0])
        self.now = self._rounded(earned)[0]

    def needed_for(self, columns) -> list[str]:
        """Columns to carry, derived ones after those they use."""
        found: list[str] = []
        for column in columns:
            derived = self.standard.derived.get(column)
            found += self.needed_for(derived.uses) if derived else []
            found.append(column)
        return list(dict.fromkeys(found))

    @property
    def asked(self) -> list[str]:
        return [column for column in self.needed if column in self.standard.metrics]

    def unanswered(self) -> list[str]:
        return [code for code in self.asked if self.row.is_unanswered(code)]

    def points(self, changes: dict[str, np.ndarray]) -> np.ndarray:
        """(k,) int32 units for k values of each changed metric."""
        return self._rounded(self._earned(changes))

    def _rounded(self, earned: np.ndarray) -> np.ndarray:
        result = np.zeros(len(earned), dtype=np.int32)
        round_half_up(np.where(np.isfinite(earned), earned, 0.0), np.empty(len(earned)), result)
        return result

    def _earned(self, changes: dict[str, np.ndarray]) -> np.ndarray:
        k = max([len(values) for values in changes.values()], default=1)
        cells: dict[str, Cells] = {}
        with np.errstate(all="ignore"):
            for column in self.needed:
                cells[column] = self._cells(column, changes, cells, k)
            block = Block(self._frame(cells, k), [], {})
            block.move(0, k, k)
            out = np.empty(k)
            self.program(block, out)
        return out

    def _cells(self, column: str, changes, cells, k: int) -> Cells:
        if column in changes:
            return Cells(changes[column], np.zeros(k, dtype=bool))
        if column in self.standard.derived:
            return evaluate(self.standard.derived[column].tree, cells, k)
        return Cells(np.full(k, self.row.value(column)), np.full(k, self.row.is_absent(column)))

    def _frame(self, cells: dict[str, Cells], k: int) -> Frame:
        row = slice(self.row.i, self.row.i + 1)
        columns = {column: each.values for column, each in cells.items()}
        absent = {column: each.absent for column, each in cells.items()}
        ids, kinds = (np.repeat(array[row], k) for array in (self.row.frame.ids, self.row.frame.kinds))
        return Frame(ids, kinds, columns, absent)

    def change(self, lever: str) -> Change | None:
        """The smallest change of one metric that earns the most; None where no change earns more."""
        metric, now = self.standard.metrics[lever], self.row.value(lever)
        step = 1.0 if metric.whole else STEPS.get(metric.kind, 1.0)
        steps = self._first_steps(metric, now, step)
        earned = self.points({lever: now + steps})
        if not len(steps) or earned.max() <= self.now:
            return None
        best = int(earned.max())
        steps = self._closer(lever, now, step, steps, earned >= best, best)
        new = float(Decimal(repr(now)) + Decimal(repr(step)) * Decimal(round(steps / step)))
        return Change(lever, now, new, best, best >= self.ceiling)

    def _first_steps(self, metric: Metric, now: float, step: float) -> np.ndarray:
        """Changes to try, both ways, within the metric's bounds and on its grid."""
        marks = [float(v) - now for v in vars(self.leaf).values() if isinstance(v, Decimal)]
        bounds = [float(bound) - now for bound in (metric.low, metric.high) if bound is not None]
        sizes = np.concatenate([NEAR, FAR]) * step
        steps = np.concatenate([sizes, -sizes, np.round(np.array([*marks, *bounds]) / step) * step])
        low = -np.inf if metric.low is None else float(metric.low) - now
        high = np.inf if metric.high is None else float(metric.high) - now
        return steps[(steps >= low) & (steps <= high) & (steps != 0)]

    def _closer(self, lever, now, step, steps, wins, best) -> float:
        """The smallest winning change near the smallest one found, between it and the last that fails."""
        winner = min(steps[wins], key=abs)
        fails = [0.0, *steps[~wins & (np.sign(steps) == np.sign(winner)) & (np.abs(steps) < abs(winner))]]
        loser = max(fails, key=abs)
        while abs(winner - loser) > step * 1.5:
            between = np.unique(np.round(np.linspace(loser, winner, 66)[1:-1] / step) * step)
            between = between[(np.abs(between) > abs(loser)) & (np.abs(between) < abs(winner))]
            if not len(between):
                break
            won = self.points({lever: now + between}) >= best
            winner = min([winner, *between[won]], key=abs)
            loser = max([loser, *(each for each in between[~won] if abs(each) < abs(winner))], key=abs)
        return winner


def _in_words(trial: _Trial, criterion: Criterion, say: Say) -> str:
    unanswered = trial.unanswered()
    wanted = trial.leaf.wanted(trial.row, trial.row.kind)
    if unanswered and not (wanted and len(unanswered) < len(trial.asked)):
        return say("fill_in", items=say.listed([say.name(code) for code in unanswered]))
    if wanted:
        return _all_at_once(trial, wanted, say)
    lever = _lever(trial, criterion)
    change = trial.change(lever) if lever else None
    return _one_change(trial, criterion, change, say) if change else ""


def _all_at_once(trial: _Trial, wanted: dict[str, float], say: Say) -> str:
    names = [say.name(code) for code in wanted]
    changes = {code: np.array([value]) for code, value in wanted.items() if code in trial.standard.metrics}
    earned = int(trial.points(changes)[0]) if changes else trial.ceiling
    return say("complete", items=say.listed(names), wins=_wins(earned, trial, say, many=False))


def _lever(trial: _Trial, criterion: Criterion) -> str | None:
    """The criterion's lever if the leaf looks at it, else what the leaf is about."""
    if criterion.lever in trial.asked:
        return criterion.lever
    own = trial.leaf.lever()
    if own in trial.standard.metrics:
        return own
    return next((code for code in trial.needed_for([own]) if code in trial.standard.metrics), None) if own else None


def _one_change(trial: _Trial, criterion: Criterion, change: Change, say: Say) -> str:
    metric = trial.standard.metrics[change.metric]
    delta = change.new - change.value
    one = abs(delta) == 1
    wins = _wins(change.points, trial, say, many=not one)
    if metric.kind == "yes_no":
        return say("set_yes", items=say.name(metric.code), wins=_wins(change.points, trial, say, many=False))
    bureau = metric.fixable_by == "bureau"
    return say(
        "fewer" if delta < 0 else "more_bureau" if bureau else "more",
        name=say.name(metric.code),
        value=say.value(metric.code, change.new),
        change=say.value(metric.code, abs(delta)),
        number=say.number(abs(delta)),
        wins=wins,
    )


def _wins(points: int, trial: _Trial, say: Say, *, many: bool) -> str:
    if points >= trial.ceiling:
        text = say("wins_full")
    else:
        text = say("wins_some", points=say.points(trial.standard.points(points)))
    return text if say.chinese else text.split("|")[1 if many else 0]
