"""One cell of a table as one fact. Nothing is guessed: what is not plainly a number is a fault."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from .frame import NOT_APPLICABLE
from .metrics import Metric

YES = frozenset(("1", "是", "有", "yes", "y", "true", "√", "✓"))
NO = frozenset(("0", "否", "无", "no", "n", "false", "×"))
ABSENT = frozenset(("n/a", "不适用"))
MARKS = frozenset("-‐‑‒–—―─一/\\.·")  # signs that people put where there is no number
UNSAID = frozenset(("na", "null", "none", "未填", "未报"))
ERRORS = frozenset(("#n/a", "#div/0!", "#value!", "#ref!", "#name?", "#num!", "#null!"))
LONGEST = 60  # characters of a number; a spreadsheet's own need 24
LARGEST = Decimal(10) ** 15
PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?", re.ASCII)
DAY = re.compile(r"(\d{4})(?:(\d{2})(\d{2})|([-/.])(\d{1,2})\4(\d{1,2})|年(\d{1,2})月(\d{1,2})日)", re.ASCII)
GROUPED = re.compile(r"[+-]?\d{1,3}([, ]\d{3})+(\.\d+)?", re.ASCII)


class Fault(ValueError):
    """A cell that is no fact: `key` names the words, `given` fills them."""

    def __init__(self, key: str, **given):
        super().__init__(key)
        self.key, self.given = key, given


class Unsaved:
    """A formula cell whose file holds no result."""

    def __str__(self) -> str:
        return "="


class Merged:
    """A cell that another one, which holds something, covers."""

    def __str__(self) -> str:
        return ""


UNSAVED, MERGED = Unsaved(), Merged()


def text_of(cell) -> str:
    """A cell as trimmed text: 101.0 is "101"; the mark that keeps a text from being a formula is taken off."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = str(cell).strip()
    return text[1:] if text[:1] == "'" and text[1:2] in tuple("=+-@") else text


def has_odd_digits(text: str) -> bool:
    """Whether a sign such as ² or ① would become a digit when the text is made narrow, and 10² the number 102."""
    return any(unicodedata.category(sign) == "No" for sign in text)


def fact(cell, metric: Metric) -> float | int | object | None:
    """The fact in a cell: a number, None (blank) or NOT_APPLICABLE. Raises Fault."""
    if cell is UNSAVED:
        raise Fault("unsaved")
    if cell is MERGED:
        raise Fault("merged")
    if isinstance(cell, (date, datetime, time, timedelta)):
        return _date(cell, metric)
    text = _narrow(text_of(cell))
    if not text:
        return None
    if text in ABSENT:
        return NOT_APPLICABLE
    if text in ERRORS:
        raise Fault("error")
    if metric.kind == "yes_no":
        return _yes_no(text)
    if metric.kind == "date":
        return _bounded(_day(text), metric)
    if text in UNSAID or MARKS.issuperset(text):
        raise Fault("dash")
    return _bounded(_number(text, metric), metric)


def _narrow(text: str) -> str:
    if has_odd_digits(text):
        raise Fault("text")
    return unicodedata.normalize("NFKC", text).replace("\u2212", "-").strip().lower()


def veto(cell) -> str | None:
    """What a cell says of a veto: the reason, "" for a mere yes, None for no veto. Raises Fault."""
    if cell is UNSAVED:
        raise Fault("unsaved")
    text = text_of(cell)
    plain = unicodedata.normalize("NFKC", text).lower()
    if plain in ERRORS:
        raise Fault("error")
    if PLAIN.fullmatch(plain) and plain not in YES | NO:
        raise Fault("veto_number")
    if not plain or plain in NO | ABSENT:
        return None
    return "" if plain in YES else text


def _date(cell, metric: Metric) -> int:
    """A date that a spreadsheet knows as one, as the number 20261231."""
    if metric.kind != "date" or not isinstance(cell, date):
        raise Fault("date")
    return _bounded(Decimal(f"{cell:%Y%m%d}"), metric)


def _day(text: str) -> Decimal:
    found = DAY.fullmatch(text)
    year, month, day = (int(part) for part in found.groups() if part and part.isdigit()) if found else (0, 0, 0)
    try:
        return Decimal(f"{date(year, month, day):%Y%m%d}")
    except ValueError:
        raise Fault("day") from None


def _yes_no(text: str) -> int:
    if text in YES:
        return 1
    if text in NO:
        return 0
    raise Fault("yes_no")


def _number(text: str, metric: Metric) -> Decimal:
    if text.endswith("%"):
        if metric.unit != "%":
            raise Fault("percent", unit=metric.unit)
        text = text[:-1].rstrip()
    if len(text) > LONGEST:
        raise Fault("long")
    if GROUPED.fullmatch(text):
        return Decimal(text.replace(",", "").replace(" ", ""))
    if PLAIN.fullmatch(text):
        return Decimal(text)
    raise Fault("commas" if PLAIN.fullmatch(text.replace(",", "").replace(" ", "")) else "text")


def _bounded(number: Decimal, metric: Metric) -> float | int:
    if abs(number) >= LARGEST:
        raise Fault("long")
    if metric.low is not None and number < metric.low:
        raise Fault("low", bound=f"{metric.low:,f}")
    if metric.high is not None and number > metric.high:
        raise Fault("high", bound=f"{metric.high:,f}")
    whole = number == number.to_integral_value()
    if metric.whole and not whole:
        raise Fault("whole")
    return int(number) if whole else float(number)
