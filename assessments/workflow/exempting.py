"""不适用申请: a station asks that a criterion is left out; the reviewer approves or declines, with a reason.

Until it is decided the criterion counts as it stands: what is not answered earns nothing, and nothing of it is required
for handing in (lifting.py).
"""

from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from stationstd import refusals

from .. import answers, scores, store, unlocking
from ..models import Assessment, Exemption, Layer
from .locking import event, lock, now, require_open, require_round
from .verifying import change

_Outcome = Exemption.Outcome


@transaction.atomic
def request_exemption(pk: int, criterion: str, *, reason: str, round_: int | None, op_id: UUID | None, by) -> Exemption:
    """Ask that a criterion is not applicable. Refused (409) while one request for it is undecided, and once approved.

    Sent twice with the same op_id it takes effect once.
    """
    if op_id is None:
        raise refusals.precondition_required()
    assessment = lock(pk, by, "assessment.fill")
    already = Exemption.objects.filter(assessment=assessment, op_id=op_id).first()
    if already is not None:
        return already
    require_round(assessment, round_)
    require_open(assessment, now())
    if criterion not in {each.id for each in assessment.period.edition.standard.criteria}:
        raise refusals.invalid(_("This standard has no such criterion."), field="criterion")
    if not reason.strip():
        raise refusals.invalid(_("Say why this criterion does not apply to your station."), field="reason")
    if unlocking.is_criterion_locked(criterion, unlocking.returned(assessment)):
        raise unlocking.locked()
    _require_not_asked(assessment, criterion)
    made = Exemption.objects.create(
        assessment=assessment, criterion=criterion, round=assessment.round, reason=reason, by=by, op_id=op_id
    )
    event(assessment, "exemption.request", by, reason=reason, exemption=made.pk, criterion=criterion)
    return made


def _require_not_asked(assessment: Assessment, criterion: str) -> None:
    asked = Exemption.objects.filter(assessment=assessment, criterion=criterion).values_list("outcome", flat=True)
    if "" in (outcomes := set(asked)):
        raise refusals.wrong_state(_("You have asked this already. The reviewer decides after you have submitted."))
    if _Outcome.APPROVED in outcomes:
        raise refusals.wrong_state(_("This has been approved already: the item is left out."))


@transaction.atomic
def withdraw_exemption(pk: int, exemption: int | None, *, round_: int | None, by) -> Exemption:
    """Take a request back while the sheet is open; it stays on record. Taken back twice it is taken back once.

    Refused (409) for one that the bureau has decided: its word stays; and for a criterion that did not come back, whose
    facts could not be filled in now.
    """
    assessment = lock(pk, by, "assessment.fill")
    require_round(assessment, round_)
    found = _found(assessment, exemption)
    if found.outcome == _Outcome.WITHDRAWN:
        return found
    require_open(assessment, now())
    _require_undecided(found)
    if unlocking.is_criterion_locked(found.criterion, unlocking.returned(assessment)):
        raise unlocking.locked()
    _decide(found, _Outcome.WITHDRAWN, "", by)
    event(assessment, "exemption.withdraw", by, exemption=found.pk, criterion=found.criterion)
    return found


@transaction.atomic
def approve_exemption(pk: int, exemption: int | None, *, round_: int | None, by) -> Exemption:
    """Leave the criterion out: its own facts become "not applicable" in the verified layer, with the station's reason.

    Facts that other criteria look at too, which apply to the station and were not left out as well, stay as they are.
    Refused (409) where the criterion would apply all the same.
    """
    assessment, found = _to_decide(pk, exemption, round_, by)
    standard = assessment.period.edition.standard
    own = _own_facts(assessment, found)
    verified = answers.own_cells(assessment, Layer.VERIFIED)
    _decide(found, _Outcome.APPROVED, "", by)
    for metric in own:
        version = verified.get(metric, answers.Cell()).version
        said = {"state": "na", "reason": found.reason, "version": version, "round_": round_, "op_id": store.new_op()}
        change(pk, metric, None, **said, by=by)
    if scores.of([assessment], Layer.VERIFIED).scores.applicable[0, standard.place(found.criterion)]:
        raise refusals.wrong_state(
            _("Other criteria look at these facts too, so that they cannot be left out. Decline it and say so.")
        )
    event(
        assessment, "exemption.approve", by, exemption=found.pk, criterion=found.criterion, asked_by=found.by.username
    )
    return found


def _own_facts(assessment: Assessment, found: Exemption) -> list[str]:
    """The facts that no other criterion looks at, of those that apply to this class and were not approved before."""
    standard = assessment.period.edition.standard
    approved = Exemption.objects.filter(assessment=assessment, outcome=_Outcome.APPROVED)
    left_out = {found.criterion, *approved.values_list("criterion", flat=True)}
    counting = (c for c in standard.criteria if c.id not in left_out and c.applies(assessment.station_class_id))
    others = {metric for criterion in counting for metric in criterion.metrics}
    return [metric for metric in standard.criterion(found.criterion).metrics if metric not in others]


@transaction.atomic
def decline_exemption(pk: int, exemption: int | None, *, why: str, round_: int | None, by) -> Exemption:
    """Let the criterion count, with a reason that the station reads. Refused like an approval."""
    assessment, found = _to_decide(pk, exemption, round_, by)
    if not why.strip():
        raise refusals.invalid(_("Give the reason for declining."), field="why")
    _decide(found, _Outcome.DECLINED, why, by)
    detail = {"exemption": found.pk, "criterion": found.criterion, "asked_by": found.by.username}
    event(assessment, "exemption.decline", by, reason=why, **detail)
    return found


def _to_decide(pk: int, exemption: int | None, round_: int | None, by) -> tuple[Assessment, Exemption]:
    assessment = lock(pk, by, "assessment.verify")
    require_round(assessment, round_)
    found = _found(assessment, exemption)
    if not assessment.is_verifiable:
        raise refusals.wrong_state()
    _require_undecided(found)
    return assessment, found


def _require_undecided(found: Exemption) -> None:
    if not found.is_undecided:
        raise refusals.wrong_state(_("This request has been decided already."))


def _found(assessment: Assessment, exemption: int | None) -> Exemption:
    if exemption is None:
        raise refusals.precondition_required()
    found = Exemption.objects.filter(assessment=assessment, pk=exemption).select_related("by").first()
    if found is None:
        raise Http404
    return found


def _decide(found: Exemption, outcome: str, why: str, by) -> None:
    found.outcome, found.decided_why, found.decided_by, found.decided_at = outcome, why, by, now()
    found.save(update_fields=["outcome", "decided_why", "decided_by", "decided_at"])
