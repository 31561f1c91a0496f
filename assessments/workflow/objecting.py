"""异议: the chief objects to single criteria of what was verified; another reviewer than the first answers."""

from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from stationstd import refusals

from .. import objections, scores, store
from ..answers import Cell
from ..models import Assessment, Layer, Objection, State
from .filling import address_of, put
from .locking import event, lock, now, require_round

_Outcome = Objection.Outcome


@transaction.atomic
def object_to(pk: int, criterion: str, *, ground: str, round_: int | None, op_id: UUID | None, by) -> Objection:
    """Object to one criterion with a ground. Refused (409) outside the window and while one stands already.

    Sent twice with the same op_id it takes effect once.
    """
    if op_id is None:
        raise refusals.precondition_required()
    assessment = lock(pk, by, "objection.file")
    already = Objection.objects.filter(assessment=assessment, op_id=op_id).first()
    if already is not None:
        return already
    require_round(assessment, round_)
    _require_window(assessment)
    if criterion not in {each.id for each in assessment.period.edition.standard.criteria}:
        raise refusals.invalid(_("This standard has no such criterion."), field="criterion")
    if not ground.strip():
        raise refusals.invalid(_("Say why the result of this criterion is not right."), field="ground")
    if _standing(assessment).filter(criterion=criterion).exists():
        raise refusals.wrong_state(_("You have objected to this criterion already."))
    made = Objection.objects.create(
        assessment=assessment, round=assessment.round, criterion=criterion, ground=ground, by=by, op_id=op_id
    )
    event(assessment, "objection.file", by, reason=ground, objection=made.pk, criterion=criterion, round=made.round)
    return made


@transaction.atomic
def withdraw_objection(pk: int, objection: int | None, *, round_: int | None, by) -> Objection:
    """Take an objection back before it is answered; it stays on record. Taken back twice it is taken back once."""
    assessment = lock(pk, by, "objection.file")
    require_round(assessment, round_)
    found = _found(assessment, objection)
    if found.outcome == _Outcome.WITHDRAWN:
        return found
    _require_undecided(assessment, found)
    found.outcome, found.decided_by, found.decided_at = _Outcome.WITHDRAWN, by, now()
    found.save(update_fields=["outcome", "decided_by", "decided_at"])
    event(assessment, "objection.withdraw", by, objection=found.pk, criterion=found.criterion)
    return found


@transaction.atomic
def declare_no_objection(pk: int, *, round_: int | None, by) -> Assessment:
    """The chief has nothing (more) to object to: the window closes early. Said twice it is said once."""
    assessment = lock(pk, by, "objection.file")
    require_round(assessment, round_)
    if assessment.state == State.VERIFIED and assessment.no_objection_at is not None:
        return assessment
    assessment.no_objection_at = _require_window(assessment)
    assessment.save(update_fields=["no_objection_at"])
    event(assessment, "objection.none", by, round=assessment.round)
    return assessment


@transaction.atomic
def decide_objection(
    pk: int,
    objection: int | None,
    *,
    outcome: str,
    answer: str,
    wanted: dict[str, Cell],
    seen: str | None,
    round_: int | None,
    by,
) -> Objection:
    """Uphold an objection with corrected facts of its criterion, or dismiss it; with an answer either way.

    `wanted` are the facts as they are right, {metric: cell with the value and state}; () where it is dismissed.
    `seen` is the effect that was shown (objections.Effect.seen): refused (409, stale) when it is another one by now.
    Refused (403) to whoever reviewed the criterion, (409) when it was answered or withdrawn already.
    """
    assessment = lock(pk, by, "objection.decide")
    require_round(assessment, round_)
    found = _found(assessment, objection)
    if _is_said_again(found, outcome, answer, by):
        return found
    _require_undecided(assessment, found)
    _require_another(assessment, found, by)
    if outcome not in (_Outcome.UPHELD, _Outcome.DISMISSED):
        raise refusals.invalid(_("Say whether the objection is upheld or dismissed."), field="outcome")
    if not answer.strip():
        raise refusals.invalid(_("Give the answer. The station will read it."), field="answer")
    if outcome == _Outcome.UPHELD:
        _correct(assessment, found, wanted, seen, answer, by)
    found.outcome, found.answer, found.decided_by, found.decided_at = outcome, answer, by, now()
    found.save(update_fields=["outcome", "answer", "decided_by", "decided_at", "points_before", "points_after"])
    points = {"before": found.points_before, "after": found.points_after} if found.is_upheld else {}
    detail = {"objection": found.pk, "criterion": found.criterion, "outcome": outcome, **points}
    event(assessment, "objection.decide", by, reason=answer, **detail)
    return found


