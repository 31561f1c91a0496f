"""The open quarter, in the middle of its work: opened, handed in, returned and looked at by the real acts."""

from datetime import datetime, timedelta

from django.utils import timezone

from .. import answers, store, workflow
from ..models import AnswerChange, Answers, Assessment, Evidence, Layer, Period, Review
from ..periods import a_year_before
from . import chance, disputes, figures, pictures
from .history import RETURN_ITEM, RETURN_REASON, Cast
from .quarters import Quarter
from .sheets import Sheet

STORY = ("JS01", "JS02")  # 城关 and 北社 wait for the people who try the demo
STORY_LEFT = ("video.blind_spots", "equip.records", "equip.records_electronic")  # figures they have to type
STORY_PHOTO = "video.seamless"  # the criterion they have to take a photo for
# Once 城关 and 北社 have submitted, the printed logins can bring the nine stations to publication.
STORY_COUNTY = {"JS03": "submitted", "JS04": "verifying", "JS05": "verified"}
# What stands out, for people who try the demo: 河口 handed in the figures of 柳林, 故城 typed a nought too many.
COPIED = {"JS04": "JS05"}
SLIPS = {"JS03": {"equip.records": 10}}
# The other counties are in the middle of it, one stage after the other.
STAGES = ("submitted", "verifying", "draft", "returned", "submitted", "draft", "verified", "submitted", "draft")
ACTS_DONE = {"verifying": 1, "verified": 2, "confirmed": 3}  # by the reviewer, in this order


def begin(cast: Cast, quarter: Quarter, previous: Period) -> Period:
    """Open the quarter and bring the stations to the stages above."""
    period = Period.objects.create(
        bureau=cast.city,
        edition=cast.edition,
        name=quarter.name,
        name_en=quarter.name_en,
        starts_on=quarter.starts_on,
        ends_on=quarter.ends_on,
        due_at=max(quarter.at(10, 18), timezone.now() + timedelta(days=14)),
        previous=previous,
        year_before=a_year_before(cast.city, quarter.starts_on),
    )
    workflow.open_period(period, by=cast.sysadmin)
    found = Assessment.objects.for_period(period).with_places().order_by("station__code")
    for i, assessment in enumerate(found):
        _bring(cast, assessment, _stage(assessment.station.code, i))
    disputes.show(cast, period)
    return period


def _stage(code: str, i: int) -> str:
    if code in STORY:
        return "story"
    return STORY_COUNTY.get(code, "confirmed") if code.startswith("JS") else STAGES[i % len(STAGES)]


def _bring(cast: Cast, assessment: Assessment, stage: str) -> None:
    chief, reviewer = cast.chiefs[assessment.station_id], cast.reviewers[assessment.bureau_id]
    facts, claims = _facts(cast, assessment)
    if stage == "story":
        facts = {metric: value for metric, value in facts.items() if metric not in STORY_LEFT}
        return _type(cast, assessment, chief, facts, {}, without={STORY_PHOTO})
    if stage == "draft":
        some = sorted(facts)[: chance.of("draft", assessment.station.code).randint(0, len(facts))]
        return _type(cast, assessment, chief, {m: facts[m] for m in some}, {}, without=set(cast.pictures))
    _type(cast, assessment, chief, facts, claims)
    workflow.submit(assessment.pk, round_=1, by=chief)
    if stage == "returned":
        _send_back(assessment, reviewer)
    elif stage in ACTS_DONE:
        _look_at(assessment, chief, reviewer, claims, facts, ACTS_DONE[stage])
    return None


def _facts(cast: Cast, assessment: Assessment) -> tuple[dict, dict]:
    """What no register knows, and what is claimed beyond what is so."""
    place = cast.places[assessment.station.code]
    facts = figures.typed(place, 0)
    facts |= {m: min(v, facts[figures.PARTS[m]]) for m, v in facts.items() if m in figures.PARTS}
    facts = {metric: value for metric, value in facts.items() if metric in assessment.period.edition.standard.metrics}
    claims = figures.claimed_too_much(place, facts, 0)
    return _strange(cast, assessment, facts), claims


def _strange(cast: Cast, assessment: Assessment, facts: dict) -> dict:
    """The same, or what stands out instead of it."""
    code = assessment.station.code
    slipped = {metric: times * facts[metric] for metric, times in SLIPS.get(code, {}).items()}
    if code not in COPIED:
        return facts | slipped
    other = Assessment.objects.with_places().get(period=assessment.period, station__code=COPIED[code])
    known = {metric: cell.value for metric, cell in answers.cells(other).items() if cell.is_answered}
    return facts | known | _facts(cast, other)[0]


def _type(cast: Cast, assessment: Assessment, by, facts: dict, claims: dict, without=()) -> None:
    """Put typed figures beside the pre-filled ones, with their history, and add evidence."""
    at = timezone.now() - timedelta(hours=chance.of("typed at", assessment.station.code).randint(2, 70))
    sheet = Sheet(assessment, by, facts, claims)
    rows = {row.dimension: row for row in Answers.objects.filter(assessment=assessment, layer=Layer.SELF)}
    for new in sheet.answers(at):
        if new.facts:
            rows[new.dimension].facts |= new.facts
            rows[new.dimension].version += new.version
            rows[new.dimension].updated_at = at
    Answers.objects.bulk_update(rows.values(), ["facts", "version", "updated_at"])
    AnswerChange.objects.bulk_create(sheet.changes)
    Evidence.objects.bulk_create(pictures.rows(assessment, cast.pictures, by, at, without))


def _send_back(assessment: Assessment, reviewer) -> None:
    due_at: datetime = max(assessment.due_at, timezone.now() + timedelta(days=7))
    items = {"zones.separation": RETURN_ITEM}
    workflow.send_back(assessment.pk, reason=RETURN_REASON, items=items, due_at=due_at, round_=1, by=reviewer)


def _look_at(assessment: Assessment, chief, reviewer, claims: dict, facts: dict, acts: int) -> None:
    """Put right what was claimed too much and accept half of the rest; or accept all, finish and confirm.

    In the county of the story the chiefs whose results are verified have declared that there is no objection.
    """
    for metric in claims:
        workflow.change(
            assessment.pk,
            metric,
            facts[metric],
            state="answered",
            reason=figures.REASONS[metric],
            version=0,
            round_=assessment.round,
            op_id=store.new_op(),
            by=reviewer,
        )
    criteria = [criterion.id for criterion in assessment.period.edition.standard.criteria]
    changed = set(Review.objects.filter(assessment=assessment).values_list("criterion", flat=True))
    rest = [criterion for criterion in criteria if criterion not in changed]
    workflow.accept(assessment.pk, rest if acts > 1 else rest[: len(rest) // 2], round_=1, by=reviewer)
    if acts > 1:
        workflow.finish(assessment.pk, round_=1, by=reviewer)
    if acts > 1 and assessment.station.code.startswith("JS"):
        workflow.declare_no_objection(assessment.pk, round_=1, by=chief)
    if acts > 2:
        workflow.confirm(assessment.pk, round_=1, by=reviewer)
