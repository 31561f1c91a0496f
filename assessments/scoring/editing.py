"""Change the document of a standard in place, the way its author says it: move this, worth that, without this one.

A document is what reading.toml gives: plain values, tables and lists of tables. Whatever an operation names and does
not find raises LookupError; whether the result is a good standard is not asked here, Standard.loads knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from .options import NORM

_CODE = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+")
LISTED = dict.fromkeys(("section", "grade", "gate", "veto", "trigger", "check"), "code") | {"criterion": "id"}


class Taken(ValueError):
    """The name is there already."""


class NotEmpty(ValueError):
    """A section that still holds criteria or sections cannot go."""


def row(document: Mapping, list_: str, name: str) -> dict:
    """The table of this name in a list of tables such as "criterion"."""
    for each in document.get(list_, ()):
        if each.get(LISTED[list_]) == name:
            return each
    raise LookupError(f"{list_} {name}")


def names(document: Mapping, list_: str) -> list[str]:
    """The names in a list of tables, in paper order."""
    return [each.get(LISTED[list_], "") for each in document.get(list_, ())]


def put(table: dict, values: Mapping) -> None:
    """Write the values; one that is None or "" leaves its key out."""
    for key, value in values.items():
        if value is None or value == "":
            table.pop(key, None)
        else:
            table[key] = value


def change(document: dict, list_: str, name: str, values: Mapping) -> None:
    """Write values into the table of this name."""
    put(row(document, list_, name), values)


def add(document: dict, list_: str, values: Mapping) -> None:
    """Put a table at the end of its list. Raises Taken where its name is."""
    name = values[LISTED[list_]]
    if name in names(document, list_):
        raise Taken(name)
    document.setdefault(list_, []).append({key: value for key, value in values.items() if value not in (None, "")})


def remove(document: dict, list_: str, name: str) -> None:
    """Take a table out of its list. A criterion takes with it what nothing else needs.

    Raises NotEmpty for a section that still holds something.
    """
    found = row(document, list_, name)
    if list_ == "section" and holds(document, name):
        raise NotEmpty(name)
    needed_before = used(document)
    document[list_].remove(found)
    if not document[list_]:
        del document[list_]
    if list_ == "criterion":
        drop_unused(document, needed_before)


def move(document: dict, list_: str, name: str, before: str | None) -> None:
    """Put a table before another of its list; None: at the end."""
    found = row(document, list_, name)
    if before == name:
        return
    document[list_].remove(found)
    place = len(document[list_]) if before is None else document[list_].index(row(document, list_, before))
    document[list_].insert(place, found)


def move_by(document: dict, list_: str, name: str, steps: int) -> None:
    """Move a table up (below 0) or down among those it stands beside: criteria of a section, sections of one parent."""
    beside = {"criterion": "section", "section": "in"}.get(list_)
    found = row(document, list_, name)
    rows = [each for each in document[list_] if beside is None or each.get(beside) == found.get(beside)]
    place = rows.index(found)
    other = rows[max(0, min(len(rows) - 1, place + steps))]
    if other is not found:
        document[list_].remove(found)
        document[list_].insert(document[list_].index(other) + (steps > 0), found)


def leave_classes(document: dict, gone: Iterable[str]) -> None:
    """Take what is written for these classes out of norms, coefficients and lists; what is for nobody else stays."""
    gone = set(gone)
    for norm in document.get("norm", {}).values():
        _forget(norm, gone)
    for each in document.get("coefficient", {}).values():
        _forget(each.get("values", {}), gone)
    rows = [*document.get("metric", {}).values(), *(row for list_ in LISTED for row in document.get(list_, ()))]
    for row in rows:
        left = [kind for kind in row.get("applies_to", ()) if kind not in gone]
        if left:
            row["applies_to"] = left
    for criterion in document.get("criterion", ()):
        _forget_lists(criterion.get("rule", {}), gone)


def _forget(values, gone: set[str]) -> None:
    if isinstance(values, dict):
        for kind in gone & values.keys():
            del values[kind]


def _forget_lists(rule, gone: set[str]) -> None:
    if isinstance(rule, list):
        for each in rule:
            _forget_lists(each, gone)
    elif isinstance(rule, dict):
        _forget(rule.get("items_for"), gone)
        for each in rule.values():
            _forget_lists(each, gone)


def arrange(document: dict) -> None:
    """Put sections behind the one they are in, and criteria in the order of their sections; siblings stay in order."""
    rows = document.get("section", [])
    known = {each.get("code") for each in rows}
    tops = [each for each in rows if each.get("in") not in known]
    ordered = {id(each): each for each in _in_order(rows, tops)}  # of two sections of one name, what is in them once
    document["section"] = list(ordered.values())
    places = {each.get("code"): place for place, each in enumerate(document["section"])}
    criteria = document.get("criterion", [])
    criteria.sort(key=lambda each: places.get(each.get("section"), len(places)))


def _in_order(rows: list[dict], level: list[dict]) -> Iterable[dict]:
    for each in level:
        yield each
        yield from _in_order(rows, [below for below in rows if below.get("in") == each.get("code")])


def settle(document: dict) -> None:
    """Bring the declared points of every section that sums to the points that are in it; those of the whole stay."""
    for section in document.get("section", ()):
        if "points" in section and section.get("rollup", "sum") == "sum":
            section["points"] = worth(document, section.get("code", ""))


def worth(document: Mapping, code: str | None) -> Decimal:
    """Points of what is in a section (None: in the whole): criteria, and sections below it."""
    own = [
        each.get("points", 0) for each in document.get("criterion", ()) if code is None or each.get("section") == code
    ]
    if code is None:
        return _sum(own)
    below = [each for each in document.get("section", ()) if each.get("in") == code]
    return _sum(own) + _sum(worth(document, each.get("code", "")) for each in below)


def used(document: Mapping) -> set[str]:
    """Codes of the metrics and derived values that criteria, gates, vetoes and norms rest on, all the way down."""
    criteria = document.get("criterion", ())
    found = {code for each in criteria for code in _codes(document, each.get("rule", {}))}
    found |= {each.get("lever", "") for each in criteria}
    for list_, key in (("gate", "met"), ("veto", "when")):
        found |= {code for each in document.get(list_, ()) for code in _named(each.get(key, ""))}
    waiting = list(found)
    while waiting:
        for code in _below(document, waiting.pop()) - found:
            found.add(code)
            waiting.append(code)
    return found


def drop_unused(document: dict, before: Iterable[str]) -> None:
    """Take out metrics, derived values and norms that something needed `before` and nothing needs now.

    The cross-field rules that look at them go with them.
    """
    gone = set(before) - used(document)
    if "check" in document:
        document["check"] = [each for each in document["check"] if not _named(each.get("holds", "")) & gone]
    for list_ in ("metric", "derived"):
        document[list_] = {code: each for code, each in document.get(list_, {}).items() if code not in gone}
    looked_at = {each.removesuffix(NORM) for each in texts(document.get("criterion", ())) if each.endswith(NORM)}
    document["norm"] = {
        code: each for code, each in document.get("norm", {}).items() if code not in gone or code in looked_at
    }
    for list_ in ("metric", "derived", "norm", "check"):
        if not document.get(list_, True):
            del document[list_]


def holds(document: Mapping, code: str) -> bool:
    """Does anything stand in this section?"""
    criteria, sections = document.get("criterion", ()), document.get("section", ())
    return any(each.get("section") == code for each in criteria) or any(each.get("in") == code for each in sections)


def _codes(document: Mapping, rule) -> set[str]:
    """Codes that stand anywhere in a rule, as a value or as a key."""
    there = {*document.get("metric", {}), *document.get("derived", {})}
    return {each.partition("@")[0] for each in texts(rule)} & there


def texts(value) -> Iterable[str]:
    """Every text anywhere in a value, keys of its tables too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from value
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from texts(each)


def _below(document: Mapping, code: str) -> set[str]:
    """What a derived value is worked out from, and what its norm goes by."""
    derived = document.get("derived", {}).get(code, {})
    return _named(derived.get("formula", "")) | _codes(document, document.get("norm", {}).get(code, {}))


def _named(formula: str) -> set[str]:
    """Codes in a formula, which need not be a good one yet."""
    return set(_CODE.findall(formula))


def _sum(points: Iterable) -> Decimal:
    return sum((Decimal(each) for each in points), Decimal(0))
