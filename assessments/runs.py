"""Score a whole period in one run: read frozen vectors, evaluate, store scores and the places of every level.

A run is a look at how things stand, for any layer and any number of stations. What it stores are RunScores; the
record, Score and OfficialRank, is written by the acts of the workflow alone.
"""

import json
from typing import NamedTuple

import numpy as np
from django.db import connection, transaction

from . import answers, bases, copying, scores, standings, vectors, vetoes
from .models import Layer, Period, State
from .scoring import Scores, rank

_UNPUBLISHED = tuple(state for state in State.values if state != State.PUBLISHED)


class Run(NamedTuple):
    """How many assessments were scored and how many places stored."""

    scored: int
    placed: int


class Rows(NamedTuple):
    """What the database knows of some assessments besides their facts, by number; sizes are those of their groups."""

    pks: np.ndarray
    stations: np.ndarray
    kinds: np.ndarray
    groups: np.ndarray
    sizes: np.ndarray

    def at(self, index) -> "Rows":
        return Rows(*(column[index] for column in self))


@transaction.atomic
def score(period: Period, layer: str = Layer.CONFIRMED) -> Run:
    """Score every vector of `layer` that is not published yet; with the confirmed layer, place every station.

    What was published is never scored again: its scores are read for the places as they stand.
    """
    Period.objects.select_for_update(of=("self",)).get(pk=period.pk)  # no two runs, and no publication beside one
    frozen = vectors.read(period, layer, _UNPUBLISHED)
    rows = _rows(period)
    here = np.isin(frozen.pks, rows.pks)
    _clear(period, layer)
    if here.any():
        rows = rows.at(np.searchsorted(rows.pks, frozen.pks[here]))
        _score(period, layer, rows, frozen.cells if here.all() else frozen.cells[:, here], frozen.digests[here])
    placed = standings.store(period, period.bureau) if layer == Layer.CONFIRMED else 0
    return Run(int(here.sum()), placed)


def _rows(period: Period) -> Rows:
    """All assessments of a period. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT id, station_id, station_class_id, "group" FROM assessments_assessment WHERE period_id = %s'
            " ORDER BY id",
            [period.pk],
        )
        found = cursor.fetchall()
    columns = zip(*found, strict=True) if found else ([], [], [], [])
    columns = [np.array(column, dtype=kind) for column, kind in zip(columns, (int, int, str, str), strict=True)]
    _, group, sizes = np.unique(columns[-1], return_inverse=True, return_counts=True)
    return Rows(*columns, sizes[group])


def _clear(period: Period, layer: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM assessments_runscore s USING assessments_assessment a "
            "WHERE a.id = s.assessment_id AND a.period_id = %s AND s.layer = %s",
            [period.pk, str(layer)],
        )


def _score(period: Period, layer: str, rows: Rows, cells: np.ndarray, digests: np.ndarray) -> None:
    standard = period.edition.standard
    evaluation = scores.evaluated(
        answers.frame_of_cells(cells, standard.metrics, rows.pks, rows.kinds),
        standard,
        rows.groups,
        period.ends_on,
        layer=layer,
        best=None,
        beside=bases.of_rows(period, layer, rows.pks, rows.stations, rows.kinds),
        decided=vetoes.decided(standard, rows.pks.tolist(), layer),
    )
    judged = evaluation if period.is_rehearsal else evaluation.shared_out(rows.groups)
    _store(rows.pks, layer, judged, digests, _places(period, rows, evaluation))


_BEFORE = """
SELECT now.id, r.rank FROM assessments_officialrank r
  JOIN assessments_assessment a ON a.id = r.assessment_id AND a.period_id = %(previous)s
  JOIN assessments_assessment now
    ON now.period_id = %(period)s AND now.station_id = a.station_id AND now."group" = r."group"
 WHERE r.rank IS NOT NULL
"""


def _places(period: Period, rows: Rows, evaluation: scores.Evaluation) -> dict[str, tuple[np.dtype, np.ndarray]]:
    """Columns: the place in the own group, how many are in it, and the places gained in it since the period before.

    Nobody has a place in a rehearsal.
    """
    taking_part = evaluation.rankable & (not period.is_rehearsal)
    places = rank(evaluation.scores.rate_hundredths, rows.groups, taking_part)
    shape = {"now": copying.BIGINT, "rank": copying.INT}
    before = copying.read(_BEFORE, {"previous": period.previous_id, "period": period.pk}, shape)
    had = np.zeros(len(places), dtype=np.int64)
    here = np.isin(before["now"], rows.pks)
    had[np.searchsorted(rows.pks, before["now"][here])] = before["rank"][here]
    moved = (had > 0) & (places > 0)
    return {
        "rank": (copying.INT, np.where(places > 0, places, copying.NOTHING)),
        "group_size": (copying.INT, rows.sizes),
        "change": (copying.INT, np.where(moved, had - places, copying.NOTHING)),
    }


def _store(pks: np.ndarray, layer: str, evaluation: scores.Evaluation, digests: np.ndarray, places: dict) -> None:
    """Write the rows of `evaluation` by COPY; row i is that of assessment number pks[i]."""
    found, width = evaluation.scores, copying.ints(len(evaluation.standard.criteria))
    columns = {
        "assessment_id": (copying.BIGINT, pks),
        "layer": _same(layer, len(pks)),
        "edition_digest": _same(evaluation.standard.digest, len(pks)),
        "facts_digest": (copying.text(64), digests),
        "points": (width, np.where(found.applicable, found.points, copying.NOTHING)),
        "sections": _sections(found),
        "total": (copying.BIGINT, found.total),
        "offered_total": (copying.BIGINT, found.offered_total),
        "rate": (copying.INT, np.where(found.has_rate, found.rate_hundredths, copying.NOTHING)),
        "applicable_share": (copying.INT, scores.hundredths(found.applicable_share)),
        "is_rankable": (copying.BOOL, evaluation.rankable),
        **places,
    }
    grades = np.array([grade.encode() for grade in evaluation.grades])
    for grade in np.unique(grades).tolist():  # texts of one length at a time
        here = np.flatnonzero(grades == grade)
        here = slice(None) if len(here) == len(pks) else here
        own = {name: (kind, array[here]) for name, (kind, array) in columns.items()}
        copying.write("assessments_runscore", own | {"grade": _same(grade.decode(), len(pks[here]))})


def _same(text: str, count: int) -> tuple[np.dtype, np.ndarray]:
    return copying.text(len(text.encode())), np.full(count, text.encode())


def _sections(found: Scores) -> tuple[np.dtype, np.ndarray]:
    """{section: [earned, offered]} of each row as binary JSONB: its version, then the text, blanks to one length."""
    sections = found.sections()
    words = ", ".join(f"{json.dumps(code).replace('%', '%%')}: [%d, %d]" for code in sections)
    pairs = np.stack([array for pair in sections.values() for array in pair], axis=1)
    texts = [f"\x01{{{words % tuple(row)}}}" for row in pairs.tolist()]
    longest = max(map(len, texts))
    return copying.text(longest), np.array([text.ljust(longest).encode() for text in texts])
