"""What the file says by station class: norms and coefficients."""

from __future__ import annotations

from decimal import Decimal

from .options import BySize, Coefficient, Rows, dated_numbers
from .reading import Table, is_day, is_number, shown

DEFAULT = "default"


def read_norms(tables: Table, codes: tuple[str, ...], classes: tuple[str, ...]) -> dict:
    """The [norm.…] tables: metric -> class -> dated numbers."""
    norms = {}
    for code in tables.values:
        table = Table(tables.raw(code), f"norm {code}", tables.problems)
        table.known("", code, codes, "metric")
        norms[code] = by_class(table, classes, codes)
    return norms


def by_class(table: Table, classes: tuple[str, ...], sizes: tuple[str, ...] = ()) -> dict:
    """class or "default" -> dated numbers, or tables by one of the metrics `sizes`."""
    values = {kind: _value(table, kind, sizes) for kind in table.values}
    for kind in table.values:
        table.known("", kind, (*classes, DEFAULT), "class")
    return values


def _value(table: Table, kind: str, sizes: tuple[str, ...]):
    value = table.raw(kind)
    if is_number(value):
        return ((None, Decimal(value)),)
    if isinstance(value, list):
        return _dated(table, kind, value, sizes)
    if isinstance(value, dict) and sizes:
        inner = Table(value, f"{table.where}: {kind}", table.problems)
        size = _by_size(inner, sizes)
        inner.finish()
        return ((None, size),) if size else ()
    table.note(kind, f"must be a number{', a table by size' if sizes else ''} or a dated list, not {shown(value)}")
    return ()


def _dated(table: Table, kind: str, rows: list, sizes: tuple[str, ...]):
    if not any(isinstance(row, dict) and "by" in row for row in rows):
        return dated_numbers(table, kind, rows)
    steps = []
    for row in rows:
        entry = Table(row, f"{table.where}: {kind}", table.problems)
        first = entry.day("from")
        value = _by_size(entry, sizes) if "by" in entry else entry.number("value")
        entry.finish()
        steps.append((first, value))
    days = [first for first, _ in steps if is_day(first)]
    if days != sorted(set(days)):
        table.note(kind, "the dates must rise")
    return tuple((first, value) for first, value in steps if is_day(first) and value is not None)


def _by_size(table: Table, sizes: tuple[str, ...]) -> BySize | None:
    """{ by = metric, table = [[bound, value], …] }."""
    by = table.known("by", table.text("by"), sizes, "metric")
    rows = Rows(gives="norm").read(table, "table", None)
    if len({bound for bound, _ in rows}) != len(rows):
        table.note("table", "the same bound is there twice")
    return BySize(by, tuple(sorted(rows))) if by and rows else None


def read_coefficients(tables: Table, classes: tuple[str, ...]) -> dict[str, Coefficient]:
    """The [coefficient.…] tables by code."""
    found = {}
    for code in tables.values:
        table = Table(tables.raw(code), f"coefficient {code}", tables.problems)
        title, title_en = table.text("title"), table.text("title_en")
        low, high = table.number("low"), table.number("high")
        values = by_class(table.table("values"), classes)
        table.finish()
        if "values" in table and not set(values) - {*classes, DEFAULT}:
            for kind in classes if DEFAULT not in values else ():
                if kind not in values:
                    table.note("values", f"no value for class {kind!r}")
        if low is not None and high is not None:
            _check_bounds(table, low, high, values)
        found[code] = Coefficient(code, title, title_en, low or Decimal(1), high or Decimal(1), values)
    return found


def _check_bounds(table: Table, low: Decimal, high: Decimal, values: dict) -> None:
    if not 0 < low <= high:
        table.note("low", f"must be over 0 and not over high: {low}, {high}")
        return
    for kind, steps in values.items():
        for _, value in steps:
            if not low <= value <= high:
                table.note("values", f"{kind}: {value} is outside {low} to {high}")