def require_settled(assessment: Assessment) -> None:
    """Refused (409) while the chief may still object or an objection waits; the caller holds the lock."""
    why = objections.why_unsettled(assessment, now())
    if why:
        raise refusals.wrong_state(why)


def _correct(assessment: Assessment, found: Objection, wanted: dict[str, Cell], seen: str | None, why: str, by) -> None:
    """Write the corrected facts into the verified layer, score it, and note the points before and after."""
    criterion = next(c for c in assessment.period.edition.standard.criteria if c.id == found.criterion)
    if not set(criterion.metrics).issuperset(wanted):
        raise refusals.invalid(_("This criterion does not use such a figure."))
    effect = objections.effect(assessment, found.criterion, wanted)
    if effect.is_nothing:
        raise refusals.invalid(_("Correct at least one fact, or dismiss the objection."), field="outcome")
    if seen is None:
        raise refusals.precondition_required()
    if seen != effect.seen:
        raise refusals.stale(seen=effect.seen)
    for metric, (old, new) in effect.cells.items():
        address = address_of(assessment, Layer.VERIFIED, metric)
        put(
            address,
            old,
            new.value,
            new.state,
            "reviewer",
            version=old.version,
            by=by,
            op_id=store.new_op(),
            reason=why,
        )
    scores.record([assessment], Layer.VERIFIED)
    found.points_before, found.points_after = effect.item.before, effect.item.after


def _require_window(assessment: Assessment):
    """The database's clock, inside the window. Refused (409) outside it: state, or deadline where it has passed."""
    if assessment.state != State.VERIFIED or assessment.objection_until is None:
        raise refusals.wrong_state(_("There is nothing to object to now."))
    if assessment.no_objection_at is not None:
        raise refusals.wrong_state(_("You have declared that there is no objection."))
    clock = now()
    if clock > assessment.objection_until:
        raise refusals.past_deadline(assessment.objection_until)
    return clock


def _standing(assessment: Assessment):
    present = Objection.objects.filter(assessment=assessment, round=assessment.round)
    return present.exclude(outcome=_Outcome.WITHDRAWN)


def _found(assessment: Assessment, objection: int | None) -> Objection:
    """The objection of this assessment's present round; Http404 for any other."""
    found = Objection.objects.filter(assessment=assessment, round=assessment.round, pk=objection).first()
    if found is None:
        raise Http404
    return found


def _is_said_again(found: Objection, outcome: str, answer: str, by) -> bool:
    return not found.is_open and (found.outcome, found.answer, found.decided_by_id) == (outcome, answer, by.pk)


def _require_undecided(assessment: Assessment, found: Objection) -> None:
    if assessment.state != State.VERIFIED:
        raise refusals.wrong_state()
    if not found.is_open:
        raise refusals.wrong_state(_("This objection has been answered or withdrawn already."))


def _require_another(assessment: Assessment, found: Objection, by) -> None:
    if objections.reviewer_of(assessment, found.criterion) == by:
        words = _("You reviewed this criterion yourself: another reviewer has to answer.")
        raise refusals.Refused(403, "person", words)
