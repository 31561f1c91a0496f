"""The workbook of a standard as an XLSX file: written to be filled in and printed, read within limits.

Texts stay texts: no formula, no link. What comes in is looked at before anything is unpacked; nothing is put on disk.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from math import isfinite

from openpyxl import load_workbook
from xlsxwriter import Workbook

from .scoring.book.cells import Cell
from .scoring.book.layout import CRITERIA, SECTIONS, TOTAL
from .scoring.book.words import FLAGS
from .scoring.book.writing import Page
from .scoring.tablewords import Words
from .tables import CORRUPT, FileFault, require_tame, value_of

LARGEST_UNPACKED = 8 * 1024 * 1024  # bytes of all parts; the workbook of a standard of 30 criteria has one million
MOST_SHEETS, MOST_ROWS, MOST_COLUMNS = 40, 3_000, 200
MOST_CELLS = 200_000  # of all sheets, a row counted to its last cell
_LONGEST_LIST = 255  # characters of a drop-down's choices
_A4 = 9
_PRINTED = 7  # columns of the first sheet that make the paper: from 序号 to 依据
_SPARE = 60  # rows under the last one that still have drop-downs
_BORDER = {"border": 1, "border_color": "#c4ccd6", "valign": "top", "text_wrap": True, "font_size": 10}
_FORMATS = {
    "text": {},
    "number": {"align": "right"},
    "day": {"num_format": "yyyy-mm-dd", "align": "left"},
    "head": {"bold": True, "bg_color": "#edf1f7", "align": "center", "valign": "vcenter"},
    "read": {"font_color": "#6b7583", "bg_color": "#f4f6f9"},
    "total": {"bold": True, "bg_color": "#f4f6f9"},
    "above": {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter", "border": 0},
}


def write(pages: Sequence[Page]) -> bytes:
    """The file of these pages."""
    file = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(file, {"in_memory": True, **options}) as made:
        formats = {name: made.add_format({**_BORDER, **own}) for name, own in _FORMATS.items()}
        for page in pages:
            _Sheet(made.add_worksheet(page.sheet.title), page, formats).write()
    return file.getvalue()


class _Sheet:
    def __init__(self, sheet, page: Page, formats: dict):
        self.sheet, self.page, self.formats = sheet, page, formats
        self.top = 1 if page.above else 0  # row of the heads
        self.is_paper = page.sheet is CRITERIA

    def write(self) -> None:
        self._above()
        self._heads()
        for at, line in enumerate(self.page.lines, start=self.top + 1):
            is_total = bool(line) and self.is_paper and line[0] == TOTAL
            for column, cell in enumerate(line):
                self._cell(at, column, cell, "total" if is_total else self._format(column, cell))
        self._choices()
        self.sheet.freeze_panes(self.top + 1, 3 if self.is_paper else 1)
        self._print()

    def _above(self) -> None:
        if self.page.above:
            last = min(_PRINTED, len(self.page.heads)) - 1
            self.sheet.merge_range(0, 0, 0, last, "", self.formats["above"])
            self.sheet.write_string(0, 0, self.page.above, self.formats["above"])
            self.sheet.set_row(0, 30)

    def _heads(self) -> None:
        self.sheet.set_row(self.top, 30)
        for at, (head, column) in enumerate(zip(self.page.heads, self.page.columns, strict=True)):
            self.sheet.write_string(self.top, at, head, self.formats["head"])
            self.sheet.set_column(at, at, column.width if column else 22)
            if column and any(column.note):
                note = "\n".join(filter(None, column.note))
                self.sheet.write_comment(self.top, at, note, {"x_scale": 1.6, "y_scale": 1.1, "font_size": 9})

    def _format(self, at: int, cell: Cell) -> str:
        column = self.page.columns[at] if at < len(self.page.columns) else None
        if column and column.is_read_only:
            return "read"
        if isinstance(cell, int | Decimal):
            return "number"
        return "text" if cell is None or isinstance(cell, str) else "day"

    def _cell(self, row: int, at: int, cell: Cell, named: str) -> None:
        shape = self.formats[named]
        if cell is None:
            self.sheet.write_blank(row, at, None, shape)
        elif isinstance(cell, str):
            self.sheet.write_string(row, at, cell, shape)
        elif not isinstance(cell, int | Decimal):
            self.sheet.write_datetime(row, at, datetime(cell.year, cell.month, cell.day), shape)  # noqa: DTZ001  a day
        elif _is_exact(cell):
            self.sheet.write_number(row, at, float(cell), shape)
        else:
            self.sheet.write_string(row, at, f"{cell:f}" if isinstance(cell, Decimal) else str(cell), shape)

    def _choices(self) -> None:
        """Drop-downs, which warn of anything else and let it in: other names are read too."""
        last = self.top + len(self.page.lines) + _SPARE
        for at, column in enumerate(self.page.columns):
            if column and column.key == "section" and self.is_paper:
                self._drop_down(at, last, f"='{SECTIONS.title}'!$B$2:$B$61")
            elif column and column.kind.choices():
                self._drop_down(at, last, column.kind.choices())
        if self.page.sheet.form == "values":
            for at, column in enumerate(self.page.sheet.columns, start=1):
                if column.kind.choices():
                    self.sheet.data_validation(at, 1, at, 1, _list(column.kind.choices()))

    def _drop_down(self, at: int, last: int, source) -> None:
        if isinstance(source, str) or len(",".join(source)) <= _LONGEST_LIST:
            self.sheet.data_validation(self.top + 1, at, last, at, _list(source))

    def _print(self) -> None:
        columns = min(_PRINTED, len(self.page.heads)) if self.is_paper else len(self.page.heads)
        self.sheet.set_landscape()
        self.sheet.set_paper(_A4)
        self.sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(self.top)
        self.sheet.print_area(0, 0, self.top + len(self.page.lines), columns - 1)
        self.sheet.set_footer("&L&A&R&P / &N")


def _list(source) -> dict:
    return {"validate": "list", "source": source, "error_type": "warning"}


def _is_exact(value: int | Decimal) -> bool:
    """Does a spreadsheet's number say all of it?"""
    return len(Decimal(value).normalize().as_tuple().digits) <= 15 and Decimal(repr(float(value))) == value


