"""A rule out of the fields of its form (rulefields.py), and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

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
from .rulefields import ON, ROOT, TARGETS, rows_of
from .rules import RULES
from .typed import number

_LEFT_OUT = object()

# What was typed for a metric -> its code; None where there is no such metric.
Resolver = Callable[[str], str | None]


class Fault(NamedTuple):
    """What is wrong with one field: `key` says what, `given` fills the sentence."""

    field: str
    key: str
    given: dict[str, str]


def read(fields: Mapping[str, str], code_of: Resolver) -> tuple[dict, list[Fault]]:
    """The rule that the fields say, as a document has it, and what is wrong with them; with faults it is not whole.

    Fields of other shapes than the chosen one are passed over, and so are rows in which nothing stands.
    """
    reader = _Reader(fields, code_of)
    return reader.rule(ROOT), reader.faults


class _Reader:
    def __init__(self, fields: Mapping[str, str], code_of: Resolver):
        self.fields, self.code_of, self.faults = fields, code_of, []

    def fault(self, field: str, key: str, **given) -> None:
        self.faults.append(Fault(field, key, given))

    def text(self, name: str) -> str:
        return self.fields.get(name, "").strip()

    def needed(self, name: str) -> str:
        text = self.text(name)
        if not text:
            self.fault(name, "missing")
        return text

    def rule(self, name: str) -> dict:
        rule, shape = {}, self.text(f"{name}.shape")
        if shape in RULES:
            options = {key: self._option(option, f"{name}.{key}") for key, option in RULES[shape].options().items()}
            rule[shape] = {key: value for key, value in options.items() if value is not _LEFT_OUT}
        else:
            self.fault(f"{name}.shape", "shape")
        if self.text(f"{name}.unless_zero"):
            rule["unless_zero"] = self.metric(f"{name}.unless_zero")
        if self.text(f"{name}.coefficient"):
            rule["coefficient"] = self.text(f"{name}.coefficient")
        return rule

    def metric(self, name: str) -> str:
        text = self.needed(name)
        if not text:
            return ""
        code = self.code_of(text)
        if code is None:
            self.fault(name, "metric", value=text)
        return code or text

    def number(self, name: str):
        text = self.needed(name)
        if not text:
            return 0
        try:
            return number(text)
        except ValueError:
            self.fault(name, "number", value=text)
            return 0

    def filled(self, name: str) -> list[str]:
        """Names of the rows of a list in which something stands."""
        rows = [f"{name}.{n}" for n in rows_of(self.fields, name)]
        return [row for row in rows if self.text(row) or any(self.text(k) for k in self._below(row))]

    def _below(self, row: str) -> list[str]:
        return [key for key in self.fields if key.startswith(f"{row}.") and not key.endswith(".is")]

    def _option(self, option: Option, name: str):
        return _READERS[type(option)](self, name, option)

    def column(self, name, option):
        return self.metric(name)

    def columns(self, name, option):
        codes = [self.metric(row) for row in self.filled(name)]
        self._twice(self.filled(name), codes)
        if codes:
            return codes
        if not option.optional:
            self.fault(f"{name}.0", "missing")
        return _LEFT_OUT

    def points_by(self, name, option):
        rows = self.filled(name)
        codes = [self.metric(f"{row}.metric") for row in rows]
        self._twice([f"{row}.metric" for row in rows], codes)
        found = {code: self.number(f"{row}.points") for code, row in zip(codes, rows, strict=True)}
        if not rows and not option.optional:
            self.fault(f"{name}.0.metric", "missing")
        return found or _LEFT_OUT

    def lists(self, name, option):
        found = {}
        for row in self.filled(name):
            kind = self.needed(f"{row}.class")
            if kind in found:
                self.fault(f"{row}.class", "twice")
            found[kind] = [self.metric(each) for each in self.filled(f"{row}.list")]
        return found or _LEFT_OUT

    def a_number(self, name, option):
        return _LEFT_OUT if option.optional and not self.text(name) else self.number(name)

    def limit(self, name, option):
        is_none, typed = self.text(f"{name}.none") == ON, self.text(name)
        if is_none and typed:
            self.fault(name, "both")
        if is_none:
            return NO_LIMIT
        beside = option.goes_with and f"{name.rpartition('.')[0]}.{option.goes_with}"
        if not typed and beside and not self.text(beside):
            return _LEFT_OUT
        return self.number(name)

    def choice(self, name, option):
        text = self.text(name) or option.default or self.needed(name)
        if text and text not in option.allowed:
            self.fault(name, "choice")
        return _LEFT_OUT if text == option.default else text

    def rows(self, name, option):
        found = [[self.number(f"{row}.bound"), self.number(f"{row}.points")] for row in self.filled(name)]
        if not found:
            self.fault(f"{name}.0.bound", "missing")
        return found

    def target(self, name, option):
        kind = self.text(f"{name}.is") or TARGETS[0]
        if kind == "dated":
            return self._dated(name)
        if kind == "norm":
            own = f"{name.rpartition('.')[0]}.of"
            typed = f"{name}.norm" if self.text(f"{name}.norm") or not self.text(own) else own
            return f"{self.metric(typed)}{NORM}"
        if kind == "metric" and option.metric:
            return self.metric(f"{name}.metric")
        if kind != "number":
            self.fault(f"{name}.is", "choice")
        return self.number(f"{name}.number")

    def _dated(self, name: str) -> list[dict]:
        rows = self.filled(name)
        if not rows:
            self.fault(f"{name}.0.from", "missing")
        return [{"from": self._day(f"{row}.from"), "value": self.number(f"{row}.value")} for row in rows]

    def _day(self, name: str) -> date:
        text = self.needed(name)
        try:
            return date.fromisoformat(text)
        except ValueError:
            if text:
                self.fault(name, "date", value=text)
            return date.min

    def parts(self, name, option):
        if name.count(".parts") > DEEPEST:
            self.fault(f"{name.rpartition('.')[0]}.shape", "deep")
            return []
        found = []
        for row in self.filled(name):
            part = {"points": self.number(f"{row}.points")}
            part |= {key: self.text(f"{row}.{key}") for key in ("title", "title_en") if self.text(f"{row}.{key}")}
            found.append(part | self.rule(row))
        if len(found) < 2:
            self.fault(f"{name.rpartition('.')[0]}.shape", "parts")
        return found

    def _twice(self, rows: list[str], codes: list[str]) -> None:
        for n, (row, code) in enumerate(zip(rows, codes, strict=True)):
            if code and code in codes[:n]:
                self.fault(row, "twice")


_READERS: dict[type[Option], Callable] = {
    Column: _Reader.column,
    Columns: _Reader.columns,
    ListsByClass: _Reader.lists,
    PointsBy: _Reader.points_by,
    Number: _Reader.a_number,
    Limit: _Reader.limit,
    Choice: _Reader.choice,
    Rows: _Reader.rows,
    TargetOption: _Reader.target,
    Parts: _Reader.parts,
}
