"""The bureau's acts on one assessment: change a fact with a reason, accept, send back, finish."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stationstd import refusals

from .. import answers, scores, store
from ..models import Assessment, Exemption, Layer, Returning, Review, State
from . import carrying
from .filling import address_of, put
from .locking import event, lock, now, require_round

_REASON = _("Give the reason. The station will read it.")
_DECLINED = Exemption.Outcome.DECLINED


@transaction.atomic
def change(
    pk: int,
    metric: str,
    value,
    *,
    state: str,
    reason: str,
    version: int | None,
    round_: int | None,
    op_id: UUID | None,
    by,
):
    """Set a fact of the verified layer (state "na": not applicable; value None clears the change).

    Returns (assessment, cell of the verified layer). `version` is that of the verified layer's own cell; what the
    station itself says can be another fact in another round, so that the round has to be the one that was seen.
    """
    if version is None or op_id is None or round_ is None:
        raise refusals.precondition_required()
    if not reason.strip():
        raise refusals.invalid(_REASON, field="reason")
    assessment = lock(pk, by, "assessment.verify")
    address = address_of(assessment, Layer.VERIFIED, metric)
    before = store.before(address, op_id)
    if before.is_replay:
        return assessment, before.cell
    require_round(assessment, round_)
    _begin(assessment, by)
    cell = put(address, before.cell, value, state, "reviewer", version=version, by=by, op_id=op_id, reason=reason)
    _review(assessment, dict.fromkeys(_criteria_using(assessment, metric), reason), Review.Outcome.CHANGED, by)
    scores.record([assessment], Layer.VERIFIED)
    event(assessment, "assessment.change", by, reason=reason, metric=metric, value=value, state=cell.state)
    return assessment, cell


@transaction.atomic
def accept(pk: int, criteria: list[str], *, round_: int | None, by) -> Assessment:
    """Record that the reviewer accepts these criteria as the facts stand."""
    assessment = lock(pk, by, "assessment.verify")
    require_round(assessment, round_)
    known = {criterion.id for criterion in assessment.period.edition.standard.criteria}
    if not criteria or not known.issuperset(criteria):
        raise refusals.invalid(_("This standard has no such criterion."))
    _begin(assessment, by)
    already = set(_reviewed(assessment).filter(outcome=Review.Outcome.CHANGED).values_list("criterion", flat=True))
    _review(assessment, {c: "" for c in criteria if c not in already}, Review.Outcome.ACCEPTED, by)
    event(assessment, "assessment.accept", by, criteria=sorted(criteria))
    return assessment


@transaction.atomic
def send_back(pk: int, *, reason: str, items: dict[str, str], due_at: datetime, round_: int | None, by) -> Assessment:
    """Return the assessment to its station with reasons per criterion and a new due time; a new round begins.

    What the reviewer changed in the returned criteria is withdrawn, since the station answers them anew; so is the
    approval that one of them is not applicable, which then reads as declined for the reason of the return.
    """
    assessment = lock(pk, by, "assessment.return")
    require_round(assessment, round_)
    if assessment.is_being_corrected:
        raise refusals.wrong_state(
            _("A published result is corrected by the bureau itself: it cannot be returned to the station.")
        )
    if not reason.strip():
        raise refusals.invalid(_REASON, field="reason")
    if due_at <= now():
        raise refusals.invalid(_("The new due time must be in the future."), field="due_at")
    _begin(assessment, by)
    whys = {c: why.strip() or reason for c, why in items.items()}
    _review(assessment, whys, Review.Outcome.RETURNED, by)
    _withdraw(assessment, set(items), by, reason)
    _require_again(assessment, whys, by)
    Returning.objects.create(assessment=assessment, round=assessment.round, by=by, reason=reason, due_at=due_at)
    assessment.round += 1
    assessment.state = State.RETURNED
    assessment.due_at = due_at
    assessment.save(update_fields=["round", "state", "due_at"])
    event(assessment, "assessment.return", by, reason=reason, items=items, due_at=due_at.isoformat())
    return assessment


@transaction.atomic
def finish(pk: int, *, round_: int | None, by) -> Assessment:
    """Close verification; from now on the chief may object, for as many days as the period gives.

    Refused (409) while an applicable criterion is neither accepted nor changed.
    """
    assessment = lock(pk, by, "assessment.verify")
    require_round(assessment, round_)
    _begin(assessment, by)
    open_items = unreviewed(assessment)
    if open_items:
        raise refusals.incomplete(
            _("Some criteria have not been looked at. Accept or change them first."), criteria=open_items
        )
    if Exemption.objects.filter(assessment=assessment, outcome="").exists():
        raise refusals.incomplete(_("The station asks that a criterion is not applicable. Decide on it first."))
    days = assessment.period.objection_days
    assessment.state = State.VERIFIED
    assessment.objection_until = now() + timedelta(days=days) if days else None
    assessment.no_objection_at = None
    assessment.save(update_fields=["state", "objection_until", "no_objection_at"])
    scores.record([assessment], Layer.VERIFIED)
    event(assessment, "assessment.verified", by, round=assessment.round, objection_days=days)
    return assessment


def unreviewed(assessment: Assessment) -> list[str]:
    """Ids of the applicable criteria that nobody has accepted or changed, in the standard's order.

    What was said in an earlier round and still holds was carried into this one (carrying.py).
    """
    done = set(_reviewed(assessment).values_list("criterion", flat=True))
    evaluation = scores.of([assessment], Layer.VERIFIED)
    applies = zip(evaluation.standard.criteria, evaluation.scores.applicable[0], strict=True)
    return [criterion.id for criterion, here in applies if here and criterion.id not in done]


def _reviewed(assessment: Assessment):
    return Review.objects.filter(assessment=assessment, round=assessment.round)


def _begin(assessment: Assessment, by) -> None:
    """The first act of the bureau takes the assessment into verification."""
    if not assessment.is_verifiable:
        raise refusals.wrong_state()
    if assessment.state == State.SUBMITTED:
        assessment.state = State.VERIFYING
        assessment.reviewer = by
        assessment.save(update_fields=["state", "reviewer"])


def _criteria_using(assessment: Assessment, metric: str) -> list[str]:
    return [c.id for c in assessment.period.edition.standard.criteria if metric in c.metrics]


def _review(assessment: Assessment, reasons: dict[str, str], outcome: str, by) -> None:
    """Say this, {criterion: reason}, of criteria as they stand now; what was said before in this round is replaced."""
    seen = carrying.seen(assessment)
    Review.objects.bulk_create(
        [
            Review(
                assessment=assessment,
                round=assessment.round,
                criterion=c,
                outcome=outcome,
                by=by,
                reason=reason,
                seen=seen[c],
            )
            for c, reason in reasons.items()
        ],
        update_conflicts=True,
        unique_fields=["assessment", "round", "criterion"],
        update_fields=["outcome", "reason", "by", "at", "seen", "carried_from"],
    )


def _withdraw(assessment: Assessment, criteria: set[str], by, reason: str) -> None:
    standard = assessment.period.edition.standard
    metrics = {m for c in standard.criteria if c.id in criteria for m in c.metrics}
    own = answers.own_cells(assessment, Layer.VERIFIED)
    for metric in sorted(metrics & own.keys()):
        if own[metric].state != "missing":
            address = address_of(assessment, Layer.VERIFIED, metric)
            put(
                address,
                own[metric],
                None,
                "missing",
                "reviewer",
                version=own[metric].version,
                by=by,
                op_id=store.new_op(),
                reason=reason,
            )


def _require_again(assessment: Assessment, whys: dict[str, str], by) -> None:
    """Take back, for these reasons, the approvals that a returned criterion is not applicable."""
    approved = Exemption.objects.filter(
        assessment=assessment, criterion__in=whys, outcome=Exemption.Outcome.APPROVED
    ).select_related("by")
    for found in approved:
        why = whys[found.criterion]
        found.outcome, found.decided_why, found.decided_by, found.decided_at = _DECLINED, why, by, now()
        found.save(update_fields=["outcome", "decided_why", "decided_by", "decided_at"])
        detail = {"exemption": found.pk, "criterion": found.criterion, "asked_by": found.by.username}
        event(assessment, "exemption.decline", by, reason=why, **detail)
