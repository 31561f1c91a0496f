"""回执: what a station handed in, on a page and as a PDF, for the station and its bureau."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from personnel.access import requires
from stationstd import refusals
from stationstd.keys import takes

from ..models import Assessment, Report, Submission
from ..reports import receipts, requesting
from .reports import sent_as_file


@require_GET
@requires("assessment.view")
def receipt(request, pk):
    """What was handed in last, with its digest worked out anew, and the PDF as far as it is made."""
    told = receipts.of(_submission(request, pk))
    context = {"told": told, "assessment": told.assessment, "pdf": _pdf(told.submission)}
    return render(request, "assessments/receipt.html", context)


def _submission(request, pk) -> Submission:
    """The last one. Http404 for an assessment out of sight; refused (409) for one that was never handed in."""
    assessment = get_object_or_404(Assessment.objects.visible_to(request.user).with_places(), pk=pk)
    found = assessment.submissions.select_related("by").last()
    if found is None:
        raise refusals.wrong_state(_("Nothing has been handed in yet."))
    found.assessment = assessment
    return found


def _pdf(submission: Submission) -> Report | None:
    """The newest PDF of it in the reader's language."""
    made = Report.objects.with_expiry().filter(submission=submission, language=translation.get_language())
    return made.select_related("job").first()


@require_POST
@requires("assessment.view")
@takes()
def receipt_make(request, pk):
    """Have the PDF made, in the reader's language."""
    requesting.request_receipt(_submission(request, pk), language=translation.get_language(), by=request.user)
    return redirect("assessments:receipt", pk)


@require_safe
@requires("assessment.view")
def receipt_file(request, pk):
    """The PDF. Refused (409) before it is made."""
    made = _pdf(_submission(request, pk))
    if made is None or not made.digest:
        raise refusals.wrong_state(_("This receipt is not made yet. Have it made on its page."))
    return sent_as_file(request, made, receipts.file_name(made))
