"""Facts worth asking two standards about: bounds, every number that a rule turns on, what lies beside, and chance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

import numpy as np

from . import formula
from .context import prepare
from .formula import Cells
from .frame import Frame
from .metrics import Metric
from .options import BEST, NORM
from .reach import numbers_of
from .standard import Criterion, Standard

CHANCE = 400  # rows of chance combinations
BASES = 2  # rows round which one metric at a time is varied
MOST_MARKS = 100
SCALES = (0.0, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0, 100.0, 1_000.0, 10_000.0, 1_000_000.0)
SEED = 20260101


class Sampled:
    """Facts worth asking about, for the metrics behind some columns of both standards."""

    def __init__(self, parent: Standard, child: Standard, codes: Iterable[str], marks: Iterable[float]):
        self.parent, self.child = parent, child
        marks = np.unique([float(mark) for mark in marks])
        thinned = np.linspace(0, len(marks) - 1, min(len(marks), MOST_MARKS)).round().astype(int)
        self.marks = marks[thinned].tolist() if len(marks) else []
        self.chance = np.random.default_rng(SEED)
        self.metrics = {
            code: [each.metrics[code] for each in (parent, child) if code in each.metrics] for code in codes
        }

    def choices(self, code: str, day: date) -> np.ndarray:
        """Values of a metric worth asking about, between the bounds of both."""
        metrics = self.metrics[code]
        low, high = _least(metrics), _most(metrics)
        marks = [*self.marks, *SCALES, *(bound for bound in (low, high) if np.isfinite(bound))]
        if any(metric.kind == "date" for metric in metrics):
            marks = [*marks, float(f"{day:%Y%m%d}")]
        values = np.array([mark + step for mark in marks for step in (-1.0, -0.01, 0.0, 0.01, 1.0)])
        if all(metric.whole for metric in metrics):
            values = np.round(values)
        return np.unique(np.clip(values, low, high))

    def by_chance(self, choices: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        rows = {code: self.chance.choice(values, CHANCE) for code, values in choices.items()}
        for end, pick in enumerate((np.min, np.max)):
            for code, values in choices.items():
                rows[code][end] = pick(values)
        return rows

    def on_derived(self, rows: Mapping[str, np.ndarray], day: date) -> dict[str, np.ndarray]:
        """Rows of `rows` with one metric moved so that a worked-out value comes to a mark, or near it."""
        found = [_aimed(standard, code, rows, self.marks) for standard in (self.parent, self.child)
                 for code in standard.derived]  # fmt: skip
        found = [each for each in found if each]
        return {code: self.kept(code, np.concatenate([each[code] for each in found])) for code in rows if found}

    def kept(self, code: str, values: np.ndarray) -> np.ndarray:
        """The values as facts of the metric: whole where it is, between its bounds."""
        metrics = self.metrics[code]
        values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
        values = np.round(values) if all(metric.whole for metric in metrics) else np.round(values, 6)
        return np.clip(values, _least(metrics), _most(metrics))


def _least(metrics: list[Metric]) -> float:
    return min(-np.inf if metric.low is None else float(metric.low) for metric in metrics)


def _most(metrics: list[Metric]) -> float:
    return max(np.inf if metric.high is None else float(metric.high) for metric in metrics)


def _aimed(standard: Standard, code: str, rows: Mapping[str, np.ndarray], marks: list[float]) -> dict | None:
    """Some rows, for each mark and each metric behind a worked-out value, moved in proportion and by the difference."""
    metrics = behind(standard, code)
    if not marks or any(each not in rows for each in metrics):
        return None
    few = {each: values[2 : 2 + BASES] for each, values in rows.items()}
    now, found = worked_out(standard, code, few), []
    with np.errstate(all="ignore"):
        for mark in marks:
            for each in metrics:
                value = few[each]
                for moved in (value * mark / now, value * now / mark, value + (mark - now), value - (mark - now)):
                    found += [{**few, each: np.ceil(moved)}, {**few, each: np.floor(moved)}, {**few, each: moved}]
    return {each: np.concatenate([rows[each] for rows in found]) for each in rows}


def behind(standard: Standard, code: str) -> list[str]:
    """The metrics that a worked-out value comes from."""
    if code not in standard.derived:
        return [code]
    return list(dict.fromkeys(each for used in standard.derived[code].uses for each in behind(standard, used)))


def off(value: np.ndarray, gap: float) -> tuple[np.ndarray, ...]:
    """A value moved up and down by a gap, in its own units and in percent."""
    return value + gap, value - gap, value * (1 + gap / 100), value * (1 - gap / 100)


def worked_out(standard: Standard, code: str, rows: Mapping[str, np.ndarray]) -> np.ndarray | None:
    """A value for every row; None where something that it comes from is not in the rows."""
    nothing = np.zeros(len(next(iter(rows.values()))), dtype=bool)
    cells = {each: Cells(values, nothing) for each, values in rows.items()}
    for each, derived in standard.derived.items():
        if all(used in cells for used in derived.uses):
            cells[each] = formula.evaluate(derived.tree, cells, len(nothing))
    return cells[code].values if code in cells else None


def numbers_in(standard: Standard, criterion: Criterion) -> Iterator[float]:
    """Every number that the points of a criterion may turn on."""
    yield from numbers_of(criterion.rule)
    for column in criterion.rule.columns():
        code = column.partition("@")[0]
        if column in standard.targets:
            yield from numbers_of(standard.targets[column])
        if column.endswith(NORM):
            yield from numbers_of(standard.norms[code])
        if code in standard.derived:
            yield from map(float, constants_behind(standard, formula.Metric(code)))


def stacked(one: Mapping[str, np.ndarray], other: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The rows of both; `other` may be empty."""
    return {code: np.concatenate([values, other[code]]) for code, values in one.items()} if other else dict(one)


def prepared(standard: Standard, rows: Mapping[str, np.ndarray], kinds, day: date, beyond: Iterable[str] = ()) -> Frame:
    """The rows once for each class, prepared; what rules look at beyond the station is set as sampled."""
    size = len(next(iter(rows.values()))) if rows else 1
    n = size * len(kinds)
    nothing = np.full(n, np.nan)
    columns = {code: np.tile(rows[code], len(kinds)) if code in rows else nothing for code in standard.metrics}
    ids = np.char.mod("%d", np.arange(n))
    frame = Frame.of_columns(ids, np.repeat(np.array(kinds), size), columns)
    frame = prepare(frame, standard, groups=np.zeros(n, dtype=int), best={}, day=day)
    given = {column: np.tile(rows[column], len(kinds)) for column in beyond}
    for column in given:
        code, _, sort = column.partition("@")
        if f"@{sort}" == BEST and code in frame.columns:
            pick = np.fmax if standard.bests.get(code, "higher") == "higher" else np.fmin
            given[column] = pick(given[column], frame.columns[code])
    return frame.adding(given, {column: np.zeros(n, dtype=bool) for column in given})


def constants_in(tree: formula.Node) -> Iterator[Decimal]:
    """Every number written in a formula."""
    if isinstance(tree, formula.Number):
        yield tree.value
    elif isinstance(tree, formula.Call):
        for each in tree.arguments:
            yield from constants_in(each)


def constants_behind(standard: Standard, tree: formula.Node) -> Iterator[Decimal]:
    """Every number in the formulas that a formula rests on."""
    for code in formula.metrics_in(tree):
        if code in standard.derived:
            inner = standard.derived[code].tree
            yield from (*constants_in(inner), *constants_behind(standard, inner))
