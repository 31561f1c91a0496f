"""The sheet without a network: downloaded as a workbook, and brought back after a look at what would change."""

from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from personnel.access import requires
from stationstd.i18n import local
from stationstd.keys import takes
from stationstd.refusals import Refused

from .. import closing, offlinebook, workflow
from .. import offline as comparing
from ..answers import Cell
from ..forms.offline import KEYS, PATTERNS, SheetForm, taken
from ..forms.saving import read_op_id, read_whole
from ..models import AnswerChange, Assessment
from ..offlinebook import Brought
from ..sheet import Sheet, surroundings
from ..workflow import Entry


@require_safe
@requires("assessment.fill")
def offline_sheet(request, pk):
    """This quarter's workbook."""
    assessment = _editable(request, pk)
    sheet, around = Sheet.of(assessment), surroundings(assessment, with_registers=True)
    name = f"{local(assessment.station, 'name')}-{local(assessment.period, 'name')}.xlsx"
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return HttpResponse(offlinebook.write(sheet, around), content_type=offlinebook.TYPE, headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("assessment.fill")
@takes(files=["file"])
def offline(request, pk):
    """How it goes, and what was written under ?op_id=…; a POST shows what is in a file and writes nothing."""
    assessment = _editable(request, pk)
    if request.method != "POST":
        return _page(request, assessment)
    try:
        brought = _brought(request, assessment)
    except Refused as refusal:
        return _page(request, assessment, refusal)
    return _difference(request, assessment, brought)


def _editable(request, pk) -> Assessment:
    return get_object_or_404(Assessment.objects.editable_by(request.user).with_places(), pk=pk)


def _brought(request, assessment: Assessment) -> dict[str, Brought]:
    if closed := closing.why(assessment):
        raise Refused(409, "state", closed)
    if "file" not in request.FILES:
        raise Refused(422, "unreadable", _("Choose a file."))
    return comparing.read(request.FILES["file"], assessment)


def _page(request, assessment: Assessment, refusal: Refused | None = None):
    op_id = read_op_id(request.GET)
    context = {
        "assessment": assessment,
        "start": assessment.period.edition.standard.dimensions[0].code,
        "closed": closing.why(assessment),
        "form": SheetForm(),
        "op_id": op_id,
        "applied": _applied(assessment, op_id) if op_id else [],
        "refusal": refusal,
    }
    shown = render(request, "assessments/offline.html", context, status=refusal.status if refusal else 200)
    return refusal.marked(shown) if refusal else shown


def _applied(assessment: Assessment, op_id) -> list[tuple]:
    """[(metric, cell before, cell written)] of what was written under one op_id, in the order of the standard."""
    found = {each.metric: each for each in AnswerChange.objects.filter(assessment=assessment, op_id=op_id)}
    metrics = assessment.period.edition.standard.metrics.items()
    here = ((metric, found[code]) for code, metric in metrics if code in found)
    return [(metric, Cell.of(change.old), Cell.of(change.new)) for metric, change in here]


def _difference(request, assessment: Assessment, brought: dict[str, Brought], **more):
    sheet, around = Sheet.of(assessment), surroundings(assessment, with_registers=False)
    lines = comparing.compare(sheet, around, brought)
    context = {
        "assessment": assessment,
        "start": sheet.standard.dimensions[0].code,
        "groups": {kind: [line for line in lines if line.outcome == kind] for kind in _SHOWN},
        "can_be_taken": any(line.can_be_taken for line in lines),
        "op_id": uuid4(),
        "applied": [],
        "refusal": None,
    } | more
    status = context["refusal"].status if context["refusal"] else 200
    return render(request, "assessments/offline_difference.html", context, status=status)


_SHOWN = (comparing.CONFLICT, comparing.REFUSED, comparing.WRITTEN, comparing.SAME)


@require_POST
@requires("assessment.fill")
@takes(*KEYS, *PATTERNS)  # forms.offline.taken refuses a figure that the standard does not know
def offline_apply(request, pk):
    """Write what was taken; what somebody changed meanwhile is shown again with what stands there now (409)."""
    assessment = _editable(request, pk)
    op_id, round_ = read_op_id(request.POST), read_whole(request.POST.get("round"))
    brought = taken(request.POST, assessment.period.edition.standard.metrics)
    entries = [Entry(code, said.raw, said.estimated, said.version) for code, said in brought.items()]
    try:
        entered = workflow.enter(assessment.pk, entries, round_=round_, op_id=op_id, by=request.user)
    except Refused as refusal:
        if refusal.code not in ("state", "deadline", "stale"):
            raise
        return _page(request, assessment, refusal)
    if not entered.left:
        return redirect(reverse("assessments:offline", args=[pk]) + f"?op_id={op_id}")
    left = {code: brought[code] for code in entered.left}
    refusal = next(iter(entered.left.values()))
    shown = _difference(request, assessment, left, applied=_applied(assessment, op_id), refusal=refusal)
    return refusal.marked(shown)
