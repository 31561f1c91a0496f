"""The document that says which rows of the field catalogue the indicator library measures, and why not the others."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .library import Indicator

DOCUMENT = Path(__file__).parents[2] / "docs" / "library-coverage.md"
_LINE = re.compile(r"\| (?P<row>A\d+\.\d+) \|(?P<says>[^|]*)\|(?P<ids>[^|]*)\|(?P<reason>[^|]*)\|")
_ID = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Row:
    """One line: the row, what it says, the indicators that measure it, and a reason or ""."""

    row: str
    says: str
    ids: tuple[str, ...]
    reason: str


def read(text: str) -> list[Row]:
    """The rows of the document in the order they stand."""
    found = (_LINE.fullmatch(line.strip()) for line in text.splitlines())
    return [
        Row(m["row"], m["says"].strip(), tuple(_ID.findall(m["ids"])), m["reason"].strip())
        for m in found
        if m is not None
    ]


def covering(indicators: Iterable[Indicator]) -> dict[str, tuple[str, ...]]:
    """row -> ids of the indicators that measure it, in their order."""
    found: dict[str, tuple[str, ...]] = {}
    for indicator in indicators:
        for row in indicator.rows:
            found[row] = (*found.get(row, ()), indicator.id)
    return found


def rewritten(text: str, indicators: Iterable[Indicator]) -> str:
    """The document with the ids as the library has them; everything else is kept."""
    ids = covering(indicators)
    return "".join(_line(line, ids) for line in text.splitlines(keepends=True))


def _line(line: str, ids: dict[str, tuple[str, ...]]) -> str:
    match = _LINE.fullmatch(line.strip())
    if match is None:
        return line
    named = ", ".join(f"`{id}`" for id in ids.get(match["row"], ()))
    cells = (match["row"], match["says"].strip(), named, match["reason"].strip())
    return f"| {' | '.join(cells)} |\n"
