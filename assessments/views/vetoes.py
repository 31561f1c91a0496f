"""一票否决 of one assessment: what is in force, what was withdrawn, and the two acts."""

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from personnel.access import requires
from stationstd import refusals
from stationstd.i18n import local
from stationstd.keys import takes

from .. import workflow
from ..forms.vetoing import VetoForm, Withdrawing
from ..judging import effect_of
from ..layered import Layered, language
from ..models import Assessment
from ..vetoes import of
from ..workflow.vetoing import VETOABLE


@require_GET
@requires("veto.decide")
def vetoes(request, pk):
    """Which vetoes the standard knows, which are in force here, and a form for one more."""
    return render(request, "assessments/vetoes.html", _context(_assessment(request, pk)))


@require_POST
@requires("veto.decide")
@takes(VetoForm, "round")
def veto_impose(request, pk):
    """Impose one. A form that is not complete is shown again with what was typed."""
    assessment = _assessment(request, pk)
    form = VetoForm.read(request, _rules(assessment))
    if form.round is None:
        raise refusals.precondition_required()
    if not form.is_valid():
        return render(request, "assessments/vetoes.html", _context(assessment) | {"form": form}, status=400)
    said = form.cleaned_data
    workflow.impose(
        pk,
        said["code"],
        reason=said["reason"],
        day=said["day"],
        approver=said["approver"],
        evidence=said["evidence"],
        round_=form.round,
        by=request.user,
    )
    return redirect("assessments:vetoes", pk)


@require_POST
@requires("veto.decide")
@takes("veto", "reason", "round")
def veto_withdraw(request, pk):
    _assessment(request, pk)
    said = Withdrawing.read(request)
    workflow.withdraw(pk, said.veto, reason=said.reason, round_=said.round, by=request.user)
    return redirect("assessments:vetoes", pk)


def _assessment(request, pk) -> Assessment:
    return get_object_or_404(Assessment.objects.visible_to(request.user).with_places(), pk=pk)


def _rules(assessment: Assessment) -> tuple:
    return assessment.period.edition.standard.decided_vetoes


def _context(assessment: Assessment) -> dict:
    """What came of the facts is shown only once they were submitted."""
    standard = assessment.period.edition.standard
    layered = None if assessment.is_open else Layered(assessment)
    titles = {rule.code: local(rule, "title") for rule in _rules(assessment)}
    lines = [{"veto": veto, "title": titles.get(veto.code, veto.code)} for veto in _imposed(assessment, layered)]
    in_force = [line["veto"].code for line in lines if line["veto"].is_in_force]
    return {
        "assessment": assessment,
        "layered": layered,
        "rules": [{"rule": rule, "effect": effect_of(rule, standard, language())} for rule in standard.decided_vetoes],
        "in_force": [line for line in lines if line["veto"].is_in_force],
        "withdrawn": [line for line in lines if not line["veto"].is_in_force],
        "may_decide": assessment.state in VETOABLE,
        "form": VetoForm([rule for rule in _rules(assessment) if rule.code not in in_force]),
    }


def _imposed(assessment: Assessment, layered: Layered | None) -> list:
    return layered.imposed if layered else of(assessment)
