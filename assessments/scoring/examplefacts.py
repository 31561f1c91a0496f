"""Facts that show what a rule does: at its bounds and beside them, at zero, at the norm, at full points.

For each fact the first value is the one beside which those of other facts are tried: the best where there is one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from functools import singledispatch
from math import ceil, floor, isfinite, log10

from . import rules
from .metrics import Metric
from .numbers import Worth
from .options import CLAIM, DAY, Target
from .rules.around import Around, UnlessZero
from .rules.checked import Exemption, Imported, Judged, Misreport, SampleCheck
from .rules.compared import BestInGroup, RankPoints, VersusPast
from .rules.counts import Bonus, Checklist, Deduct
from .rules.limits import AtLeast, AtMost, Ratio, Steps, YesNo
from .rules.slopes import Band, Linear, PerPointBelow, TargetAndExcess
from .standard import Standard
from .wording import Row

Values = dict[str, list[float]]
USUAL = 10.0  # of something that no number of the rule speaks of
MANY = 100.0
PLACES = 6


def choices(standard: Standard, row: Row, keys: Iterable[str]) -> Values:
    """Values worth trying for each key, at least one; `row` is an unanswered sheet of the class that is tried."""
    found: Values = {}
    criterion = standard.criteria[0]
    for leaf, worth in criterion.rule.leaves(standard.worth(criterion)):
        for key, values in _of_leaf(leaf, worth, row).items():
            found.setdefault(key, []).extend(values)
    metrics = {key: standard.metrics[key.partition("@")[0]] for key in keys}
    return {key: _fitting(metric, found.get(key, [USUAL])) for key, metric in metrics.items()}


def _of_leaf(rule: rules.Rule, worth: Worth, row: Row) -> Values:
    around: Values = {}
    while isinstance(rule, Around):
        if isinstance(rule, UnlessZero):
            around[rule.metric] = [USUAL, 0.0]
        rule = rule.inner
    return around | _values(rule, worth, row)


def _fitting(metric: Metric, values: list[float]) -> list[float]:
    """The values as facts of this metric can be, each once."""
    low, high = (None if bound is None else float(bound) for bound in (metric.low, metric.high))
    fitting = []
    for value in values:
        value = float(ceil(value - 1e-9)) if metric.whole else round(value, 4)
        value = value if low is None else max(low, value)
        fitting.append(value if high is None else min(high, value))
    return list(dict.fromkeys(value for value in fitting if isfinite(value))) or [0.0]


def _aim(target: Target, row: Row) -> tuple[float, Values]:
    """What a value is held against, and the fact that says so where it is another metric."""
    if target.is_metric:
        return USUAL, {target.column: [USUAL]}
    aim = float(target.number) if target.number is not None else row.value(target.column)
    return (aim if isfinite(aim) else USUAL), {}


def _step(value: float) -> float:
    """A step that is felt beside a value: 1 beside 90, 100 beside 9000, 0.01 beside 0.8."""
    tenth = 10.0 ** (floor(log10(abs(value))) - 1) if value else 1.0
    return tenth if value % 1 else max(1.0, tenth)


def _times(room: Decimal, points: Decimal) -> int:
    """How often so many points fit into the room, rounded up."""
    return max(1, ceil(room / points)) if points else 1


@singledispatch
def _values(rule: rules.Rule, worth: Worth, row: Row) -> Values:
    return {}


@_values.register
def _(rule: YesNo, worth, row):
    return {rule.of: [1.0, 0.0]}


@_values.register
def _(rule: Checklist, worth, row):
    return {item: [1.0, 0.0] for item in rule.columns(row.kind)}


@_values.register
def _(rule: Ratio, worth, row):
    aim, more = _aim(rule.to, row)
    return {rule.of: [aim, 1.2 * aim, 0.8 * aim, 0.5 * aim, 0.2 * aim, 0.0]} | more


@_values.register
def _(rule: AtLeast, worth, row):
    aim, more = _aim(rule.target, row)
    return {rule.of: [aim, aim + _step(aim), aim - _step(aim), aim / 2, 0.0]} | more


@_values.register
def _(rule: AtMost, worth, row):
    aim, more = _aim(rule.target, row)
    return {rule.of: [aim, 0.0, aim / 2, aim + _step(aim), 2 * aim + 1]} | more


@_values.register
def _(rule: Steps, worth, row):
    rows = [(float(bound), points) for bound, points in rule.rows()]
    rises = rule.bounds == "at_least"
    bounds = [bound for bound, _ in (reversed(rows) if rises else rows)]
    beside = -1 if rises else 1
    first, last = bounds[0] + beside * _step(bounds[0]), bounds[-1] + beside * _step(bounds[-1])
    return {rule.of: [*bounds, first, last]}


@_values.register
def _(rule: Linear, worth, row):
    full, _more = _aim(rule.full_at, row)
    zero = float(rule.zero_at)
    return {rule.of: [full + share * (zero - full) for share in (0, -0.2, 0.25, 0.5, 0.75, 1, 1.2)]}


@_values.register
def _(rule: Band, worth, row):
    low, high, below, above = (float(each) for each in (rule.low, rule.high, rule.below, rule.above))
    sides = [low - below / 2, high + above / 2, low - below, high + above]
    return {rule.of: [low, high, *sides, high + above + _step(high)]}


@_values.register
def _(rule: Deduct, worth, row):
    lowest = rule.floor if rule.floor is not None else worth.full - 5 * max(rule.each.values())
    room = worth.full - lowest
    return {code: [float(n) for n in sorted({0, 1, 2, 3, _times(room, p)})] for code, p in rule.each.items()}


@_values.register
def _(rule: Bonus, worth, row):
    most = {code: 3 if rule.cap is None else _times(rule.cap, points) for code, points in rule.each.items()}
    return {code: [float(n) for n in sorted({0, 1, 2, most[code]})] for code in rule.each}


@_values.register
def _(rule: PerPointBelow, worth, row):
    aim, more = _aim(rule.target, row)
    lowest = worth.full - 5 * rule.lose if rule.floor is None else rule.floor
    wide = float((worth.full - lowest) / rule.lose)
    over = [aim + float(rule.cap / rule.gain)] if rule.gain and rule.cap else [aim + 1] if rule.gain else []
    return {rule.of: [*over, aim, aim - 1, aim - wide / 2, aim - wide]} | more


@_values.register
def _(rule: TargetAndExcess, worth, row):
    aim, more = _aim(rule.target, row)
    over = float(rule.cap / rule.gain) if rule.cap is not None else 5.0
    return {rule.of: [aim + over, aim + 1, aim, 0.5 * aim, 0.0]} | more


@_values.register
def _(rule: BestInGroup, worth, row):
    shares = (1.0, 0.8, 0.5, 0.2, 0.0) if rule.better == "higher" else (0.2, 0.25, 0.4, 0.8, 1.0)
    return {rule.of: [MANY * share for share in shares]}


@_values.register
def _(rule: RankPoints, worth, row):
    count = min(PLACES, int(max(place for place, _ in rule.table)) + 2)
    values = [MANY - 10 * n for n in range(count)]
    return {rule.of: values if rule.better == "higher" else values[::-1]}


@_values.register
def _(rule: VersusPast, worth, row):
    base, way = MANY / 2, 1 if rule.better == "higher" else -1
    unit = base / 100 if rule.change == "percent" else 1.0
    up = 5.0 if rule.cap is None else float((rule.cap - rule.start) / rule.each)
    down = 5.0 if rule.floor is None else float((rule.start - rule.floor) / rule.each)
    moves = [up, up / 2, 1.0, 0.0, -1.0, -down / 2, -down]
    return {rule.of: [base + way * unit * move for move in moves], f"{rule.of}@{rule.base}": [base]}


@_values.register
def _(rule: SampleCheck, worth, row):
    sampled, least = 4 * USUAL, float(rule.limit) / 100
    right = [sampled, 0.95 * sampled, ceil(least * sampled), ceil(least * sampled) - 1, 0.0]
    return {rule.correct: right, rule.sampled: [sampled]}


@_values.register
def _(rule: Judged, worth, row):
    return {judge: [float(rule.top) * share for share in (1.0, 0.8, 0.5, 0.0)] for judge in rule.judges}


@_values.register
def _(rule: Imported, worth, row):
    low, high = float(rule.low), float(rule.high)
    return {rule.of: [low + share * (high - low) for share in (1.0, 0.9, 0.75, 0.5, 0.0)]}


@_values.register
def _(rule: Exemption, worth, row):
    number = int(row.value(DAY))
    last = date(number // 10_000, number // 100 % 100, number % 100)
    days = (last + timedelta(365), last, last - timedelta(1), last - timedelta(365))
    return {rule.until: [float(f"{day:%Y%m%d}") for day in days]}


@_values.register
def _(rule: Misreport, worth, row):
    way = 1 if rule.better == "higher" else -1
    allowed = float(rule.tolerance) * (MANY / 100 if rule.tolerance_in == "percent" else 1)
    claims = [MANY + way * claim for claim in (0, allowed, -5, allowed + 1, allowed + 10)]
    return {key: values for code in rule.each for key, values in ((code, [MANY]), (code + CLAIM, claims))}
