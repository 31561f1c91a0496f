"""What a rule compares a station with besides norms and groups: its earlier facts and its own claims.

    before            the period that Period.previous names
    year_before       the period that Period.year_before names
    two_years_before  the year_before of that one
    claims            the self layer of the same assessment

Earlier facts are the confirmed ones; a station without a confirmed result then has no base to compare with. A
publication freezes both as they were used, so that nothing written later can move a published score:

    {"before": {"metrics": ["m.x", "m.y"], "stations": {"S001": [3, null], "S002": ["na", 1.5]}}}

null is not answered, "na" not applicable. Only metrics that some rule looks at are read and frozen.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from django.db.models import Q

from . import answers, vectors
from .answers import ABSENT
from .models import Assessment, Layer, Period, Publication, State
from .scoring import Frame, Standard
from .scoring.options import CLAIM

CONFIRMED = (State.CONFIRMED, State.PUBLISHED)
_LOOKS = {
    "before": ("@before",),
    "year_before": ("@year_before", "@two_year_mean"),
    "two_years_before": ("@two_year_mean",),
}


@dataclass(frozen=True)
class Bases:
    """What scoring.prepare takes as `past` and `claims`; their rows go by the number of the present assessment."""

    past: dict[str, Frame] = field(default_factory=dict)
    claims: Frame | None = None


NONE = Bases()


def metrics(standard: Standard, *suffixes: str) -> tuple[str, ...]:
    """The facts behind everything that some rule looks at as `metric + suffix`, formulas followed to their metrics."""
    found: dict[str, None] = {}
    for suffix in suffixes:
        for code in standard.looked_at(suffix):
            _follow(standard, code, found)
    return tuple(found)


def _follow(standard: Standard, code: str, found: dict[str, None]) -> None:
    if code in standard.metrics:
        found[code] = None
    else:
        for used in standard.derived[code].uses:
            _follow(standard, used, found)


def looks_back(standard: Standard) -> bool:
    """Whether any rule looks at earlier facts or at claims."""
    return any(metrics(standard, *suffixes) for suffixes in (*_LOOKS.values(), (CLAIM,)))


def of(assessments: list[Assessment], layer: str) -> Bases:
    """Those of assessments of one period as they count now: frozen once all are published. No query without a need.

    A self layer is held against itself, so that no claim is wrong there.
    """
    standard = assessments[0].period.edition.standard
    if looks_back(standard) and all(_counts_as_published(a, layer) for a in assessments):
        return _frozen(assessments, layer)
    return as_stored(assessments, layer, standard)


def _counts_as_published(assessment: Assessment, layer: str) -> bool:
    """What was published stays so while it is being corrected; the correction itself is made of what counts now."""
    is_official = layer == Layer.CONFIRMED and assessment.official_rank_id is not None
    return is_official or assessment.state == State.PUBLISHED


def as_stored(assessments: list[Assessment], layer: str, standard: Standard) -> Bases:
    """What the rules of any standard look at, from the facts as they stand now. No query without a need."""
    if not looks_back(standard):
        return NONE
    by_station = {a.station_id: a for a in assessments}
    past = {}
    for name, earlier in periods(assessments[0].period).items():
        codes = metrics(standard, *_LOOKS[name])
        if codes and earlier:
            past[name] = _facts_then(earlier, by_station, codes)
    return Bases(past, _claims(assessments, standard) if layer != Layer.SELF else None)


def periods(period: Period) -> dict[str, int | None]:
    """{name: the earlier period's number, None where there is none}. At most one query."""
    two = None
    if period.year_before_id:
        two = Period.objects.filter(pk=period.year_before_id).values_list("year_before", flat=True).first()
    return {"before": period.previous_id, "year_before": period.year_before_id, "two_years_before": two}


def _facts_then(period: int, by_station: dict[int, Assessment], codes: tuple[str, ...]) -> Frame:
    """Confirmed facts of another period under the numbers of today's assessments. Two queries."""
    counts = Q(state__in=CONFIRMED) | Q(official_rank__isnull=False)
    then = Assessment.objects.filter(counts, period=period, station__in=by_station)
    pairs = dict(then.filter(scores__layer=Layer.CONFIRMED).values_list("pk", "station"))
    facts = answers.stored(pairs, Layer.CONFIRMED)
    now = [by_station[station] for station in pairs.values()]
    return _frame(answers.matrix([facts.get(pk, {}) for pk in pairs], codes), codes, now)


def of_rows(period: Period, layer: str, pks: np.ndarray, stations: np.ndarray, kinds: np.ndarray) -> Bases:
    """The same for many assessments that are not published yet, from frozen vectors; row i is assessment pks[i]."""
    standard = period.edition.standard
    if not looks_back(standard):
        return NONE
    past = {}
    for name, number in periods(period).items():
        codes = metrics(standard, *_LOOKS[name])
        if codes and number:
            past[name] = _vectors_then(number, codes, pks, stations, kinds)
    codes = metrics(standard, CLAIM)
    return Bases(past, _claimed(period, codes, pks, kinds) if codes and layer != Layer.SELF else None)


def _vectors_then(number: int, codes: tuple[str, ...], pks, stations, kinds) -> Frame:
    """Two COPYs and a query."""
    period = Period.objects.select_related("edition").get(pk=number)
    found = vectors.read(period, Layer.CONFIRMED, CONFIRMED)
    station_of = vectors.stations(period)
    then = np.array([station_of[pk] for pk in found.pks.tolist()], dtype=np.int64)
    order = np.argsort(stations)
    at = order[np.minimum(np.searchsorted(stations, then, sorter=order), len(order) - 1)]
    here = stations[at] == then
    cells = _columns(found.cells[:, here], tuple(period.edition.standard.metrics), codes)
    return answers.frame_of_cells(cells, codes, pks[at[here]], kinds[at[here]])


def _claimed(period: Period, codes: tuple[str, ...], pks, kinds) -> Frame:
    found = vectors.read(period, Layer.SELF)
    here = np.isin(found.pks, pks)
    cells = _columns(found.cells[:, here], tuple(period.edition.standard.metrics), codes)
    mine = found.pks[here]
    return answers.frame_of_cells(cells, codes, mine, kinds[np.searchsorted(pks, mine)])


def _columns(cells: np.ndarray, there: tuple[str, ...], codes: tuple[str, ...]) -> np.ndarray:
    """The rows of `codes` out of those of `there`; what an edition did not ask is not answered."""
    found = np.full((len(codes), cells.shape[1]), np.nan)
    for j, code in enumerate(codes):
        if code in there:
            found[j] = cells[there.index(code)]
    return found


def _claims(assessments: list[Assessment], standard: Standard) -> Frame | None:
    codes = metrics(standard, CLAIM)
    if not codes:
        return None
    facts = answers.stored([a.pk for a in assessments], Layer.SELF)
    return _frame(answers.matrix([facts.get(a.pk, {}) for a in assessments], codes), codes, assessments)


def _frame(cells: np.ndarray, codes, assessments: Iterable[Assessment]) -> Frame:
    assessments = list(assessments)
    return answers.frame_of_cells(cells, codes, [a.pk for a in assessments], [a.station_class_id for a in assessments])


def as_json(bases: Bases, station_of: dict[str, str]) -> dict:
    """{"past": …, "claims": …} to freeze; `station_of` gives the station's code for the id of a row."""
    return {
        "past": {name: _as_json(frame, station_of) for name, frame in bases.past.items()},
        "claims": _as_json(bases.claims, station_of) if bases.claims is not None else {},
    }


def _as_json(frame: Frame, station_of: dict[str, str]) -> dict:
    columns = [_plain(frame, code) for code in frame.columns]
    rows = (list(row) for row in zip(*columns, strict=True))
    return {
        "metrics": list(frame.columns),
        "stations": {station_of[id]: row for id, row in zip(frame.ids.tolist(), rows, strict=True)},
    }


def _plain(frame: Frame, code: str) -> list:
    absent = frame.not_applicable.get(code, np.zeros(len(frame), dtype=bool))
    pairs = zip(frame[code].tolist(), absent.tolist(), strict=True)
    return ["na" if gone else None if value != value else value for value, gone in pairs]


def _frozen(assessments: list[Assessment], layer: str) -> Bases:
    """What the publications that count froze. One query."""
    those = Assessment.objects.filter(pk__in=[a.pk for a in assessments]).values("official_rank__publication")
    publications = list(Publication.objects.filter(pk__in=those).only("past", "claims"))
    return frozen(publications, assessments, layer)


def frozen(publications: list[Publication], assessments: list[Assessment], layer: str) -> Bases:
    """What these publications froze, as far as it concerns these assessments. No query."""
    past = {
        name: _thawed([p.past[name] for p in publications if name in p.past], assessments)
        for name in _LOOKS
        if any(name in p.past for p in publications)
    }
    claims = [p.claims for p in publications if p.claims]
    return Bases(past, _thawed(claims, assessments) if claims and layer != Layer.SELF else None)


def _thawed(frozen: list[dict], assessments: list[Assessment]) -> Frame:
    codes = frozen[0]["metrics"]
    rows = {station: row for each in frozen for station, row in each["stations"].items()}
    there = [a for a in assessments if a.station.code in rows]
    numbers = [[ABSENT if v == "na" else v for v in rows[a.station.code]] for a in there]
    return _frame(np.ascontiguousarray(np.array(numbers, dtype=float).reshape(len(there), len(codes)).T), codes, there)
