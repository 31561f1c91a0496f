"""A year of published periods: figures, places, grades, and what the history of places sets off.

A period belongs to the year in which it ends. The standard of the year's latest published period says how its periods
make the year. Everything is worked out from what was published, so that it never changes behind anybody's back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from . import across, judging
from .models import Assessment, Layer, OfficialRank, Period, Score
from .scoring import Standard
from .scoring.annual import TOTAL, YEARS, Trigger
from .scoring.comparable import Measures
from .scoring.rollup import YearResult, fired, of_periods

_EARLIER = 5  # years looked back at for triggers over years, unless one asks for more


class Cell(NamedTuple):
    """What one station came to in one period; None where there is nothing."""

    period: Period
    figure: int | None
    rank: int | None


@dataclass(frozen=True)
class Line:
    """One station in its group of the latest period; figures as the standard counts them, None where there is none.

    cells     what each period came to, oldest first
    triggers  those that fire
    """

    assessment: Assessment
    rank: int | None
    figure: int | None
    grade: object
    moved: bool
    cells: tuple[Cell, ...]
    triggers: tuple[Trigger, ...]


@dataclass(frozen=True)
class Year:
    """One year of one bureau's periods. decimals: of figures, that are points with `of_points`, otherwise percent."""

    number: int
    standard: Standard
    periods: list[Period]
    lines: list[Line]
    of_points: bool
    decimals: int

    @property
    def changed(self) -> list[tuple[Period, Measures]]:
        """(period, what its criteria are to those of the one before) where the edition changed inside the year."""
        pairs = ((later, across.between(earlier, later)) for earlier, later in pairwise(self.periods))
        return [(period, basis) for period, basis in pairs if basis]

    @property
    def fired(self) -> list[tuple[Trigger, list[Line]]]:
        """Every trigger of the standard with the stations that set it off."""
        return [(each, [line for line in self.lines if each in line.triggers]) for each in self.standard.triggers]


def periods_of(user) -> list[Period]:
    """The periods with results that this user may see, the latest first; no rehearsals. One query."""
    ranks = OfficialRank.objects.visible_to(user).values("publication__period")
    found = Period.objects.counted().filter(pk__in=ranks).select_related("edition", "bureau")
    return list(found.order_by("-ends_on", "-pk"))


def numbers(periods: Iterable[Period]) -> list[int]:
    """The years that have a period, the latest first."""
    return sorted({period.ends_on.year for period in periods}, reverse=True)


def of(user, periods: list[Period], number: int) -> Year | None:
    """The year `number` as this user may see it; None where its standard knows no year.

    `periods` are those of periods_of, of which the year has one at least. Two or three queries, whatever the size.
    """
    own = [period for period in reversed(periods) if period.ends_on.year == number]
    latest = own[-1]
    own = [period for period in own if period.bureau_id == latest.bureau_id]
    standard = latest.edition.standard
    if standard.year is None:
        return None
    history = [p for p in reversed(periods) if p.bureau_id == latest.bureau_id and p.ends_on <= latest.ends_on]
    return _Maker(user, standard, number, own, history).year()


