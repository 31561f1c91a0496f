"""What the open quarter shows of extensions and objections: one objection waits, one was upheld, one dismissed."""

from datetime import timedelta

from .. import answers, objections, store, workflow
from ..models import Assessment, Layer, Objection, Period, Review, State
from .history import Cast

EXTENSION_DAYS = 5
EXTENSION_REASON = "所里搬迁办公楼，网络中断三天。"
GROUND = "核查认定与实际不符，现场有台账和照片可查，请复核。"
UPHELD = "经复核台账原件，派出所所报属实，予以更正。"
DISMISSED = "经复核，台账中没有对应记录，维持核查认定。"


def show(cast: Cast, period: Period) -> None:
    """Extend one station that still fills in; let chiefs object to what was changed, and the city answer two."""
    running = Assessment.objects.for_period(period).with_places().order_by("station__code")
    _extend(cast, running.filter(state=State.DRAFT).exclude(bureau__code="JS").first())
    changed = Review.objects.filter(
        assessment__in=running.filter(state=State.VERIFIED, no_objection_at=None), outcome=Review.Outcome.CHANGED
    )
    said = list(changed.order_by("assessment__station__code", "criterion").values_list("assessment", "criterion"))
    made = [_object(cast, running.get(pk=pk), criterion) for pk, criterion in said[:3]]
    for objection, outcome in zip(made[1:], (Objection.Outcome.UPHELD, Objection.Outcome.DISMISSED), strict=True):
        _answer(cast, objection, outcome)


def _extend(cast: Cast, assessment: Assessment) -> None:
    workflow.extend(
        assessment.pk,
        due_at=assessment.due_at + timedelta(days=EXTENSION_DAYS),
        reason=EXTENSION_REASON,
        round_=assessment.round,
        op_id=store.new_op(),
        by=cast.reviewers[assessment.bureau_id],
    )


def _object(cast: Cast, assessment: Assessment, criterion: str) -> Objection:
    return workflow.object_to(
        assessment.pk,
        criterion,
        ground=GROUND,
        round_=assessment.round,
        op_id=store.new_op(),
        by=cast.chiefs[assessment.station_id],
    )


def _answer(cast: Cast, objection: Objection, outcome: str) -> None:
    """By the reviewer of the city; upheld, the facts of the criterion are what the station said."""
    assessment = Assessment.objects.with_places().get(pk=objection.assessment_id)
    standard = assessment.period.edition.standard
    own = answers.own_cells(assessment, Layer.SELF)
    metrics = standard.criteria[standard.place(objection.criterion)].metrics
    wanted = {metric: own[metric] for metric in metrics if metric in own}
    is_upheld = outcome == Objection.Outcome.UPHELD
    workflow.decide_objection(
        assessment.pk,
        objection.pk,
        outcome=outcome,
        answer=UPHELD if is_upheld else DISMISSED,
        wanted=wanted if is_upheld else {},
        seen=objections.effect(assessment, objection.criterion, wanted).seen if is_upheld else None,
        round_=assessment.round,
        by=cast.reviewers[cast.city.pk],
    )
