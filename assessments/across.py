"""The change of a rate against the period before, over a change of edition too.

Where both periods have the same edition it is the difference of the rates. Otherwise it is that of the rates over the
criteria that measure the same in both (同口径), and what a page shows of it stands beside a note that says so.
"""

from collections.abc import Sequence

import numpy as np

from .models import Assessment, Layer, OfficialRank, Period, Score
from .scores import rate_of
from .scoring import Scores, Standard
from .scoring.comparable import Earned, Measures, rates, same_measure


def measures(period: Period) -> Measures | None:
    """What the criteria of this period are to those of the period before; None where nothing has to be said of it.

    That is without a period before, and with one of the same edition. No query where `previous` is at hand but for
    an edition that this process has not compiled yet.
    """
    return None if period.previous_id is None else between(period.previous, period)


def between(before: Period, after: Period) -> Measures | None:
    """The same for any two periods."""
    if before.edition_id == after.edition_id:
        return None
    return same_measure(before.edition.standard, after.edition.standard)


def rate_changes(
    period: Period, assessments: Sequence[Assessment], now: Scores, before: dict[int, OfficialRank]
) -> dict[int, int | None]:
    """{assessment: hundredths of a percent gained since the period before, None where nothing can be compared}.

    now     the scores of these assessments that count, row by row
    before  places in the period before by station

    One query where the edition is another one.
    """
    found = measures(period) if before else None
    if found is None:
        had = {station: place.rate for station, place in before.items()}
        return {a.pk: _gained(rate_of(now, i), had.get(a.station_id)) for i, a in enumerate(assessments)}
    was, has = rates(found, _then(period, assessments, found.old), Earned(now.points, now.offered))
    gained = (has - was).tolist()
    return {a.pk: None if each != each else int(each) for a, each in zip(assessments, gained, strict=True)}


def _gained(rate: int | None, had: int | None) -> int | None:
    return None if rate is None or had is None else rate - had


def _then(period: Period, assessments: Sequence[Assessment], standard: Standard) -> Earned:
    """What the same stations earned in the period before as published; nothing on offer where there was none."""
    stations = [a.station_id for a in assessments]
    stored = Score.objects.layer(Layer.CONFIRMED).filter(
        assessment__period=period.previous_id, assessment__station__in=stations, assessment__official_rank__isnull=False
    )
    rows = {row[0]: row[1:] for row in stored.values_list("assessment__station", "points", "offered")}
    nothing = [None] * len(standard.criteria)
    shape = (len(stations), len(nothing))
    return Earned(
        *(
            np.array([rows.get(s, (nothing, nothing))[at] for s in stations], dtype=float).reshape(shape)
            for at in (0, 1)
        )
    )