def read(data: bytes, name: str, words: Words, *, results: bool = True) -> dict[str, list[list[Cell]]]:
    """Title of each sheet -> its rows. Raises FileFault for what is no sound workbook, acts, or is too much.

    results  what formulas came to when the file was saved; else the formulas themselves
    """
    try:
        require_tame(BytesIO(data), name, words, LARGEST_UNPACKED)
        book = load_workbook(BytesIO(data), read_only=True, data_only=results, keep_links=False)
        try:
            return _sheets(book, name, words)
        finally:
            book.close()
    except FileFault:
        raise
    except (*CORRUPT, OSError) as error:  # OSError: an archive of parts without a workbook, a text document
        raise FileFault(words("corrupt", path=name)) from error


def _sheets(book, name: str, words: Words) -> dict[str, list[list[Cell]]]:
    found, cells = {}, 0
    for sheet in book.worksheets[:MOST_SHEETS]:
        lines = found[sheet.title] = []
        for row in _rows(sheet, name, words):
            cells += len(row)
            if cells > MOST_CELLS:
                raise FileFault(words("bomb", path=name))
            lines.append([_cell(value_of(each)) for each in row[:MOST_COLUMNS]])
    return found


def _rows(sheet, name: str, words: Words) -> Iterator[tuple]:
    """Rows of openpyxl's cells, each as long as its last one is far."""
    sheet.reset_dimensions()  # what the file says of its size may be wrong
    for at, row in enumerate(sheet.iter_rows(), start=1):
        if at > MOST_ROWS:
            raise FileFault(words("many_rows", path=f"{name}: {sheet.title}", rows=f"{MOST_ROWS:,}"))
        yield row


def _cell(value) -> Cell:
    if isinstance(value, bool):
        return FLAGS[value]
    if isinstance(value, float) and isfinite(value):
        exact = Decimal(repr(value))
        return int(exact) if exact == exact.to_integral_value() else exact
    if isinstance(value, datetime):
        return value.date() if value.time() == datetime.min.time() else value.isoformat()
    if value is None or isinstance(value, int | str):
        return value.replace("_x000D_", "") if isinstance(value, str) else value
    return str(value)
