"""Facts from a table: first column a station code, one column a metric, every bad cell listed.

Optional columns: class, group, name, layer. A blank is not answered, n/a is not applicable. Rows of an upper
layer (verified, confirmed) are laid over those below, cell by cell. A column metric@before, metric@year_before or
metric@two_years_before is what the station had then, metric@self what it claimed itself. A column veto:CODE says
whom a veto that a person decides strikes, and why.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from .factcell import MERGED, Fault, text_of, veto
from .factcolumn import FactColumn
from .frame import Frame
from .past import PERIODS
from .standard import Standard
from .tableheads import CLAIM, Heads, TableError, letter
from .tablewords import Words

LAYERS = ("self", "verified", "confirmed")
_LAYER_WORDS = {"": "self", "自评": "self", "核查": "verified", "审定": "confirmed"} | {name: name for name in LAYERS}
_DELIMITERS = ",\t;"
_LONGEST_SHOWN = 60
_POWER = re.compile(r"\d(\.\d+)?E\+\d+", re.IGNORECASE | re.ASCII)
# What stands under a table and is no station: a sum would be ranked, and ranked first.
_UNDERNEATH = re.compile(
    r"(合计|总计|小计|共计|总和|平均|(注|备注|说明|制表|填表|审核)人?[:：]|(total|sum|average)\Z)", re.IGNORECASE
)
_TOO_LONG = 10**15  # whole numbers from here on lose digits in a spreadsheet
BLOCK = 512  # rows, few enough to stay in the processor's cache

__all__ = ["LAYERS", "Facts", "TableError", "letter", "read", "read_csv"]


@dataclass(frozen=True, eq=False)
class Facts:
    """n stations as the table has them, in its order.

    kinds    class codes
    groups   comparison group of each, "" where everybody is in one
    columns  metric, or metric@period -> (n,) float64, NaN where not answered, infinite where not applicable
    own      the same of the stations' own layer; {} where only that layer counts
    absent   metrics of the standard without a column
    vetoes   {veto: why, "" where nothing was said} of each station
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    groups: tuple[str, ...]
    columns: Mapping[str, np.ndarray]
    own: Mapping[str, np.ndarray]
    absent: tuple[str, ...]
    vetoes: tuple[dict[str, str], ...]

    def __len__(self) -> int:
        return len(self.ids)

    def blanks(self, standard: Standard) -> int:
        """How many facts of the standard are not answered."""
        there = (self.columns[code] for code in standard.metrics if code in self.columns)
        return len(self) * len(self.absent) + sum(int(np.isnan(column).sum()) for column in there)

    def frame(self, standard: Standard) -> Frame:
        return self._framed(standard, self.columns)

    def past(self, standard: Standard) -> dict[str, Frame]:
        """Earlier periods, for prepare()."""
        earlier = {period: self._at(period) for period in PERIODS}
        return {period: self._framed(standard, columns) for period, columns in earlier.items() if columns}

    def claims(self, standard: Standard) -> Frame | None:
        """What the stations claimed themselves, for prepare(); None where the table does not tell."""
        claimed = dict(self.own)
        for code, said in self._at(CLAIM).items():
            claimed[code] = np.where(np.isnan(said), claimed[code], said) if code in claimed else said
        return self._framed(standard, claimed) if claimed else None

    def _at(self, period: str) -> dict[str, np.ndarray]:
        """metric -> its column of a period."""
        end = f"@{period}"
        return {code.removesuffix(end): column for code, column in self.columns.items() if code.endswith(end)}

    def _framed(self, standard: Standard, columns: Mapping[str, np.ndarray]) -> Frame:
        blank = np.full(len(self), np.nan)
        found = {code: columns.get(code, blank) for code in standard.metrics}
        absent = {code: np.isinf(column) for code, column in found.items()}
        absent = {code: mask for code, mask in absent.items() if mask.any()}
        found |= {code: np.where(mask, np.nan, found[code]) for code, mask in absent.items()}
        return Frame(np.array(self.ids, dtype=str), np.array(self.kinds, dtype=str), found, absent)


def read_csv(data: bytes) -> Iterator[list[str]]:
    """Rows of a comma-, tab- or semicolon-separated text in UTF-8, UTF-16 with its mark, or GB18030.

    Raises UnicodeDecodeError for other bytes and csv.Error (its `row` says where) for quotes without an end.
    """
    encoding, first = _looked_at(data)
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(data), encoding, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from reader
    except csv.Error as error:
        error.row = reader.line_num
        raise


