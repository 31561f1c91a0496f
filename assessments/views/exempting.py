"""不适用申请: a station asks that a criterion is left out, the reviewer decides."""

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from personnel.access import requires
from stationstd import refusals
from stationstd.keys import takes

from .. import workflow
from ..forms.saving import read_op_id, read_whole
from ..forms.verifying import read_round
from ..models import Assessment


@require_POST
@requires("assessment.fill")
@takes("criterion", "reason", "round", "op_id")
def exemption_ask(request, pk):
    """Ask that a criterion is not applicable to this station."""
    assessment = get_object_or_404(Assessment.objects.editable_by(request.user).with_places(), pk=pk)
    round_, op_id = read_round(request), read_op_id(request.POST)
    if round_ is None or op_id is None:
        raise refusals.precondition_required()
    said = {name: request.POST.get(name, "") for name in ("criterion", "reason")}
    made = workflow.request_exemption(pk, **said, round_=round_, op_id=op_id, by=request.user)
    return _back_to_form(assessment, made.criterion)


@require_POST
@requires("assessment.fill")
@takes("exemption", "round")
def exemption_withdraw(request, pk):
    """Take a request back."""
    assessment = get_object_or_404(Assessment.objects.editable_by(request.user).with_places(), pk=pk)
    found = workflow.withdraw_exemption(pk, _named(request), round_=read_round(request), by=request.user)
    return _back_to_form(assessment, found.criterion)


@require_POST
@requires("assessment.verify")
@takes("exemption", "round")
def exemption_approve(request, pk):
    """Leave the criterion out for this station."""
    assessment = _verifiable(request, pk)
    found = workflow.approve_exemption(pk, _named(request), round_=read_round(request), by=request.user)
    return _back_to_item(assessment, found.criterion)


@require_POST
@requires("assessment.verify")
@takes("exemption", "why", "round")
def exemption_decline(request, pk):
    """Let the criterion count, with a reason."""
    assessment, why = _verifiable(request, pk), request.POST.get("why", "")
    found = workflow.decline_exemption(pk, _named(request), why=why, round_=read_round(request), by=request.user)
    return _back_to_item(assessment, found.criterion)


def _verifiable(request, pk) -> Assessment:
    return get_object_or_404(Assessment.objects.verifiable_by(request.user).with_places(), pk=pk)


def _named(request) -> int | None:
    return read_whole(request.POST.get("exemption"))


def _back_to_form(assessment: Assessment, criterion: str):
    dimension = assessment.period.edition.standard.criterion(criterion).dimension
    return redirect(reverse("assessments:fill", args=[assessment.pk, dimension]) + f"#c-{criterion}")


def _back_to_item(assessment: Assessment, criterion: str):
    number = assessment.period.edition.standard.place(criterion) + 1
    return redirect(reverse("assessments:verify", args=[assessment.pk]) + f"#item-{number}")
