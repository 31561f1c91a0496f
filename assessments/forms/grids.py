"""Tables of a draft as grids: grades, gates, vetoes, the year, triggers, coefficients, norms and cross-checks.

A cell holds what the same cell of the workbook holds (scoring/book), so that both are read and refused in one way.
Names of fields are table.row.column; table.row.was says which row of the document it was, a row without it is new.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from stationstd.keys import unclear

from ..drafting import Problem
from ..layered import language
from ..scoring.book import faults, layout
from ..scoring.book.cells import Around, Choice, Fault, Number, Unwritable, is_blank, plain
from ..scoring.book.layout import Column, Sheet
from ..scoring.book.naming import Names
from ..scoring.book.norms import Norm
from ..scoring.book.reading import titles
from ..scoring.book.words import DEFAULT
from ..scoring.differencewords import CHOICES, LABELS, WORDING
from ..scoring.tomltext import inline
from .figures import Figures
from .formulas import NoFigure, coded, words_of
from .gridparts import MINOR, TABLES, Field, Grid, Line

MOST_ROWS = 200
CONDITIONS = (
    layout.GRADES,
    layout.GATES,
    layout.VETOES,
    layout.YEAR,
    layout.TRIGGERS,
    layout.COEFFICIENTS,
)
NORMS = (layout.NORMS,)
CHECKS = (layout.CHECKS,)
SPARE = 2  # empty rows under a table; one under rows of larger fields
_NAME = re.compile(r"(?P<row>\d{1,3})\.(?P<key>[a-z_]{1,40}|#code)")
_LONG = 24  # width of a column from which a field takes two places
_FORMULAS = {("gate", "met"), ("veto", "when"), ("check", "holds")}
_FALLING = "grade"  # the table whose rows stand from the greatest `from` down


class Grids:
    """Tables of a document, as they are written or as they were typed.

    classes  class code -> name, of the classes of the whole system
    """

    def __init__(self, sheets: tuple[Sheet, ...], document: Mapping, classes: Mapping[str, str], data=None):
        self.sheets, self.document, self.data = sheets, document, data
        self.names, self.figures = Names(document), Figures(document)
        known = [each for each in document.get("classes", ()) if isinstance(each, str)]
        self.classes = {code: classes.get(code, code) for code in known}
        self.around = Around(self.names, dict(self.classes), titles(document.get("section")))
        self.errors = 0
        self.read: dict[str, list[tuple[str, dict]]] = {}
        self.codes: dict[str, list[str]] = {}  # table -> what the rows that are not empty are called
        self.grids = [self._grid(sheet) for sheet in sheets]

    # -- what the page shows ---------------------------------------------------------------------

    def _grid(self, sheet: Sheet) -> Grid:
        columns = self._columns(sheet)
        rows = [self._texts(sheet, columns, row) for row in self._rows(sheet)]
        if self.data is not None:
            typed, lines = self._typed(sheet, columns), []
            self.read[sheet.table] = []
            for number, (was, texts) in typed.items():
                line = self._line(sheet, columns, number, was, texts)
                if not line.is_empty:
                    self.read[sheet.table].append((was, self._values(columns, line)))
                lines.append(line)
        else:
            lines = [self._line(sheet, columns, n, str(n), texts) for n, texts in enumerate(rows)]
            self.codes[sheet.table] = [_called(row) for row in self._rows(sheet)]
        spare = 0 if sheet.form == "values" and lines else SPARE if sheet in TABLES else 1
        first = max((line.number for line in lines), default=-1) + 1
        empty = 0 if self.data is not None and any(line.is_empty for line in lines) else spare
        lines += [self._line(sheet, columns, first + n, "", {}) for n in range(empty)]
        return Grid(sheet, [(column.key, self._label(sheet, column)) for column in columns], lines)

    def _columns(self, sheet: Sheet) -> list[Column]:
        """Columns of the sheet, of a table by class with one for each class and one for all others."""
        if sheet.form != "classes":
            return list(sheet.columns)
        kinds = ["default", *self.classes]
        heads = [DEFAULT if is_chinese() else "Other classes", *self.classes.values()]
        return [*sheet.columns, *(Column(k, head, layout.BY_CLASS, 12) for k, head in zip(kinds, heads, strict=True))]

    def _rows(self, sheet: Sheet) -> Iterator[Mapping]:
        """Rows of the document, each as {column: value}."""
        table = self.document.get(sheet.table)
        if sheet.form == "values":
            yield from [table] if isinstance(table, Mapping) and table else []
        elif sheet.form == "rows":
            yield from (each for each in table or ())
        else:
            for code, row in (table or {}).items():
                values = row if sheet is layout.NORMS else {**row, **row.get("values", {})}
                yield {"#code": code, **values}

    def _texts(self, sheet: Sheet, columns: list[Column], row: Mapping) -> dict[str, str]:
        return {column.key: self._text(column, row[column.key]) for column in columns if column.key in row}

    def _text(self, column: Column, value) -> str:
        if isinstance(column.kind, Choice) or column.key == "#code":
            return str(value)
        try:
            return plain(column.kind.written(value, self.around))
        except Unwritable:
            return inline(value)

    def _label(self, sheet: Sheet, column: Column) -> str:
        if (sheet.table, column.key) in _OWN:
            return _OWN[sheet.table, column.key][not is_chinese()]
        if is_chinese():
            return column.head
        named = LABELS.get(sheet.table, {}).get(column.key) or WORDING.get(column.key)
        return (named[1][:1].upper() + named[1][1:]) if named else _ENGLISH.get(column.key, column.head)

    def _line(self, sheet: Sheet, columns: list[Column], number: int, was: str, texts: Mapping[str, str]) -> Line:
        fields = []
        for column in columns:
            name = f"{sheet.table}.{number}.{column.key}"
            each = Field(name, self._label(sheet, column), texts.get(column.key, ""))
            each.is_number = isinstance(column.kind, Number | Norm)
            each.is_long = column.width >= _LONG
            each.is_minor = sheet not in TABLES and column.key in MINOR
            self._offer(sheet, column, each)
            if (sheet.table, column.key) in _FORMULAS:
                each.is_formula = True
                self._say(each)
            if column.kind is layout.BY_CLASS and column.key != "default":
                each.otherwise = texts.get("default", "")
            fields.append(each)
        return Line(number, was, fields)

    def _say(self, each: Field) -> None:
        try:
            each.words = words_of(self.figures, coded(self.figures, each.text))
        except NoFigure as error:
            each.error = str(error)

    def _offer(self, sheet: Sheet, column: Column, each: Field) -> None:
        if isinstance(column.kind, Choice):
            each.offered = [("", "–"), *((str(key), self._choice(column, key)) for key in column.kind.words)]
        elif sheet is layout.NORMS and column.key == "#code":
            rows = [
                (code, self.called(code)) for table in ("metric", "derived") for code in self.document.get(table, {})
            ]
            each.offered = [("", "–"), *rows]
        elif (sheet.table, column.key) in _NEAR:
            each.near = _NEAR[sheet.table, column.key](self)

    def _choice(self, column: Column, key) -> str:
        if is_chinese():
            return column.kind.words[key]
        named = CHOICES.get((column.key, key)) or CHOICES.get(key)
        return named[1] if named else str(key)

    def called(self, code: str) -> str:
        for table in ("metric", "derived"):
            row = self.document.get(table, {}).get(code)
            if row:
                return str(row.get("title" if is_chinese() else "title_en") or row.get("title") or code)
        return code

    def named(self, list_: str, key: str) -> list[tuple[str, str]]:
        """(name, title) of the tables of a list, as suggestions."""
        title = "title" if is_chinese() else "title_en"
        return [(str(each.get(key, "")), str(each.get(title, ""))) for each in self.document.get(list_, ())]

    # -- what was typed --------------------------------------------------------------------------

    def _typed(self, sheet: Sheet, columns: list[Column]) -> dict[int, tuple[str, dict[str, str]]]:
        """{row: (was, {column: text})} of one table, in the order of the rows. Refused (400) for unknown names."""
        prefix, keys = f"{sheet.table}.", {column.key for column in columns} | {"was"}
        found: dict[int, dict[str, str]] = {}
        for name in self.data:
            if name.startswith(prefix):
                match = _NAME.fullmatch(name.removeprefix(prefix))
                if match is None or match["key"] not in keys or int(match["row"]) >= MOST_ROWS:
                    raise unclear()
                found.setdefault(int(match["row"]), {})[match["key"]] = self.data[name].strip()
        typed = {}
        for number, texts in sorted(found.items()):
            was = texts.pop("was", "")
            if was and not (was.isdecimal() and was.isascii() and int(was) < MOST_ROWS):
                raise unclear()
            typed[number] = (was, texts)
        return typed

    def _values(self, columns: list[Column], line: Line) -> dict:
        """What the cells of a row say; a cell that cannot be read gets its error."""
        values = {}
        for column, each in zip(columns, line.fields, strict=True):
            if is_blank(each.text):
                continue
            if each.error:  # a formula with a name that nothing has
                self.errors += 1
                continue
            try:
                text = coded(self.figures, each.text) if each.is_formula else each.text
                values[column.key] = text if column.key == "#code" else column.kind.read(text, self.around)
            except Fault as fault:
                each.error = faults.say(fault.key, fault.given, language(), each.text)
                self.errors += 1
        return values

    def apply(self, document: dict) -> None:
        """Write what was typed into a document. Raises LookupError where a row is gone that was there."""
        for sheet in self.sheets:
            written = [*_written(sheet, document)]
            made = [_merged(sheet, written, was, values) for was, values in self.read[sheet.table]]
            if sheet.form == "rows":
                _name(sheet.table, made)
            self.codes[sheet.table] = [_called(row) for row in made]
            if sheet.table == _FALLING:
                made.sort(key=_height)
            _WRITERS[sheet.form](sheet, document, made)

    def tell(self, problems: Iterable[Problem]) -> None:
        """Put what is wrong with a row beside it; what is about no row of these tables is left out."""
        said: dict[tuple[str, str], list[str]] = {}
        for each in problems:
            place, _colon, _rest = each.place.partition(":")
            table, _space, code = place.partition(" ")
            key = each.where.partition(" · " if is_chinese() else ": ")[2]
            what = f"{key}{'：' if is_chinese() else ': '}{each.what}" if key else each.what
            said.setdefault((table, code), []).append(what)
        for grid in self.grids:
            rows = [line for line in grid.lines if not line.is_empty]
            for line, code in zip(rows, self.codes.get(grid.table, ()), strict=False):
                line.problems = said.get((grid.table, code), [])


def is_chinese() -> bool:
    return language() != "en"


def _called(row: Mapping) -> str:
    """What the problems call a row; "" for the year."""
    return str(row.get("#code") or row.get("code") or "")


def _name(table: str, rows: list[dict]) -> None:
    """Give rows without a code one that is free, and without an English title the Chinese one."""
    taken = {row.get("code") for row in rows}
    free = (code for n in range(1, MOST_ROWS * 2) if (code := f"{table}{n}") not in taken)
    for row in rows:
        if "code" not in row:
            row["code"] = next(free)
        if "title" in row:
            row.setdefault("title_en", row["title"])


def _height(row: Mapping) -> tuple:
    low = row.get("from")
    return (0, -low) if not isinstance(low, str) and low is not None else (1, 0)


def _written(sheet: Sheet, document: Mapping) -> Iterator[dict]:
    table = document.get(sheet.table)
    if sheet.form == "values":
        yield from [table] if table else []
    elif sheet.form == "rows":
        yield from table or ()
    else:
        yield from ({"#code": code, **row} for code, row in (table or {}).items())


def _merged(sheet: Sheet, written: list[dict], was: str, values: dict) -> dict:
    """A row of the document with what was typed; keys that have no column stay."""
    if was and int(was) >= len(written):
        raise LookupError(f"{sheet.table} {was}")
    before = written[int(was)] if was else {}
    known = {column.key for column in sheet.columns}
    if sheet.form != "classes":
        return _ordered(before, values | {key: value for key, value in before.items() if key not in known})
    by_class = {key: value for key, value in values.items() if key not in known}
    head = {key: value for key, value in values.items() if key in known}
    if sheet is layout.NORMS:
        return _ordered(before, head | by_class)
    return _ordered(before, head | {"values": _ordered(before.get("values", {}), by_class)})


def _ordered(before: Mapping, values: Mapping) -> dict:
    """The values, those that were there in the order in which they stood."""
    return {key: values[key] for key in dict.fromkeys([*before, *values]) if key in values}


def _write_rows(sheet: Sheet, document: dict, rows: list[dict]) -> None:
    _put(document, sheet.table, rows)


def _write_values(sheet: Sheet, document: dict, rows: list[dict]) -> None:
    _put(document, sheet.table, rows[0] if rows else {})


def _write_classes(sheet: Sheet, document: dict, rows: list[dict]) -> None:
    named = {row["#code"]: {k: v for k, v in row.items() if k != "#code"} for row in rows if "#code" in row}
    _put(document, sheet.table, named)


def _put(document: dict, table: str, value) -> None:
    if value:
        document[table] = value
    else:
        document.pop(table, None)


_WRITERS: dict[str, Callable] = {"rows": _write_rows, "values": _write_values, "classes": _write_classes}
_OWN = {("check", "title"): ("提示语", "Sentence")}  # other words than in the workbook
_ENGLISH = {"code": "Code", "title": "Name", "#code": "Figure"}
_NEAR: dict[tuple[str, str], Callable[[Grids], list[tuple[str, str]]]] = {
    ("gate", "criterion"): lambda grids: grids.named("criterion", "id"),
    ("gate", "caps"): lambda grids: [*grids.named("grade", "code"), ("none", "–")],
    ("veto", "target"): lambda grids: [
        *grids.named("grade", "code"),
        *grids.named("section", "code"),
        *grids.named("criterion", "id"),
    ],
}
