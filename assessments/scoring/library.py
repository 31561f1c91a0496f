"""The indicator library: what may be asked of a station, ready to be put into a standard.

library = library.shipped()
library.indicators["zones.separation"].criterion.points
library.search("视频", group="surveillance")

Run as a module it says what is wrong with the files, or counts what they hold. Format: docs/indicator-library.md.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path

from . import forbidden, tomltext
from .options import COEFFICIENT
from .reading import Problems, StandardError, Table, toml
from .standard import Criterion, Standard

SHIPPED = Path(__file__).parent.parent / "library"
CLASSES = ("urban", "county_town", "town", "rural", "scenic")
BASES = ("material", "published", "proposal")
SHARED = ("metric", "derived", "norm", "coefficient")  # tables that several groups use, each written once
ROW = re.compile(r"A\d+\.\d+")
NAME = "library"
_HEAD = {
    "code": NAME,
    "version": "1",
    "title": "指标库",
    "title_en": "Indicator library",
    "in_force": date(2026, 1, 1),
    "criteria_limit": 10_000,
    "classes": list(CLASSES),
    "grade": [{"code": "met", "title": "达标", "title_en": "Met", "from": 0}],
}
_OWN = ("rows", "basis", "published", "help", "help_en")  # what an indicator says beyond a criterion
_PLACE = re.compile(rf"{NAME}: (metric|derived|norm|coefficient|criterion|check) ([^:]+): ")


@dataclass(frozen=True)
class Group:
    """One file of indicators. `catalogue` is its chapter of the field catalogue, such as "A1"."""

    code: str
    title: str
    title_en: str
    catalogue: str
    file: str


@dataclass(frozen=True)
class Indicator:
    """One thing that can be asked and scored.

    group      code of the group it stands in
    criterion  as the engine reads it: its title, points, rule, source, tier, who can mend it, evidence
    row        the same as it is written, without `section`: what a standard takes over
    rows       rows of the field catalogue that it measures
    basis      where its threshold comes from: "material" (the field material), "published" (a published norm) or
               "proposal" (ours: the bureau must set it)
    published  codes of the published norms it rests on
    """

    id: str
    group: str
    criterion: Criterion
    row: Mapping = field(repr=False)
    rows: tuple[str, ...]
    basis: str
    published: tuple[str, ...]
    help: str
    help_en: str

    @property
    def shape(self) -> str:
        """The code of its rule's shape, such as "ratio"."""
        return self.criterion.rule.shape


@dataclass(frozen=True)
class Published:
    """A norm that somebody published. `values` gives it by station class or "default", in units of `metric`.

    `year` is None where the copy that was read shows none.
    """

    code: str
    metric: str
    title: str
    title_en: str
    source: str
    source_en: str
    url: str
    year: int | None
    values: Mapping[str, Decimal]
    note: str
    note_en: str


@dataclass(frozen=True, eq=False)
class Library:
    """Everything in one folder.

    standard  all indicators as one standard, a section a group
    tables    "metric", "derived", "norm" and "coefficient" as they are written, each by code
    checks    the cross-field rules as they are written
    """

    groups: tuple[Group, ...]
    indicators: Mapping[str, Indicator]
    published: Mapping[str, Published]
    standard: Standard
    tables: Mapping[str, Mapping[str, Mapping]] = field(repr=False)
    checks: tuple[Mapping, ...] = field(repr=False)

    @classmethod
    def read(cls, folder: Path = SHIPPED) -> Library:
        """Read every file of a folder in the order of names. Raises StandardError with one line for each problem."""
        return _Reader(Path(folder)).library()

    def search(
        self,
        words: str = "",
        *,
        group: str | None = None,
        tier: str | None = None,
        basis: str | None = None,
        shape: str | None = None,
    ) -> list[Indicator]:
        """The indicators that have every word in a title, code or source, whatever its case, in the order of the files.

        A filter that is None or "" lets everything through.
        """
        wanted = words.casefold().split()
        found = []
        for each in self.indicators.values():
            facets = ((group, each.group), (tier, each.criterion.tier), (basis, each.basis), (shape, each.shape))
            if all(not asked or asked == has for asked, has in facets):
                if all(word in self._said[each.id] for word in wanted):
                    found.append(each)
        return found

    @cached_property
    def _said(self) -> dict[str, str]:
        return {id: self._words_of(each) for id, each in self.indicators.items()}

    def _words_of(self, indicator: Indicator) -> str:
        criterion = indicator.criterion
        named = (self.standard.named(code) for code in self.columns_of(indicator.id))
        words = [indicator.id, *indicator.rows, *indicator.published]
        words += [criterion.title, criterion.title_en, criterion.source, criterion.source_en]
        words += [word for each in named for word in (each.code, each.title, each.title_en)]
        return "\n".join(words).casefold()

    def columns_of(self, id: str) -> tuple[str, ...]:
        """Codes of the metrics and derived metrics that the rule of an indicator names. Raises KeyError."""
        codes = (column.partition("@")[0] for column in self.indicators[id].criterion.rule.columns())
        return tuple(dict.fromkeys(code for code in codes if code in self.tables["metric"] or self.is_derived(code)))

    def is_derived(self, code: str) -> bool:
        return code in self.tables["derived"]

    def coefficients_of(self, id: str) -> tuple[str, ...]:
        """Codes of the coefficients that the rule of an indicator takes. Raises KeyError."""
        columns = self.indicators[id].criterion.rule.columns()
        return tuple(column.removesuffix(COEFFICIENT) for column in columns if column.endswith(COEFFICIENT))


