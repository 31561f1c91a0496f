"""The sheet on paper: blank, to be filled in by hand, or filled, with points, reasons and a line to sign on."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from personnel.access import requires

from ..models import Assessment
from ..sheet import Sheet, surroundings


@require_safe
@requires("assessment.fill")
def paper_blank(request, pk):
    """Every figure with a box to write in."""
    return _shown(request, pk, is_blank=True)


@require_safe
@requires("assessment.fill")
def paper_filled(request, pk):
    """Every figure as it stands."""
    return _shown(request, pk, is_blank=False)


def _shown(request, pk, *, is_blank: bool):
    assessment = get_object_or_404(Assessment.objects.editable_by(request.user).with_places(), pk=pk)
    sheet = Sheet.of(assessment)
    around = surroundings(assessment, with_registers=False)
    sections = sheet.standard.dimensions
    context = {
        "assessment": assessment,
        "sheet": sheet,
        "parts": [(each, sheet.cards(each, around), sheet.loose(each, around)) for each in sections],
        "is_blank": is_blank,
        "at": timezone.now(),
    }
    return render(request, "assessments/paper.html", context)
