"""检查与提交: what is missing, what it would score, and the chief's signature under it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from personnel.access import requires
from personnel.confirming import confirmed
from personnel.models import User
from personnel.roles import Role
from stationstd.keys import takes
from stationstd.negotiation import wants_json
from stationstd.refusals import Refused

from .. import closing, flagging, scores, workflow
from ..advising import Advised
from ..forms.saving import read_whole
from ..models import Assessment
from ..sheet import Sheet


@require_GET
@requires("assessment.fill")
def check(request, pk):
    """What blocks submission, each with a link to its place, and the sheet at a glance."""
    return _checked(request, _editable(request, pk))


def _editable(request, pk) -> Assessment:
    return get_object_or_404(Assessment.objects.editable_by(request.user).with_places(), pk=pk)


def _checked(request, assessment: Assessment, refusal: Refused | None = None):
    sheet = Sheet.of(assessment)
    context = {
        "assessment": assessment,
        "sheet": sheet,
        "closed": closing.why(assessment),
        "missing": _by_dimension(sheet, scores.missing(assessment)),
        "refusal": refusal,
        "may_submit": request.user.may("assessment.submit"),
        "chiefs": _chiefs(assessment),
        "advised": Advised(sheet.evaluation) if assessment.is_open else None,
        "notes": flagging.own(assessment, sheet.cells) if assessment.is_open else [],
    }
    if refusal is None:
        return render(request, "assessments/check.html", context)
    return refusal.marked(render(request, "assessments/check.html", context, status=refusal.status))


def _by_dimension(sheet: Sheet, missing: list[dict]) -> list[tuple]:
    """[(section, [(kind, metric or criterion)])] in paper order, sections without anything missing left out."""
    grouped = []
    for section in sheet.standard.dimensions:
        here = [(item["kind"], _thing(sheet, item)) for item in missing if item["dimension"] == section.code]
        if here:
            grouped.append((section, here))
    return grouped


def _thing(sheet: Sheet, item: dict):
    standard = sheet.standard
    return standard.metrics[item["code"]] if item["kind"] == "fact" else standard.criterion(item["code"])


def _chiefs(assessment: Assessment) -> list[str]:
    """Names of those who can submit it."""
    chiefs = User.objects.filter(station=assessment.station_id, role=Role.CHIEF, is_active=True)
    return list(chiefs.values_list("name", flat=True))


@require_POST
@requires("assessment.submit")
@takes("round")
@confirmed
def submit(request, pk):
    """Hand the self-assessment in. Refused with the list of what is missing while anything is."""
    round_ = read_whole(request.POST.get("round"))
    assessment = _editable(request, pk)
    try:
        workflow.submit(assessment.pk, round_=round_, by=request.user)
    except Refused as refusal:
        if refusal.code != "incomplete" or wants_json(request):
            raise
        return _checked(request, assessment, refusal)
    messages.success(request, _("The self-assessment has been submitted. The bureau will verify it."))
    return redirect("assessments:home")
