"""The bureau's vetoes on one assessment: imposed with a reason, a day and an approver; withdrawn with a reason."""

from datetime import date

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stationstd import refusals

from .. import scores
from ..models import Assessment, Layer, State, Veto
from .locking import event, lock, now, require_round

_LAYERS = {
    State.VERIFYING: (Layer.VERIFIED,),
    State.VERIFIED: (Layer.VERIFIED,),
    State.CONFIRMED: (Layer.VERIFIED, Layer.CONFIRMED),
}
VETOABLE = (State.SUBMITTED, *_LAYERS)


@transaction.atomic
def impose(pk: int, code: str, *, reason: str, day: date, approver: str, evidence: str, round_: int | None, by) -> Veto:
    """Apply a veto of the edition that people decide. Refused (409) before submission, after publication and twice."""
    assessment = _locked(pk, round_, by)
    known = {veto.code for veto in assessment.period.edition.standard.decided_vetoes}
    if code not in known:
        raise refusals.invalid(_("This standard has no such veto."), field="code")
    if not reason.strip() or not approver.strip():
        raise refusals.invalid(_("Give the reason and who approved the veto."), field="reason")
    if day > timezone.localdate(now()):
        raise refusals.invalid(_("The day of the decision cannot be in the future."), field="day")
    if Veto.objects.filter(assessment=assessment, code=code, withdrawn_at=None).exists():
        raise refusals.wrong_state(_("This veto is in force already."))
    veto = Veto.objects.create(
        assessment=assessment, code=code, reason=reason, day=day, approver=approver, evidence=evidence, by=by
    )
    _score(assessment)
    detail = {"veto": veto.pk, "code": code, "day": day.isoformat(), "approver": approver, "evidence": evidence}
    event(assessment, "veto.impose", by, reason=reason, **detail)
    return veto


@transaction.atomic
def withdraw(pk: int, veto_pk: int, *, reason: str, round_: int | None, by) -> Veto:
    """Take a veto back; it stays on record with the reason. Refused (409) after publication."""
    assessment = _locked(pk, round_, by)
    if not reason.strip():
        raise refusals.invalid(_("Give the reason. The station will read it."), field="reason")
    veto = Veto.objects.filter(assessment=assessment, pk=veto_pk, withdrawn_at=None).first()
    if veto is None:
        raise refusals.wrong_state(_("This veto is not in force."))
    veto.withdrawn_at, veto.withdrawn_by, veto.withdrawn_why = Now(), by, reason
    veto.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    _score(assessment)
    event(assessment, "veto.withdraw", by, reason=reason, veto=veto.pk, code=veto.code)
    return veto


def _locked(pk: int, round_: int | None, by) -> Assessment:
    assessment = lock(pk, by, "veto.decide")
    require_round(assessment, round_)
    if assessment.state not in VETOABLE:
        raise refusals.wrong_state()
    return assessment


def _score(assessment: Assessment) -> None:
    """The layers that the bureau has begun; that of the station itself is not vetoed, nor what is published."""
    for layer in _LAYERS.get(assessment.state, ()):
        if layer == Layer.CONFIRMED and assessment.is_being_corrected:
            continue
        scores.record([assessment], layer)
