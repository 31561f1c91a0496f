"""Tables as XLSX. Numbers are numbers; whatever a person typed is a plain string, never a formula or a link."""

from collections.abc import Iterable
from io import BytesIO
from typing import NamedTuple

from xlsxwriter import Workbook

LONGEST = 32_767  # characters of a cell; XlsxWriter leaves a longer one out


class Sheet(NamedTuple):
    """One sheet: heads, lines of texts, numbers and None, and the widths of the first columns."""

    title: str
    heads: list[str]
    lines: Iterable[list]
    widths: tuple[int, ...] = ()
    frozen: int = 0  # columns that stay in sight


def book(sheets: Iterable[Sheet]) -> bytes:
    """A workbook of these sheets; decimals are shown with two places."""
    file = BytesIO()
    # Text of others begins with = + - @ now and then; Excel must not run it.
    with Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as made:
        bold = made.add_format({"bold": True, "bg_color": "#edf1f7", "text_wrap": True, "valign": "top"})
        two = made.add_format({"num_format": "0.00"})
        for each in sheets:
            sheet = made.add_worksheet(each.title)
            for column, head in enumerate(each.heads):
                sheet.write_string(0, column, head, bold)
            for at, line in enumerate(each.lines, start=1):
                _line(sheet, at, line, two)
            sheet.freeze_panes(1, each.frozen)
            for column, width in enumerate(each.widths):
                sheet.set_column(column, column, width)
    return file.getvalue()


def _line(sheet, at: int, cells: list, two) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, str):
            sheet.write_string(at, column, cell[:LONGEST])
        elif cell is not None:
            sheet.write_number(at, column, cell, two if isinstance(cell, float) else None)
