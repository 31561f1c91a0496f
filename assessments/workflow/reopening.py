"""复核更正: a published result is corrected. One reviewer asks with a reason, another one decides.

An approved reopening takes the assessment back to verification in a new round. The facts and the score that were
published stay in the confirmed layer and count, until the bureau publishes anew (publishing.py).
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from stationstd import refusals

from .. import answers
from ..models import Answers, Assessment, Layer, Reopening, Review, State, Vector
from ..ranking import had_result
from .locking import event, lock, require_round

_REASON = _("Give the reason. The station will read it.")


@transaction.atomic
def request_reopening(pk: int, *, reason: str, round_: int | None, by) -> Reopening:
    """Ask for the correction of a published result. Refused (409) while another one is not finished."""
    assessment = lock(pk, by, "reopening.request")
    require_round(assessment, round_)
    if not reason.strip():
        raise refusals.invalid(_REASON, field="reason")
    if assessment.state != State.PUBLISHED:
        raise refusals.wrong_state()
    if not had_result(assessment.official_rank):
        raise refusals.wrong_state(_("This station handed nothing in, so that there is no result to correct."))
    if Reopening.objects.undecided().filter(assessment=assessment).exists():
        raise refusals.wrong_state(_("A correction of this result has been requested already."))
    publication = assessment.official_rank.publication
    reopening = Reopening.objects.create(
        assessment=assessment, publication=publication, round=assessment.round, reason=reason, by=by
    )
    event(assessment, "reopening.request", by, reason=reason, reopening=reopening.pk, version=publication.version)
    return reopening


@transaction.atomic
def approve_reopening(pk: int, *, reopening: int | None, by) -> Reopening:
    """Take the assessment back to verification. Refused (403) to whoever asked, (409) when it was decided already."""
    assessment, found = _undecided(pk, reopening, by)
    if assessment.state != State.PUBLISHED:
        raise refusals.wrong_state()
    found.publication, found.round = assessment.official_rank.publication, assessment.round
    _decide(found, Reopening.Decision.APPROVED, by, "")
    assessment.round += 1
    assessment.state = State.VERIFYING
    assessment.objection_until = assessment.no_objection_at = None
    assessment.save(update_fields=["round", "state", "objection_until", "no_objection_at"])
    _keep_published_facts(assessment)
    _carry_over(assessment, found.round)
    detail = {"reopening": found.pk, "version": found.publication.version, "requested_by": found.by.username}
    event(assessment, "reopening.approve", by, reason=found.reason, **detail)
    return found


@transaction.atomic
def decline_reopening(pk: int, *, reopening: int | None, why: str, by) -> Reopening:
    """Leave the result as it is published, with a reason. Refused like an approval."""
    assessment, found = _undecided(pk, reopening, by)
    if not why.strip():
        raise refusals.invalid(_("Give the reason for declining."), field="why")
    _decide(found, Reopening.Decision.DECLINED, by, why)
    event(assessment, "reopening.decline", by, reason=why, reopening=found.pk, requested_by=found.by.username)
    return found


def _undecided(pk: int, reopening: int | None, by) -> tuple[Assessment, Reopening]:
    assessment = lock(pk, by, "reopening.decide")
    if reopening is None:
        raise refusals.precondition_required()
    found = Reopening.objects.filter(assessment=assessment, pk=reopening).select_related("by").first()
    if found is None or not found.is_undecided:
        raise refusals.wrong_state(_("This request has been decided already."))
    if found.by_id == by.pk:
        raise PermissionDenied(_("Another person than the one who asked has to decide."))
    return assessment, found


def _decide(reopening: Reopening, decision: str, by, why: str) -> None:
    reopening.decision, reopening.decided_by, reopening.decided_at, reopening.decided_why = decision, by, Now(), why
    reopening.save(
        update_fields=["publication", "round", "decision", "decided_by", "decided_at", "decided_why"],
    )


def _keep_published_facts(assessment: Assessment) -> None:
    """One row a dimension in the confirmed layer, empty ones too: what was not answered stays so."""
    standard = assessment.period.edition.standard
    facts: dict[str, dict] = {section.code: {} for section in standard.dimensions}
    for metric, cell in answers.stored([assessment.pk], Layer.VERIFIED).get(assessment.pk, {}).items():
        facts[answers.dimension_of(standard, metric)][metric] = cell
    Answers.objects.bulk_create(
        Answers(assessment=assessment, layer=Layer.CONFIRMED, dimension=dimension, facts=published)
        for dimension, published in facts.items()
    )


def _carry_over(assessment: Assessment, round_: int) -> None:
    """The new round begins with the frozen facts and the reviews of the round that was published."""
    vectors = list(Vector.objects.filter(assessment=assessment, round=round_))
    reviews = list(Review.objects.filter(assessment=assessment, round=round_).exclude(outcome=Review.Outcome.RETURNED))
    for each in reviews:
        each.carried_from = each.carried_from or each.round
    for each in (*vectors, *reviews):
        each.pk, each.round = None, assessment.round
        each._state.adding = True
    Vector.objects.bulk_create(vectors)
    Review.objects.bulk_create(reviews)
