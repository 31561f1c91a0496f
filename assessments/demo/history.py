"""Quarters that are over: filled, verified, confirmed and published, many stations at a time.

Rows are written in bulk and dated back; points and ranks come from scores.py and workflow.publishing, as ever.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from audit.models import Event
from stations.models import Bureau, Station

from .. import digests, scores
from ..models import (
    AnswerChange,
    Answers,
    Assessment,
    Edition,
    Evidence,
    Layer,
    Period,
    Returning,
    Review,
    State,
    Submission,
)
from ..periods import a_year_before
from ..workflow.opening import group_of
from ..workflow.publishing import freeze
from . import chance, figures, pictures
from .places import Place
from .quarters import Quarter
from .sheets import Sheet

LATE = {("ST28", 6), ("JS09", 8)}  # (station, quarters back): nothing was handed in
SENT_BACK = 0.06  # share of assessments that came back once
RETURN_REASON = "佐证照片看不清，请补拍后重新提交。"
RETURN_ITEM = "照片未反映门禁位置。"


@dataclass(frozen=True)
class Cast:
    """Who and what a quarter needs."""

    city: Bureau
    counties: list[Bureau]
    stations: dict[str, Station]
    places: dict[str, Place]
    edition: Edition
    pictures: dict[str, pictures.Picture]
    chiefs: dict
    reviewers: dict
    sysadmin: object


def publish(cast: Cast, quarter: Quarter, previous: Period | None, registers: dict[int, dict]) -> Period:
    """One quarter from opening to publication; `registers` is what the registers say today, by station."""
    period = _period(cast, quarter, previous)
    sheets = _sheets(cast, quarter, period, registers)
    handed_in = [sheet for sheet in sheets if sheet.assessment.state != State.DRAFT]
    _fill(cast, quarter, sheets, handed_in)
    _submit(quarter, handed_in)
    _verify(quarter, handed_in)
    AnswerChange.objects.bulk_create(change for sheet in sheets for change in sheet.changes)
    _publish(cast, quarter, period, [sheet.assessment for sheet in sheets])
    return period


def _period(cast: Cast, quarter: Quarter, previous: Period | None) -> Period:
    period = Period.objects.create(
        bureau=cast.city,
        edition=cast.edition,
        name=quarter.name,
        name_en=quarter.name_en,
        starts_on=quarter.starts_on,
        ends_on=quarter.ends_on,
        due_at=quarter.at(10, 18),
        previous=previous,
        year_before=a_year_before(cast.city, quarter.starts_on),
        opened_at=quarter.at(1),
    )
    _event("period.open", f"period:{period.pk}", cast.sysadmin, period.opened_at, assessments=len(cast.stations)).save()
    return period


def _sheets(cast: Cast, quarter: Quarter, period: Period, registers: dict[int, dict]) -> list[Sheet]:
    made = Assessment.objects.bulk_create([_assessment(cast, quarter, period, s) for s in cast.stations.values()])
    return [_sheet(cast, quarter, assessment, registers[assessment.station_id]) for assessment in made]


def _assessment(cast: Cast, quarter: Quarter, period: Period, station: Station) -> Assessment:
    late = (station.code, quarter.back) in LATE
    rng = chance.of("dates", station.code, quarter.back)
    return Assessment(
        period=period,
        station=station,
        bureau=station.bureau,
        station_class=station.station_class,
        group=group_of(period.grouping, station),
        state=State.DRAFT if late else State.CONFIRMED,
        round=2 if not late and rng.random() < SENT_BACK else 1,
        due_at=period.due_at,
        submitted_at=None if late else quarter.at(rng.randint(3, 9), rng.randint(8, 17), rng.randint(0, 59)),
        reviewer=None if late else cast.reviewers[station.bureau_id],
    )


def _sheet(cast: Cast, quarter: Quarter, assessment: Assessment, registers: dict) -> Sheet:
    place = cast.places[assessment.station.code]
    facts = figures.of_quarter(place, registers, quarter.back)
    claims = figures.claimed_too_much(place, facts, quarter.back)
    if assessment.state == State.DRAFT:
        facts = {metric: value for metric, value in facts.items() if metric in registers}
        claims = {}
    return Sheet(assessment, cast.chiefs[assessment.station_id], facts, claims)


def _fill(cast: Cast, quarter: Quarter, sheets: list[Sheet], handed_in: list[Sheet]) -> None:
    at = quarter.at(2, 10)
    Answers.objects.bulk_create(row for sheet in sheets for row in sheet.answers(at))
    shown = (pictures.rows(sheet.assessment, cast.pictures, sheet.by, at) for sheet in handed_in)
    Evidence.objects.bulk_create(row for rows in shown for row in rows)


def _submit(quarter: Quarter, sheets: list[Sheet]) -> None:
    """Handed in by the chief, a few for the second time; scored as it was claimed."""
    submissions, returnings, reviews, events = [], [], [], []
    digest_of = digests.of_assessments([sheet.assessment for sheet in sheets])
    for sheet in sheets:
        assessment = sheet.assessment
        sealed = {"digest": digest_of[assessment.pk], "digest_form": Submission.NEWEST_FORM}
        submission = partial(Submission, assessment=assessment, by=sheet.by, **sealed)
        if assessment.round == 2:
            first = assessment.submitted_at - timedelta(days=2)
            submissions.append(submission(round=1, at=first))
            returnings.append(_returning(assessment, quarter, first + timedelta(hours=20)))
            reviews.append(_review(assessment, 1, "zones.separation", first, returned=RETURN_ITEM))
            events.append(_of(assessment, "assessment.submit", sheet.by, first, round=1))
            events.append(_of(assessment, "assessment.return", assessment.reviewer, first, reason=RETURN_REASON))
        submissions.append(submission(round=assessment.round, at=assessment.submitted_at))
        events.append(_of(assessment, "assessment.submit", sheet.by, assessment.submitted_at, round=assessment.round))
    Submission.objects.bulk_create(submissions)
    Returning.objects.bulk_create(returnings)
    Review.objects.bulk_create(reviews)
    Event.objects.bulk_create(events)
    scores.record([sheet.assessment for sheet in sheets], Layer.SELF)


def _returning(assessment: Assessment, quarter: Quarter, at: datetime) -> Returning:
    return Returning(
        assessment=assessment,
        round=1,
        at=at,
        by=assessment.reviewer,
        reason=RETURN_REASON,
        due_at=quarter.at(11, 18),
    )


def _verify(quarter: Quarter, sheets: list[Sheet]) -> None:
    """What was claimed too much is put right with a reason, everything else accepted, all of it confirmed."""
    at = quarter.at(14, 10)
    Answers.objects.bulk_create(row for sheet in sheets for row in sheet.corrections(sheet.assessment.reviewer, at))
    assessments = [sheet.assessment for sheet in sheets]
    verified = scores.record(assessments, Layer.VERIFIED)
    reviews, events = [], []
    for i, sheet in enumerate(sheets):
        corrected, assessment = sheet.corrected(), sheet.assessment
        for criterion, applies in zip(verified.standard.criteria, verified.scores.applicable[i], strict=True):
            if applies:
                reviews.append(
                    _review(assessment, assessment.round, criterion.id, at, changed=corrected.get(criterion.id, ""))
                )
        events.append(_of(assessment, "assessment.verified", assessment.reviewer, at))
        events.append(_of(assessment, "assessment.confirm", assessment.reviewer, quarter.at(19, 15)))
    Review.objects.bulk_create(reviews)
    Event.objects.bulk_create(events)


def _review(assessment: Assessment, round_: int, criterion: str, at, *, changed="", returned="") -> Review:
    outcome = Review.Outcome.CHANGED if changed else Review.Outcome.RETURNED if returned else Review.Outcome.ACCEPTED
    return Review(
        assessment=assessment,
        round=round_,
        criterion=criterion,
        outcome=outcome,
        reason=changed or returned,
        by=assessment.reviewer,
        at=at,
    )


def _publish(cast: Cast, quarter: Quarter, period: Period, assessments: list[Assessment]) -> None:
    at = quarter.at(22, 10)
    for county in cast.counties:
        own = [assessment for assessment in assessments if assessment.bureau_id == county.pk]
        reviewer = cast.reviewers[county.pk]
        publication = freeze(period, own, bureau=county, by=reviewer, published_at=at)
        detail = {"bureau": county.code, "digest": publication.digest, "assessments": len(own)}
        _event("period.publish", f"period:{period.pk}", reviewer, at, **detail).save()


def _of(assessment: Assessment, action: str, by, at: datetime, *, reason="", **detail) -> Event:
    return _event(action, f"assessment:{assessment.pk}", by, at, reason=reason, **detail)


def _event(action: str, chain: str, by, at: datetime, *, reason="", **detail) -> Event:
    """An event of a time before this database; audit.events.record() knows only the present."""
    return Event(action=action, chain=chain, by=by, role=by.role, at=at, reason=reason, detail=detail)
