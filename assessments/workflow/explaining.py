"""说明: the station says a word of what stands out on its sheet; the reviewer reads it beside the item."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stationstd import refusals

from .. import crossing, flagging
from ..models import Assessment, Remark
from .locking import event, lock, now, require_open, require_round


@transaction.atomic
def explain(pk: int, check: str, text: str, *, round_: int | None, by) -> Remark:
    """Say a word of a relation that does not hold, or of a flag. In one round the last word stands.

    Refused (409) for what does not stand out (any more), and for an error: that has to be put right.
    """
    assessment = lock(pk, by, "assessment.fill")
    require_round(assessment, round_)
    require_open(assessment, now())
    if not text.strip():
        raise refusals.invalid(_("Say in a few words why the figures are right."), field="text")
    seen = _explainable(assessment).get(check)
    if seen is None:
        raise refusals.wrong_state(_("This does not stand out on the sheet any more, or it has to be put right."))
    already = Remark.objects.filter(assessment=assessment, code=check, round=assessment.round).first()
    if already is not None and (already.text, already.seen) == (text, seen):
        return already
    said = {"text": text, "seen": seen, "by": by, "at": now()}
    remark, _made = Remark.objects.update_or_create(
        assessment=assessment, code=check, round=assessment.round, defaults=said
    )
    event(assessment, "assessment.explain", by, reason=text, check=check, round=assessment.round)
    return remark


def _explainable(assessment: Assessment) -> dict[str, str]:
    """{what may be explained: digest of the figures it is about}."""
    conflicts = crossing.conflicts(assessment)
    found = {each.check.code: crossing.seen(each.figures) for each in conflicts if not each.is_error}
    return found | {note.code: note.seen for note in flagging.own(assessment)}
