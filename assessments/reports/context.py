"""What a comparative report says, as plain data: stored totals and ranks, and the reasons behind every lost point."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from statistics import mean, median

from django.utils import timezone
from django.utils.translation import get_language

from audit import seals
from audit.models import Event, Seal
from stationstd.i18n import local

from .. import across, judging, oversight, scores
from ..models import Assessment, Layer, OfficialRank, Publication, Report, Score
from ..scoring import Criterion, Explanation, Standard
from ..scoring.comparable import Measures
from ..scoring.struck import explain_judged
from .splitting import evenly

STATIONS_IN_A_TABLE = 6
_ENDINGS = ("派出所", " Police Station", " Station")


class Inconsistent(Exception):
    """Scoring the frozen facts again gave other points than those published: no paper is better than this one."""


@dataclass(frozen=True)
class Share:
    """Points of one dimension, in units; rate in hundredths of a percent, None where nothing is on offer."""

    earned: int
    offered: int

    @property
    def rate(self) -> int | None:
        return (self.earned * 20_000 + self.offered) // (2 * self.offered) if self.offered else None


@dataclass(frozen=True)
class Place:
    """One station of the report. `score` is None for a station that never handed in."""

    assessment: Assessment
    official: OfficialRank
    score: Score | None
    self_score: Score | None
    items: tuple[Explanation, ...]
    shares: tuple[Share | None, ...]

    @property
    def name(self) -> str:
        return local(self.assessment.station, "name")

    @property
    def short(self) -> str:
        """The name where columns are narrow: 城关 for 城关派出所."""
        name = self.name
        for ending in _ENDINGS:
            name = name.removesuffix(ending)
        return name or self.name

    @property
    def rate(self) -> int | None:
        return self.official.rate

    @property
    def total(self) -> int | None:
        """Points earned, in units."""
        return self.score.total if self.score else None

    @property
    def offered(self) -> int | None:
        """Points on offer to this station, in units."""
        return self.score.offered_total if self.score else None

    @property
    def overstated(self) -> int | None:
        """Self-assessed minus confirmed rate, in hundredths of a percent."""
        if self.score is None or self.self_score is None or None in (self.score.rate, self.self_score.rate):
            return None
        return self.self_score.rate - self.score.rate


@dataclass(frozen=True)
class Loss:
    """One station's reason under one criterion."""

    place: Place
    item: Explanation


@dataclass(frozen=True)
class Row:
    """One criterion across all stations."""

    number: str
    criterion: Criterion
    items: dict[int, Explanation]
    losses: tuple[Loss, ...]
    full: tuple[Place, ...]
    absent: tuple[Place, ...]
    rules: tuple[str, ...]

    @property
    def title(self) -> str:
        return local(self.criterion, "title")

    def item_of(self, place: Place) -> Explanation | None:
        """None where the station never handed in."""
        return self.items.get(place.assessment.pk)

    @property
    def source(self) -> str:
        return local(self.criterion, "source")

    @property
    def lost(self):
        """Points lost by all stations together."""
        return sum(loss.item.full - loss.item.points for loss in self.losses)

    @property
    def lost_each(self):
        """Points lost by the average station that the criterion applies to; None where it applies to none."""
        concerned = len(self.losses) + len(self.full)
        return self.lost / concerned if concerned else None


@dataclass(frozen=True)
class Dimension:
    """One dimension of the standard with its criteria."""

    number: str
    title: str
    full: int
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Comparative:
    """Everything the comparative report prints."""

    report: Report
    standard: Standard
    publications: tuple[Publication, ...]
    places: tuple[Place, ...]
    dimensions: tuple[Dimension, ...]
    seal: Seal | None
    handling: tuple[oversight.Line, ...]
    basis: Measures | None  # what changes of rates rest on where the edition has changed

    @property
    def decimals(self) -> int:
        return self.standard.decimals

    @property
    def rows(self) -> list[Row]:
        return [row for dimension in self.dimensions for row in dimension.rows]

    @cached_property
    def parts(self) -> list[tuple[Place, ...]]:
        """The stations in columns that fit a page, in order."""
        return list(evenly(self.places, STATIONS_IN_A_TABLE))

    @cached_property
    def scored(self) -> list[Place]:
        """Stations with a rate, the best first."""
        return sorted(
            (p for p in self.places if p.rate is not None), key=lambda p: (-p.rate, p.assessment.station.code)
        )

    @property
    def best(self) -> list[Place]:
        return [p for p in self.scored if p.rate == self.scored[0].rate]

    @property
    def worst(self) -> list[Place]:
        return [p for p in self.scored if p.rate == self.scored[-1].rate]

    @property
    def spread(self) -> int | None:
        return self.scored[0].rate - self.scored[-1].rate if self.scored else None

    @property
    def mean_rate(self) -> int | None:
        """Arithmetic mean of the stations' rates, half up."""
        rates = [p.rate for p in self.scored]
        return (2 * sum(rates) + len(rates)) // (2 * len(rates)) if rates else None

    @property
    def median_rate(self) -> int | None:
        return round(median(p.rate for p in self.scored)) if self.scored else None

    @property
    def costliest(self) -> list[Row]:
        """The criteria that cost these stations most, at most eight."""
        return sorted((row for row in self.rows if row.lost > 0), key=lambda row: -row.lost)[:8]

    @property
    def unranked(self) -> list[Place]:
        return [p for p in self.places if p.official.unranked]

    @cached_property
    def groups(self) -> list[str]:
        return list(dict.fromkeys(p.official.group for p in self.places))

    @property
    def has_illustrative(self) -> bool:
        return any(p.assessment.station.illustrative for p in self.places)

    @property
    def issuer(self):
        """Whose paper this is: the bureau that published all of it, else the one whose period it is."""
        return self.publications[0].bureau if len(self.publications) == 1 else self.report.period.bureau

    def dimension_mean(self, d: int) -> float | None:
        """Mean rate of dimension d in percent over the stations that have one."""
        rates = [p.shares[d].rate for p in self.scored if p.shares[d] and p.shares[d].rate is not None]
        return round(mean(rates) / 100, 2) if rates else None


