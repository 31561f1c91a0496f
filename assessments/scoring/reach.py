"""The most points that any allowed facts can earn, found by asking the rule itself."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import lru_cache

import numpy as np

from .context import prepare
from .frame import Frame
from .metrics import Metric
from .standard import Criterion, Standard
from .trial import ENOUGH, Trial
from .wording import Row

TRIES = 1024
ROUNDS = 3
SCALES = (1.0, 2.0, 5.0, 10.0, 100.0, 1e3, 1e4, 1e6, 1e9)
OWN = (
    "norm",
    "target",
    "coefficient",
    "day",
)  # what a station's own row has after the @; the rest compares with others


def most_reached(standard: Standard, criterion: Criterion, kind: str) -> int | None:
    """Units that a station of class `kind` can earn; a search, so seldom too low and never too high.

    None where the criterion is not asked of the class, is a bonus, compares with others or with the past, or where
    no facts were found that it can be told from.
    """
    if not criterion.full or not criterion.applies(kind) or _compares(criterion):
        return None
    metrics = [standard.metrics[code] for code in criterion.metrics]
    if any(metric.applies_to and kind not in metric.applies_to for metric in metrics):
        return None
    frame = _silent(standard, kind)
    trial = Trial(Row(frame, 0), standard, criterion.rule, standard.worth(criterion))
    marks = [*numbers_of(criterion.rule), *_norms(frame, criterion)]
    choices = {metric.code: _choices(metric, marks) for metric in metrics}
    best = _search(trial, choices)
    return int(np.floor(best + 0.5 + 1e-7)) if np.isfinite(best) else None


@lru_cache(maxsize=32)
def _silent(standard: Standard, kind: str) -> Frame:
    """A station of this class that has answered nothing."""
    return prepare(Frame.of([("", kind, {})], standard.metrics), standard, groups=np.zeros(1))


def _compares(criterion: Criterion) -> bool:
    sorts = [column.partition("@")[2] for column in criterion.rule.columns() if "@" in column]
    return any(not sort.startswith(OWN) for sort in sorts)


def _norms(frame: Frame, criterion: Criterion) -> list[float]:
    values = [float(frame.columns[column][0]) for column in criterion.rule.columns() if "@" in column]
    return [value for value in values if np.isfinite(value)]


def numbers_of(rule) -> list[float]:
    """Every number written in a rule, norm or coefficient."""
    if isinstance(rule, Decimal):
        return [float(rule)]
    if is_dataclass(rule):
        return [number for f in fields(rule) for number in numbers_of(getattr(rule, f.name))]
    if isinstance(rule, dict):
        return numbers_of(tuple(rule.values()))
    if isinstance(rule, tuple | list):
        return [number for each in rule for number in numbers_of(each)]
    return []


def _choices(metric: Metric, marks: list[float]) -> np.ndarray:
    """Values of a metric worth trying, within its bounds."""
    low, high = (None if bound is None else float(bound) for bound in (metric.low, metric.high))
    bounds = [bound for bound in (low, high) if bound is not None]
    values = np.unique(np.array([0.0, *SCALES, *marks, *bounds]))
    if metric.whole:
        values = np.unique(np.concatenate([np.floor(values), np.ceil(values)]))
    return values[(values >= (-np.inf if low is None else low)) & (values <= (np.inf if high is None else high))]


def _search(trial: Trial, choices: dict[str, np.ndarray]) -> float:
    """The best of chance combinations, then of one metric changed at a time; no further than all there is."""
    chance = np.random.default_rng(1)
    tries = {code: chance.choice(values, TRIES) for code, values in choices.items()}
    for end, pick in enumerate((np.min, np.max)):
        for code, values in choices.items():
            tries[code][end] = pick(values)
    earned = _finite(trial.points(tries))
    at = int(earned.argmax())
    best, now = float(earned[at]), {code: values[at] for code, values in tries.items()}
    most = np.inf if trial.uncapped else trial.ceiling - ENOUGH
    for _ in range(ROUNDS):
        if best >= most:
            break
        for code, values in choices.items():
            others = {other: np.full(len(values), value) for other, value in now.items()}
            earned = _finite(trial.points(others | {code: values}))
            if earned.max() > best:
                best, now[code] = float(earned.max()), values[int(earned.argmax())]
    return best


def _finite(earned: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(earned), earned, -np.inf)
