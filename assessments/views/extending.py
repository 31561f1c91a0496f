"""Extend one station's due time, from the page that says that the station is still filling in."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from personnel.access import requires
from stationstd import refusals
from stationstd.keys import takes
from stationstd.refusals import Refused

from .. import workflow
from ..forms.extending import ExtendForm
from ..models import Assessment
from .verify import waiting


@require_POST
@requires("assessment.extend")
@takes(ExtendForm, "round", "op_id")
def extend(request, pk):
    """Move the due time forward. A form that is not complete is shown again with what was typed."""
    assessment = get_object_or_404(Assessment.objects.verifiable_by(request.user).with_places(), pk=pk)
    form = ExtendForm(assessment, request.POST)
    if form.round is None or form.op_id is None:
        raise refusals.precondition_required()
    if form.is_valid() and _extended(form, pk, request.user):
        messages.success(request, _("The due time is extended."))
        return redirect("assessments:verify", pk)
    if not assessment.is_open:
        raise refusals.wrong_state()
    return render(request, "assessments/verify_waiting.html", waiting(assessment, form), status=400)


def _extended(form: ExtendForm, pk: int, by) -> bool:
    """Whether the act was done; what it found wrong with the form stands at the field."""
    try:
        workflow.extend(pk, **form.cleaned_data, round_=form.round, op_id=form.op_id, by=by)
    except Refused as refusal:
        if refusal.status != 400:
            raise
        form.add_error(refusal.context["field"], refusal.message)
        return False
    return True
