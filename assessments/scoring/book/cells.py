"""What one cell holds: each kind knows how to write a value of a document into a cell and how to read it back.

A cell is a text, an int, a Decimal, a date or None for blank.
"""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from ..factcell import has_odd_digits
from ..reading import LARGEST, is_day, is_number
from .words import FLAGS, NO_LIMIT, NOTHING, backwards

LONGEST = 30_000  # characters of a cell; a spreadsheet has room for 32,767
LISTED = re.compile(r"[、,，;；\n]+")
_DAY = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?")
# What a spreadsheet or its reader would change: control characters, signs XML does not have, their escapes.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]|x005F_|_x000D_")
_CODE = re.compile(r"[a-z][a-z0-9_]*")
_ENDS = ("分", "%", "％")

Cell = str | int | Decimal | date | None


class Fault(ValueError):
    """A cell that cannot be read. `key` names the sentence in faults.py, `given` is what it speaks of."""

    def __init__(self, key: str, **given):
        super().__init__(key)
        self.key, self.given = key, given


class Unwritable(ValueError):
    """The value has no place in a cell of this kind."""


@dataclass
class Around:
    """What cells refer to.

    metrics   Names of metrics and derived metrics: say(code) -> text, find(text) -> code
    classes   class code -> its name
    sections  section code -> its title
    """

    metrics: object
    classes: dict[str, str] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)


