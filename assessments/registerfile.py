"""The file of a register: written with the cells that will not do in red, read within limits, tried and applied.

run = registerfile.tried(station, "staffing", cells)      # writes nothing
registerfile.write(book, cells, run.faults)               # the same cells, the bad ones red with a remark
registerfile.applied(station, "staffing", cells, based_on, by=user)
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import PurePosixPath

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from personnel import history
from stations import registers
from stationstd import refusals
from stationstd.refusals import Refused

from . import bookfile
from .evidence import safe_name
from .layered import language
from .registerbook import Book, Cells, Fault, Unreadable, in_both
from .registerbooks import BOOKS
from .scoring.book.faults import letter
from .scoring.tablewords import Words
from .tables import FileFault, has_formulas

LARGEST_FILE = 2 * 1024 * 1024  # bytes
MOST_ROWS, MOST_COLUMNS, LONGEST = 500, 30, 200
_A4, _UPRIGHT = 9, 90  # paper; characters that stand beside each other on it upright
_SPARE = 60  # rows under the last one that still have drop-downs
_SALT = "assessments.registerfile"
_HOURS = 2  # between the dry run and the confirmation
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,11})(\.\d{1,4})?")


@dataclass(frozen=True)
class Run:
    """What a file would do. `changes`: (label, old, new); `based_on`: {page: digest of the rows it would change}."""

    faults: list[Fault]
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    based_on: dict[str, str] = field(default_factory=dict)


def received(upload) -> Cells:
    """The cells of an uploaded XLSX as texts. Refused: 413 too large, 415 another kind of file, 422 not readable."""
    name = safe_name(upload.name)
    if PurePosixPath(name).suffix.lower() != ".xlsx":
        raise refusals.unsupported(_("“%(name)s”: only XLSX files are accepted.") % {"name": name})
    if upload.size > LARGEST_FILE:
        words = _("“%(name)s” is too large: at most %(limit)s MB.")
        raise refusals.too_large(words % {"name": name, "limit": LARGEST_FILE // 1024**2})
    try:
        sheets = bookfile.read(data := upload.read(), name, Words(language()))
        _require_results(data, name, sheets)
    except FileFault as error:
        raise _unreadable(str(error)) from error
    if any(len(rows) > MOST_ROWS and any(map(any, rows[MOST_ROWS:])) for rows in sheets.values()):
        raise _unreadable(_("“%(name)s” has more than %(rows)s rows.") % {"name": name, "rows": MOST_ROWS})
    return {
        title: [[_text(each) for each in row[:MOST_COLUMNS]] for row in rows[:MOST_ROWS]]
        for title, rows in sheets.items()
    }


def _require_results(data: bytes, name: str, sheets: Cells) -> None:
    """Refused (422) for a formula whose result is not in the file: it looks blank, and a blank takes a value away."""
    words = Words(language())
    formulas = bookfile.read(data, name, words, results=False) if has_formulas(BytesIO(data)) else {}
    for title, lines in formulas.items():
        for at, line in enumerate(lines):
            for column, formula in enumerate(line):
                if formula is not None and sheets[title][at][column] is None:
                    raise FileFault(f"{where(Fault(title, at, column, ''))}: {words('unsaved')}")


def _unreadable(message: str) -> Refused:
    return Refused(422, "unreadable", message)


def _text(cell) -> str:
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    text = cell.isoformat() if isinstance(cell, date) else "" if cell is None else str(cell)
    return text.replace("\0", "")[:LONGEST]


def tried(station, register: str, cells: Cells) -> Run:
    """What is wrong with these cells and what they would change. Refused (422) for another register's file."""
    return _run(_said(station, register, cells))


def _said(station, register, cells):
    try:
        return BOOKS[register](station).read(cells)
    except Unreadable as error:
        raise _unreadable(f"{error} {_('Download the workbook of this register and fill that in.')}") from error


def _run(found) -> Run:
    faults, changes, based_on = list(found.faults), [], {}
    told = {fault[:3] for fault in faults}  # a cell that nobody can read is blank for its form
    for entry in found.entries:
        stored = entry.page.stored()
        based_on[_name(entry.page)] = registers.fingerprint(stored)
        if entry.page.is_valid():
            typed = entry.page.typed()
            differ = registers.differences(stored, typed)
            changes += history.described(entry.page.register, differ, {**stored, **typed})
        else:
            faults += (fault for fault in _faults(entry) if fault[:3] not in told)
    return Run(sorted(faults, key=lambda each: each[:3]), changes, based_on)


def _name(page) -> str:
    training = getattr(page, "training", None)
    return f"{page.register} {training.pk}" if training else page.register


def _faults(entry) -> list[Fault]:
    """The messages of a page's forms, each at its cell; what is said of the whole stands at the first cell."""
    first = min(entry.places.values(), default=("", 0, 0))
    return [Fault(*entry.places.get(key, first), message) for key, message in _messages(entry.page)]


def _messages(page):
    for form, prefix in _forms(page):
        for name, messages in form.errors.items():
            yield f"{prefix}{name}", " ".join(map(str, messages))
    if hasattr(page, "grid"):
        for message in page.errors:
            yield "", str(message)