@cache
def shipped() -> Library:
    """The library of assessments/library."""
    return Library.read()


def check(folder: Path = SHIPPED) -> list[str]:
    """What is wrong with a folder, one line for each problem; [] when it can be used."""
    try:
        Library.read(folder)
    except StandardError as error:
        return list(error.problems)
    return []


class _Reader:
    """Joins the files of a folder into one standard, noting what is wrong with each."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.lines: list[str] = []
        self.files: dict[tuple[str, str], str] = {}  # ("metric", code) -> the file it is written in
        self.tables: dict[str, dict] = {kind: {} for kind in SHARED}
        self.groups: list[Group] = []
        self.own: dict[str, dict] = {}
        self.rows: dict[str, dict] = {}
        self.home: dict[str, str] = {}
        self.norms: dict[str, Published] = {}
        self.checks: dict[str, dict] = {}

    def library(self) -> Library:
        for path in sorted(self.folder.glob("*.toml")):
            self._file(path)
        standard = self._standard()
        self._check_published()
        if self.lines:
            raise StandardError(self.lines)
        indicators = {
            criterion.id: Indicator(
                id=criterion.id,
                group=criterion.section,
                criterion=criterion,
                row=self.rows[criterion.id],
                **self.own[criterion.id],
            )
            for criterion in standard.criteria
        }
        return Library(tuple(self.groups), indicators, self.norms, standard, self.tables, tuple(self.checks.values()))

    def _file(self, path: Path) -> None:
        problems = Problems(path.name)
        try:
            head = Table(toml(path.read_text("utf-8")), "", problems)
        except ValueError as error:  # no UTF-8, no TOML
            self.lines.append(f"{path.name}: no TOML: {error}")
            return
        rows = head.tables("indicator")
        group = self._group(head, path.name) if rows or "group" in head else None
        for kind in SHARED:
            self._shared(kind, head.raw(kind, {}), problems)
        for row in rows:
            self._indicator(Table(row, f"indicator {_name(row, 'id')}", problems), group)
        for row in head.tables("check"):
            code = _name(row, "code")
            self._once("check", code, f"check {code}", problems)
            self.checks[code] = row
        for row in head.tables("published"):
            self._publish(Table(row, f"published {_name(row, 'code')}", problems))
        head.finish()
        self.lines += problems.lines

    def _group(self, head: Table, file: str) -> str:
        table = head.table("group")
        group = Group(**{key: table.text(key) for key in ("code", "title", "title_en", "catalogue")}, file=file)
        table.finish()
        if group.code in [each.code for each in self.groups]:
            table.note("code", f"{group.code!r} is another file's")
        else:
            self.groups.append(group)
        return group.code

    def _shared(self, kind: str, tables, problems: Problems) -> None:
        for code, table in (tables if isinstance(tables, Mapping) else {}).items():
            where = f"{kind} {code}"
            self._once(kind, code, where, problems)
            if kind == "metric" and isinstance(table, Mapping) and "dimension" in table:
                problems.add(where, "dimension: a page of the edition, which the library does not know")
            self.tables[kind][code] = table

    def _indicator(self, table: Table, group: str | None) -> None:
        row = dict(table.values)
        id = _name(row, "id")
        self._once("criterion", id, table.where, table.problems)
        for key in ("section", "weight"):
            if key in row:
                table.note(key, "the edition says so, not the library")
        own = Table({key: row.pop(key) for key in _OWN if key in row}, table.where, table.problems)
        self.own[id] = {
            "rows": own.texts("rows"),
            "basis": own.choice("basis", BASES),
            "published": own.texts("published", ()),
            "help": own.text("help"),
            "help_en": own.text("help_en"),
        }
        own.finish()
        for name in self.own[id]["rows"]:
            if not ROW.fullmatch(name):
                own.note("rows", f"{name!r} is no row of the catalogue, such as A1.1")
        if not self.own[id]["rows"] and self.own[id]["basis"] != "published":
            own.note("rows", "must name a row of the catalogue, unless it rests on a published norm")
        if (self.own[id]["basis"] == "published") != bool(self.own[id]["published"]):
            own.note("published", 'must name its norms where basis = "published", and only there')
        self.rows[id] = {"id": id, **row}
        self.home[id] = group

    def _publish(self, table: Table) -> None:
        needed, free = ("metric", "title", "title_en", "source", "source_en"), ("note", "note_en")
        code = table.text("code") or "?"
        self._once("published", code, table.where, table.problems)
        values = table.table("values")
        numbers = {kind: values.number(kind) for kind in values.values}
        for kind in numbers:
            values.known("", kind, (*CLASSES, "default"), "class")
        read = {key: table.text(key) for key in needed} | {key: table.text(key, "") for key in free}
        read["url"] = table.typed("url", "", lambda value: isinstance(value, str), "text")  # "": no address is known
        self.norms[code] = Published(code=code, year=table.whole("year", None), values=numbers, **read)
        table.finish()

    def _once(self, kind: str, code: str, where: str, problems: Problems) -> None:
        first = self.files.setdefault((kind, code), problems.file)
        apart = {"criterion": self.own, "published": self.norms, "check": self.checks}
        known = apart[kind] if kind in apart else self.tables[kind]
        if code in known:
            problems.add(where, f"is there twice, first in {first}")

    def _standard(self) -> Standard | None:
        """All as one standard, so that what the engine refuses is refused; None after noting what it is."""
        sections = [{"code": g.code, "title": g.title, "title_en": g.title_en} for g in self.groups]
        criteria = [{**row, "section": self.home[id]} for id, row in self.rows.items()]
        try:
            shared = {**self.tables, "check": list(self.checks.values())}
            text = tomltext.document({**_HEAD, "section": sections, **shared, "criterion": criteria})
        except TypeError:  # a required text is missing, which is noted
            return None
        try:
            return Standard.loads(text, NAME)
        except StandardError as error:
            self.lines += [_PLACE.sub(self._placed, line) for line in error.problems]
            return None

    def _placed(self, match: re.Match) -> str:
        kind, code = match.groups()
        word = "indicator" if kind == "criterion" else kind
        return f"{self.files.get((kind, code), NAME)}: {word} {code}: "

    def _check_published(self) -> None:
        for id, own in self.own.items():
            table = Table({}, f"indicator {id}", Problems(self.files["criterion", id]))
            for code in own["published"]:
                table.known("published", code, self.norms, "published norm")
            self.lines += table.problems.lines
        for code, norm in self.norms.items():
            table = Table({}, f"published {code}", Problems(self.files["published", code]))
            table.known("metric", norm.metric, (*self.tables["metric"], *self.tables["derived"]), "metric")
            self.lines += table.problems.lines


def counts(library: Library) -> Iterator[str]:
    """What a library holds, one line for each group and one for all."""
    held = Counter(each.group for each in library.indicators.values())
    for group in library.groups:
        yield f"{group.catalogue:4} {held[group.code]:4}  {group.title}  {group.title_en}  ({group.file})"
    basis = Counter(each.basis for each in library.indicators.values())
    yield f"{len(library.indicators)} indicators ({', '.join(f'{basis[name]} {name}' for name in BASES)})"
    yield f"{len(library.tables['metric'])} metrics, {len(library.tables['derived'])} derived"
    yield f"{len(library.published)} published norms, {len(forbidden.shipped())} forbidden metrics"


def _name(row, key: str) -> str:
    return str(row.get(key, "?")) if isinstance(row, Mapping) else "?"


def main(arguments: list[str]) -> int:
    """Print what is wrong, or what there is; with `--coverage` write the ids into docs/library-coverage.md."""
    wrong = check()
    if wrong:
        print("\n".join(wrong))
        return 1
    library = shipped()
    if arguments == ["--coverage"]:
        from . import coverage  # it needs the classes of this module

        text = coverage.DOCUMENT.read_text("utf-8")
        coverage.DOCUMENT.write_text(coverage.rewritten(text, library.indicators.values()), "utf-8")
    print("\n".join(counts(library)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
