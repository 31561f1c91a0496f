"""The sheet of a quarter as a workbook to fill in without a network: written with its locks, read within limits.

A page for each dimension, a row for each figure in paper order. What may be filled in is unlocked; the rest is
protected without a password. A hidden page says which sheet it is and what stood in each cell when it was written.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import NamedTuple

from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell

from stationstd.i18n import local

from . import bookfile, tables
from .answers import iso
from .layered import language
from .scoring import Metric, Section, factcell
from .scoring.tablewords import Words
from .sheet import Card, Figure, Sheet, Surroundings
from .tables import FileFault
from .templatetags.sheet import amount, bounds, entered

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MARK = "stationstd"  # title of the hidden page
_FORMAT = 1  # of the hidden page
VALUE, ESTIMATED, CODE = 4, 5, 10  # columns, from 0
_TOP = 2  # rows above the first figure: what the page is of, and the heads
_WIDTHS = (6, 22, 30, 8, 16, 8, 14, 14, 20, 44, 4)
_A4 = 9
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")  # in the title of a page
_LONGEST_TITLE, _LONGEST_HINT = 31, 255  # characters that a spreadsheet takes
_FIRST_DAY, _LAST_DAY = datetime(1900, 1, 1), datetime(9999, 12, 31)  # noqa: DTZ001  days
_ANY = 10**15  # answers.clean takes no number as large
_BORDER = {"border": 1, "border_color": "#c4ccd6", "valign": "top", "text_wrap": True, "font_size": 10}
_FORMATS = {
    "above": {"bold": True, "font_size": 14, "border": 0, "text_wrap": False},
    "head": {"bold": True, "bg_color": "#edf1f7", "align": "center", "valign": "vcenter"},
    "text": {"font_color": "#3c4653", "bg_color": "#f4f6f9"},
    "number": {"font_color": "#3c4653", "bg_color": "#f4f6f9", "align": "right"},
    "locked_day": {"font_color": "#3c4653", "bg_color": "#f4f6f9", "align": "right", "num_format": "yyyy-mm-dd"},
    "fill": {"bg_color": "#fffdf0", "align": "right", "locked": False},
    "day": {"bg_color": "#fffdf0", "align": "right", "locked": False, "num_format": "yyyy-mm-dd"},
    "choice": {"bg_color": "#fffdf0", "align": "center", "locked": False},
}


class Row(NamedTuple):
    """A figure with its number on the paper, "2.3", and the title of the criterion that asks for it, "" for none."""

    number: str
    item: str
    figure: Figure


class Brought(NamedTuple):
    """What a file says of one figure: `raw` as it would be typed on the page, "" for a blank.

    version  the one that the file was made from
    base     (raw, estimated) as it stood in the file when it was made; None where nobody knows
    where    page and cell in words
    wrong    why the cells cannot be read, "" where they can
    """

    raw: str
    estimated: bool
    version: int
    base: tuple[str, bool] | None = None
    where: str = ""
    wrong: str = ""


class Filled(NamedTuple):
    """What a workbook says it is a sheet of, and its figures."""

    assessment: str
    round: str
    edition: str
    brought: dict[str, Brought]


def rows(sheet: Sheet, section: Section, around: Surroundings) -> list[Row]:
    """The figures of a dimension as they are filled in, in paper order; those that the class does not have left out."""
    top = [each.code for each in sheet.standard.dimensions].index(section.code) + 1
    cards = sheet.cards(section, around)
    asked = [(f"{top}.{at}", card, figure) for at, card in enumerate(cards, start=1) for figure in card.figures]
    found = [Row(number, _item(card), figure) for number, card, figure in asked]
    found += [Row("", "", figure) for figure in sheet.loose(section, around)]
    return [row for row in found if row.figure.applies]


def _item(card: Card) -> str:
    return local(card.criterion, "title")


# -- writing -----------------------------------------------------------------------------------------------------


def write(sheet: Sheet, around: Surroundings) -> bytes:
    """The file of a sheet in the reader's language."""
    file = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(file, {"in_memory": True, **options}) as made:
        formats = {name: made.add_format({**_BORDER, **own}) for name, own in _FORMATS.items()}
        every = []
        for at, section in enumerate(sheet.standard.dimensions, start=1):
            here = rows(sheet, section, around)
            if here:
                every += here
                _Page(made.add_worksheet(_title(at, section)), sheet, section, formats).write(here)
        _mark(made.add_worksheet(MARK), sheet, every)
    return file.getvalue()


def _title(at: int, section: Section) -> str:
    return f"{at} {_FORBIDDEN.sub(' ', local(section, 'title'))}"[:_LONGEST_TITLE].strip()


