"""A rule as the fields of a form: names such as "rule.table.0.bound", each with the text that stands in it.

`fields_of` writes a rule of a document as fields, rulereading.read makes the rule of them again; `is_field` knows every
name that they use. What a shape asks for comes from its options: a new shape has its fields without a word here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

from .options import (
    DEEPEST,
    NO_LIMIT,
    NORM,
    Choice,
    Column,
    Columns,
    Limit,
    ListsByClass,
    Number,
    Option,
    Parts,
    PointsBy,
    Rows,
    TargetOption,
)
from .reading import is_day, is_number
from .rules import RULES, WRAPPERS
from .typed import shown

ROOT = "rule"
ON = "on"  # a box that is ticked
TARGETS = ("number", "norm", "metric", "dated")
MOST_ROWS = 60  # of one list
_BESIDE = ("points", "title", "title_en", *WRAPPERS)


class NotFields(ValueError):
    """A rule that has no fields, because its text is not what the format knows."""


# -- writing ---------------------------------------------------------------------------------------


def fields_of(rule: Mapping, name: str = ROOT) -> dict[str, str]:
    """The rule of a criterion of a document as {field: text}. Raises NotFields for what the format does not know."""
    if not isinstance(rule, Mapping):
        raise NotFields(name)
    shapes = [key for key in rule if key not in _BESIDE]
    if len(shapes) != 1 or shapes[0] not in RULES:
        raise NotFields(name)
    fields = {f"{name}.shape": shapes[0]}
    fields |= {f"{name}.{key}": _text(rule[key]) for key in WRAPPERS if key in rule}
    options, values = RULES[shapes[0]].options(), rule[shapes[0]]
    if not isinstance(values, Mapping) or set(values) - set(options):
        raise NotFields(name)
    for key, value in values.items():
        fields |= _WRITERS[type(options[key])](f"{name}.{key}", value)
    return fields


def _text(value) -> str:
    if not isinstance(value, str):
        raise NotFields(value)
    return value


def _number(value) -> str:
    if not is_number(value):
        raise NotFields(value)
    return shown(value)


def _list(value) -> list:
    if not isinstance(value, list | tuple):
        raise NotFields(value)
    return list(value)


def _table(value) -> dict:
    if not isinstance(value, Mapping):
        raise NotFields(value)
    return dict(value)


def _write_column(name, value):
    return {name: _text(value)}


def _write_number(name, value):
    return {name: _number(value)}


def _write_columns(name, value):
    return {f"{name}.{n}": _text(code) for n, code in enumerate(_list(value))}


def _write_points_by(name, value):
    rows = enumerate(_table(value).items())
    return {
        key: text
        for n, (code, points) in rows
        for key, text in ((f"{name}.{n}.metric", code), (f"{name}.{n}.points", _number(points)))
    }


def _write_lists(name, value):
    fields = {}
    for n, (kind, codes) in enumerate(_table(value).items()):
        fields |= {f"{name}.{n}.class": kind, **_write_columns(f"{name}.{n}.list", codes)}
    return fields


def _write_limit(name, value):
    return {f"{name}.none": ON} if value == NO_LIMIT else {name: _number(value)}


def _write_rows(name, value):
    fields = {}
    for n, row in enumerate(_list(value)):
        if len(_list(row)) != 2:
            raise NotFields(name)
        fields |= {f"{name}.{n}.bound": _number(row[0]), f"{name}.{n}.points": _number(row[1])}
    return fields


def _write_target(name, value):
    if is_number(value):
        return {f"{name}.is": "number", f"{name}.number": shown(value)}
    if isinstance(value, str):
        kind = "norm" if value.endswith(NORM) else "metric"
        return {f"{name}.is": kind, f"{name}.{kind}": value.removesuffix(NORM)}
    fields = {f"{name}.is": "dated"}
    for n, row in enumerate(_list(value)):
        if set(_table(row)) != {"from", "value"} or not is_day(row["from"]):
            raise NotFields(name)
        fields |= {f"{name}.{n}.from": row["from"].isoformat(), f"{name}.{n}.value": _number(row["value"])}
    return fields


def _write_parts(name, value):
    fields = {}
    for n, part in enumerate(_list(value)):
        part, inside = _table(part), f"{name}.{n}"
        if "points" in part:
            fields[f"{inside}.points"] = _number(part["points"])
        fields |= {f"{inside}.{key}": _text(part[key]) for key in ("title", "title_en") if key in part}
        fields |= fields_of(part, inside)
    return fields


_WRITERS: dict[type[Option], Callable] = {
    Column: _write_column,
    Columns: _write_columns,
    ListsByClass: _write_lists,
    PointsBy: _write_points_by,
    Number: _write_number,
    Limit: _write_limit,
    Choice: _write_column,
    Rows: _write_rows,
    TargetOption: _write_target,
    Parts: _write_parts,
}


# -- rows --------------------------------------------------------------------------------------------


def rows_of(fields: Mapping[str, str], name: str) -> list[int]:
    """The numbers of the rows of a list that are there, blank ones too, rising."""
    start = f"{name}."
    places = {key[len(start) :].partition(".")[0] for key in fields if key.startswith(start)}
    return sorted(int(place) for place in places if place.isdecimal())


def without(fields: Mapping[str, str], name: str, row: int) -> dict[str, str]:
    """The fields without one row of a list; those after it move up."""
    return _renumbered(fields, name, lambda n: None if n == row else n - (n > row))


def swapped(fields: Mapping[str, str], name: str, row: int, other: int) -> dict[str, str]:
    """The fields with two rows of a list in each other's place; there is no row before the first."""
    return _renumbered(fields, name, lambda n: {row: other, other: row}.get(n, n)) if other >= 0 else dict(fields)