def _forms(page):
    if hasattr(page, "grid"):
        return [(page.form, ""), *((form, f"{form.prefix}-") for form in page.grid.forms)]
    return [(row, f"{row.prefix}-") for row in page.rows] if hasattr(page, "rows") else [(page, "")]


def applied(station, register: str, cells: Cells, based_on: dict, *, by) -> int:
    """Save every page that the file changes, all or none, through the registers' own door; how many values changed.

    Refused (409) when somebody saved one of them after the dry run, (422) when a cell no longer fits.
    """
    try:
        with transaction.atomic():
            found = _said(station, register, cells)
            run = _run(found)
            if run.faults:
                raise _unreadable(_("Some cells do not fit. Check the file again."))
            if run.based_on != based_on:
                raise registers.Stale
            for entry in found.entries:
                _save(entry.page, based_on, by)
            return len(run.changes)
    except registers.Stale as error:
        message = _("Somebody saved this register after the file was checked. Nothing was changed; check it again.")
        raise Refused(409, "stale", message) from error


def _save(page, based_on, by):
    page.data["based_on"] = based_on[_name(page)]
    if registers.differences(page.stored(), page.typed()):
        registers.save(page, by=by)


def sealed(cells: Cells, run: Run, user, station, register: str) -> str:
    """A dry run as its page carries it: signed, for this person and this register alone."""
    told = {"cells": cells, "based_on": run.based_on, "of": [user.pk, station.pk, register]}
    return signing.dumps(told, salt=_SALT, compress=True)


def unsealed(payload: str, user, station, register: str) -> dict:
    """What `sealed` said. Refused: 428 without one, 400 where it is not ours, another's, or too old."""
    if not payload:
        raise refusals.precondition_required()
    gone = refusals.invalid(_("The dry run is over two hours old or was not yours. Choose the file again."))
    try:
        told = signing.loads(payload, salt=_SALT, max_age=_HOURS * 60 * 60)
    except signing.BadSignature as error:
        raise gone from error
    if told["of"] != [user.pk, station.pk, register]:
        raise gone
    return told


def where(fault: Fault) -> str:
    given = {"sheet": fault.sheet, "row": fault.row + 1, "letter": letter(fault.column)}
    return _("%(sheet)s, row %(row)s, column %(letter)s") % given


def write(book: Book, cells: dict[str, list[list]], faults: Sequence[Fault] = ()) -> bytes:
    """The file of these cells. Texts stay texts: no formula, no link."""
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    edge = {"border": 1, "border_color": "#c4ccd6", "valign": "top", "text_wrap": True}
    with Workbook(file, options) as made:
        shapes = {
            "head": made.add_format({**edge, "bold": True, "bg_color": "#edf1f7"}),
            "fixed": made.add_format({**edge, "bg_color": "#f4f6f9"}),
            "typed": made.add_format(edge),
            "bad": made.add_format({**edge, "bg_color": "#ffc7ce", "font_color": "#9c0006"}),
        }
        for sheet in book.sheets:
            _sheet(made, sheet, _rows_of(sheet, cells), shapes, faults)
    return file.getvalue()


def _rows_of(sheet, cells):
    return next(
        ((title, rows) for title, rows in cells.items() if title in in_both(sheet.title)), (str(sheet.title), [])
    )


def _sheet(made, sheet, named, shapes, faults) -> None:
    title, rows = named
    page = made.add_worksheet(title)
    page.freeze_panes(1, sheet.fixed or 1)
    _printed(page, is_wide=sum(column.width for column in sheet.columns) > _UPRIGHT)
    for at, column in enumerate(sheet.columns):
        page.set_column(at, at, column.width)
        if column.choices:
            listed = {"validate": "list", "source": [str(each) for each in column.choices], "error_type": "warning"}
            page.data_validation(1, at, len(rows) + _SPARE, at, listed)
    for row, line in enumerate(rows):
        for at, cell in enumerate(line):
            shape = "head" if row == 0 else "fixed" if at < sheet.fixed else "typed"
            _cell(page, row, at, cell, shapes[shape])
    told: dict[tuple[int, int], list[str]] = {}
    for fault in faults:
        if fault.sheet == title:
            told.setdefault((fault.row, fault.column), []).append(fault.what)
    for (row, at), what in told.items():
        cell = rows[row][at] if at < len(rows[row]) else None
        _cell(page, row, at, cell, shapes["bad"])
        page.write_comment(row, at, "\n".join(what), {"x_scale": 2, "author": ""})


def _printed(page, *, is_wide: bool) -> None:
    """All columns on one page's width, the heads on each page."""
    page.set_paper(_A4)
    if is_wide:
        page.set_landscape()
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_footer("&L&A&R&P / &N")


def _cell(page, row: int, at: int, cell, shape) -> None:
    text = "" if cell is None else _text(cell)
    if not text:
        page.write_blank(row, at, None, shape)
    elif _NUMBER.fullmatch(text):
        page.write_number(row, at, float(text), shape)
    else:
        page.write_string(row, at, text, shape)
