"""A standard that comes in as a file: read, told line by line what is wrong, and what would come of it. Writes nothing.

brought = importing.read(upload, base=None)
brought.lines, brought.counts, importing.difference(base, brought.document)
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import PurePosixPath

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from stations.models import StationClass
from stationstd import refusals
from stationstd.refusals import Refused

from . import bookfile, drafting
from .evidence import safe_name
from .layered import language
from .models import Draft
from .scoring import Standard, StandardError, library, tomltext, tomlwords
from .scoring.book import faults, reading
from .scoring.book.cells import Cell, same
from .scoring.book.found import Reading, Unreadable
from .scoring.book.layout import BY_TITLE, CRITERIA, HEAD
from .scoring.build import LARGEST_STANDARD
from .scoring.reading import is_number, toml
from .scoring.shaping import misshapen
from .scoring.tablewords import Words
from .tables import FileFault

LARGEST_FILE = 2 * 1024 * 1024  # bytes
_MISSING = re.compile(r"'(\w+)' is missing")
_RULE_HEADS = ("计分方式", "指标", "参数")
_NAME = "import"
_NAMED = 5  # places of another kind that a refusal names


@dataclass(frozen=True)
class Line:
    """One thing that is wrong.

    where       sheet, row and column, or the place in the text, in words
    value       what stands in the cell, "" where that says nothing
    is_refused  it cannot be published with it; otherwise it is advice
    """

    where: str
    value: str
    what: str
    is_refused: bool


@dataclass(frozen=True)
class Brought:
    """What a file says.

    text       the standard as TOML, as the file has it or as the sheets say it
    document   the same, parsed
    lines      everything that is wrong, by sheet and row
    lost       how many cells are left blank because nobody can read them
    made       titles of metrics that were made or taken from the library
    ignored    sheets and columns that are not read
    above      the line over the table of a paper scheme, "" without one
    is_scheme  the file has no head: code, version and title have to be asked for
    """

    name: str
    text: str
    document: Mapping
    lines: list[Line]
    lost: int = 0
    made: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    above: str = ""
    is_scheme: bool = False

    @property
    def criteria(self) -> int:
        return len(self.document.get("criterion", ()))

    @property
    def points(self) -> Decimal:
        rows = self.document.get("criterion", ())
        points = (row.get("points", 0) for row in rows if isinstance(row, Mapping))
        return sum((Decimal(each) for each in points if is_number(each)), Decimal(0))

    @property
    def refused(self) -> int:
        return sum(line.is_refused for line in self.lines)


def class_names() -> dict[str, str]:
    """code -> Chinese name of every class of stations."""
    return dict(StationClass.objects.values_list("code", "name"))


def read(upload, *, base: Mapping | None = None, head: Mapping | None = None) -> Brought:
    """What an uploaded TOML or XLSX says. `base`: the document it would replace; `head`: keys for a file without them.

    Refused (413) when it is too large, (415) when it is another kind of file, (422) when nobody can read it.
    """
    name = safe_name(upload.name)
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in (".toml", ".xlsx"):
        raise refusals.unsupported(_("“%(name)s”: only TOML and XLSX files are accepted.") % {"name": name})
    if upload.size > LARGEST_FILE:
        words = _("“%(name)s” is too large: at most %(limit)s MB.")
        raise refusals.too_large(words % {"name": name, "limit": LARGEST_FILE // 1024**2})
    brought = (_from_toml if suffix == ".toml" else _from_xlsx)(name, upload.read(), base, dict(head or {}))
    if len(brought.text) > LARGEST_STANDARD:
        raise unreadable(_("The text is longer than %(n)s characters.") % {"n": f"{LARGEST_STANDARD:,}"})
    return brought


def title_of(name: str) -> str:
    """What a file is called, as a title to begin with."""
    return PurePosixPath(safe_name(name)).stem[: Draft._meta.get_field("title").max_length]


def unreadable(message: str) -> Refused:
    return Refused(422, "unreadable", message)


def _require_shape(document: Mapping) -> None:
    """Refused (422) for what cannot even be shown as a standard."""
    if wrong := misshapen(document):
        words = _("This is not written as a standard is; these places are of another kind: %(places)s")
        raise unreadable(words % {"places": _(", ").join(wrong[:_NAMED])})


def _from_toml(name: str, data: bytes, base, head: dict) -> Brought:
    try:
        text = data.decode("utf-8-sig")
        document = toml(text)
    except UnicodeDecodeError as error:
        raise unreadable(_("“%(name)s” is not UTF-8 text. Save it as UTF-8.") % {"name": name}) from error
    except ValueError as error:
        what = tomlwords.told(str(error), language())
        raise unreadable(_("“%(name)s” is no TOML: %(what)s") % {"name": name, "what": what}) from error
    _require_shape(document)
    lines = [Line(problem.where, "", _told(problem), problem.is_refused) for _line, problem in _problems(text)]
    return Brought(name, text, document, lines)


def _from_xlsx(name: str, data: bytes, base, head: dict) -> Brought:
    try:
        sheets = bookfile.read(data, name, Words(language()))
        found = reading.read(sheets, class_names(), base=base, library=library.shipped())
        sheets.setdefault(CRITERIA.title, next(iter(sheets.values())))  # read under that name whatever it was called
    except FileFault as error:
        raise unreadable(str(error)) from error
    except Unreadable as error:
        raise unreadable(faults.say(error.key, error.given, language())) from error
    document = head | found.document if base is None else found.document
    _require_shape(document)
    text = tomltext.document(document)
    titles = {code: row.get("title") for kind in ("metric", "derived") for code, row in document.get(kind, {}).items()}
    return Brought(
        name=name,
        text=text,
        document=document,
        lines=_by_row(found, text, sheets),
        lost=sum(each.blank for each in found.faults),
        made=[titles.get(code) or code for code in found.made],
        ignored=found.ignored,
        above=found.above,
        is_scheme=HEAD.title not in sheets,
    )


def _problems(text: str) -> list[tuple[str, drafting.Problem]]:
    """(the engine's own line, the problem in the reader's language), what refuses it first."""
    said = drafting.problems(Draft(code=_NAME, text=text))
    try:
        Standard.loads(text, f"{_NAME}.toml")
        lines: tuple = ()
    except StandardError as error:
        lines = error.problems
    return [(lines[at] if at < len(lines) else "", problem) for at, problem in enumerate(said)]


def _by_row(found: Reading, text: str, sheets: Mapping[str, list[list[Cell]]]) -> list[Line]:
    """What is wrong with cells, and what the standard they make is refused for, in the order of sheets and rows."""
    order = {title: at for at, title in enumerate(BY_TITLE)}
    listed = [((order[each.sheet], each.row, each.column or 0), _of_cell(each)) for each in found.faults]
    bad = {(each.sheet, each.row, each.head) for each in found.faults}
    for raw, problem in _problems(text):
        place = _placed(found, problem.place)
        key = _key(problem.place, raw)
        if place and len(place[2]) == 1:  # a metric that one cell asked for
            (key,) = place[2]
        head = _head(place, key)
        if place and _is_said(bad, place, head):
            continue
        where, at = problem.where, (len(order), 0, 0)
        if place:
            sheet, row, columns = place
            column = columns.get(key)
            where, at = _where(sheet, row, column, head), (order[sheet], row, column or 0)
        listed.append((at, Line(where, _value(sheets, place, key), _told(problem), problem.is_refused)))
    return [line for _at, line in sorted(listed, key=lambda pair: (not pair[1].is_refused, pair[0]))]


def _of_cell(bad) -> Line:
    what = faults.say(bad.key, bad.given, language(), bad.value)
    return Line(_where(bad.sheet, bad.row, bad.column, bad.head), bad.value, what, bad.key != "total")


def _where(sheet: str, row: int, column: int | None, head: str) -> str:
    if column is None:
        return _("%(sheet)s, row %(row)s") % {"sheet": sheet, "row": row}
    words = _("%(sheet)s, row %(row)s, column %(letter)s (%(head)s)")
    if not head:
        words = _("%(sheet)s, row %(row)s, column %(letter)s")
    return words % {"sheet": sheet, "row": row, "letter": faults.letter(column), "head": head}


def _placed(found: Reading, place: str) -> tuple | None:
    """Where the thing that a problem is about was read from."""
    kind, _space, rest = place.partition(" ")
    name = rest.partition(": ")[0]
    return found.places.get((kind, name)) or found.places.get(("", place.partition(": ")[0]))


def _key(place: str, raw: str) -> str:
    """The key that a problem is about, "" where it is about the whole row."""
    missing = _MISSING.search(raw)
    key = place.partition(": ")[2].partition(": ")[0] if " " in place else place
    if key.startswith("rule") or (missing and missing[1] == "rule"):
        return "#params" if key.startswith("rule") else "#shape"
    return key or (missing[1] if missing else "")


def _head(place: tuple | None, key: str) -> str:
    column = BY_TITLE[place[0]].column(key) if place else None
    return column.head if column else ""


def _is_said(bad: set, place: tuple, head: str) -> bool:
    """Is the cell's own fault told already?"""
    heads = _RULE_HEADS if head in _RULE_HEADS else (head,)
    return any((place[0], place[1], each) in bad for each in heads)


