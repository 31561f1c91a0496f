"""The main page of a draft: sections and criteria in paper order, their points, and what is wrong."""

from django.views.decorators.http import require_safe

from personnel.access import requires

from .. import draftpage


@requires("edition.edit")
@require_safe
def draft(request, pk):
    """The whole draft as an outline."""
    return draftpage.show(request, draftpage.found(request, pk), "assessments/drafts/draft.html", "draft")
