"""From a document to the pages of a workbook, so that reading them gives the same document."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..reading import is_number
from ..tomltext import inline
from . import reading, rules
from .cells import LONGEST, Around, Cell, Unwritable, class_name, same
from .layout import (
    BY_CLASS,
    CRITERIA,
    DERIVED,
    HEAD,
    KEYS,
    NORMS,
    READ_ONLY,
    REST,
    SHEETS,
    TOTAL,
    VALUES,
    Column,
    Sheet,
)
from .naming import Names
from .words import DEFAULT, NOTHING

_CHANGED = re.compile("[\x7f-\x9f\ufffe\uffff]|(?<=x005)F_|(?<=_x000)D_")


@dataclass
class Page:
    """One sheet as it is written. `heads` are the columns' heads; `above` a line over them, "" for none; `columns` the
    layout's column under each head, None for one of the page's own."""

    sheet: Sheet
    heads: list[str]
    columns: list[Column | None]
    lines: list[list[Cell]] = field(default_factory=list)
    above: str = ""


def pages(
    document: Mapping,
    classes: Mapping[str, str],
    *,
    words: Mapping[str, str] | None = None,
    numbers: Mapping[str, str] | None = None,
) -> list[Page]:
    """The pages of a document in the order of the layout.

    classes  class code -> name
    words    criterion id -> its rule in words
    numbers  criterion id -> its number on the paper
    Raises ValueError where a spreadsheet cannot hold the document.
    """
    apart: set[str] = set()
    for _attempt in range(len(document) + 2):
        made = _Writer(document, classes, words or {}, numbers or {}, apart).pages()
        back = reading.read(cells(made), dict(classes)).document
        wrong = {key for key in {*document, *back} if not _agree(document.get(key), back.get(key))}
        if not wrong:
            return made
        if wrong <= apart:
            break
        apart |= wrong
    raise ValueError(f"no workbook holds {', '.join(sorted(wrong))}")


def cells(made: Sequence[Page]) -> dict[str, list[list[Cell]]]:
    """The rows of every page, as reading takes them."""
    found = {}
    for page in made:
        above = [[page.above]] if page.above else []
        found[page.sheet.title] = [*above, page.heads, *page.lines]
    return found


def _agree(one, other) -> bool:
    """Do two parts of a document say the same? The order of tables of tables counts, that of keys of one table not."""
    if isinstance(one, Mapping) and isinstance(other, Mapping) and _of_tables(one) and list(one) != list(other):
        return False
    return same(one, other, ordered=False)


class _Writer:
    def __init__(self, document: Mapping, classes: Mapping[str, str], words: Mapping, numbers: Mapping, apart: set):
        self.document, self.words, self.numbers, self.apart = document, words, numbers, apart
        self.around = Around(Names(document), dict(classes), reading.titles(document.get("section")))

    def pages(self) -> list[Page]:
        return [getattr(self, f"_{sheet.form}")(sheet) for sheet in SHEETS]

    def _table(self, key: str, form):
        value = self.document.get(key)
        return value if isinstance(value, form) and value and key not in self.apart else None

    # -- a list of tables ----------------------------------------------------------------------

    def _rows(self, sheet: Sheet) -> Page:
        rows = self._table(sheet.table, list)
        rows = rows if rows and all(isinstance(row, Mapping) for row in rows) else []
        page = self._page(sheet, sheet.columns, [self._line(sheet.columns, row) for row in rows])
        if sheet is CRITERIA:
            self._as_paper(page, rows)
        return page

    def _as_paper(self, page: Page, rows: list) -> None:
        title = self.document.get("title")
        page.above = f"{title if isinstance(title, str) else ''} 评分细则".strip()
        points = [row.get("points") for row in rows]
        if points and all(map(is_number, points)):
            page.lines.append([TOTAL, None, None, sum(points), *[None] * (len(page.heads) - 4)])

    def _page(self, sheet: Sheet, columns: Sequence[Column], lines: list[tuple[list[Cell], dict]]) -> Page:
        """Cells and what has none; the rest as TOML behind the last column, over several where it is long."""
        texts = [_pieces(rest) for _cells, rest in lines]
        more = max(map(len, texts), default=0) or 1
        heads = [each.head for each in columns] + [REST, *(f"{REST}{n}" for n in range(2, more + 1))]
        full = [
            [*cells, *text, *[None] * (more - len(text))] for (cells, _rest), text in zip(lines, texts, strict=True)
        ]
        return Page(sheet, heads, [*columns, *[None] * more], full)

    def _line(self, columns: Sequence[Column], row: Mapping, **own) -> tuple[list[Cell], dict]:
        rest, line = dict(row), []
        rule = self._rule(rest) if columns is CRITERIA.columns else {}
        for column in columns:
            line.append(self._cell(column, rest, {**own, **rule, "#row": row}))
        return line, rest

    def _cell(self, column: Column, rest: dict, own: Mapping) -> Cell:
        """The cell of a column; takes the key out of `rest` where the cell says all of it."""
        if column.key.startswith("#"):
            return own.get(column.key)
        if column.key not in rest:
            return NOTHING if column.is_filled and self._would_be_filled(column.key, own) else None
        try:
            cell = column.kind.written(rest[column.key], self.around)
        except Unwritable:
            return None
        del rest[column.key]
        return cell

    @staticmethod
    def _would_be_filled(key: str, own: Mapping) -> bool:
        return key != "unit_en" or "unit" in own["#row"]

    def _rule(self, rest: dict) -> dict[str, Cell]:
        name = rest.get("id")
        name = name if isinstance(name, str) else ""
        own = {"#number": self.numbers.get(name), READ_ONLY: (self.words.get(name) or "")[:LONGEST] or None}
        try:
            three = rules.write(rest.get("rule"), self.around)
        except Unwritable:
            return own
        del rest["rule"]
        return own | dict(zip(("#shape", "#metrics", "#params"), three, strict=True))

    # -- a table of tables ---------------------------------------------------------------------

    def _codes(self, sheet: Sheet) -> Page:
        lines = []
        for key in (sheet.table, DERIVED):
            tables = self._table(key, Mapping)
            for code, row in (tables if tables and _of_tables(tables) else {}).items():
                line, rest = self._line(sheet.columns, row, **{"#code": code})
                if key == DERIVED and "formula" not in row:
                    rest = {"#derived": True, **rest}
                if key == sheet.table and "formula" in row:
                    rest = {"#derived": False, **rest}
                lines.append((line, rest))
        return self._page(sheet, sheet.columns, lines)

    def _classes(self, sheet: Sheet) -> Page:
        tables = self._table(sheet.table, Mapping)
        tables = tables if tables and _of_tables(tables) else {}
        by_class = {code: row if sheet is NORMS else row.get("values", {}) for code, row in tables.items()}
        by_class = {code: values if isinstance(values, Mapping) else {} for code, values in by_class.items()}
        known = self.document.get("classes")
        kinds = [each for each in known if isinstance(each, str)] if isinstance(known, list) else []
        kinds = list(dict.fromkeys([*kinds, "default", *(kind for row in by_class.values() for kind in row)]))
        own = [Column(kind, self._kind_head(kind), BY_CLASS, 16) for kind in kinds]
        lines = []
        for code, row in tables.items():
            head, rest = self._line(sheet.columns, row, **{"#code": self._said(sheet, code)})
            values = dict(by_class[code])
            line = [self._cell(column, values, {}) for column in own]
            if sheet is NORMS:
                rest = values
            elif isinstance(rest.get("values"), Mapping) and rest["values"]:
                rest = {key: value for key, value in rest.items() if key != "values"}
                rest |= {"values": values} if values else {}
            lines.append((head + line, rest))
        return self._page(sheet, (*sheet.columns, *own), lines)

    def _said(self, sheet: Sheet, code: str) -> str:
        return self.around.metrics.say(code) if sheet is NORMS else code

    def _kind_head(self, kind: str) -> str:
        if kind == "default":
            return DEFAULT
        name = class_name(kind, self.around)
        return kind if name == kind else f"{name}({kind})"

    # -- one table -----------------------------------------------------------------------------

    def _values(self, sheet: Sheet) -> Page:
        if sheet is HEAD:
            own = {column.key for column in HEAD.columns}
            there = {each.table for each in SHEETS if each.table} | {DERIVED}
            row = {key: value for key, value in self.document.items() if key in own and key not in self.apart}
            apart = {key: value for key, value in self.document.items() if key in self.apart or key not in own | there}
            apart |= {key: self.document[key] for key in there & {*self.document} if not self._has(key)}
        else:
            row, apart = self._table(sheet.table, Mapping) or {}, {}
        line, rest = self._line(sheet.columns, row)
        page = Page(sheet, [KEYS, VALUES], [None, None])
        page.lines = [[each.head, cell] for each, cell in zip(sheet.columns, line, strict=True)]
        pieces = _pieces({**rest, **apart})
        page.heads += [f"{REST}{n}" for n in range(2, len(pieces) + 1)]
        page.columns += [None] * (len(pieces) - 1)
        page.lines.append([REST, *(pieces or [None])])
        return page

    def _has(self, key: str) -> bool:
        """Has the table a page of its own that can hold it?"""
        form = list if any(each.table == key and each.form == "rows" for each in SHEETS) else Mapping
        value = self._table(key, form)
        if value is None:
            return False
        if form is list:
            return all(isinstance(row, Mapping) for row in value)
        return key in ("year", "parent") or _of_tables(value)


def _of_tables(tables: Mapping) -> bool:
    return all(isinstance(each, Mapping) for each in tables.values())


def _pieces(rest: Mapping) -> list[str]:
    """TOML of what has no cell, in pieces that a cell has room for."""
    text = "\n".join(f"{json.dumps(key, ensure_ascii=False)} = {inline(value)}" for key, value in rest.items())
    text = _CHANGED.sub(lambda found: f"\\u{ord(found[0][0]):04x}{found[0][1:]}", text)
    return [text[at : at + LONGEST] for at in range(0, len(text), LONGEST)]
