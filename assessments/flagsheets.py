"""What flags are looked for in, read from stored answers: vectors, scores and evidence, in a few queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from django.db.models import F, Q
from django.db.models.functions import Length

from . import answers, reusing
from .answers import Cell
from .models import Assessment, Evidence, Layer, Period, Score, Vector
from .scoring import Frame, Scores, Standard
from .scoring.comparable import same_measure
from .scoring.context import with_derived
from .scoring.flags import File, Sheets
from .scoring.limits import Limits
from .scoring.repeated import Text

PERIODS = 8  # earlier periods that a station is held against: two years of quarters


@dataclass(frozen=True)
class Earlier:
    """The periods before one, newest first."""

    periods: tuple[Period, ...]

    @classmethod
    def of(cls, period: Period) -> "Earlier":
        """Following `previous` inside the same bureau. One query."""
        if period.previous_id is None:
            return cls(())
        found = Period.objects.filter(bureau=period.bureau_id).select_related("edition")
        by_pk = {each.pk: each for each in found}
        chain: list[Period] = []
        at = by_pk.get(period.previous_id)
        while at is not None and len(chain) < PERIODS:
            chain.append(at)
            at = by_pk.get(at.previous_id)
        return cls(tuple(chain))

    @property
    def pks(self) -> list[int]:
        return [period.pk for period in self.periods]


class _Row(NamedTuple):
    """A score: points and offered hold None where a criterion does not apply; rate in hundredths of a percent."""

    points: list
    offered: list
    rate: int | None


def of(assessments: Sequence[Assessment], earlier: Earlier, limits: Limits) -> Sheets:
    """The sheets of submitted assessments of one period. Four queries; stations go by their number.

    A station appears with the facts of its self layer as they were submitted, its past with confirmed facts.
    """
    period = assessments[0].period
    standard = period.edition.standard
    vectors = _vectors(assessments, earlier)
    frame = _frame(vectors.get(period.pk, {}), standard, standard, assessments)
    now, before = _scores(assessments, earlier)
    files, texts = _evidence(assessments, earlier, limits)
    return Sheets(
        standard=standard,
        frame=frame,
        groups=np.array([a.group for a in assessments]),
        scores=_as_scores(standard, [now.get((a.station_id, Layer.SELF)) for a in assessments]),
        past=[_frame(vectors.get(p.pk, {}), p.edition.standard, standard, assessments) for p in earlier.periods],
        before=_shares(standard, earlier, [before.get(a.station_id) for a in assessments]),
        fresh=_fresh(standard, assessments, files, earlier),
        verified=_points(standard, [_verified(now, a) for a in assessments]),
        rates=np.array(
            [[_percent(now.get((a.station_id, Layer.SELF))), _percent(_verified(now, a))] for a in assessments]
        ),
        texts=texts,
        files=files,
        names=[name for a in assessments for name in (a.station.name, a.station.name_en)],
    )


def own(assessment: Assessment, cells: dict[str, Cell], earlier: Earlier) -> Sheets:
    """One station's sheet as it stands, beside its own past alone. One query."""
    standard = assessment.period.edition.standard
    frame = answers.frame_of(assessment, standard, cells)
    frame = with_derived(Frame(_ids([assessment]), frame.kinds, frame.columns, frame.not_applicable), standard)
    vectors = _vectors([assessment], earlier, now=False)
    past = [_frame(vectors.get(p.pk, {}), p.edition.standard, standard, [assessment]) for p in earlier.periods]
    return Sheets(standard, frame, np.array([assessment.group]), past=past)


def _ids(assessments: Iterable[Assessment]) -> np.ndarray:
    return np.array([str(a.station_id) for a in assessments], dtype=str)


def _vectors(assessments: Sequence[Assessment], earlier: Earlier, *, now: bool = True) -> dict[int, dict[int, list]]:
    """{period: {station: cells}}, self facts of now and confirmed ones of earlier periods. One query."""
    stations = [a.station_id for a in assessments]
    wanted = Q(layer=Layer.CONFIRMED, assessment__period__in=earlier.pks, assessment__station__in=stations)
    if now:
        wanted |= Q(layer=Layer.SELF, assessment__in=[a.pk for a in assessments])
    found: dict[int, dict[int, list]] = {}
    in_force = Vector.objects.filter(wanted, round=F("assessment__round")).order_by()
    for period, station, cells in in_force.values_list("assessment__period", "assessment__station", "cells"):
        found.setdefault(period, {})[station] = cells
    return found


def _frame(cells: dict[int, list], asked: Standard, standard: Standard, assessments: Sequence[Assessment]) -> Frame:
    """Cells of an edition `asked` as a frame of `standard`, whose other metrics are not answered."""
    nothing = [np.nan] * len(asked.metrics)
    # A vector of another number of metrics was written for another edition: nothing is known of it here.
    rows = [row if len(row := cells.get(a.station_id, nothing)) == len(nothing) else nothing for a in assessments]
    matrix = np.array(rows, dtype=float).reshape(len(assessments), len(nothing)).T
    there = {code: j for j, code in enumerate(asked.metrics)}
    blank = np.full(len(assessments), np.nan)
    columns = np.array([matrix[there[code]] if code in there else blank for code in standard.metrics])
    frame = answers.frame_of_cells(columns, standard.metrics, [], [a.station_class_id for a in assessments])
    return with_derived(Frame(_ids(assessments), frame.kinds, frame.columns, frame.not_applicable), standard)


