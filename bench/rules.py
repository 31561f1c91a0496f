"""A standard of any size, and the same rules written by hand twice: in plain NumPy and in plain Python."""

from math import floor, isnan

import numpy as np

from assessments.scoring import Standard

HEAD = """
code = "bench"
version = "1"
title = "基准"
title_en = "Bench"
in_force = 2026-01-01
classes = ["any"]
criteria_limit = 1000
[[section]]
code = "all"
title = "全部"
title_en = "All"
"""
METRIC = '[metric."{0}"]\nkind = "number"\ntitle = "{0}"\ntitle_en = "{0}"\nunit = "个"\nunit_en = "pieces"\n'
CRITERION = """
[[criterion]]
id = "c{0}"
section = "all"
title = "项"
title_en = "Item"
source = "bench"
points = 5
rule.{1}
"""
RULES = (
    "yes_no = {{ of = '{x}' }}",
    "at_least = {{ of = '{x}', target = 40 }}",
    "at_most = {{ of = '{x}', target = 60 }}",
    "ratio = {{ of = '{x}', to = '{y}' }}",
    "linear = {{ of = '{x}', zero_at = 90, full_at = 10 }}",
    "steps = {{ of = '{x}', table = [[90, 5], [80, 4], [60, 2.5]], otherwise = 0 }}",
    "deduct = {{ each = {{ '{x}' = 0.05, '{y}' = 0.02 }}, floor = 0 }}",
    "per_point_below = {{ of = '{x}', target = 70, lose = 0.1, floor = 0 }}",
)
KINDS = len(RULES)


def standard(criteria: int) -> Standard:
    """Criteria of every kind in turn; criterion j rests on m.x<j> and, where two are needed, m.y<j>."""
    metrics = "".join(METRIC.format(f"m.{axis}{j}") for j in range(criteria) for axis in "xy")
    rules = (CRITERION.format(j, RULES[j % KINDS].format(x=f"m.x{j}", y=f"m.y{j}")) for j in range(criteria))
    return Standard.loads(HEAD + metrics + "".join(rules))


def facts(stations: int, criteria: int) -> dict[str, np.ndarray]:
    """Whole numbers from 0 to 100 by chance, one in fifty not answered."""
    chance, columns = np.random.default_rng(2026), {}
    for j in range(criteria):
        for axis in "xy":
            column = chance.integers(0 if axis == "x" else 1, 101, stations).astype(float)
            column[chance.random(stations) < 0.02] = np.nan
            columns[f"m.{axis}{j}"] = column
    return columns


def in_numpy(columns: dict[str, np.ndarray], criteria: int) -> np.ndarray:
    """(n, criteria) int32 points in hundredths: what one writes by hand, whole columns at a time."""
    points = np.empty((len(columns["m.x0"]), criteria), dtype=np.int32, order="F")
    for j in range(criteria):
        p = _column(j % KINDS, columns[f"m.x{j}"], columns[f"m.y{j}"])
        p = np.where(np.isnan(p), 0.0, p)
        points[:, j] = np.sign(p) * np.floor(np.abs(p) * 100 + 0.5 + 1e-7)
    return points


def _column(kind: int, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    unanswered = np.where(np.isnan(x), np.nan, 0.0)
    if kind == 0:
        return np.where(x > 0, 5.0, 0.0) + unanswered
    if kind == 1:
        return np.where(x >= 40, 5.0, 0.0) + unanswered
    if kind == 2:
        return np.where(x <= 60, 5.0, 0.0) + unanswered
    if kind == 3:
        return 5 * np.minimum(1, x / y)
    if kind == 4:
        return 5 * np.clip((x - 90) / (10 - 90), 0, 1)
    if kind == 5:
        return np.select([x >= 90, x >= 80, x >= 60], [5.0, 4.0, 2.5], 0.0) + unanswered
    if kind == 6:
        return np.maximum(0, 5 - 0.05 * x - 0.02 * y)
    return np.maximum(0, 5 - 0.1 * np.maximum(0, 70 - x))


def in_python(rows: list[dict[str, float]], criteria: int) -> list[list[int]]:
    """The same from dicts, one station and one criterion at a time."""
    return [[_cell(j % KINDS, row[f"m.x{j}"], row[f"m.y{j}"]) for j in range(criteria)] for row in rows]


def _cell(kind: int, x: float, y: float) -> int:
    if isnan(x) or (kind in (3, 6) and isnan(y)):
        return 0
    return floor(_POINTS[kind](x, y) * 100 + 0.5 + 1e-7)


def _steps(x: float, y: float) -> float:
    return 5 if x >= 90 else 4 if x >= 80 else 2.5 if x >= 60 else 0


_POINTS = (
    lambda x, y: 5 if x > 0 else 0,
    lambda x, y: 5 if x >= 40 else 0,
    lambda x, y: 5 if x <= 60 else 0,
    lambda x, y: 5 * min(1, x / y),
    lambda x, y: 5 * max(0, min(1, (x - 90) / -80)),
    _steps,
    lambda x, y: max(0, 5 - 0.05 * x - 0.02 * y),
    lambda x, y: max(0, 5 - 0.1 * max(0, 70 - x)),
)
