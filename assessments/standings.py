"""Places at every level of the bureau tree, worked out once from stored scores and read by index."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from stations.models import Bureau

from . import copying
from .models import Assessment, Period, Standing
from .scoring import rank

_OUTSIDE = -1


class Field(NamedTuple):
    """Who competes: n assessments of a period, each in its own bureau.

    ids, stations  (n,) numbers of the assessments and of their stations
    bureaus        (n,) numbers of the assessments' own bureaus
    rates          (n,) hundredths of a percent
    ranked         (n,) bool: has a place anywhere
    published      (n,) bool
    """

    ids: np.ndarray
    stations: np.ndarray
    bureaus: np.ndarray
    rates: np.ndarray
    ranked: np.ndarray
    published: np.ndarray


_FIELD = """
SELECT a.id, a.station_id, a.bureau_id, coalesce(s.rate, r.rate, 0) AS rate,
       coalesce(s.is_rankable, r.is_rankable, false) AS ranked, a.official_rank_id IS NOT NULL AS published
  FROM assessments_assessment a
  LEFT JOIN assessments_score s
    ON s.assessment_id = a.id AND s.layer = 'confirmed' AND a.official_rank_id IS NOT NULL
  LEFT JOIN assessments_runscore r
    ON r.assessment_id = a.id AND r.layer = 'confirmed' AND a.state = 'confirmed' AND a.official_rank_id IS NULL
 WHERE a.period_id = %(period)s AND a.bureau_id IN (SELECT id FROM stations_bureau WHERE path LIKE %(below)s)
"""
_SHAPE = {
    "ids": copying.BIGINT,
    "stations": copying.BIGINT,
    "bureaus": copying.BIGINT,
    "rates": copying.INT,
    "ranked": copying.BOOL,
    "published": copying.BOOL,
}


def store_complete(period: Period, bureau: Bureau, *, anew: bool = False) -> int:
    """After a publication for `bureau`: final places of it, of all below, and of those above that are now complete.

    Final places stay as they are, unless a new version of a publication asks for all of them `anew`.
    """
    top = bureau
    for above in _above(period, bureau):
        if _unpublished(period, above):
            break
        top = above
    if anew:
        _clear_final(period, top)
    return store(period, top)


def _above(period: Period, bureau: Bureau) -> Iterable[Bureau]:
    """The bureaus over this one up to the period's own, nearest first."""
    paths = [bureau.path[:end] for end in range(bureau.steplen, len(bureau.path), bureau.steplen)]
    return Bureau.objects.filter(path__in=paths, path__startswith=period.bureau.path).order_by("-path")


def _unpublished(period: Period, bureau: Bureau) -> bool:
    below = Assessment.objects.filter(period=period, bureau__path__startswith=bureau.path)
    return below.filter(official_rank=None).exists()


def store(period: Period, top: Bureau) -> int:
    """Places of every bureau from `top` down; how many, none in a rehearsal. Final ones stay as they are.

    What is published counts as published, what is only confirmed as the last run scored it.
    """
    if period.is_rehearsal:
        return 0
    rows = copying.read(_FIELD, {"period": period.pk, "below": top.path + "%"}, _SHAPE)
    field = Field(*(rows[name].astype(bool if kind == copying.BOOL else np.int64) for name, kind in _SHAPE.items()))
    return _place(period, top, field) if len(rows) else 0


def _place(period: Period, top: Bureau, field: Field) -> int:
    settled = set(Standing.objects.for_period(period).final().values_list("bureau", flat=True).distinct().order_by())
    numbers = dict(Bureau.objects.filter(path__startswith=top.path).values_list("path", "pk"))
    paths = {pk: path for path, pk in numbers.items()}
    before = _before(period)
    _clear(period, [pk for pk in paths if pk not in settled])
    own, where = np.unique(field.bureaus, return_inverse=True)
    own = [paths[pk] for pk in own.tolist()]
    count = 0
    for end in range(len(top.path), max(map(len, own)) + 1, top.steplen):
        at = [numbers[path[:end]] if len(path) >= end else _OUTSIDE for path in own]
        at = np.array([_OUTSIDE if pk in settled else pk for pk in at])[where]
        count += _store_level(period, field, at, before)
    return count


def _clear_final(period: Period, top: Bureau) -> None:
    Standing.objects.for_period(period).final().filter(bureau__in=Bureau.objects.within(top)).delete()


def _clear(period: Period, bureaus: list[int]) -> None:
    Standing.objects.for_period(period).filter(bureau__in=bureaus, is_final=False).delete()


def _store_level(period: Period, field: Field, at: np.ndarray, before: np.ndarray) -> int:
    """One level of the tree: `at` is each assessment's bureau there, _OUTSIDE for who has none."""
    inside = at != _OUTSIDE
    places = rank(field.rates, at, field.ranked & inside)
    rows = np.flatnonzero(places)
    _, group = np.unique(at, return_inverse=True)
    open_there = np.bincount(group, weights=~field.published)[group] > 0
    of = np.bincount(group, weights=places > 0)[group]
    rows = rows[np.lexsort((places[rows], at[rows]))]  # in the order of the index, which is faster to build so
    had, now = _had(before, at[rows], field.stations[rows]), places[rows]
    copying.write(
        "assessments_standing",
        {
            "period_id": (copying.BIGINT, np.full(len(rows), period.pk)),
            "bureau_id": (copying.BIGINT, at[rows]),
            "assessment_id": (copying.BIGINT, field.ids[rows]),
            "rank": (copying.INT, now),
            "of": (copying.INT, of[rows]),
            "rate": (copying.INT, field.rates[rows]),
            "change": (copying.INT, np.where(had > 0, had - now, copying.NOTHING)),
            "is_final": (copying.BOOL, ~open_there[rows]),
        },
    )
    return len(rows)


_BEFORE = """
SELECT s.bureau_id, a.station_id, s.rank FROM assessments_standing s
  JOIN assessments_assessment a ON a.id = s.assessment_id WHERE s.period_id = %(period)s AND s.is_final
"""


def _before(period: Period) -> np.ndarray:
    """(k, 3) bureau, station and place of the period before, in this order."""
    if period.previous_id is None:
        return np.empty((0, 3), dtype=np.int64)
    shape = {"bureau": copying.BIGINT, "station": copying.BIGINT, "rank": copying.INT}
    rows = copying.read(_BEFORE, {"period": period.previous_id}, shape)
    found = np.stack([rows[name].astype(np.int64) for name in shape], axis=1)
    return found[np.lexsort((found[:, 1], found[:, 0]))]


def _had(before: np.ndarray, bureaus: np.ndarray, stations: np.ndarray) -> np.ndarray:
    """(n,) the place each station had in the same bureau; 0 where it had none."""
    if not len(before):
        return np.zeros(len(bureaus), dtype=np.int64)
    width = int(max(before[:, 1].max(), stations.max(initial=0))) + 1
    keys, wanted = before[:, 0] * width + before[:, 1], bureaus * width + stations
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, before[at, 2], 0)
