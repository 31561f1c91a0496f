"""Is a document at all what a standard can be made of: lists of tables, tables of tables, numbers where points stand?

What passes may still have any problem; what does not pass cannot even be shown or changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .editing import LISTED
from .reading import is_day, is_number

_TABLES = ("metric", "derived", "norm", "coefficient")
_TEXTS = ("title", "title_en", "section", "in", "source", "source_en", "evidence", "tier", "fixable_by", "rollup")


def misshapen(document: Mapping) -> list[str]:
    """The places that are of another shape than the format has, such as "criterion 3: points"; [] when all is well."""
    return list(dict.fromkeys(_wrongs(document)))


def _wrongs(document: Mapping) -> Iterator[str]:
    yield from _of_head(document)
    for kind in _TABLES:
        tables = document.get(kind, {})
        if not _is_table(tables):
            yield kind
        else:
            yield from (f"{kind} {code}" for code, each in tables.items() if not _is_table(each))
    for list_, key in LISTED.items():
        rows = document.get(list_, [])
        if not isinstance(rows, list):
            yield list_
            continue
        for place, row in enumerate(rows, 1):
            yield from (f"{list_} {place}{': ' if what else ''}{what}" for what in _of_row(row, key))
    yield from _of_circles(document)


def _of_head(document: Mapping) -> Iterator[str]:
    for key in ("points", "minimum_share", "decimals", "criteria_limit"):
        if key in document and not is_number(document[key]):
            yield key
    if "in_force" in document and not is_day(document["in_force"]):
        yield "in_force"
    if not _are_texts(document.get("classes", [])):
        yield "classes"
    yield from (key for key in ("parent", "year") if not _is_table(document.get(key, {})))


def _of_row(row, key: str) -> Iterator[str]:
    if not _is_table(row):
        yield ""
        return
    yield from (name for name in (key, *_TEXTS) if not isinstance(row.get(name, ""), str))
    yield from (name for name in ("points", "from", "weight") if name in row and not is_number(row[name]))
    if not _is_table(row.get("rule", {})):
        yield "rule"
    if not _are_texts(row.get("applies_to", [])):
        yield "applies_to"


def _of_circles(document: Mapping) -> Iterator[str]:
    """Sections that stand, by way of others, in themselves."""
    rows = document.get("section", [])
    rows = [each for each in rows if _is_table(each)] if isinstance(rows, list) else []
    codes = [each.get("code", "") for each in rows]
    above = {code: each.get("in") for code, each in zip(codes, rows, strict=True) if isinstance(code, str)}
    for code in above:
        seen, now = {code}, above[code]
        while isinstance(now, str) and now in above and now not in seen:
            seen.add(now)
            now = above[now]
        if isinstance(now, str) and now in seen:
            yield f"section {code}: in"


def _is_table(value) -> bool:
    return isinstance(value, Mapping)


def _are_texts(value) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)