def _scores(assessments: Sequence[Assessment], earlier: Earlier) -> tuple[dict, dict]:
    """{(station, layer): row} of now, {station: confirmed row} of the period before. One query."""
    wanted = Q(assessment__in=[a.pk for a in assessments])
    before = earlier.pks[:1]
    if before:
        stations = [a.station_id for a in assessments]
        wanted |= Q(assessment__period__in=before, assessment__station__in=stations, layer=Layer.CONFIRMED)
    rows = (
        Score.objects.filter(wanted)
        .order_by()
        .values_list("assessment__period", "assessment__station", "layer", "points", "offered", "rate")
    )
    now, then = {}, {}
    for period, station, layer, *row in rows:
        if period in before:
            then[station] = _Row(*row)
        else:
            now[station, layer] = _Row(*row)
    return now, then


def _verified(now: dict, assessment: Assessment) -> _Row | None:
    """The highest layer that the bureau has finished."""
    station = assessment.station_id
    return now.get((station, Layer.CONFIRMED), now.get((station, Layer.VERIFIED)))


def _as_scores(standard: Standard, rows: list[_Row | None]) -> Scores:
    scores = Scores.empty(standard, len(rows))
    points = _points(standard, rows)
    applicable = ~np.isnan(points)
    scores.points[:] = np.nan_to_num(points)
    scores.offered[:] = np.nan_to_num(_table(standard, rows, "offered"))
    scores.applicable[:] = scores.answered[:] = applicable
    return scores


def _points(standard: Standard, rows: list[_Row | None]) -> np.ndarray:
    """(n, c) points in units, NaN where unknown or not applicable."""
    return _table(standard, rows, "points")


def _table(standard: Standard, rows: list[_Row | None], field: str) -> np.ndarray:
    nothing = [None] * len(standard.criteria)
    return np.array([getattr(row, field) if row else nothing for row in rows], dtype=float).reshape(len(rows), -1)


def _shares(standard: Standard, earlier: Earlier, rows: list[_Row | None]) -> np.ndarray:
    """(n, c) share of full points in the period before, item by item of the present standard.

    NaN where it is unknown, and where that edition measured something else.
    """
    found = np.full((len(rows), len(standard.criteria)), np.nan)
    if not earlier.periods:
        return found
    then = earlier.periods[0].edition.standard
    at_then, at_now = same_measure(then, standard).columns
    found[:, at_now] = _points(then, rows)[:, at_then] / [then.criteria[j].full for j in at_then]
    return found


def _percent(row: _Row | None) -> float:
    return np.nan if row is None or row.rate is None else row.rate / 100


def _evidence(assessments: Sequence[Assessment], earlier: Earlier, limits: Limits) -> tuple[list[File], list[Text]]:
    """Files and captions of now, and of earlier periods those that may be the same. Two queries."""
    here = Evidence.objects.present().order_by().values_list(*_SHOWN)
    now = list(here.filter(assessment__in=[a.pk for a in assessments]))
    then = Evidence.objects.none()
    if now and earlier.periods:
        same = Q(digest__in={row[3] for row in now}) | Q(length__gte=limits.text_length)
        stations = [a.station_id for a in assessments]
        past = here.filter(assessment__period__in=earlier.pks, assessment__station__in=stations)
        then = past.alias(length=Length("caption")).filter(same)
    both = [_shown(row, "") for row in now] + [_shown(row, str(row[1])) for row in then]
    return [file for file, _text in both], [text for _file, text in both if text.text]


_SHOWN = (
    "assessment__station assessment__period criterion digest name caption carried_from valid_until added_at"
).split()


def _shown(row: tuple, when: str) -> tuple[File, Text]:
    station, _period, item, digest, name, caption, *taken_up = row
    again = reusing.is_rightful(*taken_up)
    return File(str(station), when, item, digest, name, again), Text(str(station), when, item, caption, again)


def _fresh(standard: Standard, assessments: Sequence[Assessment], files: list[File], earlier: Earlier) -> np.ndarray:
    """(n, c) bool: was a file added for the item that the period before did not have for it?"""
    before = str(earlier.pks[0]) if earlier.periods else None
    old = {(f.station, f.criterion, f.digest) for f in files if f.period == before}
    row = {str(a.station_id): i for i, a in enumerate(assessments)}
    column = {criterion.id: j for j, criterion in enumerate(standard.criteria)}
    fresh = np.zeros((len(assessments), len(standard.criteria)), dtype=bool)
    for file in files:
        if not file.period and (file.station, file.criterion, file.digest) not in old and file.criterion in column:
            fresh[row[file.station], column[file.criterion]] = True
    return fresh
