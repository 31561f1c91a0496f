"""The ranking as a page or a workbook shows it: published ranks with their scores, group by group.

Ranks are read as they were stored at publication; a filter decides what is shown, never who stands where.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from stationstd.i18n import local

from .layered import share_of
from .models import Assessment, Grouping, Layer, OfficialRank, Period, Score, Standing
from .scoring import Criterion, Standard


@dataclass(frozen=True)
class Row:
    """One station. Rates in hundredths of a percent, points in units of 10^-decimals; None where there is none."""

    place: OfficialRank | Standing
    score: Score | None
    self_rate: int | None
    dimensions: tuple[int | None, ...]
    grade: str

    @property
    def assessment(self) -> Assessment:
        return self.place.assessment

    @property
    def gap(self) -> int | None:
        """虚报指数: how far the station's own rate lay above the confirmed one."""
        if self.self_rate is None or self.place.rate is None:
            return None
        return self.self_rate - self.place.rate


@dataclass(frozen=True)
class Group:
    """Stations that are ranked against each other; publicity is the last day of it while it runs."""

    name: str
    rows: list
    publicity: date | None = None


@dataclass(frozen=True)
class Weakness:
    """A criterion and the share of its points that the stations earned, in hundredths of a percent."""

    criterion: Criterion
    rate: int
    stations: int


def rows(period: Period, places: list[OfficialRank] | list[Standing]) -> list[Row]:
    """Published places with the scores behind them. One query."""
    standard = period.edition.standard
    wanted = Score.objects.filter(assessment__in=[place.assessment_id for place in places])
    scores = {(s.assessment_id, s.layer): s for s in wanted.filter(layer__in=[Layer.SELF, Layer.CONFIRMED])}
    return [_row(place, scores, standard) for place in places]


def _row(place: OfficialRank | Standing, scores: dict, standard: Standard) -> Row:
    score = scores.get((place.assessment_id, Layer.CONFIRMED))
    mine = scores.get((place.assessment_id, Layer.SELF))
    return Row(
        place=place,
        score=score,
        self_rate=mine.rate if mine else None,
        dimensions=tuple(share_of(*score.sections[s.code]) if score else None for s in standard.dimensions),
        grade=_grade(standard, score),
    )


def _grade(standard: Standard, score: Score | None) -> str:
    """The grade in the reader's language; "" without one."""
    found = next((grade for grade in standard.grades if score and grade.code == score.grade), None)
    return local(found, "title") if found else ""


def groups(period: Period, found: list[Row]) -> list[Group]:
    """Rows by group, in the order they come; rows of one group must lie together."""
    return [
        Group(_name(period, members[0].assessment), members)
        for members in (list(each) for _key, each in groupby(found, key=lambda row: row.place.group))
    ]


def preview(period: Period, computed: list) -> list[Group]:
    """The rows of ranking.compute by group: what would be published."""
    return [
        Group(_name(period, members[0].assessment), members)
        for members in (list(each) for _key, each in groupby(computed, key=lambda row: row.assessment.group))
    ]


def _name(period: Period, assessment: Assessment) -> str:
    """Whose ranks are compared, in words: the bureau, the class, or both, as the period says."""
    parts = {
        Grouping.BUREAU: [assessment.bureau],
        Grouping.CLASS: [assessment.station_class],
        Grouping.BUREAU_CLASS: [assessment.bureau, assessment.station_class],
    }
    return " · ".join(local(part, "name") for part in parts[Grouping(period.grouping)])


def weakest(period: Period, found: list[Row], count: int) -> list[Weakness]:
    """The criteria of which these stations earned the smallest share; the weakest first."""
    earned, offered, stations = Counter(), Counter(), Counter()
    for row in found:
        for j, (points, full) in enumerate(zip(row.score.points, row.score.offered, strict=True) if row.score else ()):
            if full:
                earned[j] += points
                offered[j] += full
                stations[j] += 1
    criteria = period.edition.standard.criteria
    shares = [Weakness(criteria[j], share_of(earned[j], offered[j]), stations[j]) for j in offered]
    return sorted((w for w in shares if w.rate < 10_000), key=lambda weakness: weakness.rate)[:count]