def is_blank(cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def plain(cell) -> str:
    """The cell as a person reads it, without blanks round it."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return cell.isoformat() if is_day(cell) else str(cell).strip()


def folded(cell) -> str:
    """The same with full-width letters, digits and signs made narrow, blanks made one."""
    return " ".join(unicodedata.normalize("NFKC", plain(cell)).split())


def is_safe(text: str) -> bool:
    """Does a spreadsheet give this text back as it is?"""
    return bool(text) and text == text.strip() and len(text) <= LONGEST and not _UNSAFE.search(text)


def same(one, other, ordered: bool = True) -> bool:
    """Do two values of documents say the same: kinds, numbers, order of lists and, if `ordered`, of keys?"""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        agree = list(one) == list(other) if ordered else one.keys() == other.keys()
        return agree and all(same(one[key], other[key], ordered) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same(*pair, ordered) for pair in zip(one, other, strict=True))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if is_number(one) and is_number(other):
        return one == other
    return type(one) is type(other) and one == other


class Kind(ABC):
    """One kind of cell."""

    @abstractmethod
    def write(self, value, around: Around) -> Cell:
        """The cell of a value. Raises Unwritable."""

    @abstractmethod
    def read(self, cell: Cell, around: Around):
        """The value of a cell that is not blank. Raises Fault."""

    def choices(self) -> list[str]:
        """What a drop-down offers; [] for none."""
        return []

    def written(self, value, around: Around) -> Cell:
        """The cell of a value that comes back from it as it is. Raises Unwritable."""
        cell = self.write(value, around)
        try:
            back = self.read(cell, around)
        except Fault as error:
            raise Unwritable from error
        if is_blank(cell) or not same(back, value):
            raise Unwritable
        return cell


class Text(Kind):
    def write(self, value, around):
        if not isinstance(value, str) or not is_safe(value) or value == NOTHING:
            raise Unwritable
        return value

    def read(self, cell, around):
        return plain(cell)


class Number(Kind):
    """A number; `no_limit`: or "none"; `whole`: without a fraction."""

    def __init__(self, no_limit: bool = False, whole: bool = False):
        self.no_limit, self.whole = no_limit, whole

    def write(self, value, around):
        if value == "none" and self.no_limit:
            return NO_LIMIT
        if not is_number(value):
            raise Unwritable
        return value

    def read(self, cell, around):
        if self.no_limit and folded(cell) in (NO_LIMIT, "none"):
            return "none"
        value = number(cell)
        if self.whole and not isinstance(value, int):
            raise Fault("whole")
        return value


class Day(Kind):
    def write(self, value, around):
        if not is_day(value):
            raise Unwritable
        return value

    def read(self, cell, around):
        return day(cell)


class Choice(Kind):
    """One of a few words: name of the format -> Chinese name."""

    def __init__(self, words: Mapping):
        self.words, self.back = words, backwards(words)

    def write(self, value, around):
        if not isinstance(value, str | bool) or value not in self.words:
            raise Unwritable
        return self.words[value]

    def read(self, cell, around):
        text = folded(cell)
        found = self.back.get(text, self.back.get(plain(cell)))
        if found is None:
            raise Fault("choice", allowed="、".join(self.words.values()))
        return found

    def choices(self):
        return list(self.words.values())


class Flag(Choice):
    def __init__(self):
        super().__init__(FLAGS)
        self.back = {"是": True, "否": False, "true": True, "false": False, "True": True, "False": False}


class Classes(Kind):
    """Station classes by name, several by 、."""

    def write(self, value, around):
        if not isinstance(value, list) or not value:
            raise Unwritable
        return "、".join(class_name(each, around) for each in value)

    def read(self, cell, around):
        texts = [each.strip() for each in LISTED.split(plain(cell)) if each.strip()]
        return list(dict.fromkeys(class_code(each, around) for each in texts))


class Numbers(Kind):
    """Numbers, several by 、."""

    def write(self, value, around):
        if not isinstance(value, list) or not all(is_number(each) for each in value):
            raise Unwritable
        return "、".join(map(plain, value))

    def read(self, cell, around):
        return [number(each) for each in LISTED.split(plain(cell)) if each.strip()]


class Section(Kind):
    """A section by title, by code where titles are not one each."""

    def write(self, value, around):
        if not isinstance(value, str):
            raise Unwritable
        title = around.sections.get(value, "")
        return title if is_safe(title) else value

    def read(self, cell, around):
        text = plain(cell)
        titled = [code for code, title in around.sections.items() if title == text]
        if text in around.sections:
            return text
        if len(titled) == 1:
            return titled[0]
        raise Fault("section_twice" if titled else "section")


class Metric(Kind):
    """A metric or derived metric by title or code."""

    def write(self, value, around):
        if not isinstance(value, str):
            raise Unwritable
        return around.metrics.say(value)

    def read(self, cell, around):
        return around.metrics.find(plain(cell))


def number(cell) -> int | Decimal:
    """The number of a cell; 95% counts as 95, 5 分 as 5. Raises Fault."""
    if isinstance(cell, bool) or is_day(cell):
        raise Fault("number")
    if is_number(cell):
        return _shortest(Decimal(cell))
    text = folded(cell).replace(" ", "")
    for end in _ENDS:
        text = text.removesuffix(end)
    if has_odd_digits(plain(cell)):
        raise Fault("number")
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    if not re.fullmatch(r"[+\-−]?(\d+(\.\d+)?|\.\d+)([eE][+-]?\d{1,2})?", text, re.ASCII):
        raise Fault("number")
    try:
        value = Decimal(text.replace("−", "-"))
    except InvalidOperation as error:
        raise Fault("number") from error
    if abs(value) > LARGEST:
        raise Fault("number")
    return _shortest(value)


def day(cell) -> date:
    """The day of a cell. Raises Fault."""
    if is_day(cell):
        return cell
    found = _DAY.fullmatch(folded(cell).replace(" ", ""))
    try:
        return date(*map(int, found.groups()))
    except (AttributeError, ValueError) as error:
        raise Fault("day") from error


def class_name(code, around: Around) -> str:
    """The name of a class where it is its alone, else the code. Raises Unwritable."""
    if not isinstance(code, str):
        raise Unwritable
    name = around.classes.get(code, "")
    return (
        name if is_safe(name) and not LISTED.search(name) and list(around.classes.values()).count(name) == 1 else code
    )


def class_code(text: str, around: Around) -> str:
    """The code of a class by code or name. Raises Fault."""
    if text in around.classes:
        return text
    for code, name in around.classes.items():
        if name and text in (name, f"{name}({code})", f"{name}（{code}）"):
            return code
    if _CODE.fullmatch(text):
        return text  # of a class that nobody named: reading the standard says whether there is one
    raise Fault("class", allowed="、".join(name or code for code, name in around.classes.items()))


def _shortest(value: Decimal) -> int | Decimal:
    return int(value) if value == value.to_integral_value() else value
