"""What may be written inside a rule: each option knows how to read itself from TOML.

A rule is a dataclass whose fields are declared with these options, so that reading, checking,
the list of columns a rule looks at and the documentation all come from one declaration.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .reading import Table, is_day, is_number, shown

NORM = "@norm"
BEST = "@best"
RANK = "@rank"
CLAIM = "@self"
DAY = "@day"
COEFFICIENT = "@coefficient"
PAST = ("before", "year_before", "two_year_mean")  # columns m@before, m@year_before, m@two_year_mean
NO_LIMIT = "none"
DEEPEST = 4


@dataclass(frozen=True)
class BySize:
    """A norm that depends on another metric: the value of the highest bound reached; a bound itself counts."""

    by: str
    table: tuple[tuple[Decimal, Decimal], ...]


@dataclass(frozen=True)
class Coefficient:
    """A factor by station class, inside bounds; 1 before its first date."""

    code: str
    title: str
    title_en: str
    low: Decimal
    high: Decimal
    values: dict[str, tuple[tuple[date | None, Decimal], ...]]


@dataclass
class Scope:
    """What the rules of a standard may refer to, and what reading them brings to light."""

    codes: tuple[str, ...]  # metrics and derived metrics
    norms: tuple[str, ...]
    classes: tuple[str, ...]
    decimals: int
    rules: dict[str, type]
    wrappers: dict[str, type] = field(default_factory=dict)  # what may stand beside a shape
    coefficients: dict[str, Coefficient] = field(default_factory=dict)
    dated: dict[str, tuple[tuple[date, Decimal], ...]] = field(default_factory=dict)
    compared: dict[str, dict[str, str]] = field(
        default_factory=lambda: {BEST: {}, RANK: {}}
    )  # metric -> "higher" | "lower"
    owner: str = ""  # id of the criterion being read
    depth: int = 0  # parts inside parts

    def known(self, table: Table, key: str, code: str | None) -> str | None:
        return table.known(key, code, self.codes, "metric")


@dataclass(frozen=True)
class Target:
    """What a value is held against: a number, or a column of the same row.

    Columns are another metric ("staff.officers"), the norm of the class ("staff.officers@norm")
    or a target that steps up by date, which `prepare` writes as a column of its own.
    """

    number: Decimal | None = None
    column: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,) if self.column else ()

    @property
    def is_metric(self) -> bool:
        return self.column is not None and "@" not in self.column

    def reader(self) -> Callable:
        """block -> the target as a float or an (n,) column."""
        if self.number is not None:
            fixed = float(self.number)
            return lambda block: fixed
        column = self.column
        return lambda block: block[column]


class Option(ABC):
    """One key of a rule. `read` gives its value, None after noting a problem.

    kind      what may be written, for people
    left_out  what leaving it out means, for people
    """

    kind = ""
    left_out = "required"

    @abstractmethod
    def read(self, table: Table, key: str, scope: Scope):
        """The value that stands under `key`."""

    def columns(self, value) -> tuple[str, ...]:
        """Columns that the value refers to."""
        return ()


class Column(Option):
    kind = "metric"

    def read(self, table, key, scope):
        return scope.known(table, key, table.text(key))

    def columns(self, value):
        return (value,)


class Columns(Option):
    kind = "list of metrics"

    def __init__(self, optional: bool = False):
        self.optional = optional
        self.left_out = "`[]`" if optional else "required"

    def read(self, table, key, scope):
        codes = table.texts(key, ()) if self.optional else table.texts(key)
        if not self.optional and key in table and not codes:
            table.note(key, "the list is empty")
        return tuple(code for code in codes if scope.known(table, key, code))

    def columns(self, value):
        return value


class ListsByClass(Option):
    kind = "table: class → list of metrics"
    left_out = "`{}`"

    def read(self, table, key, scope):
        inner, lists = table.table(key, {}), {}
        for kind in inner.values:
            codes = inner.texts(kind)
            inner.known("", kind, scope.classes, "class")
            lists[kind] = tuple(code for code in codes if scope.known(inner, kind, code))
        return lists

    def columns(self, value):
        return tuple(dict.fromkeys(code for codes in value.values() for code in codes))


class PointsBy(Option):
    """A table metric → number, such as points for each occurrence, or weights."""

    kind = "table: metric → number"

    def __init__(self, optional: bool = False, over_zero: bool = True):
        self.optional, self.over_zero = optional, over_zero
        self.left_out = "`{}`" if optional else "required"

    def read(self, table, key, scope):
        inner = table.table(key, {}) if self.optional else table.table(key)
        if not self.optional and not inner.values and key in table:
            table.note(key, "the table is empty")
        numbers = {}
        for code in inner.values:
            number = inner.number(code)
            inner.known("", code, scope.codes, "metric")
            if number is not None and self.over_zero and number <= 0:
                inner.note(code, f"must be over 0, not {number}")
            numbers[code] = number
        return numbers

    def columns(self, value):
        return tuple(value)


class Number(Option):
    kind = "number"

    def __init__(self, least: int | None = None, over: int | None = None, optional: bool = False):
        self.least, self.over, self.optional = least, over, optional
        self.left_out = "none of it" if optional else "required"

    def read(self, table, key, scope):
        number = table.number(key, None) if self.optional else table.number(key)
        if number is not None and self.least is not None and number < self.least:
            table.note(key, f"must be {self.least} or more, not {number}")
        if number is not None and self.over is not None and number <= self.over:
            table.note(key, f"must be over {self.over}, not {number}")
        return number


class Limit(Option):
    """A floor or cap: always written, as a number or as "none". None stands for "none".

    goes_with  the key it belongs to; without that key it is left out
    """

    kind = 'number or "none"'

    def __init__(self, goes_with: str | None = None):
        self.goes_with = goes_with
        self.left_out = f"required with `{goes_with}`" if goes_with else "required"

    def read(self, table, key, scope):
        needed = self.goes_with is None or self.goes_with in table
        value = table.raw(key) if needed else table.raw(key, NO_LIMIT)
        if value is None or value == NO_LIMIT:
            return None
        if not is_number(value):
            table.note(key, f'must be a number or "none", not {shown(value)}')
            return None
        return Decimal(value)


class Choice(Option):
    def __init__(self, *allowed: str, default: str | None = None):
        self.allowed, self.default = allowed, default
        self.kind = " or ".join(f'"{each}"' for each in allowed)
        self.left_out = f'`"{default}"`' if default else "required"

    def read(self, table, key, scope):
        if self.default is None:
            return table.choice(key, self.allowed)
        return table.choice(key, self.allowed, self.default)


class Rows(Option):
    def __init__(self, bound: str = "bound", gives: str = "points"):
        self.kind = f"list of [{bound}, {gives}]"

    def read(self, table, key, scope):
        rows = table.raw(key)
        good = isinstance(rows, list) and rows and all(_is_pair(row) for row in rows)
        if rows is not None and not good:
            table.note(key, f"must be a {self.kind}, not {shown(rows)}")
        return tuple((Decimal(b), Decimal(p)) for b, p in rows) if good else ()


class TargetOption(Option):
    """A number, "metric@norm", a metric if allowed, or [{ from = date, value = number }, …]."""

    def __init__(self, metric: bool = True):
        self.metric = metric
        self.kind = 'number, "metric@norm"' + (", metric" if metric else "") + " or dated list"

    def read(self, table, key, scope):
        value = table.raw(key)
        if value is None:
            return None
        if is_number(value):
            return Target(number=Decimal(value))
        if isinstance(value, str):
            return self._column(table, key, value, scope)
        if isinstance(value, list):
            return self._dated(table, key, value, scope)
        table.note(key, f"must be a {self.kind}, not {shown(value)}")
        return None

    def _column(self, table, key, value, scope):
        if value.endswith(NORM):
            code = value.removesuffix(NORM)
            return Target(column=value) if table.known(key, code, scope.norms, "norm") else None
        if not self.metric:
            table.note(key, f"must be a {self.kind}, not {shown(value)}")
            return None
        return Target(column=value) if scope.known(table, key, value) else None

    def _dated(self, table, key, value, scope):
        name = f"{scope.owner}@target{len(scope.dated) + 1}"
        scope.dated[name] = dated_numbers(table, key, value)
        return Target(column=name)

    def columns(self, value):
        return value.columns


@dataclass(frozen=True)
class Part:
    """One part of a composite: its own points and its own rule, which may be any shape."""

    points: Decimal
    rule: object
    title: str = ""
    title_en: str = ""


class Parts(Option):
    kind = "list of tables: points, title, title_en and one rule"

    def read(self, table, key, scope):
        parts = []
        rows = table.tables(key)
        if len(rows) < 2:
            table.note(key, "needs two parts or more")
        if scope.depth >= DEEPEST:
            table.note(key, f"parts inside parts deeper than {DEEPEST}")
            return ()
        for number, row in enumerate(rows, 1):
            inner = Table(row, f"{table.where}: part {number}", table.problems)
            parts.append(self._part(inner, scope))
        return tuple(part for part in parts if part.rule is not None)

    def _part(self, inner, scope):
        points = inner.number("points")
        titles = inner.text("title", ""), inner.text("title_en", "")
        scope.depth += 1
        rule = read_rule(inner, scope)
        scope.depth -= 1
        inner.finish()
        return Part(points or Decimal(0), rule, *titles)

    def columns(self, value):
        return tuple(dict.fromkeys(column for part in value for column in part.rule.columns()))


def option(kind: Option, doc: str) -> dict:
    """Metadata of a dataclass field read by `kind`; `doc` goes into docs/standard-format.md."""
    return {"option": kind, "doc": doc}


def read_rule(table: Table, scope: Scope):
    """The one rule written in `table` beside keys already asked for; None after noting a problem."""
    before = len(table.problems.lines)
    around = [(scope.wrappers[key], key) for key in scope.wrappers if key in table]
    around = [(wrapper, wrapper.read(table, key, scope)) for wrapper, key in around]
    names = [name for name in table.values if name not in table.asked]
    for name in names:
        table.raw(name)
        table.known("", name, (*scope.rules, *scope.wrappers), "shape")
    good = [name for name in names if name in scope.rules]
    if len(names) != 1 or not good:
        if len(names) != 1 and len(good) != 1:
            table.note("", f"must hold exactly one rule, not {', '.join(names) or 'none'}")
        return None
    shape = scope.rules[good[0]]
    options = Table(table.raw(good[0]), f"{table.where}.{good[0]}", table.problems)
    values = {name: kind.read(options, name, scope) for name, kind in shape.options().items()}
    options.finish()
    if len(table.problems.lines) > before:
        return None
    rule = shape(**values)
    for wrapper, value in around:
        rule = wrapper(rule, value)
    return rule


def dated_numbers(table: Table, key: str, rows: list) -> tuple[tuple[date, Decimal], ...]:
    """[{ from = 2026-01-01, value = 5 }, …] as (first day, number), dates rising."""
    steps = []
    for row in rows:
        entry = Table(row, f"{table.where}: {key}", table.problems)
        first, value = entry.day("from"), entry.number("value")
        entry.finish()
        if is_day(first) and value is not None:
            steps.append((first, value))
    if not rows or [day for day, _ in steps] != sorted({day for day, _ in steps}):
        table.note(key, "the dates must rise")
    return tuple(steps)


def _is_pair(row) -> bool:
    return isinstance(row, list) and len(row) == 2 and all(is_number(each) for each in row)
