"""检查与提交: what is missing, what does not fit, what stands out, and the chief's signature under it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from personnel.access import requires
from personnel.confirming import confirmed
from personnel.models import User
from personnel.roles import Role
from stationstd import refusals
from stationstd.keys import takes
from stationstd.negotiation import wants_json
from stationstd.refusals import Refused

from .. import closing, crossing, flagging, scores, workflow
from ..advising import Advised
from ..forms.saving import read_whole
from ..models import Assessment, Exemption
from ..reports import requesting
from ..sheet import Sheet, Surroundings, surroundings


@require_GET
@requires("assessment.fill")
def check(request, pk):
    """What blocks submission, each with a link to its place, and the sheet at a glance."""
    return _checked(request, _editable(request, pk))


def _editable(request, pk) -> Assessment:
    return get_object_or_404(Assessment.objects.editable_by(request.user).with_places(), pk=pk)


def _checked(request, assessment: Assessment, refusal: Refused | None = None):
    around = surroundings(assessment, with_registers=False)
    sheet = Sheet.of(assessment, around)
    closed, remarks = closing.why(assessment), crossing.remarks(assessment)
    earlier = crossing.earlier_remarks(assessment)
    conflicts = crossing.of(sheet.evaluation, sheet.cells, remarks, earlier)
    missing = scores.missing(assessment)
    notes = flagging.own(assessment, sheet.cells) if assessment.is_open else []
    context = {
        "assessment": assessment,
        "sheet": sheet,
        "closed": closed,
        "missing": _by_dimension(sheet, missing),
        "conflicts": conflicts,
        "is_blocked": bool(missing) or any(each.is_open for each in conflicts),
        "refusal": refusal,
        "may_submit": request.user.may("assessment.submit"),
        "chiefs": _chiefs(assessment),
        "advised": Advised(sheet.evaluation) if assessment.is_open else None,
        "notes": [_note(note, remarks.get(note.code), earlier.get(note.code)) for note in notes],
        "changed": sheet.changed_since(around),
        "asked": _asked(sheet, around),
        "may_explain": closed is None,
        "said": request.POST,
    }
    if refusal is None:
        return render(request, "assessments/check.html", context)
    return refusal.marked(render(request, "assessments/check.html", context, status=refusal.status))


def _note(note: flagging.Note, remark, earlier) -> dict:
    """A flag with what was said of it; of other figures than these it was not said."""
    is_explained = remark is not None and remark.seen == note.seen
    again = crossing.again(remark, earlier, note.seen)
    return {"note": note, "remark": remark, "is_explained": is_explained, "again": again}


def _asked(sheet: Sheet, around: Surroundings) -> list[tuple]:
    """[(criterion, its last request that it is not applicable)] in paper order, without those taken back."""
    standing = {id: each for id, each in around.exemptions.items() if each.outcome != Exemption.Outcome.WITHDRAWN}
    return [(c, standing[c.id]) for c in sheet.standard.criteria if c.id in standing]


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
@requires("assessment.fill")
@takes("check", "text", "round")
def explain(request, pk):
    """Say a word of what stands out. Refused words are shown again where they were typed."""
    assessment = _editable(request, pk)
    about, text = request.POST.get("check", ""), request.POST.get("text", "")
    try:
        workflow.explain(assessment.pk, about, text, round_=read_whole(request.POST.get("round")), by=request.user)
    except Refused as refusal:
        if refusal.code not in ("invalid", "state") or wants_json(request):
            raise
        return _checked(request, assessment, refusal)
    return redirect(reverse("assessments:check", args=[pk]) + "#conflicts")


@require_POST
@requires("assessment.submit")
@takes("round", "declared")
@confirmed
def submit(request, pk):
    """Hand the self-assessment in, and have its receipt made. Refused with the list of what is missing or open."""
    round_ = read_whole(request.POST.get("round"))
    assessment = _editable(request, pk)
    try:
        if round_ is not None and request.POST.get("declared") != "on":
            raise refusals.invalid(_("Tick the declaration before you submit."), field="declared")
        workflow.submit(assessment.pk, round_=round_, by=request.user)
    except Refused as refusal:
        if refusal.code not in ("incomplete", "invalid") or wants_json(request):
            raise
        return _checked(request, assessment, refusal)
    handed_in = assessment.submissions.get(round=round_)
    requesting.request_receipt(handed_in, language=translation.get_language(), by=request.user)
    messages.success(request, _("The self-assessment has been submitted. The bureau will verify it."))
    return redirect("assessments:receipt", pk)
