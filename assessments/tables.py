"""Tables in files: CSV and XLSX, read within limits and written whole or not at all.

What a person typed stays a text in the result: no formula, no link.
"""

import csv
import os
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from xlsxwriter import Workbook

from .scoring import table
from .scoring.factcell import UNSAVED
from .scoring.tablewords import Words

LARGEST_FILE = 64 * 1024 * 1024  # bytes
LARGEST_UNPACKED = 1024 * 1024 * 1024  # bytes of all parts of an XLSX
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384  # of a worksheet
_CORRUPT = (
    AttributeError,
    EOFError,
    IndexError,
    InvalidFileException,
    KeyError,
    NotImplementedError,  # zipfile: a part packed by a method it does not know
    ParseError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class FileFault(ValueError):
    """A file that cannot be read or written; the text says which, why and what to do."""


def read(path: Path, words: Words) -> list[list]:
    """Rows of cells of a .csv or of the first sheet of an .xlsx. Raises FileFault."""
    suffix = checked(path, words, LARGEST_FILE).suffix.lower()
    if suffix not in (".csv", ".xlsx"):
        raise FileFault(words("suffix", path=path))
    try:
        return _read_csv(path, words) if suffix == ".csv" else _read_xlsx(path, words)
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


def _read_csv(path: Path, words: Words) -> list[list]:
    try:
        return table.read_csv(path.read_bytes())
    except UnicodeDecodeError as error:
        raise FileFault(words("encoding", path=path)) from error
    except csv.Error as error:
        raise FileFault(words("malformed", path=path, row=error.row, why=error)) from error


def _read_xlsx(path: Path, words: Words) -> list[list]:
    try:
        if _unpacked(path) > LARGEST_UNPACKED:
            raise FileFault(words("huge", path=path, most=f"{LARGEST_UNPACKED // 1024 // 1024} MB"))
        rows = [list(row) for row in _rows(path, results=True)]
        return _with_unsaved(rows, path)
    except FileFault:
        raise
    except _CORRUPT as error:
        raise FileFault(words("corrupt", path=path)) from error


def _unpacked(path: Path) -> int:
    with zipfile.ZipFile(path) as parts:
        return sum(part.file_size for part in parts.infolist())


def _rows(path: Path, *, results: bool) -> Iterator[list]:
    """Rows of the first sheet: results of formulas, or the formulas themselves."""
    book = load_workbook(path, read_only=True, data_only=results)
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size may be wrong
        for row in sheet.iter_rows():
            yield [_value(cell) for cell in row]
    finally:
        book.close()


def _value(cell):
    """The value of a cell; a number shown in percent as the text that is shown."""
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool) and "%" in (cell.number_format or ""):
        return f"{Decimal(repr(value)) * 100:f}%"
    return value


def _with_unsaved(rows: list[list], path: Path) -> list[list]:
    """A formula whose result was never stored looks like a blank: tell them apart."""
    if not _has_formulas(path):
        return rows
    for values, formulas in zip(rows, _rows(path, results=False), strict=True):
        for at, formula in enumerate(formulas):
            if formula is not None and values[at] is None:
                values[at] = UNSAVED
    return rows


def _has_formulas(path: Path) -> bool:
    with zipfile.ZipFile(path) as parts:
        sheets = [part for part in parts.infolist() if part.filename.startswith("xl/worksheets/")]
        return any(_holds(parts, sheet, b"<f") for sheet in sheets)


def _holds(parts: zipfile.ZipFile, part, mark: bytes) -> bool:
    end = b""
    with parts.open(part) as file:
        while piece := file.read(1 << 20):
            if mark in end + piece:
                return True
            end = piece[-len(mark) :]
    return False


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


def write(path: Path, heads: list[str], rows: list[list], words: Words) -> None:
    """A table of texts, numbers and None, written beside and then put in place. Raises FileFault."""
    is_csv = path.suffix.lower() == ".csv"
    if not is_csv and (len(rows) >= MOST_ROWS or len(heads) > MOST_COLUMNS):
        raise FileFault(words("out_wide", path=path, rows=len(rows) + 1, columns=len(heads)))
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
    except OSError as error:
        raise FileFault(words("out_failed", path=path, why=error.strerror or error)) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _write_csv(path: str, heads: list[str], rows: list[list], words: Words) -> None:
    """With the mark that spreadsheets know UTF-8 by."""
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([_guarded(cell) for cell in row] for row in [heads, *rows])


def _guarded(cell):
    """A text that a spreadsheet would run begins with an apostrophe."""
    return "'" + cell if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell


def _write_xlsx(path: str, heads: list[str], rows: list[list], words: Words) -> None:
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
            for column, cell in enumerate(row):
                _write_cell(sheet, at, column, cell, formats)


def _write_cell(sheet, at: int, column: int, cell, formats: dict) -> None:
    if isinstance(cell, str):
        sheet.write_string(at, column, cell)
    elif isinstance(cell, Decimal):
        sheet.write_number(at, column, float(cell), formats[max(0, -cell.as_tuple().exponent)])
    elif cell is not None:
        sheet.write_number(at, column, cell)
