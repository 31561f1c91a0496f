"""Read TOML tables strictly, collecting every problem instead of stopping at the first."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches

REQUIRED = object()
LARGEST = 10**15
FEW = 8  # names that a message lists
_MOST_UNKNOWN = 100  # keys of one table that are told; a text of sixty thousand kept the reader busy for minutes
# A key of a hundred thousand steps keeps the parser busy for minutes; no key of ours has more than four.
_PART = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""
_ENDLESS_KEY = re.compile(rf"(?<![A-Za-z0-9_-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{20}}")
# 1e-999999999 is short, but written out it fills the memory, and no arithmetic takes 1e999999999.
_FARTHEST = 1000
_ENDLESS_NUMBER = re.compile(r"[0-9_]{1001}")


class StandardError(ValueError):
    """The file of a standard cannot be used. One line for each problem; `problems` lists them."""

    def __init__(self, problems: Iterable[str]):
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def toml(text: str) -> dict:
    """The document, numbers as they are written. Raises ValueError that says where it is no TOML."""
    endless = _ENDLESS_KEY.search(text)
    if endless:
        line = text.count("\n", 0, endless.start()) + 1
        raise ValueError(f"a key of more than 20 steps (at line {line})")
    try:
        return tomllib.loads(text, parse_float=_number)
    except RecursionError as error:
        raise ValueError("tables or lists too deep in each other") from error
    except tomllib.TOMLDecodeError:
        raise
    except ValueError as error:  # of a number; the parser has no words for it
        endless = _ENDLESS_NUMBER.search(text)
        place = error.args[0] if isinstance(error, _Far) else endless.group() if endless else ""
        line = text.count("\n", 0, max(0, text.find(place))) + 1
        raise ValueError(f"a number of more than {_FARTHEST} digits (at line {line})") from error


class _Far(ValueError):
    """A number that nobody means; the text that was read."""


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise _Far(text) from None
    if not is_near(number):
        raise _Far(text)
    return number


def is_near(number: Decimal) -> bool:
    """Whether a number can be reckoned with and written out; so are those that are not finite."""
    return not number.is_finite() or abs(number.adjusted()) <= _FARTHEST


class Problems:
    """What is wrong with one file: `file: where: what`."""

    def __init__(self, file: str):
        self.file, self.lines = file, []

    def add(self, where: str, what: str) -> None:
        line = ": ".join(part for part in (self.file, where, what) if part)
        if line not in self.lines:
            self.lines.append(line)

    def raise_any(self) -> None:
        """Raise StandardError when there is a problem."""
        if self.lines:
            raise StandardError(self.lines)


def nearest(name: str, allowed: Iterable[str]) -> str:
    """The end of a message about an unknown name: the nearest right one, or all of a few."""
    names = [str(each) for each in allowed]
    near = get_close_matches(str(name), names, n=1)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; one of {', '.join(names)}" if 0 < len(names) <= FEW else ""


class Table:
    """A TOML table being read. Each key is taken once; `finish` complains about what is left.

    A wrong or missing value is noted in `problems` and the default (or None) is returned, so
    that reading goes on and one pass shows everything.
    """

    def __init__(self, values, where: str, problems: Problems):
        self.where, self.problems = where, problems
        self.values = dict(values) if isinstance(values, Mapping) else {}
        if not isinstance(values, Mapping):
            problems.add(where, f"must be a table, not {shown(values)}")
        self.asked: list[str] = []
        self.missing: list[str] = []

    def note(self, key: str, what: str) -> None:
        """Record a problem of one key."""
        self.problems.add(self.where, f"{key}: {what}" if key else what)

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def raw(self, key: str, default=REQUIRED):
        """The value as TOML has it; a missing required key gives None and is noted by `finish`."""
        self.asked.append(key)
        if key in self.values:
            return self.values[key]
        if default is REQUIRED:
            self.missing.append(key)
            return None
        return default

    def typed(self, key: str, default, test, wanted: str):
        value = self.raw(key, default)
        if key not in self.values:
            return value
        if not test(value):
            self.note(key, f"must be {wanted}, not {shown(value)}")
            return None if default is REQUIRED else default
        return value

    def text(self, key: str, default=REQUIRED) -> str:
        return self.typed(key, default, lambda v: isinstance(v, str) and bool(v.strip()), "text")

    def flag(self, key: str, default=REQUIRED) -> bool:
        return self.typed(key, default, lambda v: isinstance(v, bool), "true or false")

    def whole(self, key: str, default=REQUIRED) -> int:
        return self.typed(key, default, _is_whole, "a whole number")

    def number(self, key: str, default=REQUIRED) -> Decimal | None:
        value = self.typed(key, default, is_number, "a number within ±10^15")
        return Decimal(value) if is_number(value) else value

    def day(self, key: str, default=REQUIRED) -> date:
        return self.typed(key, default, is_day, "a date like 2026-01-01")

    def choice(self, key: str, allowed: Iterable[str], default=REQUIRED) -> str:
        value = self.text(key, default)
        return self.known(key, value, allowed, "value") if key in self.values else value

    def texts(self, key: str, default=REQUIRED) -> tuple[str, ...]:
        """A list of texts without repeats."""
        value = self.typed(key, default, _is_texts, "a list of texts")
        for name in sorted({name for name in value or () if list(value).count(name) > 1}):
            self.note(key, f"{name!r} is there twice")
        return tuple(dict.fromkeys(value or ()))

    def table(self, key: str, default=REQUIRED) -> Table:
        where = f"{self.where}: {key}" if self.where else key
        return Table(self.raw(key, default) or {}, where, self.problems)

    def tables(self, key: str) -> list[dict]:
        """A list of tables, [] when the key is missing."""
        return list(self.typed(key, [], lambda v: isinstance(v, list), "a list of tables") or [])

    def known(self, key: str, name: str | None, allowed: Iterable[str], kind: str = "") -> str | None:
        """`name` when it is one of `allowed`; otherwise noted with the nearest, and None."""
        allowed = list(allowed)
        if name is None or name in allowed:
            return name
        self.note(key, f"unknown {kind or 'name'} {name!r}" + nearest(name, allowed))
        return None

    def finish(self) -> None:
        """Note every key that nobody asked for, and those missing; a misspelt key is one problem, not two."""
        unknown = [key for key in self.values if key not in self.asked]
        for key in unknown[:_MOST_UNKNOWN]:
            meant = get_close_matches(key, self.missing, n=1)
            self.missing = [name for name in self.missing if name not in meant]
            self.note("", f"unknown key {key!r}" + nearest(key, meant or self.asked))
        for key in self.missing:
            self.note("", f"{key!r} is missing")


def shown(value) -> str:
    """A value as a message shows it: like TOML, not too long."""
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value) if isinstance(value, Decimal) else repr(value)
    return text if len(text) <= 60 else text[:60] + "…"


def is_number(value) -> bool:
    """A TOML number within ±10^15; true and false are no numbers."""
    number = _is_whole(value) or (isinstance(value, Decimal) and value.is_finite())
    return number and abs(value) <= LARGEST


def is_day(value) -> bool:
    """A TOML date without a time."""
    return isinstance(value, date) and not isinstance(value, datetime)


def _is_whole(value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_texts(value) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) and each for each in value)
