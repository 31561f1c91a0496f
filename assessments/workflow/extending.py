"""Extend one station's due time: forward only, with a reason, as long as the station has not handed in."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stationstd import refusals

from ..models import Extension
from .locking import event, lock, now, require_round


@transaction.atomic
def extend(pk: int, *, due_at: datetime, reason: str, round_: int | None, op_id: UUID | None, by) -> Extension:
    """Move the due time of one assessment forward, also when it has passed already.

    Refused (409) once the station has handed in or the results are published; (400) without a reason, and for a time
    that is not later than the present due time and the database's clock. Sent twice with the same op_id it takes
    effect once.
    """
    if op_id is None:
        raise refusals.precondition_required()
    assessment = lock(pk, by, "assessment.extend")
    already = Extension.objects.filter(assessment=assessment, op_id=op_id).first()
    if already is not None:
        return already
    require_round(assessment, round_)
    if not assessment.is_open:
        raise refusals.wrong_state(_("The station has handed in already: there is nothing to extend."))
    if not reason.strip():
        raise refusals.invalid(_("Give the reason. The station will read it."), field="reason")
    if due_at <= now():
        raise refusals.invalid(_("The new due time must be in the future."), field="due_at")
    if due_at <= assessment.due_at:
        raise refusals.invalid(_("The new due time must be later than the present one."), field="due_at")
    extension = Extension.objects.create(
        assessment=assessment,
        round=assessment.round,
        old_due_at=assessment.due_at,
        due_at=due_at,
        reason=reason,
        by=by,
        op_id=op_id,
    )
    assessment.due_at = due_at
    assessment.save(update_fields=["due_at"])
    moved = {"old": extension.old_due_at.isoformat(), "new": due_at.isoformat()}
    event(assessment, "assessment.extend", by, reason=reason, round=assessment.round, **moved)
    return extension
