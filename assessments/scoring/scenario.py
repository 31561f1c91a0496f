"""What if: a standard with changes, made by editing its text, so that it is read and checked like any other.

changed = scenario.text_of(standard.text, [Points("staffing.load", Decimal(8)), Dropped("zones.video_linked")])
Standard.loads(changed)
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from . import tomltext
from .reading import Problems, StandardError, is_number, nearest, toml
from .scaling import scaled
from .standard import SUM, Standard

NAME = "what-if.toml"


class Change(ABC):
    """One thing that is different."""

    @abstractmethod
    def apply(self, document: dict, problems: Problems) -> None:
        """Edit the parsed document, and note what is not found there."""


@dataclass(frozen=True)
class Points(Change):
    """A criterion is worth another number of points. Unless told, what its rule says in points grows with them."""

    criterion: str
    points: Decimal
    with_rule: bool = True

    def apply(self, document, problems):
        row = _row(document, "criterion", "id", self.criterion, problems)
        if row is None:
            return
        before = row.get("points")
        if self.with_rule and is_number(before) and self.points > 0:
            row["rule"] = scaled(row.get("rule"), Decimal(before), self.points, document.get("decimals", 2))
        row["points"] = self.points


@dataclass(frozen=True)
class Weight(Change):
    """A criterion, or a section, counts differently inside a mean. `kind` is "criterion" or "section"."""

    kind: str
    code: str
    weight: Decimal

    def apply(self, document, problems):
        row = _row(document, self.kind, "id" if self.kind == "criterion" else "code", self.code, problems)
        if row is not None:
            row["weight"] = self.weight


@dataclass(frozen=True)
class Norm(Change):
    """What should be, for one class or "default": anything a norm may be; None takes the value away."""

    metric: str
    kind: str
    value: object

    def apply(self, document, problems):
        norms = document.get("norm", {})
        if self.metric not in norms:
            problems.add(f"norm {self.metric}", "there is no such norm" + nearest(self.metric, norms))
        elif self.value is None:
            norms[self.metric].pop(self.kind, None)
        else:
            norms[self.metric][self.kind] = self.value


@dataclass(frozen=True)
class OtherRule(Change):
    """Another rule for a criterion: the lines that stand under `rule`, such as `at_most = { of = "x", target = 3 }`."""

    criterion: str
    text: str

    def apply(self, document, problems):
        row = _row(document, "criterion", "id", self.criterion, problems)
        if row is None:
            return
        try:
            row["rule"] = toml(self.text)
        except ValueError as error:
            problems.add(f"criterion {self.criterion}: rule", f"no TOML: {error}")


@dataclass(frozen=True)
class Dropped(Change):
    """A criterion that is not asked; a section that has nothing left goes with it."""

    criterion: str

    def apply(self, document, problems):
        row = _row(document, "criterion", "id", self.criterion, problems)
        if row is not None:
            document["criterion"].remove(row)
            _drop_empty_sections(document)


@dataclass(frozen=True)
class MinimumShare(Change):
    """The share of applicable points under which a station has no place."""

    share: Decimal

    def apply(self, document, problems):
        document["minimum_share"] = self.share


@dataclass(frozen=True)
class GradeBound(Change):
    """Where a grade begins, in percent."""

    grade: str
    low: Decimal

    def apply(self, document, problems):
        row = _row(document, "grade", "code", self.grade, problems)
        if row is not None:
            row["from"] = self.low


def text_of(text: str, changes: Iterable[Change]) -> str:
    """The text of a standard with changes. What sums are declared to be, and their caps, follow what is in them.

    Without any change it is `text` itself. Raises StandardError naming what a change does not find.
    """
    changes = list(changes)
    if not changes:
        return text
    document, problems = parsed(text), Problems(NAME)
    before = {code: _inside(document, code) for code, _table in _sums(document)}
    for change in changes:
        change.apply(document, problems)
    problems.raise_any()
    for code, table in _sums(document):
        _declare(table, before[code], _inside(document, code))
    return tomltext.document(document)


def standard_of(text: str, changes: Iterable[Change]) -> Standard:
    """The standard with changes. Raises StandardError with one line for each problem."""
    return Standard.loads(text_of(text, changes), NAME)


def parsed(text: str) -> dict:
    """The document of a standard, numbers as they are written. Raises StandardError."""
    try:
        return toml(text.removeprefix("\ufeff"))
    except ValueError as error:
        raise StandardError([f"{NAME}: no TOML: {error}"]) from None


def rule_text(row: Mapping) -> str:
    """The rule of a criterion of a document, as `OtherRule` takes it."""
    return "\n".join(tomltext.pairs(row["rule"]))


def _row(document: Mapping, list_: str, key: str, name: str, problems: Problems) -> dict | None:
    """The table of this name in a list of tables; None after noting that there is none."""
    rows = {row[key]: row for row in document.get(list_, ())}
    if name not in rows:
        problems.add(f"{list_} {name}", f"there is no such {list_}" + nearest(name, rows))
    return rows.get(name)


def _drop_empty_sections(document: dict) -> None:
    used = set(_with_above(document, [row["section"] for row in document["criterion"]]))
    document["section"] = [row for row in document["section"] if row["code"] in used]
    for metric in document.get("metric", {}).values():
        if metric.get("dimension") not in (None, *used):
            del metric["dimension"]  # its page is gone: it is asked where it is used


def _with_above(document: Mapping, codes: Iterable[str]) -> Iterator[str]:
    above = {row["code"]: row.get("in") for row in document["section"]}
    for code in codes:
        while code:
            yield code
            code = above.get(code)


def _sums(document: Mapping) -> Iterator[tuple[str | None, dict]]:
    """(code, table) of what sums points: sections, and the whole under None."""
    for code, table in ((None, document), *((row["code"], row) for row in document["section"])):
        if table.get("rollup", SUM) == SUM:
            yield code, table


def _declare(table: dict, before: Decimal, after: Decimal) -> None:
    """Bring declared points to what is in a sum; its cap leaves as much room above them as it did."""
    if "points" in table:
        table["points"] = after
    if is_number(table.get("cap")):
        table["cap"] += after - before


def _inside(document: Mapping, code: str | None) -> Decimal:
    """Points of what is directly in a section (None: the whole)."""
    own = [row["points"] for row in document["criterion"] if row["section"] == code]
    below = [row for row in document["section"] if row.get("in") == code]
    return sum((Decimal(each) for each in own), Decimal(0)) + sum((_worth(document, row) for row in below), Decimal(0))


def _worth(document: Mapping, section: Mapping) -> Decimal:
    if section.get("rollup", SUM) != SUM and "points" in section:
        return Decimal(section["points"])
    return _inside(document, section["code"])
