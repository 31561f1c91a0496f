"""What stands out in the sheets of a period: questions for a human. A flag never changes a point."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from . import copied, outliers, repeated
from .frame import Frame
from .limits import Limits
from .past import rows_in, values_at
from .repeated import Text
from .rules.checked import Misreport
from .scores import Scores
from .standard import Standard

SHOWN = 3  # equal facts, and other stations, that a flag names


class File(NamedTuple):
    """One piece of evidence. `period` "" is the present one; equal digests are equal files.

    again  it was rightfully used again, from the station's own evidence of the same item in an earlier period
    """

    station: str
    period: str
    criterion: str
    digest: str
    name: str
    again: bool = False


@dataclass(frozen=True)
class Flag:
    """One thing that stands out at one station. Which fields are filled depends on `kind` (limits.KINDS).

    metric     the figure it is about, "" otherwise
    criterion  the item it is about, "" otherwise
    value      what there is: a fact, points in units, a rate in percent
    against    what it is compared with, on the same scale
    strength   how far beyond the limit: 1 is just there, 2 twice as far
    count, of  how many, of how many: equal facts of telling ones, earlier periods, items, stations of the group
    others     other stations, the likest first; `more` there are besides
    period     the other period, "" for the present one
    facts      figures that show it best
    text       the text or file name that is repeated
    """

    kind: str
    station: str
    metric: str = ""
    criterion: str = ""
    value: float | None = None
    against: float | None = None
    strength: float = 1.0
    count: int = 0
    of: int = 0
    others: tuple[str, ...] = ()
    more: int = 0
    period: str = ""
    facts: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, eq=False)
class Sheets:
    """n sheets of one period, and what they are held against. Points are in units of 10^-decimals.

    frame     facts as the stations state them, prepared
    groups    (n,) comparison group of each
    scores    points of those facts; None skips what is about points
    past      frames of earlier periods with derived columns, newest first; a station may be missing in any
    before    (n, c) share of an item's full points in the period before; NaN where unknown
    fresh     (n, c) bool: was evidence handed in for the item that the period before did not have? None where unknown
    verified  (n, c) points as verified; NaN while unknown
    rates     (n, 2) own and verified rate in percent; NaN while unknown
    """

    standard: Standard
    frame: Frame
    groups: np.ndarray
    scores: Scores | None = None
    past: Sequence[Frame] = ()
    before: np.ndarray | None = None
    fresh: np.ndarray | None = None
    verified: np.ndarray | None = None
    rates: np.ndarray | None = None
    texts: Sequence[Text] = ()
    files: Sequence[File] = ()
    names: Sequence[str] = field(default_factory=tuple)  # of stations, left out when texts are compared


def find(sheets: Sheets, limits: Limits | None = None, wanted: np.ndarray | None = None) -> dict[str, list[Flag]]:
    """{station: its flags, the gravest kind first, in it the strongest}; stations without one are left out.

    wanted  (n,) bool, the stations whose flags are asked for; the others serve for comparison
    """
    looked = _Looked(sheets, limits or Limits(), np.ones(len(sheets.frame), bool) if wanted is None else wanted)
    found: dict[str, list[Flag]] = defaultdict(list)
    for kind, look in _LOOKS.items():
        if looked.limits.looks_for(kind):
            for flag in look(looked):
                found[flag.station].append(flag)
    order = list(_LOOKS)
    return {
        station: sorted(flags, key=lambda flag: (order.index(flag.kind), -flag.strength))
        for station, flags in found.items()
    }


@dataclass(frozen=True, eq=False)
class _Looked:
    sheets: Sheets
    limits: Limits
    wanted: np.ndarray

    def id(self, i: int) -> str:
        return str(self.sheets.frame.ids[i])

    def rows(self, mask: np.ndarray) -> list[int]:
        """Wanted rows where the mask is True."""
        return np.flatnonzero(mask & self.wanted).tolist()

    @cached_property
    def rows_then(self) -> list[np.ndarray]:
        """(n,) rows of the stations in each earlier period, -1 where they were not there."""
        return [rows_in(self.sheets.frame, each, "past") for each in self.sheets.past]

    def earlier(self, code: str) -> np.ndarray:
        """(k, n) what the stations had in earlier periods; NaN where they were not there."""
        return np.array(
            [values_at(each[code], rows) for each, rows in zip(self.sheets.past, self.rows_then, strict=True)]
        )


# -- far from the own past, far from the group ---------------------------------------------------


def _past(at: _Looked) -> Iterator[Flag]:
    limits, standard = at.limits, at.sheets.standard
    if len(at.sheets.past) < limits.past_periods:
        return
    for code in _compared(standard, (*standard.metrics, *standard.derived)):
        now, past = at.sheets.frame[code], at.earlier(code)
        scale = outliers.Scale.of(standard.named(code), [now, past], limits.least_spread, limits.least_spread_points)
        odd = outliers.against_past(now, past, scale, limits.past_periods)
        answered = (~np.isnan(past)).sum(axis=0)
        yield from _odd(at, "past", code, odd, limits.past_z, answered)


def _group(at: _Looked) -> Iterator[Flag]:
    """Figures that a figure per head is worked out from are compared by that one alone: they grow with the station."""
    limits, standard = at.limits, at.sheets.standard
    _, group = np.unique(at.sheets.groups, return_inverse=True)
    parts = {code for derived in standard.derived.values() for code in derived.uses}
    codes = [code for code in (*standard.metrics, *standard.derived) if code not in parts]
    for code in _compared(standard, codes):
        values = at.sheets.frame[code]
        scale = outliers.Scale.of(standard.named(code), [values], limits.least_spread, limits.least_spread_points)
        odd = outliers.against_group(values, group, limits.group_size, scale)
        size = np.bincount(group[~np.isnan(values)], minlength=int(group.max(initial=0)) + 1)[group]
        yield from _odd(at, "group", code, odd, limits.group_z, size)


def _compared(standard: Standard, codes) -> Iterator[str]:
    return (code for code in codes if standard.named(code).kind in outliers.COMPARED)


def _odd(at: _Looked, kind: str, code: str, odd: outliers.Odd, limit: float, count: np.ndarray) -> Iterator[Flag]:
    values = at.sheets.frame[code]
    for i in at.rows(np.abs(odd.z) > limit):
        yield Flag(
            kind,
            at.id(i),
            metric=code,
            value=float(values[i]),
            against=float(odd.median[i]),
            strength=abs(float(odd.z[i])) / limit,
            count=int(count[i]),
        )


# -- the same facts --------------------------------------------------------------------------------


def _copied(at: _Looked) -> Iterator[Flag]:
    """Among all facts, and among those alone that no register knows, which are the ones a person copies."""
    partners: dict[int, dict[int, _Copy]] = defaultdict(dict)
    for codes in (_stated(at.sheets.standard), _typed(at.sheets.standard)):
        for i, j, copy in _copies(at, codes):
            for one, other in ((i, j), (j, i)):
                if other not in partners[one] or copy.bits > partners[one][other].bits:
                    partners[one][other] = copy
    for i in sorted(partners):
        if not at.wanted[i]:
            continue
        likest = sorted(partners[i].items(), key=lambda each: (-each[1].bits, each[0]))
        best = likest[0][1]
        yield Flag(
            "copied",
            at.id(i),
            count=best.same,
            of=best.telling,
            strength=best.strength,
            others=tuple(at.id(j) for j, _ in likest[:SHOWN]),
            more=max(0, len(likest) - SHOWN),
            facts=best.facts,
        )


class _Copy(NamedTuple):
    same: int
    telling: int
    bits: float
    strength: float
    facts: tuple[str, ...]


def _copies(at: _Looked, codes: list[str]) -> Iterator[tuple[int, int, _Copy]]:
    limits, frame = at.limits, at.sheets.frame
    facts = copied.Telling.of([frame[code] for code in codes], limits.common)
    pairs = copied.alike(facts, share=limits.copied_share, least=limits.copied_facts, margin=limits.copied_bits)
    enough = copied.enough(len(frame), limits.copied_bits)
    for k in np.flatnonzero(at.wanted[pairs.first] | at.wanted[pairs.second]):
        i, j, bits = int(pairs.first[k]), int(pairs.second[k]), float(pairs.bits[k])
        equal = np.where(facts.codes[i] == facts.codes[j], facts.bits[i], 0)
        best = [codes[m] for m in np.argsort(-equal, kind="stable")[:SHOWN] if equal[m] > 0]
        yield i, j, _Copy(int(pairs.same[k]), int(pairs.telling[k]), bits, bits / enough, tuple(best))


def _stated(standard: Standard) -> list[str]:
    return [code for code, metric in standard.metrics.items() if metric.kind != "yes_no"]


def _typed(standard: Standard) -> list[str]:
    return [code for code in _stated(standard) if not standard.metrics[code].register]


def _unchanged(at: _Looked) -> Iterator[Flag]:
    """What the station types itself; every figure where the standard asks for too few that no register knows."""
    sheets, least = at.sheets, at.limits.unchanged_facts
    if not sheets.past:
        return
    typed = [code for code, metric in sheets.standard.metrics.items() if not metric.register]
    codes = typed if len(_typed(sheets.standard)) >= least else list(sheets.standard.metrics)
    before = [values_at(sheets.past[0][code], at.rows_then[0]) for code in codes]
    count = copied.unchanged([sheets.frame[code] for code in codes], before, least)
    for i in at.rows(count > 0):
        yield Flag("unchanged", at.id(i), count=int(count[i]), strength=float(count[i]) / least)


# -- points ----------------------------------------------------------------------------------------


def _maxima(at: _Looked) -> Iterator[Flag]:
    if at.sheets.scores is None:
        return
    scores = at.sheets.scores
    due = scores.applicable & (scores.offered > 0)
    count = due.sum(axis=1)
    is_all = (scores.points >= scores.offered).all(axis=1, where=due) & (count >= at.limits.maxima_items)
    for i in at.rows(is_all):
        yield Flag("maxima", at.id(i), count=int(count[i]))


def _jump(at: _Looked) -> Iterator[Flag]:
    sheets = at.sheets
    if sheets.scores is None or sheets.before is None or sheets.fresh is None:
        return
    full = np.array([criterion.full for criterion in sheets.standard.criteria])
    takes = np.array([criterion.evidence != "none" and criterion.full > 0 for criterion in sheets.standard.criteria])
    rise = sheets.scores.points / np.maximum(full, 1) - sheets.before
    jumped = (rise >= at.limits.jump_share) & takes & ~sheets.fresh & sheets.scores.applicable
    yield from _items(at, "jump", jumped, rise / at.limits.jump_share, sheets.scores.points, sheets.before * full)


def _above(at: _Looked) -> Iterator[Flag]:
    sheets = at.sheets
    if sheets.scores is None or sheets.verified is None:
        return
    full = np.array([criterion.full for criterion in sheets.standard.criteria])
    share = (sheets.scores.points - sheets.verified) / np.maximum(full, 1)
    far = (share >= at.limits.above_share) & (full > 0)
    yield from _items(at, "above", far, share / at.limits.above_share, sheets.scores.points, sheets.verified)
    if sheets.rates is not None:
        own, verified = sheets.rates.T
        for i in at.rows(own - verified >= at.limits.above_rate):
            gap = float(own[i] - verified[i])
            rates = {"value": float(own[i]), "against": float(verified[i])}
            yield Flag("above", at.id(i), strength=gap / at.limits.above_rate, **rates)


def _misreport(at: _Looked) -> Iterator[Flag]:
    if at.sheets.verified is None:
        return
    criteria = at.sheets.standard.criteria
    full = np.array([criterion.full for criterion in criteria])
    hit = (at.sheets.verified < full) & np.array([c.rule.shape == Misreport.shape for c in criteria])
    yield from _items(at, "misreport", hit, np.ones(hit.shape), at.sheets.verified, np.broadcast_to(full, hit.shape))


def _items(at: _Looked, kind: str, mask, strength, value, against) -> Iterator[Flag]:
    for i, j in np.argwhere(mask & at.wanted[:, None]).tolist():
        yield Flag(
            kind,
            at.id(i),
            criterion=at.sheets.standard.criteria[j].id,
            value=float(value[i, j]),
            against=float(against[i, j]),
            strength=float(strength[i, j]),
        )


# -- texts and files -------------------------------------------------------------------------------


def _text(at: _Looked) -> Iterator[Flag]:
    wanted = {at.id(i) for i in at.rows(at.wanted)}
    likest: dict[Text, repeated.Likeness] = {}
    limits = {"length": at.limits.text_length, "share": at.limits.text_share}
    for pair in repeated.alike(at.sheets.texts, at.sheets.names, **limits):
        if pair.later.repeats(pair.earlier):
            continue
        likest.setdefault(pair.later, pair)
        if not pair.earlier.period:
            likest.setdefault(pair.earlier, repeated.Likeness(pair.earlier, pair.later, pair.share))
    for text, pair in likest.items():
        if text.station in wanted:
            yield Flag(
                "text",
                text.station,
                criterion=text.place,
                value=pair.share,
                against=at.limits.text_share,
                strength=pair.share / at.limits.text_share,
                others=() if pair.earlier.station == text.station else (pair.earlier.station,),
                period=pair.earlier.period,
                text=text.text,
            )


def _file(at: _Looked) -> Iterator[Flag]:
    """A file that more than a tenth of the stations, and more than two, hand in is a paper that all of them have."""
    wanted = {at.id(i) for i in at.rows(at.wanted)}
    most = max(2, at.limits.common * len(at.sheets.frame))
    by_digest: dict[str, list[File]] = defaultdict(list)
    for file in at.sheets.files:
        by_digest[file.digest].append(file)
    for files in by_digest.values():
        if len(files) < 2 or len({file.station for file in files}) > most:
            continue
        for file in files:
            others = [each for each in files if _elsewhere(each, file)]
            if others and not file.period and file.station in wanted:
                first = min(others, key=lambda each: (each.station == file.station, each.period))
                yield Flag(
                    "file",
                    file.station,
                    criterion=file.criterion,
                    count=len(others),
                    others=() if first.station == file.station else (first.station,),
                    more=len({(each.station, each.period) for each in others}) - 1,
                    period=first.period,
                    text=file.name,
                )


def _elsewhere(one: File, other: File) -> bool:
    """Is `one` another's or of another period, and not what `other` rightfully takes up again?"""
    if other.again and (one.station, one.criterion) == (other.station, other.criterion):
        return False
    return (one.station, one.period) != (other.station, other.period)


# The gravest first: a copied sheet explains why its figures are far from the past.
_LOOKS: dict[str, Callable[[_Looked], Iterator[Flag]]] = {
    "copied": _copied,
    "misreport": _misreport,
    "above": _above,
    "file": _file,
    "text": _text,
    "jump": _jump,
    "group": _group,
    "past": _past,
    "unchanged": _unchanged,
    "maxima": _maxima,
}