class _Maker:
    """Works out one year; `history` are all periods up to its end, oldest first."""

    def __init__(self, user, standard: Standard, number: int, own: list[Period], history: list[Period]):
        self.standard, self.number, self.own, self.history = standard, number, own, history
        self.of_points = standard.year.of == TOTAL
        self.decimals = max(p.edition.standard.decimals for p in history) if self.of_points else 2
        self.rows = _rows(user, history)
        self.totals = self._totals() if self.of_points else {}

    def _totals(self) -> dict[int, int]:
        """{assessment: total in units of 10^-decimals}. One query."""
        pks = [row.assessment_id for rows in self.rows.values() for row in rows.values()]
        stored = Score.objects.layer(Layer.CONFIRMED).filter(assessment__in=pks).values_list("assessment", "total")
        return dict(stored)

    def year(self) -> Year:
        stations = list(dict.fromkeys(s for period in reversed(self.own) for s in self.rows[period.pk]))
        last = [next(self.rows[p.pk][s] for p in reversed(self.own) if s in self.rows[p.pk]) for s in stations]
        result = self._result(self._weighed(self.own), stations, last)
        fires = self._fires(stations, last, result)
        grades = [*self.standard.grades, None]
        lines = [
            Line(
                assessment=row.assessment,
                rank=int(result.places[i]) or None,
                figure=int(result.figures[i]) if result.has[i] else None,
                grade=grades[result.grades[i]],
                moved=bool(result.moved[i]),
                cells=tuple(self._cell(period, station) for period in self.own),
                triggers=tuple(t for t in self.standard.triggers if fires[t.code][i]),
            )
            for i, (station, row) in enumerate(zip(stations, last, strict=True))
            if row.is_visible
        ]
        lines.sort(key=lambda line: (line.assessment.group, line.rank is None, line.rank or 0))
        return Year(self.number, self.standard, self.own, lines, self.of_points, self.decimals)

    def _result(self, periods: Sequence[Period], stations: list[int], last: list[OfficialRank]) -> YearResult:
        figures = [[self._cell(period, station).figure for station in stations] for period in periods]
        return of_periods(
            self.standard,
            np.array([[figure or 0 for figure in row] for row in figures]),
            np.array([[figure is not None for figure in row] for row in figures]),
            np.array([row.group for row in last]),
            unit=10**self.decimals,
            best_left=np.array([[self._best_left(period, station) for station in stations] for period in periods]),
        )

    def _cell(self, period: Period, station: int) -> Cell:
        row = self.rows[period.pk].get(station)
        if row is None or row.rate is None:
            return Cell(period, None, None)
        if not self.of_points:
            return Cell(period, row.rate, row.rank)
        finer = self.decimals - period.edition.standard.decimals
        return Cell(period, self.totals[row.assessment_id] * 10**finer, row.rank)

    def _best_left(self, period: Period, station: int) -> int:
        row = self.rows[period.pk].get(station)
        frozen = row and row.publication.judged.get(str(row.assessment_id))
        return judging.place_left(self.standard, frozen)

    # -- triggers ----------------------------------------------------------------------------

    def _fires(self, stations: list[int], last: list[OfficialRank], result: YearResult) -> dict[str, np.ndarray]:
        years = [*self._earlier(stations), (result.places, np.array([row.group for row in last]))]
        found = {}
        for each in self.standard.triggers:
            periods = self.history if each.within or each.running else self.own
            found[each.code] = fired(each, [self._places(period, stations) for period in periods], years)
        return found

    def _places(self, period: Period, stations: list[int]) -> tuple[np.ndarray, np.ndarray]:
        rows = [self.rows[period.pk].get(station) for station in stations]
        places = np.array([row.rank or 0 if row else 0 for row in rows])
        return places, np.array([row.group if row else "" for row in rows])

    def _earlier(self, stations: list[int]) -> list[tuple[np.ndarray, np.ndarray]]:
        """Places of these stations in earlier years, oldest first, made of all who had a place then."""
        asked = [t.running or t.within or _EARLIER for t in self.standard.triggers if t.over == YEARS]
        found = []
        for back in range(max(asked, default=1) - 1, 0, -1):
            periods = [period for period in self.history if period.ends_on.year == self.number - back]
            if periods:
                found.append(self._year_before(periods, stations))
        return found

    def _year_before(self, periods: list[Period], stations: list[int]) -> tuple[np.ndarray, np.ndarray]:
        everybody = list(dict.fromkeys(s for period in reversed(periods) for s in self.rows[period.pk]))
        last = [next(self.rows[p.pk][s] for p in reversed(periods) if s in self.rows[p.pk]) for s in everybody]
        result = self._result(self._weighed(periods), everybody, last)
        places = dict(zip(everybody, result.places.tolist(), strict=True))
        groups = {station: row.group for station, row in zip(everybody, last, strict=True)}
        return (
            np.array([places.get(station, 0) for station in stations]),
            np.array([groups.get(station, "") for station in stations]),
        )

    def _weighed(self, periods: list[Period]) -> list[Period]:
        """As many of the latest periods as the standard has weights for."""
        weights = len(self.standard.year.weights)
        return periods[-weights:] if weights else periods


def _rows(user, periods: list[Period]) -> dict[int, dict[int, OfficialRank]]:
    """{period: {station: place}} of every group in which this user may see somebody. Two queries."""
    places = OfficialRank.objects.filter(publication__period__in=periods).current()
    visible = set(places.visible_to(user).values_list("pk", flat=True))
    found: dict[int, dict[int, OfficialRank]] = {period.pk: {} for period in periods}
    rows = list(places.with_places())
    groups = {(row.publication.period_id, row.group) for row in rows if row.pk in visible}
    for row in rows:
        if (row.publication.period_id, row.group) in groups:
            row.is_visible = row.pk in visible
            found[row.publication.period_id][row.assessment.station_id] = row
    return found