def _mark(page, sheet: Sheet, every: list[Row]) -> None:
    said = [
        ("format", str(_FORMAT)),
        ("assessment", str(sheet.assessment.pk)),
        ("round", str(sheet.assessment.round)),
        ("edition", sheet.standard.digest),
    ]
    said += [(row.figure.metric.code, str(row.figure.cell.version), *_base(row.figure)) for row in every]
    for at, line in enumerate(said):
        for column, text in enumerate(line):
            page.write_string(at, column, text)
    page.protect()
    page.very_hidden()


def _base(figure: Figure) -> tuple[str, str]:
    raw = entered(figure.cell.value, figure.metric)
    return raw, "1" if figure.cell.state == "estimated" else ""


class _Page:
    def __init__(self, page, sheet: Sheet, section: Section, formats: dict):
        self.page, self.sheet, self.section, self.formats = page, sheet, section, formats

    def write(self, here: list[Row]) -> None:
        self._heads()
        for at, row in enumerate(here, start=_TOP):
            self._row(at, row)
        self.page.freeze_panes(_TOP, 3)
        self.page.protect("", {"format_columns": True, "format_rows": True})
        self._print(len(here))

    def _heads(self) -> None:
        of = self.sheet.assessment
        above = (local(of.station, "name"), local(of.period, "name"), local(self.section, "title"))
        self.page.write_string(0, 0, " · ".join(above), self.formats["above"])
        self.page.set_row(0, 26)
        self.page.set_row(1, 30)
        for column, (head, width) in enumerate(zip(_heads(), _WIDTHS, strict=True)):
            self.page.write_string(1, column, head, self.formats["head"])
            self.page.set_column(column, column, width, None, {"hidden": column == CODE})

    def _row(self, at: int, row: Row) -> None:
        figure, metric = row.figure, row.figure.metric
        texts = {0: row.number, 1: row.item, 2: local(metric, "title"), 3: local(metric, "unit")}
        texts |= {8: allowed(metric), 9: _note(figure), CODE: metric.code}
        for column, text in texts.items():
            self.page.write_string(at, column, text, self.formats["text"])
        self._shown(at, 6, figure.before.value if figure.before else None, metric)
        self._shown(at, 7, figure.register, metric)
        self._value(at, figure)
        if not figure.is_locked:
            self.page.data_validation(at, VALUE, at, VALUE, _validation(metric))
            self.page.data_validation(at, ESTIMATED, at, ESTIMATED, {"validate": "list", "source": [_("Yes")]})

    def _shown(self, at: int, column: int, value, metric: Metric) -> None:
        """A value that nobody fills in."""
        if value is None:
            self.page.write_blank(at, column, None, self.formats["text"])
        elif metric.kind in ("yes_no", "date"):
            self.page.write_string(at, column, amount(value, metric), self.formats["number"])
        else:
            self.page.write_number(at, column, value, self.formats["number"])

    def _value(self, at: int, figure: Figure) -> None:
        """What stands there now, and whether it is an estimate."""
        metric, value = figure.metric, figure.cell.value
        shape = self.formats[_shape(figure)]
        day = _day(value) if metric.kind == "date" and value is not None else None
        if value is None:
            self.page.write_blank(at, VALUE, None, shape)
        elif metric.kind == "yes_no":
            self.page.write_string(at, VALUE, amount(value, metric), shape)
        elif day is not None:
            self.page.write_datetime(at, VALUE, day, shape)
        else:
            self.page.write_number(at, VALUE, value, shape)
        said = _("Yes") if figure.cell.state == "estimated" else ""
        self.page.write_string(at, ESTIMATED, said, self.formats["text" if figure.is_locked else "choice"])

    def _print(self, count: int) -> None:
        self.page.set_landscape()
        self.page.set_paper(_A4)
        self.page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        self.page.fit_to_pages(1, 0)
        self.page.repeat_rows(1)
        self.page.print_area(0, 0, _TOP + count - 1, CODE - 1)
        self.page.set_footer("&L&A&R&P / &N")


def _heads() -> list[str]:
    return [
        _("No."),
        _("Criterion"),
        _("Figure"),
        _("Unit"),
        _("This period"),
        _("Estimated"),
        _("Last period"),
        _("Register"),
        _("Allowed"),
        _("Explanation"),
        "metric",
    ]


def allowed(metric: Metric) -> str:
    """What may be filled in, in words; "" where everything may."""
    if metric.kind == "yes_no":
        return " / ".join((_("Yes"), _("No")))
    if metric.kind == "date":
        return " – ".join(iso(each) for each in (metric.low, metric.high) if each is not None)
    return bounds(metric)