def _looked_at(data: bytes) -> tuple[str, str]:
    """The encoding of all of a text, and its first line."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding, text = "utf-16", data.decode("utf-16")
    else:
        try:
            encoding, text = "utf-8-sig", data.decode("utf-8-sig")
        except UnicodeDecodeError:
            encoding, text = "gb18030", data.decode("gb18030")
        if "\0" in text:
            raise UnicodeDecodeError("utf-8", data[:1], 0, 1, "a zero byte")
    return encoding, text.partition("\n")[0]


def read(
    rows: Iterable[Sequence],
    standard: Standard,
    *,
    groups: Sequence[str] = (),
    layer: str = LAYERS[-1],
    lang: str = "zh-hans",
) -> Facts:
    """The facts in rows of cells, the first being the heads.

    groups  heads of the columns that make up the comparison group; without them "group" if it is there
    layer   the uppermost layer that counts

    Raises TableError listing every bad cell.
    """
    words, numbered = Words(lang), iter(enumerate(rows, start=1))
    _, head = next(numbered, (1, ()))
    texts = [text_of(cell) for cell in head]
    if not any(texts):
        raise TableError([words("empty")])
    heads = Heads(texts, groups, standard, words)
    return _Reader(standard, words, LAYERS[: LAYERS.index(layer) + 1], heads).read(numbered)


class _Reader:
    def __init__(self, standard: Standard, words: Words, layers: tuple[str, ...], heads: Heads):
        self.standard, self.words, self.layers, self.heads = standard, words, layers, heads
        self.faults: list[tuple[int, int, str]] = []  # row, column, line
        self.stations: dict[str, dict[str, _Row]] = {}
        metrics = {column: standard.metrics[code.partition("@")[0]] for column, code in heads.metric_at.items()}
        self.columns = {column: FactColumn(metric) for column, metric in metrics.items()}
        self.rows = 0
        for column, key, given in heads.faults:
            self._add(1, column, heads.texts[column], key, **given)

    def read(self, numbered: Iterator[tuple[int, Sequence]]) -> Facts:
        if not self.columns and not self.heads.veto_at:  # a title above the heads, most likely
            self.faults.append((1, len(self.heads.texts), self.words("no_metric")))
            raise TableError(line for _, _, line in sorted(self.faults))
        while block := list(islice(numbered, BLOCK)):
            filled = [(number, cells) for number, cells in block if any(map(text_of, cells))]
            if filled:
                self._block(*zip(*filled, strict=True))
        if not self.stations and not self.faults:
            raise TableError([self.words("no_rows")])
        facts = self._facts()
        if self.faults:
            raise TableError(line for _, _, line in sorted(self.faults))
        return facts

    def _add(self, row: int, column: int, value, key: str, **given) -> None:
        shown, name = text_of(value), " ".join(self.heads.named(column).split())
        shown, name = (text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…" for text in (shown, name))
        line = {"row": row, "letter": letter(column), "column": name, "value": shown, "fault": self.words(key, **given)}
        self.faults.append((row, column, self.words("line", **line)))

    def _block(self, numbers: Sequence[int], rows: Sequence[Sequence]) -> None:
        """Facts column by column, all else row by row."""
        width = len(self.heads.texts)
        for number, cells in zip(numbers, rows, strict=True):
            for column in range(width, len(cells)):
                self._unless_blank(number, column, cells[column], "beyond")
        even = [cells if len(cells) == width else [*cells[:width], *[None] * (width - len(cells))] for cells in rows]
        cells_of = list(zip(*even, strict=True))
        for column, facts in self.columns.items():
            for i, fault in facts.read(cells_of[column]):
                self._add(numbers[i], column, cells_of[column][i], fault.key, **fault.given)
        for column in self.heads.headless:
            for number, cell in zip(numbers, cells_of[column], strict=True):
                self._unless_blank(number, column, cell, "blank_head")
        for number, cells in zip(numbers, even, strict=True):
            self._station(number, cells)

    def _unless_blank(self, number: int, column: int, cell, key: str) -> None:
        if text_of(cell):
            self._add(number, column, cell, key)

    def _station(self, number: int, cells: Sequence) -> None:
        row, self.rows = self._row(number, cells), self.rows + 1
        for column in {*self.heads.special_at.values(), *self.heads.group_at}:
            if cells[column] is MERGED:
                self._add(number, column, "", "merged")
        if not row.id:
            self._add(number, 0, "", "no_station")
            return
        if _UNDERNEATH.match("".join(row.id.split())):
            self._add(number, 0, row.id, "underneath")
            return
        if _mangled(cells[0]):
            self._add(number, 0, cells[0], "mangled")
        layers = self.stations.setdefault(row.id, {})
        if row.layer in layers:
            self._add(number, 0, row.id, "twice", first=layers[row.layer].number)
            return
        layers[row.layer] = row

    def _row(self, number: int, cells: Sequence) -> _Row:
        def special(name: str) -> str:
            place = self.heads.special_at.get(name)
            return text_of(cells[place]) if place is not None else ""

        layer = self._layer(number, special("layer"))
        vetoes = {code: self._vetoed(number, column, cells[column]) for column, code in self.heads.veto_at.items()}
        return _Row(
            number=number,
            at=self.rows,
            id=text_of(cells[0]),
            name=special("name"),
            kind=self._kind(number, special("class"), layer),
            group=" · ".join(text_of(cells[at]) for at in self.heads.group_at),
            layer=layer,
            vetoes={code: why for code, why in vetoes.items() if why is not None},
        )

    def _vetoed(self, number: int, column: int, cell) -> str | None:
        try:
            return veto(cell)
        except Fault as fault:
            self._add(number, column, cell, fault.key)
            return None

    def _kind(self, number: int, kind: str, layer: str) -> str:
        classes = self.standard.classes
        place = self.heads.special_at.get("class")
        if not kind and (len(classes) == 1 or place is None or layer != LAYERS[0]):
            return classes[0] if len(classes) == 1 else ""
        if not kind:
            self._add(number, place, "", "blank_class", classes=self.heads.classes())
        elif kind not in classes:
            near = self.heads.near_class(kind)
            self._add(number, place, kind, "unknown_class", near=near, classes=self.heads.classes())
        return kind

    def _layer(self, number: int, text: str) -> str:
        layer = _LAYER_WORDS.get(text.lower())
        if layer is None:
            self._add(number, self.heads.special_at["layer"], text, "unknown_layer")
        return layer or LAYERS[0]

    # -- all together ------------------------------------------------------------------------

    def _facts(self) -> Facts:
        rows = list(self._own_rows())
        at = np.array([row.at for row in rows], dtype=np.int64)
        above = [np.array([row.above.get(name, -1) for row in rows], dtype=np.int64) for name in self.layers[1:]]
        claimed = "layer" in self.heads.special_at and len(self.layers) > 1
        columns, own = {}, {}
        for column, code in self.heads.metric_at.items():
            answers = self.columns[column].answers()
            columns[code] = _overlaid(answers, at, above)
            if claimed and "@" not in code:
                own[code] = answers[at]
        return Facts(
            ids=tuple(row.id for row in rows),
            names=tuple(row.name for row in rows),
            kinds=tuple(row.kind for row in rows),
            groups=tuple(row.group for row in rows),
            columns=columns,
            own=own,
            absent=tuple(code for code in self.standard.metrics if code not in columns),
            vetoes=tuple(row.vetoes for row in rows),
        )

    def _own_rows(self) -> Iterator[_Row]:
        """Each station's own row, knowing the rows of the layers that lie over it."""
        for id, layers in self.stations.items():
            own = layers.get(LAYERS[0])
            if own is None:
                self._add(min(row.number for row in layers.values()), 0, id, "no_self")
                continue
            for name in self.layers[1:]:
                if name in layers:
                    self._same(own, layers[name])
                    own.vetoes.update(layers[name].vetoes)
                    own.above[name] = layers[name].at
            yield own

    def _same(self, own: _Row, upper: _Row) -> None:
        place = self.heads.special_at.get("class")
        if upper.kind and upper.kind != own.kind and place is not None:
            self._add(upper.number, place, upper.kind, "moved", first=own.number, what="class")


@dataclass
class _Row:
    """What is told of a station beside its facts.

    at     its place among the rows that are not empty
    above  layer -> place of the row that lies over it
    """

    number: int
    at: int
    id: str
    name: str
    kind: str
    group: str
    layer: str
    vetoes: dict
    above: dict[str, int] = field(default_factory=dict)


def _overlaid(answers: np.ndarray, at: np.ndarray, above: Sequence[np.ndarray]) -> np.ndarray:
    """(n,) answers of stations: the rows `at` under upper rows (-1 where there is none), whose blanks show through."""
    found = answers[at]
    for places in above:
        upper = np.append(answers, np.nan)[places]
        found = np.where(np.isnan(upper), found, upper)
    return found


def _mangled(cell) -> bool:
    """Has a spreadsheet lost digits of a code?"""
    if isinstance(cell, str):
        return bool(_POWER.fullmatch(cell.strip()))
    return isinstance(cell, int | float) and abs(cell) >= _TOO_LONG