def of(report: Report) -> Comparative:
    """The content of `report` in the language in force. A fixed number of queries, whatever the stations.

    Raises Inconsistent when the stored points are not what the frozen facts earn.
    """
    assessments = list(report.assessments.with_places().select_related("period__previous").order_by("station__code"))
    standard = assessments[0].period.edition.standard
    officials = {r.assessment_id: r for r in OfficialRank.objects.filter(assessment__in=assessments).current()}
    publications = tuple(
        Publication.objects.filter(pk__in={r.publication_id for r in officials.values()})
        .select_related("bureau")
        .order_by("bureau__path")
    )
    stored = _stored(assessments)
    explained = _explained([a for a in assessments if (a.pk, Layer.CONFIRMED) in stored], stored, publications)
    places = tuple(sorted((_place(a, officials, stored, explained, standard) for a in assessments), key=_order))
    return Comparative(
        report,
        standard,
        publications,
        places,
        _dimensions(standard, places),
        _seal(report, publications),
        tuple(line for line in oversight.lines(assessments) if line.entries),
        across.measures(assessments[0].period),
    )


def _seal(report: Report, publications) -> Seal | None:
    """The seal of the log over the events that published these results; None while no seal covers them."""
    digests = [publication.digest for publication in publications]
    published = Event.objects.filter(
        action="period.publish", chain=f"period:{report.period_id}", detail__digest__in=digests
    )
    return seals.covering(published)


def _stored(assessments) -> dict[tuple[int, str], Score]:
    rows = Score.objects.filter(assessment__in=assessments, layer__in=[Layer.SELF, Layer.CONFIRMED])
    return {(row.assessment_id, row.layer): row for row in rows}


def _explained(assessments, stored, publications) -> dict[int, tuple[Explanation, ...]]:
    """{assessment: its explanations}, evaluated against the bests that were frozen at publication."""
    if not assessments:
        return {}
    best = {group: values for publication in publications for group, values in publication.bests.items()}
    judged = {pk: frozen for publication in publications for pk, frozen in publication.judged.items()}
    evaluation = scores.of(assessments, Layer.CONFIRMED, best=best)
    explained = {}
    for i, assessment in enumerate(assessments):
        _require_same(assessment, stored[assessment.pk, Layer.CONFIRMED], evaluation, i)
        notes = judging.frozen_notes(judged, assessment)
        explained[assessment.pk] = tuple(
            explain_judged(evaluation.frame, evaluation.verdict, i, lang=get_language(), notes=notes)
        )
    return explained


def _require_same(assessment: Assessment, score: Score, evaluation, i: int) -> None:
    if int(evaluation.scores.total[i]) != score.total or scores.rate_of(evaluation.scores, i) != score.rate:
        raise Inconsistent(f"assessment {assessment.pk}: {score.total} stored, {evaluation.scores.total[i]} computed")


def _place(assessment, officials, stored, explained, standard: Standard) -> Place:
    score = stored.get((assessment.pk, Layer.CONFIRMED))
    shares = tuple(Share(*score.sections[d.code]) if score else None for d in standard.dimensions)
    return Place(
        assessment=assessment,
        official=officials[assessment.pk],
        score=score,
        self_score=stored.get((assessment.pk, Layer.SELF)),
        items=explained.get(assessment.pk, ()),
        shares=shares,
    )


def _order(place: Place):
    """By group, the ranked ones by rank, then the others."""
    rank = place.official.rank
    return place.official.group, rank is None, rank or 0, place.assessment.station.code


def _dimensions(standard: Standard, places: tuple[Place, ...]) -> tuple[Dimension, ...]:
    return tuple(
        Dimension(
            number=str(d),
            title=local(section, "title"),
            full=section.full,
            rows=tuple(
                _row(f"{d}.{n}", criterion, standard.place(criterion.id), places)
                for n, criterion in enumerate(section.criteria, 1)
            ),
        )
        for d, section in enumerate(standard.dimensions, 1)
    )


def _row(number: str, criterion: Criterion, j: int, places: tuple[Place, ...]) -> Row:
    pairs = [Loss(place, place.items[j]) for place in places if place.items]
    return Row(
        number=number,
        criterion=criterion,
        items={pair.place.assessment.pk: pair.item for pair in pairs},
        losses=tuple(pair for pair in pairs if pair.item.status not in ("full", "not_applicable")),
        full=tuple(pair.place for pair in pairs if pair.item.status == "full"),
        absent=tuple(pair.place for pair in pairs if pair.item.status == "not_applicable"),
        rules=tuple(dict.fromkeys(pair.item.formula for pair in pairs if pair.item.status != "not_applicable")),
    )


def written_on(report: Report):
    """The day on the cover: that of the request, so that a second run writes the same bytes."""
    return timezone.localdate(report.requested_at)
