"""Tables in files: CSV and XLSX, read within limits and written whole or not at all.

What a person typed stays a text in the result: no formula, no link.
"""

import csv
import os
import re
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from itertools import chain
from pathlib import Path
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException
from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from .scoring import table
from .scoring.factcell import MERGED, UNSAVED
from .scoring.tablewords import Words

LARGEST_FILE = 64 * 1024 * 1024  # bytes
LARGEST_UNPACKED = 1024 * 1024 * 1024  # bytes of all parts of an XLSX
MOST_PARTS = 200  # of an XLSX
# An XLSX of numbers packs to a tenth; one that packs to less than a hundredth, and is not small, is made to harm.
LARGEST_RATIO, SMALL_UNPACKED = 100, 10 * 1024 * 1024
MOST_ROWS_READ = 250_000
# A stray cell far to the right is a slip, and named; so many rows with one are made to take time.
FAR_COLUMNS, MOST_FAR_ROWS = 1_000, 20
_ACTING = re.compile(r"vbaproject\.bin$|externallinks/|activex/|embeddings/|oleobject", re.IGNORECASE)
_PROLOGUE = 4096  # bytes of a part in which a document type would stand
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384  # of a worksheet
CORRUPT = (
    AttributeError,
    EOFError,
    IndexError,
    InvalidFileException,
    KeyError,
    ParseError,
    RuntimeError,  # zipfile: a part behind a password, or packed by a method it does not know
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
LONGEST_MARK = 80
_FORMULA, _MERGED = re.compile(rb"<f[ >/]"), re.compile(rb'<mergeCell ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_FORMULA_STARTS = tuple("=+-@＝＋－＠")


class FileFault(ValueError):
    """A file that cannot be read or written; the text says which, why and what to do."""


def read(path: Path, words: Words) -> Iterator[list]:
    """Rows of cells of a .csv or of the first sheet of an .xlsx. Raises FileFault, also on the way."""
    suffix = checked(path, words, LARGEST_FILE).suffix.lower()
    if suffix not in (".csv", ".xlsx"):
        raise FileFault(words("suffix", path=path))
    return _read(path, _csv_rows if suffix == ".csv" else _xlsx_rows, words)


def _read(path: Path, rows: Callable[[Path, Words], Iterator[list]], words: Words) -> Iterator[list]:
    try:
        yield from rows(path, words)
    except OSError as error:
        raise FileFault(words("unreadable", path=path, why=error.strerror or error)) from error


def checked(path: Path, words: Words, most: int) -> Path:
    """The path, if it is an ordinary file of at most `most` bytes. Raises FileFault."""
    try:
        size = path.stat().st_size
    except FileNotFoundError as error:
        raise FileFault(words("no_file", path=path)) from error
    except (OSError, ValueError) as error:
        raise FileFault(words("unreadable", path=path, why=getattr(error, "strerror", None) or error)) from error
    if path.is_dir():
        raise FileFault(words("folder", path=path))
    if not path.is_file():
        raise FileFault(words("special", path=path))
    if size > most:
        raise FileFault(words("huge", path=path, most=f"{most // 1024 // 1024} MB"))
    return path


def _csv_rows(path: Path, words: Words) -> Iterator[list]:
    try:
        yield from table.read_csv(path.read_bytes())
    except UnicodeDecodeError as error:
        raise FileFault(words("encoding", path=path)) from error
    except csv.Error as error:
        raise FileFault(words("malformed", path=path, row=error.row, why=error)) from error


def _xlsx_rows(path: Path, words: Words) -> Iterator[list]:
    try:
        require_tame(path, path, words)
        rows = _bounded(_rows(path, results=True), path, words)
        yield from _with_unsaved(_with_merged(rows, _merged(path)), path)
    except FileFault:
        raise
    except CORRUPT as error:
        raise FileFault(words("corrupt", path=path)) from error


def require_tame(file, path, words: Words, most: int | None = None) -> None:
    """Refuse, before anything is unpacked, what no table needs, and more than `most` bytes in all. Raises FileFault.

    file  a path or an open file; `path` is what the words call it. What is no ZIP raises one of CORRUPT.
    """
    most = LARGEST_UNPACKED if most is None else most
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
        if unpacked > most:
            raise FileFault(words("huge", path=path, most=f"{most // 1024 // 1024} MB"))
        if len(parts) > MOST_PARTS or (unpacked > SMALL_UNPACKED and unpacked > LARGEST_RATIO * packed):
            raise FileFault(words("bomb", path=path))
        for part in parts:
            if _ACTING.search(part.filename) or _has_doctype(archive, part):
                raise FileFault(words("acts", path=path, part=part.filename))


def _has_doctype(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    if not part.filename.lower().endswith((".xml", ".rels", ".vml")):
        return False
    with archive.open(part) as file:
        return b"<!DOCTYPE" in file.read(_PROLOGUE).replace(b"\0", b"")  # also where a sign takes two bytes


def _bounded(rows: Iterator[list], path: Path, words: Words) -> Iterator[list]:
    """The rows, as long as they are a table's. Raises FileFault."""
    width, far = None, 0
    for at, cells in enumerate(rows, start=1):
        width = len(cells) if width is None else width
        far += len(cells) > width + FAR_COLUMNS
        if far > MOST_FAR_ROWS:
            raise FileFault(words("wide_rows", path=path, row=at, columns=len(cells)))
        if at > MOST_ROWS_READ and cells:
            raise FileFault(words("many_rows", path=path, rows=f"{MOST_ROWS_READ:,}"))
        yield cells


def _rows(path: Path, *, results: bool) -> Iterator[list]:
    """Rows of the first sheet: results of formulas, or the formulas themselves."""
    book = load_workbook(path, read_only=True, data_only=results)
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size may be wrong
        for row in sheet.iter_rows():
            yield [value_of(cell) for cell in row]
    finally:
        book.close()


def value_of(cell):
    """The value of a cell; a number shown in percent or with zeros in front as the text that is shown."""
    value = cell.value
    if type(value) in (int, float):
        shown = cell.number_format or ""
        if "%" in shown:
            return f"{Decimal(repr(value)) * 100:f}%"
        if type(value) is int and shown.strip("0") == "" and len(shown) > 1:
            return str(value).zfill(len(shown))
    return value


def _merged(path: Path) -> list[tuple[int, int, int, int]]:
    """First row and column, last row and column of merged cells of the first sheet, counted from 0."""
    book = load_workbook(path, read_only=True)
    try:
        name = book.worksheets[0]._worksheet_path
    finally:
        book.close()
    with zipfile.ZipFile(path) as parts:
        found = [match.group(1).decode() for match in _matches(parts, name, _MERGED)]
    bounds = (range_boundaries(each) for each in found)
    return [(top - 1, left - 1, bottom - 1, right - 1) for left, top, right, bottom in bounds]


def _with_merged(rows: Iterator[list], ranges: list[tuple[int, int, int, int]]) -> Iterator[list]:
    """Rows in which a covered cell is told from a blank one, where the cell over it holds something."""
    waiting, open_ranges = sorted(ranges, reverse=True), []
    for at, cells in enumerate(rows):
        while waiting and waiting[-1][0] <= at:
            top, left, bottom, right = waiting.pop()
            if left < len(cells) and cells[left] not in (None, ""):
                open_ranges.append((top, left, bottom, right))
        open_ranges = [each for each in open_ranges if each[2] >= at]
        for top, left, _, right in open_ranges:
            cells += [None] * (right + 1 - len(cells))
            for column in range(left, right + 1):
                if (at, column) != (top, left):
                    cells[column] = MERGED
        yield cells


def _with_unsaved(rows: Iterator[list], path: Path) -> Iterator[list]:
    """A formula whose result was never stored looks like a blank: tell them apart."""
    if not has_formulas(path):
        yield from rows
        return
    for values, formulas in zip(rows, _rows(path, results=False), strict=True):
        for at, formula in enumerate(formulas):
            if formula is not None and values[at] is None:
                values[at] = UNSAVED
        yield values


def has_formulas(file) -> bool:
    """Does any sheet of an XLSX, a path or an open file, hold a formula?"""
    with zipfile.ZipFile(file) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/")]
        return any(next(_matches(parts, sheet, _FORMULA), None) for sheet in sheets)


def _matches(parts: zipfile.ZipFile, name: str, mark: re.Pattern) -> Iterator[re.Match]:
    """Where `mark`, at most LONGEST_MARK bytes, stands in a part of an XLSX."""
    rest = b""
    with parts.open(name) as file:
        while piece := file.read(1 << 20):
            text, end = rest + piece, 0
            for match in mark.finditer(text):
                end = match.end()
                yield match
            rest = text[max(end, len(text) - LONGEST_MARK) :]


def check_place(path: Path, inputs: Iterable[Path], words: Words) -> None:
    """Can a result be written there? Raises FileFault."""
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise FileFault(words("suffix", path=path))
    try:
        if path.is_dir():
            raise FileFault(words("folder", path=path))
        if not path.parent.is_dir():
            raise FileFault(words("out_folder", path=path))
        if path.exists() and any(each.exists() and path.samefile(each) for each in inputs):
            raise FileFault(words("out_same", path=path))
    except OSError as error:
        raise FileFault(words("out_failed", path=path, why=error.strerror or error)) from error


def write(path: Path, heads: list[str], rows: Iterable[list], words: Words) -> None:
    """A table of texts, numbers and None, written beside and then put in place. Raises FileFault."""
    is_csv = path.suffix.lower() == ".csv"
    if not is_csv and len(heads) > MOST_COLUMNS:
        raise FileFault(words("out_wide", path=path, columns=len(heads)))
    try:
        handle, beside = tempfile.mkstemp(prefix=".", suffix=path.suffix, dir=path.parent)
        os.close(handle)
        try:
            (_write_csv if is_csv else _write_xlsx)(beside, heads, rows, words)
            os.chmod(beside, 0o666 & ~_umask())
            os.replace(beside, path)
        except BaseException:
            os.unlink(beside)
            raise
    except (OSError, FileCreateError) as error:
        cause = error.args[0] if isinstance(error, FileCreateError) else error
        raise FileFault(words("out_failed", path=path, why=getattr(cause, "strerror", None) or cause)) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _write_csv(path: str, heads: list[str], rows: Iterable[list], words: Words) -> None:
    """With the mark that spreadsheets know UTF-8 by."""
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([_guarded(cell) for cell in row] for row in chain([heads], rows))


def _guarded(cell):
    """A text that a spreadsheet would run, after blanks and line ends too, begins with an apostrophe."""
    runs = isinstance(cell, str) and (cell.lstrip().startswith(_FORMULA_STARTS) or cell.startswith(("\t", "\r")))
    return "'" + cell if runs else cell


def _write_xlsx(path: str, heads: list[str], rows: Iterable[list], words: Words) -> None:
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(path, {**options, "constant_memory": True}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#edf1f7", "text_wrap": True, "valign": "top"})
        formats = {n: book.add_format({"num_format": "0." + "0" * n if n else "0"}) for n in range(7)}
        sheet = book.add_worksheet(words("sheet"))
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 0, 18)
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, bold)
        for at, row in enumerate(rows, start=1):
            if at >= MOST_ROWS:
                raise FileFault(words("out_long", path=path, rows=MOST_ROWS - 1))
            for column, cell in enumerate(row):
                _write_cell(sheet, at, column, cell, formats)


def _write_cell(sheet, at: int, column: int, cell, formats: dict) -> None:
    if isinstance(cell, str):
        sheet.write_string(at, column, cell)
    elif isinstance(cell, Decimal):
        sheet.write_number(at, column, float(cell), formats[max(0, -cell.as_tuple().exponent)])
    elif cell is not None:
        sheet.write_number(at, column, cell)
