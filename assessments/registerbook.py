"""A register as a workbook: sheets with heads, rows of cells, and what each says to the register's own pages."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import NamedTuple

from django.http import QueryDict
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

YES, NO = gettext_lazy("Yes"), gettext_lazy("No")
_TICKS = {"√", "✓", "x", "1", "true"}
_UNTICKED = {"", "0", "false", "—", "-"}
Cells = dict[str, list[list[str]]]


class Fault(NamedTuple):
    """A cell that will not do, counted from 0 (row 0 is the heads), and what is wrong with it."""

    sheet: str
    row: int
    column: int
    what: str


class Column(NamedTuple):
    """A head, the width in characters, and the words it takes; () where it takes anything."""

    key: str
    head: str | Promise
    width: int = 14
    choices: tuple = ()


class Sheet(NamedTuple):
    """`fixed` columns at the left name the row and are not typed."""

    title: str | Promise
    columns: tuple[Column, ...]
    fixed: int = 0


class Entry(NamedTuple):
    """One page of a register with what the file writes into it; `places`: {key of its form: (sheet, row, column)}."""

    page: object
    places: dict[str, tuple[str, int, int]]


class Said(NamedTuple):
    entries: list[Entry]
    faults: list[Fault]


class Row(NamedTuple):
    """A row that says something: its cells by column, and where it stands."""

    sheet: str
    at: int
    values: dict[str, str]
    columns: dict[str, int]

    def place(self, key: str) -> tuple[str, int, int]:
        return self.sheet, self.at, self.columns[key]

    def fault(self, key: str, what: str) -> Fault:
        return Fault(*self.place(key), what)


class Unreadable(ValueError):
    """No sheet or no column of that name; the text says which."""


def in_both(words) -> set[str]:
    """What it is called in Chinese and in English."""
    found = set()
    for code in ("zh-hans", "en"):
        with translation.override(code):
            found.add(str(words))
    return found


class Book(ABC):
    sheets: tuple[Sheet, ...]

    def __init__(self, station):
        self.station = station

    def cells(self) -> dict[str, list[list]]:
        return {
            str(sheet.title): [[str(each.head) for each in sheet.columns], *lines]
            for sheet, lines in zip(self.sheets, self.lines(), strict=True)
        }

    @abstractmethod
    def lines(self) -> list[list[list]]:
        """For each sheet its rows as the register stands."""

    @abstractmethod
    def read(self, cells: Cells) -> Said:
        """What the workbook's cells say, as the register's own form takes it. Raises Unreadable."""

    def rows(self, sheet: Sheet, cells: Cells) -> Iterator[Row]:
        """The rows below the heads that say anything beside their fixed columns. Raises Unreadable."""
        title = next((each for each in cells if each in in_both(sheet.title)), None)
        if title is None:
            raise Unreadable(_("There is no sheet “%(sheet)s”.") % {"sheet": sheet.title})
        heads = cells[title][0] if cells[title] else []
        at = {}
        for column in sheet.columns:
            names = in_both(column.head)
            found = [n for n, head in enumerate(heads) if head.strip() in names]
            if not found:
                words = _("The sheet “%(sheet)s” has no column “%(column)s”.")
                raise Unreadable(words % {"sheet": title, "column": column.head})
            at[column.key] = found[0]
        for number, line in enumerate(cells[title][1:], start=1):
            values = {key: line[n].strip() if n < len(line) else "" for key, n in at.items()}
            if any(values.values()):
                yield Row(title, number, values, at)


def choice(words: str, choices) -> object | None:
    """The choice that goes by this name in either language."""
    return next((each for each in choices if words in {str(each), *in_both(each.label)}), None)


def yes_no(words: str) -> str | None:
    """ "yes", "no", "" for a blank; None for what is neither."""
    low = words.lower()
    if not words:
        return ""
    for answer, word in (("yes", YES), ("no", NO)):
        if words in in_both(word) or low == answer:
            return answer
    return "yes" if low in _TICKS else "no" if low in _UNTICKED else None


def data_of(values: dict) -> QueryDict:
    made = QueryDict(mutable=True)
    made.update({key: str(value) for key, value in values.items() if value is not None})
    return made


def label_of(model, name):
    return model._meta.get_field(name).verbose_name
