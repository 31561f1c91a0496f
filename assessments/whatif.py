"""What published results would be under another standard: beside the record, never over it. Nothing here writes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
from django.utils.translation import gettext as _

from stationstd.i18n import local
from stationstd.refusals import Refused

from . import bases, scores, vetoes
from .models import Assessment, Layer, OfficialRank, Period, Publication, Score
from .scoring import Frame, Standard
from .scoring.movement import Item, Movement, Outcome

LARGEST = 2000  # stations that are scored within one request


class Unfit(Exception):
    """A standard that cannot score these stations; the text says why, in the reader's language."""


@dataclass(frozen=True, eq=False)
class Record:
    """Results as they were published; row i of everything is the station at places[i].

    facts   the confirmed facts, as they are stored
    agrees  do the stored facts still give the places, rates and grades of the record?
    """

    period: Period
    places: list[OfficialRank]
    facts: Frame
    outcome: Outcome
    agrees: bool

    @property
    def groups(self) -> np.ndarray:
        return np.array([place.group for place in self.places])


def periods_of(user):
    """Periods with published results in sight, the newest first."""
    there = Assessment.objects.comparable_by(user).values("period")
    return Period.objects.filter(pk__in=there).select_related("edition")


def publications_of(user, period: Period) -> list[Publication]:
    """What was published of a period, in sight of this user."""
    return list(Publication.objects.of(Assessment.objects.comparable_by(user).for_period(period)))


def in_sight(user, record: Record) -> np.ndarray:
    """(n,) bool: may this person see the station? Groups may reach beyond the own bureau."""
    mine = Assessment.objects.comparable_by(user).for_period(record.period)
    pks = set(mine.values_list("pk", flat=True))
    return np.array([place.assessment_id in pks for place in record.places])


def places(publications: Iterable[Publication]):
    """The places of everybody who had a result, group by group."""
    return (
        OfficialRank.objects.filter(publication__in=publications)
        .exclude(unranked=OfficialRank.Unranked.NOT_SUBMITTED)
        .with_places()
        .order_by("publication__bureau__path", "group", "rank", "assessment__station__code")
    )


def record(period: Period, found: list[OfficialRank]) -> Record:
    """The record behind these places, of which there is at least one. Two queries, and what rules look back at."""
    assessments = [place.assessment for place in found]
    for assessment in assessments:
        assessment.period = period
    best = {group: values for place in found for group, values in place.publication.bests.items()}
    evaluation = scores.of(assessments, Layer.CONFIRMED, best)
    again = Outcome.of(evaluation.verdict, np.array([place.group for place in found]))
    stored = Score.objects.layer(Layer.CONFIRMED).filter(assessment__in=assessments)
    outcome = _as_published(found, again, dict(stored.values_list("assessment", "grade")))
    return Record(period, found, evaluation.raw, outcome, _same(outcome, again))


def _as_published(found: list[OfficialRank], again: Outcome, grades: dict[int, str]) -> Outcome:
    numbers = {grade.code: at for at, grade in enumerate(again.standard.grades)}
    return Outcome(
        scores=again.scores,
        rates=np.array([np.nan if place.rate is None else place.rate / 100 for place in found]),
        ranks=np.array([place.rank or 0 for place in found]),
        grades=np.array([numbers.get(grades.get(place.assessment_id), len(numbers)) for place in found]),
    )


def _same(one: Outcome, other: Outcome) -> bool:
    return (
        np.array_equal(one.rates, other.rates, equal_nan=True)
        and np.array_equal(one.ranks, other.ranks)
        and np.array_equal(one.grades, other.grades)
    )


def under(record: Record, standard: Standard) -> Movement:
    """The record beside what `standard` makes of the same facts. Raises Unfit."""
    classes = sorted({str(kind) for kind in record.facts.kinds} - set(standard.classes))
    if classes:
        raise Unfit(_("The standard does not know the station classes %(codes)s.") % {"codes": ", ".join(classes)})
    assessments = [place.assessment for place in record.places]
    try:
        evaluation = scores.evaluated(
            asked(record.facts, standard),
            standard,
            record.groups,
            day_of(record.period, standard),
            layer=Layer.CONFIRMED,
            best=None,
            beside=bases.as_stored(assessments, Layer.CONFIRMED, standard),
            decided=vetoes.decided(standard, [assessment.pk for assessment in assessments], Layer.CONFIRMED),
        )
    except Refused as error:
        raise Unfit(_("Some facts would earn more points than can be counted: the rule needs a cap.")) from error
    return Movement(record.outcome, Outcome.of(evaluation.verdict, record.groups), record.groups)


def day_of(period: Period, standard: Standard) -> date:
    """Whose norms and targets count: the period's last day, or the standard's first one where it is younger."""
    return max(period.ends_on, standard.in_force)


def asked(facts: Frame, standard: Standard) -> Frame:
    """The facts that `standard` asks for; what nobody was asked is not answered."""
    nothing = np.full(len(facts), np.nan)
    columns = {code: facts.columns.get(code, nothing) for code in standard.metrics}
    absent = {code: mask for code, mask in facts.not_applicable.items() if code in columns}
    return Frame(facts.ids, facts.kinds, columns, absent)


def unasked(record: Record, standard: Standard) -> list:
    """The metrics that count in `standard` and that nobody was asked in this period."""
    used = {code for criterion in standard.criteria for code in criterion.metrics}
    return [metric for code, metric in standard.metrics.items() if code in used and code not in record.facts.columns]


def beyond(record: Record, standard: Standard) -> list[tuple]:
    """(metric, how many stations) where a stored fact lies outside the bounds that `standard` sets for it."""
    found = []
    for code, metric in standard.metrics.items():
        values = record.facts.columns.get(code)
        if values is not None:
            low, high = (_bound(metric.low, -np.inf), _bound(metric.high, np.inf))
            count = int(((values < low) | (values > high)).sum())
            found += [(metric, count)] if count else []
    return found


def _bound(bound: Decimal | None, without: float) -> float:
    return without if bound is None else float(bound)


@dataclass(frozen=True)
class Line:
    """One station: the record, what would be, and the criteria that make the difference.

    Rates and their change in hundredths of a percent, None where there is none; grades in the reader's language.
    """

    place: OfficialRank
    old_rank: int | None
    new_rank: int | None
    old_rate: int | None
    new_rate: int | None
    old_grade: str
    new_grade: str
    places: int | None
    rate_change: int | None
    grade_change: int
    items: list[Item]


def lines(record: Record, movement: Movement, rows: Iterable[int]) -> list[Line]:
    """The lines of these rows, in their order."""
    return [_line(record, movement, i) for i in rows]


def _line(record: Record, movement: Movement, i: int) -> Line:
    old, new = movement.old, movement.new
    ranks = int(old.ranks[i]) or None, int(new.ranks[i]) or None
    return Line(
        record.places[i],
        *ranks,
        _hundredths(old.rates[i]),
        _hundredths(new.rates[i]),
        _grade(old, i),
        _grade(new, i),
        places=None if None in ranks else int(movement.places[i]),
        rate_change=_hundredths(movement.rates[i]),
        grade_change=int(movement.regraded[i]),
        items=movement.items(i),
    )


def _hundredths(percent: float) -> int | None:
    return None if np.isnan(percent) else round(float(percent) * 100)


def _grade(outcome: Outcome, i: int) -> str:
    grade = outcome.grade(i)
    return local(grade, "title") if grade else ""
