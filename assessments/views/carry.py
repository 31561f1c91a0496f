"""Carry forward what has not changed since last period: shown as a list first, then done in one act."""

from uuid import uuid4

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from personnel.access import requires
from stationstd.keys import takes
from stationstd.refusals import Refused

from .. import answers, closing, forwarding, workflow
from ..forms.saving import read_op_id
from ..models import Assessment, Layer
from ..sheet import surroundings

PREFIX = "carry."  # of the name of a ticked figure; its value is the value that the page showed


@require_http_methods(["GET", "POST"])
@requires("assessment.fill")
@takes("op_id", "dimension", "carry.*")  # a figure that the standard does not know is refused by the act
def carry(request, pk):
    """The list of what can be carried forward, of one dimension or of the whole sheet; POST carries what is ticked."""
    assessment = get_object_or_404(Assessment.objects.editable_by(request.user).with_places(), pk=pk)
    said = request.POST if request.method == "POST" else request.GET
    dimension = said.get("dimension", "")
    sections = {section.code: section for section in assessment.period.edition.standard.dimensions}
    if dimension and dimension not in sections:
        raise Http404
    if request.method == "GET":
        return _shown(request, assessment, sections, dimension)
    try:
        carried = workflow.carry_forward(pk, _ticked(said), op_id=read_op_id(said), by=request.user)
    except Refused as refusal:
        return refusal.marked(_shown(request, assessment, sections, dimension, refusal))
    _tell(request, carried)
    return redirect("assessments:fill", pk, dimension or next(iter(sections)))


def _ticked(said) -> dict[str, str]:
    return {name.removeprefix(PREFIX): said[name] for name in said if name.startswith(PREFIX)}


def _shown(request, assessment: Assessment, sections: dict, dimension: str, refusal: Refused | None = None):
    closed = closing.why(assessment)
    around = surroundings(assessment, with_registers=True)
    offers = [] if closed else forwarding.offers(assessment, answers.own_cells(assessment, Layer.SELF), around)
    groups = [
        (section, here)
        for section in sections.values()
        if dimension in ("", section.code) and (here := [o for o in offers if o.metric.dimension == section.code])
    ]
    context = {
        "assessment": assessment,
        "closed": closed,
        "section": sections.get(dimension),
        "back": dimension or next(iter(sections)),
        "groups": groups,
        "count": sum(len(here) for _section, here in groups),
        "everywhere": len(offers),
        "op_id": uuid4(),
        "refusal": refusal,
    }
    return render(request, "assessments/carry.html", context, status=refusal.status if refusal else 200)


def _tell(request, carried) -> None:
    words = ngettext(
        "%(done)d figure carried forward. Clear a field to take it back.",
        "%(done)d figures carried forward. Clear a field to take it back.",
        carried.done,
    )
    messages.success(request, words % {"done": carried.done})
    if carried.left:
        left = _("Left as they are, because somebody has answered them meanwhile: %(left)d.")
        messages.info(request, left % {"left": carried.left})
