"""What reading a workbook brings to light."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


class Unreadable(ValueError):
    """The file is no workbook of a standard. `key` names the sentence in faults.py."""

    def __init__(self, key: str, **given):
        super().__init__(key)
        self.key, self.given = key, given


@dataclass(frozen=True)
class Bad:
    """One cell that cannot be read. `row` counts from 1, `column` from 0 (None: the whole row); `blank` says that it
    is left blank, otherwise what stands there is taken over as a text."""

    sheet: str
    row: int
    column: int | None
    head: str
    value: str
    key: str
    given: Mapping
    blank: bool = False


@dataclass
class Reading:
    """What a workbook says.

    document  as TOML has it
    faults    cells that cannot be read, in order
    places    ("criterion", id) or ("metric", code) … -> (sheet, row, {key: column}) it was read from
    made      metrics that were made or taken from the library
    above     the line over the heads of the first sheet, "" without one
    ignored   sheets and columns that nobody knows
    """

    document: dict
    faults: list[Bad] = field(default_factory=list)
    places: dict[tuple[str, str], tuple[str, int, Mapping[str, int]]] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)
    above: str = ""
    ignored: list[str] = field(default_factory=list)