def _note(figure: Figure) -> str:
    locked = _("The bureau did not return this item: it stays as it was handed in.") if figure.is_locked else ""
    return "\n".join(filter(None, (locked, local(figure.metric, "help"))))


def _shape(figure: Figure) -> str:
    is_day = figure.metric.kind == "date"
    if figure.is_locked:
        return "locked_day" if is_day else "number"
    return "day" if is_day else "fill"


def _day(value) -> datetime | None:
    try:
        return datetime.strptime(str(int(value)), "%Y%m%d")  # noqa: DTZ007  a day
    except ValueError:
        return None


def _validation(metric: Metric) -> dict:
    """What a spreadsheet refuses to take in the cell; the page that reads the file judges again."""
    words = {
        "error_title": _("Not a value for this cell"),
        "error_message": allowed(metric)[:_LONGEST_HINT] or _("A number."),
    }
    if metric.kind == "yes_no":
        return words | {"validate": "list", "source": [_("Yes"), _("No")]}
    low = -_ANY if metric.low is None else metric.low
    high = _ANY if metric.high is None else metric.high
    if metric.kind == "date":
        days = {"minimum": _day(low) or _FIRST_DAY, "maximum": _day(high) or _LAST_DAY}
        return words | {"validate": "date", "criteria": "between", **days}
    kind, number = ("integer", int) if metric.whole else ("decimal", float)
    return words | {"validate": kind, "criteria": "between", "minimum": number(low), "maximum": number(high)}


# -- reading -----------------------------------------------------------------------------------------------------


def read(data: bytes, name: str, metrics: Mapping[str, Metric]) -> Filled | None:
    """What a workbook says; None for one that is no such sheet. Raises FileFault as bookfile.read does."""
    words = Words(language())
    pages = bookfile.read(data, name, words)
    about = _about(pages.pop(MARK, []))
    if about.get("format", [""])[0] != str(_FORMAT):
        return None
    formulas = _formulas(data, name, words)
    found: dict[str, Brought] = {}
    for title, lines in pages.items():
        for at, line in enumerate(lines):
            code = line[CODE] if len(line) > CODE else None
            if not isinstance(code, str) or code not in metrics or code not in about:
                continue
            where = _("page “%(page)s”, cell %(cell)s") % {"page": title, "cell": xl_rowcol_to_cell(at, VALUE)}
            if code in found:
                wrong = _("This figure stands in the file twice.")
                found[code] = found[code]._replace(wrong=wrong)
                continue
            typed = formulas[title][at] if title in formulas else line
            found[code] = _brought(metrics[code], line, typed, about[code])._replace(where=where)
    return Filled(*(about.get(key, [""])[0] for key in ("assessment", "round", "edition")), found)


def _formulas(data: bytes, name: str, words: Words) -> dict[str, list[list]]:
    """The pages with the formulas themselves; none where the file has no formula."""
    try:
        there = tables.has_formulas(BytesIO(data))
    except tables.CORRUPT as error:
        raise FileFault(words("corrupt", path=name)) from error
    return bookfile.read(data, name, words, results=False) if there else {}


def _about(lines: list[list]) -> dict[str, list[str]]:
    """{first cell: the texts behind it} of the hidden page."""
    texts = ([factcell.text_of(cell) for cell in line] for line in lines)
    return {key: [*rest, "", "", ""] for key, *rest in (line for line in texts if line)}


def _brought(metric: Metric, line: list, typed: list, about: list[str]) -> Brought:
    version, raw, estimated = about[:3]
    found = Brought(_raw(line[VALUE], metric), _is_yes(line[ESTIMATED]), _whole(version), (raw, estimated == "1"))
    if line[VALUE] is None and typed[VALUE] is not None:
        return found._replace(wrong=_("The result of the formula is not in the file. Type the value itself."))
    if not found.estimated and _plain(line[ESTIMATED]) not in factcell.NO | {""}:
        return found._replace(wrong=_("The mark of an estimate is “Yes” or nothing."))
    return found


def _whole(text: str) -> int:
    """A version; -1, which stands nowhere, for what is none."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) else -1


def _raw(cell, metric: Metric) -> str:
    """A cell as the field on the page would have it."""
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int | Decimal):
        return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
    if metric.kind == "yes_no":
        plain = _plain(cell)
        return "1" if plain in factcell.YES else "0" if plain in factcell.NO else factcell.text_of(cell)
    return factcell.text_of(cell)


def _is_yes(cell) -> bool:
    return _plain(cell) in factcell.YES


def _plain(cell) -> str:
    return unicodedata.normalize("NFKC", factcell.text_of(cell)).strip().lower()
