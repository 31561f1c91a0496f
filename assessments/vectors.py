"""Frozen vectors: the facts of a layer as one array of numbers, written with every score, read in bulk.

The cells of a vector follow the metrics of its edition: a number, NaN (not answered) or Infinity (not applicable,
whether the class has no such metric, nothing was due or a reviewer approved it).
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from django.db.models import F, Q

from . import answers, copying
from .answers import ABSENT
from .models import Assessment, Layer, Period, Score, State, Vector
from .scoring import Frame, Standard

_FEW = 500  # rows from which COPY is the faster way in
_BATCH = 4096  # rows turned from network order at a time


def cells_of(frame: Frame, standard: Standard) -> np.ndarray:
    """(n, metrics): the cells to freeze of a frame that stands before derived columns are worked out."""
    cells = np.empty((len(frame), len(standard.metrics)))
    for j, code in enumerate(standard.metrics):
        cells[:, j] = frame[code]
        if code in frame.not_applicable:
            cells[frame.not_applicable[code], j] = ABSENT
    return cells


def store(assessments: list[Assessment], layer: str, standard: Standard, cells: np.ndarray, digests: list[str]) -> None:
    """Freeze (n, metrics) cells as the vectors of `layer` in each assessment's present round."""
    if len(assessments) > _FEW:
        _copy(assessments, layer, standard, cells, digests)
        return
    Vector.objects.bulk_create(
        [
            Vector(
                assessment=a,
                layer=layer,
                round=a.round,
                edition_digest=standard.digest,
                facts_digest=digest,
                cells=row.tolist(),
            )
            for a, row, digest in zip(assessments, cells, digests, strict=True)
        ],
        update_conflicts=True,
        unique_fields=["assessment", "layer", "round"],
        update_fields=["edition_digest", "facts_digest", "cells", "written_at"],
    )


def _copy(assessments, layer: str, standard: Standard, cells: np.ndarray, digests: list[str]) -> None:
    pks, count = [a.pk for a in assessments], len(assessments)
    Vector.objects.filter(assessment__in=pks, layer=layer, round=F("assessment__round")).delete()
    copying.write(
        "assessments_vector",
        {
            "assessment_id": (copying.BIGINT, np.array(pks)),
            "layer": (copying.text(len(layer)), np.full(count, layer.encode())),
            "round": (copying.SMALLINT, np.array([a.round for a in assessments])),
            "edition_digest": (copying.text(64), np.full(count, standard.digest.encode())),
            "facts_digest": (copying.text(64), np.array(digests, dtype="S64")),
            "cells": (copying.floats(cells.shape[1]), cells),
        },
    )


class Frozen(NamedTuple):
    """Vectors of one layer of a period: assessments by number, the digests of their facts, (metrics, n) cells."""

    pks: np.ndarray
    digests: np.ndarray
    cells: np.ndarray


_OF_PERIOD = """
SELECT v.assessment_id, v.facts_digest, v.cells
  FROM assessments_vector v JOIN assessments_assessment a ON a.id = v.assessment_id AND a.round = v.round
 WHERE a.period_id = %(period)s AND v.layer = %(layer)s AND v.edition_digest = %(edition)s
   AND CASE WHEN a.official_rank_id IS NULL THEN a.state ELSE 'published' END = ANY(%(states)s)
"""


def read(period: Period, layer: str, states: Iterable[str] = State.values) -> Frozen:
    """The vectors of a layer in force, of assessments in these states, by assessment number. One COPY.

    What was published counts as published, also while it is being corrected.
    """
    standard = period.edition.standard
    parameters = {
        "period": period.pk,
        "layer": str(layer),
        "edition": standard.digest,
        "states": [str(state) for state in states],
    }
    shape = {
        "assessment": copying.BIGINT,
        "digest": copying.text(64),
        "cells": copying.floats(len(standard.metrics)),
    }
    rows = copying.read(_OF_PERIOD, parameters, shape)
    pks = rows["assessment"].astype(np.int64)
    order = np.argsort(pks)
    cells, found = np.empty((len(standard.metrics), len(rows))), copying.values(rows, "cells")
    for start in range(0, len(rows), _BATCH):
        cells[:, start : start + _BATCH] = found[order[start : start + _BATCH]].T
    return Frozen(pks[order], rows["digest"][order], cells)


def stations(period: Period) -> dict[int, int]:
    """{assessment: its station}, both as numbers. One COPY."""
    sql = "SELECT id, station_id FROM assessments_assessment WHERE period_id = %(period)s"
    rows = copying.read(sql, {"period": period.pk}, {"id": copying.BIGINT, "station": copying.BIGINT})
    return dict(zip(rows["id"].tolist(), rows["station"].tolist(), strict=True))


_SCORED = {
    Layer.SELF: (State.SUBMITTED, State.VERIFYING, State.VERIFIED, State.CONFIRMED, State.PUBLISHED),
    Layer.VERIFIED: (State.VERIFIED, State.CONFIRMED, State.PUBLISHED),
    Layer.CONFIRMED: (State.CONFIRMED, State.PUBLISHED),
}


def rebuild(period: Period) -> int:
    """Write the vectors of a period's present rounds anew from the stored facts; how many there are.

    A layer that has not been scored yet has none; what a returned round had stays as it was.
    """
    standard, count = period.edition.standard, 0
    for layer, states in _SCORED.items():
        scored = Score.objects.for_period(period).layer(layer).values("assessment")
        counts = Q(state__in=states) | Q(official_rank__isnull=False)
        assessments = list(Assessment.objects.filter(counts, pk__in=scored).order_by("pk"))
        for start in range(0, len(assessments), _BATCH):
            few = assessments[start : start + _BATCH]
            stored = answers.stored([a.pk for a in few], layer)
            facts = [stored.get(a.pk, {}) for a in few]
            store(
                few,
                layer,
                standard,
                answers.matrix(facts, standard.metrics).T,
                [answers.digest(each) for each in facts],
            )
        count += len(assessments)
    return count
