"""The drafts of standards: begun, listed, published, discarded."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from personnel.access import requires

from ..models import Draft


@requires("edition.edit")
@require_safe
def drafts(request):
    """Every draft of the jurisdiction that is not published, the latest changed first. A fixed number of queries."""
    listed = Draft.objects.editable_by(request.user).unpublished().select_related("based_on", "changed_by", "bureau")
    return render(request, "assessments/drafts/drafts.html", {"drafts": listed})
