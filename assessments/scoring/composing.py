"""Put indicators of the library into a standard, with all that they rest on.

document = scenario.parsed(text)
composed = compose(library.shipped(), document, ["zones.separation"], "zones")
Standard.loads(tomltext.document(document))
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass

from . import formula
from .library import Indicator, Library
from .norms import DEFAULT
from .options import NORM
from .standard import sizes_of


@dataclass(frozen=True)
class Clash:
    """Something that the document already has and says differently; what the document says was kept.

    kind       "metric", "derived", "norm", "coefficient" or "criterion"
    indicator  the indicator that wanted it otherwise
    """

    kind: str
    code: str
    indicator: str


@dataclass(frozen=True)
class Composed:
    """What came of it.

    added     ids of the criteria that were put in
    there     ids that the document already had, the same or otherwise; those that differ are clashes too
    nowhere   ids that are asked of no class of the document
    """

    added: tuple[str, ...]
    there: tuple[str, ...]
    nowhere: tuple[str, ...]
    clashes: tuple[Clash, ...]


def compose(library: Library, document: dict, ids: Iterable[str], section: str | None = None) -> Composed:
    """Put indicators into a parsed standard, in the order given, behind what is there.

    They go under `section`, or each under the one of its group; a section that is missing is made, titled as the
    group. Metrics, derived metrics, norms and coefficients that the indicators rest on come along; nothing that the
    document has is changed. So do the cross-field
    rules all of whose figures are there then. Classes that the document does not know are left out. Raises KeyError
    for an unknown id.
    """
    indicators = [library.indicators[id] for id in ids]
    work = _Composer(library, document)
    for indicator in indicators:
        work.put(indicator, section or indicator.group)
    if work.added:
        work.put_checks()
    return Composed(tuple(work.added), tuple(work.there), tuple(work.nowhere), tuple(dict.fromkeys(work.clashes)))


class _Composer:
    def __init__(self, library: Library, document: dict):
        self.library, self.document = library, document
        self.classes = tuple(document.get("classes", ()))
        self.added: list[str] = []
        self.there: list[str] = []
        self.nowhere: list[str] = []
        self.clashes: list[Clash] = []

    def put(self, indicator: Indicator, section: str) -> None:
        row = self._fitted(indicator.row)
        present = {each.get("id"): each for each in self.document.get("criterion", ())}.get(indicator.id)
        if present is not None:
            self.there.append(indicator.id)
            if not _same(present, row):
                self.clashes.append(Clash("criterion", indicator.id, indicator.id))
            return
        needed = list(dict.fromkeys(self._needed(indicator)))
        if row is None or any(kind == "metric" and self._table(kind, code) is None for kind, code in needed):
            self.nowhere.append(indicator.id)
            return
        for kind, code in needed:
            self._take(kind, code, indicator.id)
        self._open(section, indicator)
        self.document.setdefault("criterion", []).append({"id": row.pop("id"), "section": section, **row})
        self.added.append(indicator.id)

    def put_checks(self) -> None:
        """Put in the cross-field rules whose figures are all there and whose code is not."""
        there = {*self.document.get("metric", {}), *self.document.get("derived", {})}
        known = {each.get("code") for each in self.document.get("check", ())}
        for check, written in zip(self.library.standard.checks, self.library.checks, strict=True):
            if check.code in known or not there.issuperset(formula.metrics_in(check.tree)):
                continue
            if (row := self._fitted(written)) is not None:
                self.document.setdefault("check", []).append(row)

    def _needed(self, indicator: Indicator) -> Iterator[tuple[str, str]]:
        """("metric" …, code) of all that an indicator rests on, what is used before what uses it."""
        for column in indicator.criterion.rule.columns():
            code = column.partition("@")[0]
            if column.endswith(NORM):
                for size in sizes_of(self.library.standard.norms, column):
                    yield from self._behind(size)
                yield from self._behind(code)
                yield "norm", code
            else:
                yield from self._behind(code)
        for code in self.library.coefficients_of(indicator.id):
            yield "coefficient", code

    def _behind(self, code: str) -> Iterator[tuple[str, str]]:
        if code in self.library.tables["metric"]:
            yield "metric", code
        elif code in self.library.tables["derived"]:
            for used in self.library.standard.derived[code].uses:
                yield from self._behind(used)
            yield "derived", code

    def _take(self, kind: str, code: str, indicator: str) -> None:
        tables, wanted = self.document.get(kind, {}), self._table(kind, code)
        other = {"metric": "derived", "derived": "metric"}.get(kind)
        if code in self.document.get(other, {}) or (code in tables and not _same(tables[code], wanted)):
            self.clashes.append(Clash(kind, code, indicator))
        elif code not in tables:
            self.document.setdefault(kind, {})[code] = wanted

    def _table(self, kind: str, code: str) -> dict | None:
        """A table of the library as the document's classes need it; None for a metric that none of them has."""
        table = self.library.tables[kind][code]
        if kind == "norm":
            return self._by_class(table)
        if kind == "coefficient":
            return {**table, "values": self._by_class(table["values"])}
        return self._fitted(table)

    def _fitted(self, table: Mapping) -> dict | None:
        """A copy without the classes that the document does not know; None where only those are meant."""
        table = deepcopy(dict(table))
        if table.get("applies_to"):
            table["applies_to"] = [kind for kind in table["applies_to"] if kind in self.classes]
            if not table["applies_to"]:
                return None
        if "rule" in table:
            table["rule"] = self._rule(table["rule"])
        return table

    def _rule(self, rule):
        if isinstance(rule, list):
            return [self._rule(each) for each in rule]
        if not isinstance(rule, Mapping):
            return rule
        return {key: self._by_class(each) if key == "items_for" else self._rule(each) for key, each in rule.items()}

    def _by_class(self, values: Mapping) -> dict:
        return {kind: deepcopy(value) for kind, value in values.items() if kind in (*self.classes, DEFAULT)}

    def _open(self, section: str, indicator: Indicator) -> None:
        """Make the section when it is missing."""
        sections = self.document.setdefault("section", [])
        if section not in [each.get("code") for each in sections]:
            group = next(each for each in self.library.groups if each.code == indicator.group)
            sections.append({"code": section, "title": group.title, "title_en": group.title_en})


def _same(one: Mapping, other: Mapping | None) -> bool:
    """Do two tables say the same, wherever they stand and whatever they weigh there?"""
    place = {"section": "", "weight": 1}
    return other is not None and {**one, **place} == {**other, **place}


def bring(library: Library, document: dict, code: str, *, norm: bool = False) -> bool:
    """Put a metric or derived metric, with all it is worked out from, into a parsed standard; with its norm if wanted.

    What the document has stays. False where it is a metric of none of the document's classes. Raises KeyError for a
    code that the library does not know.
    """
    work = _Composer(library, document)
    needed = list(dict.fromkeys(work._behind(code)))
    if norm:
        sizes = sizes_of(library.standard.norms, code + NORM)
        needed = [*dict.fromkeys([*(each for size in sizes for each in work._behind(size)), *needed]), ("norm", code)]
    if not needed:
        raise KeyError(code)
    if any(kind == "metric" and work._table(kind, each) is None for kind, each in needed):
        return False
    for kind, each in needed:
        work._take(kind, each, code)
    return True
