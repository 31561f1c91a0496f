"""One station on one screen: accept, change a fact with a reason, send back, finish, confirm."""

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from personnel.access import requires
from stationstd import refusals
from stationstd.keys import takes
from stationstd.negotiation import wants_fragment
from stationstd.refusals import Refused

from .. import answers, flagging, provenance, workflow
from ..forms.extending import ExtendForm
from ..forms.verifying import Accepting, Changing, SendBackForm, read_round
from ..layered import Layered
from ..models import Assessment, Extension, Layer, Returning
from ..sheet import surroundings


@require_GET
@requires("assessment.verify")
def verify(request, pk):
    """All items of one station with self fact, register, last period, evidence, and what the reviewer says."""
    assessment = _verifiable(request, pk)
    if assessment.is_open or assessment.submitted_at is None:
        return render(request, "assessments/verify_waiting.html", waiting(assessment, ExtendForm(assessment)))
    return render(request, "assessments/verify.html", _context(assessment, request.user))


def _verifiable(request, pk) -> Assessment:
    return get_object_or_404(Assessment.objects.verifiable_by(request.user).with_places(), pk=pk)


def waiting(assessment: Assessment, form: ExtendForm) -> dict:
    """What the page shows while the station has not handed in; `form` extends its due time."""
    return _header(assessment) | {"form": form, "may_extend": assessment.is_open}


def _header(assessment: Assessment) -> dict:
    return {
        "assessment": assessment,
        "returns": list(Returning.objects.filter(assessment=assessment).select_related("by")),
        "extensions": list(Extension.objects.filter(assessment=assessment).select_related("by")),
    }


def _context(assessment: Assessment, user) -> dict:
    layered = _layered(assessment, user)
    return _header(assessment) | {
        "layered": layered,
        "may_review": assessment.is_verifiable,
        "form": SendBackForm(layered.standard.criteria),
    }


def _layered(assessment: Assessment, user) -> Layered:
    """With the verified layer even before anybody has begun with it, so that every fact has its version."""
    around = surroundings(assessment, with_registers=True)
    layer = Layer.CONFIRMED if assessment.state in ("confirmed", "published") else Layer.VERIFIED
    layered = Layered(assessment, around, layer, flagging.of(assessment, user))
    files = (file for each in layered.files.values() for file in each)
    layered.provenance = provenance.of(assessment, files, user)
    return layered


@require_POST
@requires("assessment.verify")
@takes("dimension", "round", several=["criterion"])
def verify_accept(request, pk):
    """Accept one criterion, or all that is left of a dimension."""
    _verifiable(request, pk)
    said = Accepting.read(request)
    workflow.accept(pk, said.criteria, round_=said.round, by=request.user)
    if not wants_fragment(request):
        return redirect(_address(pk))
    layered = _layered(_verifiable(request, pk), request.user)
    context = {"layered": layered, "assessment": layered.assessment, "may_review": True}
    if said.dimension:
        context["part"] = layered.part_of(said.criteria[0])
        return render(request, "assessments/parts/_verify_part_changed.html", context)
    return render(request, "assessments/parts/_verify_changed.html", context | {"item": layered.item(said.criteria[0])})


@require_POST
@requires("assessment.verify")
@takes("metric", "value", "state", "reason", "version", "round", "op_id", "item")
def verify_change(request, pk):
    """Change one fact. Whatever is refused is shown at the fact, with what was typed."""
    _verifiable(request, pk)
    said = Changing.read(request)
    if said.version is None or said.op_id is None or said.round is None:
        raise refusals.precondition_required()
    try:
        _change(_verifiable(request, pk), said, request.user)
    except Refused as refusal:
        if not wants_fragment(request):
            raise
        return _changed(request, pk, said, refusal)
    return _changed(request, pk, said) if wants_fragment(request) else redirect(_address(pk))


def _change(assessment: Assessment, said: Changing, by) -> None:
    metric = assessment.period.edition.standard.metrics.get(said.metric)
    if metric is None:
        raise refusals.invalid(_("This standard has no such figure."))
    value = _value(metric, said.raw) if said.state == "answered" else None
    workflow.change(
        assessment.pk,
        metric.code,
        value,
        state="na" if said.state == "na" else "answered",
        reason=said.reason,
        version=said.version,
        round_=said.round,
        op_id=said.op_id,
        by=by,
    )


def _value(metric, raw: str):
    """The typed number. Refused (400) for a blank, and in the words of `answers.clean` for what is no such number."""
    try:
        value = answers.clean(metric, raw)
    except ValidationError as error:
        raise refusals.invalid(" ".join(error.messages), field="value") from error
    if value is None:
        raise refusals.invalid(_("Give the verified fact, or choose “not applicable”."), field="value")
    return value


def _changed(request, pk, said: Changing, refusal: Refused | None = None):
    """The card the change was made on, and beside it every other card that uses the fact."""
    layered = _layered(_verifiable(request, pk), request.user)
    using = layered.items_using(said.metric)
    if not using:
        raise refusal or refusals.invalid(_("This standard has no such figure."))
    item = next((each for each in using if each.criterion.id == said.item), using[0])
    context = {
        "layered": layered,
        "assessment": layered.assessment,
        "may_review": layered.assessment.is_verifiable,
        "item": item,
        "others": [] if refusal else [each for each in using if each is not item],
        "said": said if refusal else None,
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    return render(request, "assessments/parts/_verify_changed.html", context, status=status)


@require_POST
@requires("assessment.return")
@takes(SendBackForm, "round", "item.*")
def send_back(request, pk):
    """Return the assessment to its station. A form that is not complete is shown again with what was typed."""
    assessment = _verifiable(request, pk)
    form = SendBackForm.read(request, assessment.period.edition.standard.criteria)
    if form.round is None:
        raise refusals.precondition_required()
    if not form.is_valid():
        context = _context(assessment, request.user) | {"form": form}
        return render(request, "assessments/send_back.html", context, status=form.status)
    workflow.send_back(
        pk,
        reason=form.cleaned_data["reason"],
        items=form.items,
        due_at=form.cleaned_data["due_at"],
        round_=form.round,
        by=request.user,
    )
    return redirect(_desk(assessment))


@require_POST
@requires("assessment.verify")
@takes("round")
def finish_verifying(request, pk):
    _verifiable(request, pk)
    workflow.finish(pk, round_=read_round(request), by=request.user)
    return redirect(_address(pk))


@require_POST
@requires("assessment.confirm")
@takes("round")
def confirm(request, pk):
    assessment = _verifiable(request, pk)
    workflow.confirm(pk, round_=read_round(request), by=request.user)
    return redirect(_desk(assessment))


def _address(pk) -> str:
    return reverse("assessments:verify", args=[pk])


def _desk(assessment: Assessment) -> str:
    return reverse("assessments:desk") + f"?period={assessment.period_id}"
