"""Why a station can no longer change its assessment, in words; the write path judges again by the database's clock."""

from django.utils import timezone
from django.utils.translation import gettext as _

from .models import Assessment, State


def why(assessment: Assessment) -> str | None:
    """One sentence with what to do next, or None while the station may still change facts."""
    if assessment.is_open:
        return _late() if timezone.now() > assessment.due_at else None
    if assessment.is_being_corrected:
        return _("The published result is being corrected by the bureau.")
    words = {
        State.SUBMITTED: _("This assessment has been submitted. To change anything, ask the bureau to return it."),
        State.VERIFYING: _("The bureau is verifying this assessment. To change anything, ask the bureau to return it."),
        State.VERIFIED: _("The bureau has verified this assessment. Its facts are fixed."),
        State.CONFIRMED: _("The result has been confirmed. Its facts are fixed."),
        State.PUBLISHED: _("The result has been published. Its facts are fixed for good."),
    }
    return words[State(assessment.state)]


def _late() -> str:
    return _("The due time has passed. Ask the bureau if you still have to change something.")
