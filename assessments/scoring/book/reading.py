"""From the sheets of a workbook to a document, with every cell that cannot be read.

A sheet that is there says all of its part; what a missing one would say comes from the document that is replaced, or is
filled in (defaults.py). The first sheet alone is enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..forbidden import is_code
from ..library import Library
from ..reading import is_number, toml
from . import rules
from .cells import Around, Cell, Choice, Fault, Flag, Metric, folded, is_blank, plain
from .defaults import Defaults
from .found import Bad, Reading, Unreadable
from .layout import (
    BY_CLASS,
    BY_TITLE,
    CRITERIA,
    DERIVED,
    EXAMPLE,
    HEAD,
    NORMS,
    READ_FIRST,
    REST,
    SECTIONS,
    TOTAL,
    UNREAD,
    Column,
    Sheet,
)
from .naming import Finder
from .words import DEFAULT, NOTHING

_REST = re.compile(REST + r"\d*")
_NEEDED = ("考核内容", "分值")  # heads by which the first sheet is known
_ABOVE = 10  # rows in which its heads are looked for
_TOTALS = {TOTAL, "总计", "小计", "总分", "合 计"}


def read(
    sheets: Mapping[str, Sequence[Sequence[Cell]]],
    classes: Mapping[str, str],
    *,
    base: Mapping | None = None,
    library: Library | None = None,
) -> Reading:
    """The document in the rows of cells of each sheet.

    classes  class code -> name
    base     the document that is replaced; None fills in what a missing sheet would say
    library  where metrics are looked up that no sheet has
    Raises Unreadable where no sheet is a 评分细则.
    """
    return _Reader(sheets, classes, base, library).read()


def titles(sections) -> dict[str, str]:
    """code -> title of the sections of a document."""
    rows = sections if isinstance(sections, list) else ()
    good = (row for row in rows if isinstance(row, Mapping) and isinstance(row.get("code"), str))
    return {row["code"]: row.get("title") for row in good}


@dataclass(frozen=True)
class _Line:
    row: int
    cells: Sequence[Cell]
    places: Mapping[str, int]  # head -> column

    def cell(self, head: str) -> Cell:
        place = self.places.get(head)
        return self.cells[place] if place is not None and place < len(self.cells) else None


class _Reader:
    def __init__(self, sheets, classes, base, library):
        self.sheets = {self._first_title(sheets, title): rows for title, rows in sheets.items()}
        self.base = base
        self.reading = Reading({})
        self.document = self.reading.document
        self.finder = Finder(self.document, library)
        self.around = Around(self.finder, dict(classes), {})
        self.total: _Line | None = None
        self.scheme = base is None and HEAD.title not in sheets  # nothing but what is on paper
        self.defaults = Defaults(self.document, self.around, base)

    def _first_title(self, sheets: Mapping, title: str) -> str:
        """The first sheet of a file without 评分细则 is taken for it."""
        is_first = CRITERIA.title not in sheets and title == next(iter(sheets)) and title not in BY_TITLE
        return CRITERIA.title if is_first else title

    def read(self) -> Reading:
        if CRITERIA.title not in self.sheets:
            raise Unreadable("no_sheet", title=CRITERIA.title)
        self.reading.ignored = [title for title in self.sheets if title not in BY_TITLE and title not in UNREAD]
        self._read_rest()
        for sheet in READ_FIRST:
            self._sheet(sheet)
        self.defaults.finish(self.sheets)
        self.reading.made = list(self.finder.made)
        for code, place in self.finder.made.items():
            self.reading.places.setdefault(("metric", code), place)
            self.reading.places.setdefault(("derived", code), place)
        return self.reading

    def _read_rest(self) -> None:
        """What stands as TOML under 基本信息 comes first: names may be in it."""
        for line in self._lines(HEAD, self.sheets.get(HEAD.title, ())):
            if folded(line.cells[0] if line.cells else None) == REST:
                self._toml(HEAD, line, list(line.cells[1:]), 1, self.document)

    def _sheet(self, sheet: Sheet) -> None:
        if sheet.title not in self.sheets:
            self.defaults.take(sheet)
        else:
            getattr(self, f"_read_{sheet.form}")(sheet, self.sheets[sheet.title])
        if sheet is SECTIONS:
            self.around.sections = titles(self.document.get("section"))
        if sheet.table == "metric":
            names = Finder(self.document, self.finder.library)
            self.finder.titles = names.titles

    # -- the sheets ----------------------------------------------------------------------------

    def _lines(self, sheet: Sheet, rows: Sequence) -> Iterator[_Line]:
        """Every row under the heads that holds something. A sheet of values has no heads to go by."""
        if sheet.form == "values":
            for number, cells in enumerate(rows[1:], start=2):
                if not all(map(is_blank, cells)):
                    yield _Line(number, cells, {})
            return
        at = self._heads_at(sheet, rows)
        if at is None:
            return
        places: dict[str, int] = {}
        for column, cell in enumerate(rows[at]):
            head = self._head(sheet, plain(cell))
            if head and head in places:
                self._bad(sheet, at + 1, column, head, "head_twice", blank=True)
            elif head:
                places[head] = column
                self._note_column(sheet, head)
        for number, cells in enumerate(rows[at + 1 :], start=at + 2):
            if not all(map(is_blank, cells)):
                yield _Line(number, cells, places)

    def _note_column(self, sheet: Sheet, head: str) -> None:
        is_known = sheet.form == "classes" or _REST.fullmatch(head) or any(head == each.head for each in sheet.columns)
        if not is_known:
            self.reading.ignored.append(f"{sheet.title}：{head}")

    def _heads_at(self, sheet: Sheet, rows: Sequence) -> int | None:
        if sheet is not CRITERIA:
            return 0 if rows else None
        for at, cells in enumerate(rows[:_ABOVE]):
            heads = [self._head(sheet, plain(cell)) for cell in cells]
            if all(each in heads for each in _NEEDED):
                if at:
                    self.reading.above = next((plain(cell) for cell in rows[0] if not is_blank(cell)), "")
                return at
        raise Unreadable("no_heads", heads="、".join(_NEEDED))

    def _head(self, sheet: Sheet, text: str) -> str:
        """The head of a column as the layout has it; keys of the format are known too."""
        text = "".join(text.split())
        return next((each.head for each in sheet.columns if text in (each.head, each.key)), text)

    def _read_rows(self, sheet: Sheet, rows: Sequence) -> None:
        above = None
        for line in self._lines(sheet, rows):
            if sheet is CRITERIA and self._is_beside(line):
                continue
            row = self._row(sheet, line, sheet.columns)
            if sheet is CRITERIA:
                above = self._as_criterion(line, row, above)
            self.document.setdefault(sheet.table, []).append(row)
            name = row.get("id" if sheet is CRITERIA else "code")
            self._place((sheet.table, str(name)), sheet, line)
        if sheet is CRITERIA:
            self._check_total()

    def _read_codes(self, sheet: Sheet, rows: Sequence) -> None:
        for line in self._lines(sheet, rows):
            code = plain(line.cell("编码"))
            row = self._row(sheet, line, sheet.columns)
            is_derived = row.pop("#derived", "formula" in row)
            table = DERIVED if is_derived else sheet.table
            if not code:
                self._bad(sheet, line.row, line.places.get("编码"), "编码", "no_code", blank=True)
            elif code in self.document.get(table, {}):
                self._bad(sheet, line.row, line.places.get("编码"), "编码", "twice", value=code, blank=True)
            else:
                self.document.setdefault(table, {})[code] = row
                self._place((table, code), sheet, line)

    def _read_classes(self, sheet: Sheet, rows: Sequence) -> None:
        for line in self._lines(sheet, rows):
            head = sheet.columns[0].head
            code = self._code_of(sheet, line, head)
            if code is None:
                continue
            if not code or code in self.document.get(sheet.table, {}):
                self._bad(sheet, line.row, line.places.get(head), head, "twice" if code else "no_code", blank=True)
                continue
            known = {each.head for each in sheet.columns}
            own = [Column(kind, name, BY_CLASS, 0) for name, kind in self._kinds(sheet, line) if name not in known]
            row, values = self._row(sheet, line, sheet.columns), self._row(sheet, line, own, rest=False)
            if sheet is NORMS:
                row = {**values, **row}
            elif values:
                row["values"] = {**values, **row.get("values", {})}
            self.document.setdefault(sheet.table, {})[code] = row
            self._place((sheet.table, code), sheet, line)

    def _code_of(self, sheet: Sheet, line: _Line, head: str) -> str | None:
        """The code a row is about, "" where it says none; None after noting a fault."""
        text = plain(line.cell(head))
        try:
            return sheet.columns[0].kind.read(text, self.around) if text else ""
        except Fault as fault:
            if is_code(text):
                return text  # of nothing there is: reading the standard says so
            self._fault(sheet, line, head, fault, blank=True)
            return None

    def _kinds(self, sheet: Sheet, line: _Line) -> Iterator[tuple[str, str]]:
        """(head, class code) of the columns that are classes."""
        for head in line.places:
            if _REST.fullmatch(head) or any(each.head == head for each in sheet.columns):
                continue
            codes = [*self.around.classes, DEFAULT]
            found = next((code for code in codes if head in (code, *self._class_heads(code))), None)
            yield head, "default" if found == DEFAULT else found or head

    def _class_heads(self, code: str) -> tuple[str, ...]:
        name = "".join((self.around.classes.get(code) or code).split())
        return name, f"{name}({code})", f"{name}（{code}）"

    def _read_values(self, sheet: Sheet, rows: Sequence) -> None:
        target, by_head = (self.document if sheet is HEAD else {}), {each.head: each for each in sheet.columns}
        by_head |= {each.key: each for each in sheet.columns}
        for line in self._lines(sheet, rows):
            head, cell = folded(line.cells[0]), line.cells[1] if len(line.cells) > 1 else None
            if head == REST:
                if sheet is not HEAD:
                    self._toml(sheet, line, list(line.cells[1:]), 1, target)
            elif head not in by_head:
                self._bad(sheet, line.row, 0, "", "row_head", value=head, blank=True)
            elif not is_blank(cell):
                self._value(sheet, line, by_head[head], cell, 1, target)
                self._place((sheet.table, by_head[head].key), sheet, line)
        if sheet is not HEAD and target:
            self.document[sheet.table] = target

    # -- one row -------------------------------------------------------------------------------

    def _row(self, sheet: Sheet, line: _Line, columns: Sequence[Column], rest: bool = True) -> dict:
        row: dict = {}
        for column in columns:
            cell = line.cell(column.head)
            if not is_blank(cell) and not column.key.startswith("#") and plain(cell) != NOTHING:
                self._value(sheet, line, column, cell, line.places[column.head], row)
        if rest:
            pieces = [line.cell(head) for head in line.places if _REST.fullmatch(head)]
            self._toml(sheet, line, pieces, line.places.get(REST), row)
            self.defaults.named(row)
        for column in columns:
            if column.is_filled and plain(line.cell(column.head)) == NOTHING:
                row.pop(column.key, None)
        return row

    def _value(self, sheet: Sheet, line: _Line, column: Column, cell: Cell, place: int, row: dict) -> None:
        self.finder.place = (sheet.title, line.row, {column.key: place})
        try:
            row[column.key] = column.kind.read(cell, self.around)
        except Fault as fault:
            if fault.key == "section" and column.key == "section":
                row[column.key] = self.defaults.section(plain(cell))
                return
            keeps = isinstance(column.kind, Choice | Metric) and not isinstance(column.kind, Flag)
            if keeps:  # the standard may say it, and is refused for it
                row[column.key] = plain(cell)
            said = {"value": plain(cell), "given": fault.given, "blank": not keeps}
            self._bad(sheet, line.row, place, column.head, fault.key, **said)

    def _toml(self, sheet: Sheet, line: _Line, pieces: list, place: int | None, row: dict) -> None:
        text = "".join(str(each) for each in pieces if each is not None)
        try:
            row.update(toml(text))
        except ValueError as error:
            self._bad(sheet, line.row, place, REST, "toml", given={"why": str(error)}, blank=True)

    # -- the first sheet -----------------------------------------------------------------------

    def _is_beside(self, line: _Line) -> bool:
        """A row of the paper that is no criterion: the example, sums, notes under the table."""
        number, title = folded(line.cell("序号")), folded(line.cell("考核内容"))
        if number.startswith(EXAMPLE):
            return True
        firsts = {number, folded(line.cell("类别")), title}
        if firsts & _TOTALS and is_blank(line.cell("计分方式")):
            if line.cell("分值") is not None and TOTAL in "".join(firsts):
                self.total = line
            return True
        return not title and all(is_blank(line.cell(head)) for head in ("分值", "计分方式", "指标", "编号", REST))

    def _check_total(self) -> None:
        """Hold the sum on paper against the rows; of a scheme, it is what the standard is worth."""
        points = [row.get("points") for row in self.defaults.rows_of(self.document)]
        said = self.total.cell("分值") if self.total else None
        if self.scheme and is_number(said):
            self.document["points"] = said
            self.reading.places["", "points"] = (CRITERIA.title, self.total.row, {"points": self.total.places["分值"]})
        elif points and self.scheme and all(map(is_number, points)):
            self.document["points"] = sum(points)
        elif points and is_number(said) and all(map(is_number, points)) and sum(points) != said:
            place, given = self.total.places.get("分值"), {"sum": plain(sum(points))}
            self._bad(CRITERIA, self.total.row, place, "分值", "total", value=plain(said), given=given, blank=True)

    def _as_criterion(self, line: _Line, row: dict, above: str | None) -> str | None:
        """Read the rule, and fill in what the paper leaves out; the section is that of the row above."""
        old = self.defaults.known_as(row)
        if "类别" not in line.places and "section" in old:
            row["section"] = old["section"]
        elif "section" not in row and above is not None and plain(line.cell("类别")) != NOTHING:
            row["section"] = above
        self._rule(line, row)
        self._check_row(line)
        if plain(line.cell("编号")) != NOTHING:
            self.defaults.criterion(row, old, [each.key for each in CRITERIA.columns if each.head in line.places])
        return row.get("section", above)

    def _rule(self, line: _Line, row: dict) -> None:
        cells = [line.cell(head) for head in ("计分方式", "指标", "参数")]
        if is_blank(cells[0]):
            if any(not is_blank(each) for each in cells[1:]) and "rule" not in row:
                self._bad(CRITERIA, line.row, line.places.get("计分方式"), "计分方式", "no_shape", blank=True)
            return
        self.finder.place = (CRITERIA.title, line.row, {"#metrics": line.places.get("指标")})
        try:
            row["rule"] = rules.read(*cells, self.around)
        except Fault as fault:
            head = {"shape": "计分方式", "metrics": "指标"}.get(getattr(fault, "column", ""), "参数")
            value = str(fault.given.get("value") or plain(line.cell(head)))
            self._fault(CRITERIA, line, head, fault, value=value, blank=True)

    def _check_row(self, line: _Line) -> None:
        """Note a 序号 or 编号 that another row has."""
        for head in ("序号", "编号"):
            text = folded(line.cell(head))
            first = self.defaults.seen.setdefault((head, text), line.row) if text and text != NOTHING else line.row
            if first != line.row:
                self._bad(
                    CRITERIA, line.row, line.places[head], head, "number_twice", value=text, given={"first": first}
                )

    # -- notes ---------------------------------------------------------------------------------

    def _place(self, what: tuple[str, str], sheet: Sheet, line: _Line) -> None:
        heads = {each.head: each.key for each in sheet.columns}
        places = {heads.get(head, head): column for head, column in line.places.items()}
        self.reading.places.setdefault(what, (sheet.title, line.row, places))

    def _fault(self, sheet: Sheet, line: _Line, head: str, fault: Fault, value: str = "", blank: bool = False) -> None:
        value = value or plain(line.cell(head))
        self._bad(sheet, line.row, line.places.get(head), head, fault.key, value=value, given=fault.given, blank=blank)

    def _bad(self, sheet, row, column, head, key, *, value="", given=None, blank=False) -> None:
        given = {name: each for name, each in (given or {}).items() if name != "value"}
        self.reading.faults.append(Bad(sheet.title, row, column, head, value[:80], key, given, blank))