def _value(sheets: Mapping, place: tuple | None, key: str) -> str:
    if not place or place[0] not in sheets or key not in place[2] or place[2][key] is None:
        return ""
    row = sheets[place[0]][place[1] - 1]
    cell = row[place[2][key]] if place[2][key] < len(row) else None
    return "" if cell is None else str(cell)[:80]


def _told(problem: drafting.Problem) -> str:
    return f"{problem.what} {problem.todo}".strip()


@dataclass(frozen=True)
class Difference:
    """How a document differs from the one it replaces: numbers of criteria and metrics, and titles of other parts."""

    added: int
    removed: int
    changed: int
    metrics: int
    parts: list[str]

    @property
    def is_none(self) -> bool:
        return not (self.added or self.removed or self.changed or self.metrics or self.parts)


def difference(old: Mapping, new: Mapping) -> Difference:
    """How many criteria and metrics differ, and which other parts do. Titles are in the reader's language."""
    before, after = _by_id(old), _by_id(new)
    metrics = [{**each.get("metric", {}), **each.get("derived", {})} for each in (old, new)]
    changed = [code for code in {*metrics[0], *metrics[1]} if not _same(metrics[0].get(code), metrics[1].get(code))]
    parts = [
        (sheet.table, title) for title, sheet in BY_TITLE.items() if sheet.table not in ("criterion", "metric", "")
    ]
    return Difference(
        added=len(after.keys() - before.keys()),
        removed=len(before.keys() - after.keys()),
        changed=sum(not _same(before[each], after[each]) for each in before.keys() & after.keys()),
        metrics=len(changed),
        parts=[_part(title) for key, title in parts if not _same(old.get(key), new.get(key))],
    )


def _part(title: str) -> str:
    english = {
        "类别": "Sections",
        "标准值": "Norms",
        "等次": "Grades",
        "必备条件": "Gates",
        "一票否决": "Vetoes",
        "年度": "The year",
        "触发事项": "Triggers",
        "系数": "Coefficients",
        "上级标准": "Parent standard",
    }
    return title if (get_language() or "").startswith("zh") else english[title]


def _by_id(document: Mapping) -> dict:
    rows = document.get("criterion", ())
    return {str(row.get("id")): row for row in rows if isinstance(row, Mapping)}


def _same(one, other) -> bool:
    return same(one, other, ordered=False)


__all__ = ["Brought", "Difference", "Line", "class_names", "difference", "read", "unreadable"]
