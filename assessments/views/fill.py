"""Fill in one dimension a page; every answer is saved by itself as soon as it is typed."""

from dataclasses import replace
from uuid import uuid4

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from personnel.access import requires
from stationstd.keys import takes
from stationstd.negotiation import wants_fragment
from stationstd.refusals import Refused

from .. import closing, crossing, forwarding, reusing, workflow
from ..answers import Cell
from ..cards import Place
from ..forms import DimensionForm, Saving, Taking, posted
from ..models import Assessment
from ..scoring import checks
from ..sheet import Sheet, surroundings


@require_http_methods(["GET", "POST"])
@requires("assessment.fill")
@takes("*")  # DimensionForm.require_known knows which
def fill(request, pk, dimension):
    """The page of one dimension. POST saves what changed on it, for browsers without scripts."""
    assessment = _editable(request, pk)
    closed = closing.why(assessment)
    sheet, form, around = _page(assessment, dimension, request.POST if request.method == "POST" else None, closed)
    offers = forwarding.offers(assessment, sheet.cells, around)
    carriable = _carriable(dimension, offers, forwarding.evidence(assessment, around.reusable, sheet.attached, around))
    context = {"closed": closed, "carriable": carriable}
    if request.method == "GET":
        return _shown(request, sheet, form, dimension, context)
    form.require_known()
    if form.is_valid() and _all_saved(form, assessment, request.user):
        return redirect(request.path)
    shown = _shown(request, sheet, form, dimension, context, status=form.status)
    return form.refusal.marked(shown) if form.refusal else shown


def _carriable(dimension: str, offers, proofs) -> dict[str, int]:
    """How many figures and files can be carried forward on this page, and on the whole sheet."""
    files = [(criterion.dimension, len(files)) for criterion, files in proofs]
    here = sum(offer.metric.dimension == dimension for offer in offers)
    return {
        "here": here + sum(count for where, count in files if where == dimension),
        "everywhere": len(offers) + sum(count for _where, count in files),
    }


def _editable(request, pk) -> Assessment:
    return get_object_or_404(Assessment.objects.editable_by(request.user).with_places(), pk=pk)


def _page(assessment: Assessment, dimension: str, data, closed):
    around = surroundings(assessment, with_registers=closed is None)
    sheet = Sheet.of(assessment, around)
    section = _section(sheet, dimension)
    if closed is None:
        around = replace(around, reusable=reusing.offers(assessment, sheet.files))
    cards, loose = sheet.cards(section, around), sheet.loose(section, around)
    writable = closed is None or data is not None
    return sheet, DimensionForm(cards, loose, Place(assessment, writable), data), around


def _section(sheet: Sheet, dimension: str):
    section = sheet.section(dimension)
    if section is None:
        raise Http404
    return section


def _shown(request, sheet: Sheet, form, dimension: str, context: dict, status=200):
    codes = [section.code for section in sheet.standard.dimensions]
    here = codes.index(dimension)
    context |= {
        "assessment": sheet.assessment,
        "sheet": sheet,
        "section": sheet.section(dimension),
        "dimension": dimension,
        "form": form,
        "previous": codes[here - 1] if here else None,
        "next": codes[here + 1] if here + 1 < len(codes) else None,
    }
    return render(request, "assessments/fill.html", context, status=status)


def _all_saved(form: DimensionForm, assessment: Assessment, by) -> bool:
    """Save each changed field by itself; what is refused becomes an error of its field, the others stand."""
    for metric, cell in form.typed().items():
        try:
            saved = workflow.save(
                assessment.pk, metric, cell.value, state=cell.state, version=form.based_on(metric), op_id=uuid4(), by=by
            )
            form.rebase(metric, saved.cell.version)
        except Refused as refusal:
            form.refuse(metric, refusal)
    return not form.errors


@require_POST
@requires("assessment.fill")
@takes("metric", "value", "estimated", "version", "op_id")
def save(request, pk):
    """Save one answer. The answer is a fragment for the field, with the points and the bar that follow from it."""
    return _one_answer(request, pk, lambda: _save(request, pk))