def _renumbered(fields: Mapping[str, str], name: str, place: Callable[[int], int | None]) -> dict[str, str]:
    """The fields with the rows of one list numbered anew; a row that goes to None is left out."""
    start, found = f"{name}.", {}
    for key, value in fields.items():
        old, dot, rest = key.removeprefix(start).partition(".")
        if key.startswith(start) and old.isdecimal():
            new = place(int(old))
            if new is not None:
                found[f"{start}{new}{dot}{rest}"] = value
        else:
            found[key] = value
    return found


# -- names -----------------------------------------------------------------------------------------

_ROW = r"\.\d{1,2}"
_NAMES = {
    Columns: _ROW,
    ListsByClass: rf"{_ROW}\.(?:class|list{_ROW})",
    PointsBy: rf"{_ROW}\.(?:metric|points)",
    Limit: r"(?:\.none)?",
    Rows: rf"{_ROW}\.(?:bound|points)",
    TargetOption: rf"(?:\.(?:is|number|norm|metric)|{_ROW}\.(?:from|value))",
}


def is_field(name: str) -> bool:
    """May a form of a rule have a field of this name?"""
    return bool(_field_names().fullmatch(name))


@cache
def _field_names() -> re.Pattern:
    options = [item for shape in RULES.values() for item in shape.options().items()]
    ends = {key + _NAMES.get(type(option), "") for key, option in options if not isinstance(option, Parts)}
    ends |= {"shape", *_BESIDE}
    return re.compile(rf"{ROOT}(?:\.parts{_ROW}){{0,{DEEPEST}}}\.(?:{'|'.join(sorted(ends))})")


@cache
def option_names() -> frozenset[str]:
    """The names of all options of all shapes."""
    return frozenset(key for shape in RULES.values() for key in shape.options())


_PART = re.compile(r"part (\d+)(?:\.\w+)?")


def field_of(place: str) -> str:
    """The field that a problem's place inside a criterion is about: "rule.composite: part 2.ratio: to" is
    "rule.parts.1.to"; "" for a place that is no rule."""
    first, *rest = place.split(": ")
    if first.partition(".")[0] != ROOT:
        return ""
    name = ROOT
    for step in rest:
        part = _PART.fullmatch(step)
        if part:
            name += f".parts.{int(part[1]) - 1}"
        elif step in option_names() and step != "parts":
            return f"{name}.{step}"
        else:
            break
    return f"{name}.shape"
