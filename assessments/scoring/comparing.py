"""What belongs together in two documents of standards, and what rests on what in one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from . import formula
from .comparable import paired
from .options import NORM


def pairs_of(old: Mapping, new: Mapping) -> dict[str, str]:
    """Criterion id in the new document -> id in the old one, for criteria that are the same item."""
    rows = ((row.get("id", ""), row.get("continues", "")) for row in new.get("criterion", ()))
    return paired(rows, {row.get("id", "") for row in old.get("criterion", ())})


def in_place(places: Sequence[int]) -> list[bool]:
    """Which of these stay where they are when as few as possible are moved: the longest run of rising places."""
    ends: list[int] = []  # the least place that a rising run of each length ends with
    length = []
    for place in places:
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
        length.append(at)
    stays, wanted = [False] * len(places), len(ends) - 1
    for i in range(len(places) - 1, -1, -1):
        if length[i] == wanted:
            stays[i], wanted = True, wanted - 1
    return stays


def resting_on(document: Mapping) -> dict[tuple[str, str], list[str]]:
    """("metric" | "derived" | "norm" | "coefficient", code) -> ids of the criteria that rest on it."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in document.get("criterion", ()):
        for each in dict.fromkeys(_below(document, _texts(row.get("rule", {})), set())):
            found.setdefault(each, []).append(row.get("id", ""))
    return found


def _below(document: Mapping, texts: Iterator[str], seen: set[str]) -> Iterator[tuple[str, str]]:
    for text in texts:
        if text in seen:
            continue
        seen.add(text)
        code = text.removesuffix(NORM)
        for table in ("metric", "derived", "coefficient"):
            if text in document.get(table, {}):
                yield table, text
        if text in document.get("derived", {}):
            yield from _below(document, iter(_used(document["derived"][text])), seen)
        if text.endswith(NORM) and code in document.get("norm", {}):
            yield "norm", code
            yield from _below(document, _texts(document["norm"][code]), seen)


def _used(derived: Mapping) -> tuple[str, ...]:
    try:
        return formula.metrics_in(formula.parse(str(derived.get("formula", ""))))
    except formula.FormulaError:
        return ()


def _texts(value) -> Iterator[str]:
    """Every text in a rule, as a value or as a key."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from value
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