def _save(request, pk):
    said = Saving.read(request)
    state = "estimated" if said.estimated else "answered"
    return workflow.save(
        pk, said.metric, said.raw, state=state, version=said.version, op_id=said.op_id, by=request.user
    )


@require_POST
@requires("assessment.fill")
@takes("metric", "version", "op_id")
def take(request, pk):
    """Put the register's present value on the sheet."""
    return _one_answer(request, pk, lambda: _take(request, pk))


def _take(request, pk):
    said = Taking.read(request)
    return workflow.take(pk, said.metric, version=said.version, op_id=said.op_id, by=request.user)


def _one_answer(request, pk, act):
    """Do `act` and show the field as it stands then; a refusal is shown at the field as well."""
    try:
        saved = act()
    except Refused as refusal:
        _editable(request, pk)  # what is out of reach is not there, whatever was sent
        if not wants_fragment(request):
            raise
        return _refused(request, pk, refusal)
    metric = saved.assessment.period.edition.standard.metrics[request.POST["metric"]]
    if not wants_fragment(request):
        return redirect("assessments:fill", pk, metric.dimension)
    sheet = Sheet(saved.assessment, saved.facts, [], attached=saved.evidence, lifted=saved.lifted)
    context = _after(sheet, metric) | {
        "cell": saved.cell,
        "version": saved.cell.version,
        "state": "saved" if _is_last(saved, request) else "stale",
        "is_known": True,
        "saved_at": timezone.now(),
    }
    return render(request, "assessments/parts/_saved.html", context)


def _is_last(saved, request) -> bool:
    """False for a request that was sent again and had been done long ago: somebody else has written since."""
    return saved.cell.version == int(request.POST["version"]) + 1


def _refused(request, pk, refusal: Refused):
    """The refusal at its field, with what stands there now where somebody else was quicker."""
    assessment = _editable(request, pk)
    metric = assessment.period.edition.standard.metrics.get(request.POST.get("metric", ""))
    if metric is None:
        raise refusal
    theirs = refusal.context.get("current")
    context = _after(Sheet.of(assessment), metric) if theirs else {"metric": metric}
    context |= {"cell": theirs or Cell(), "version": theirs.version if theirs else None, "is_known": theirs is not None}
    context |= {"state": refusal.code, "refusal": refusal}
    return render(request, "assessments/parts/_saved.html", context, status=refusal.status)


def _after(sheet: Sheet, metric) -> dict:
    """What a changed fact moves on its page: points and reasons of the criteria that use it, the bar, the list."""
    section = _section(sheet, metric.dimension)
    here = [c.id for c in section.criteria]
    crossed = crossing.related(sheet.standard, checks.of(sheet.standard), metric.code)
    return {
        "crossed": sheet.crossed(id for id in here if id in crossed),
        "metric": metric,
        "sheet": sheet,
        "assessment": sheet.assessment,
        "dimension": metric.dimension,
        "moved": sheet.why({c.id for c in section.criteria if metric.code in c.metrics}).values(),
    }


@require_POST
@requires("assessment.fill")
@takes("*")
def preview(request, pk, dimension):
    """Points and rates as they would be with what is typed on the page; nothing is saved."""
    assessment = _editable(request, pk)
    sheet = Sheet.without_files(assessment)
    section = _section(sheet, dimension)
    figures = sheet.asked(section)
    posted.require_known(request.POST, figures)
    tried = sheet.trying(posted.typed(request.POST, figures, posted.cleaned(request.POST, figures)))
    context = {
        "sheet": tried,
        "assessment": assessment,
        "dimension": dimension,
        "moved": tried.why({criterion.id for criterion in section.criteria}).values(),
        "crossed": tried.crossed(criterion.id for criterion in section.criteria),
        "is_preview": True,
    }
    return render(request, "assessments/parts/_live.html", context)
