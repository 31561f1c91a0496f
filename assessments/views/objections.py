"""异议: what a station objects to, and how the bureau answers it, item by item."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from personnel.access import requires
from stationstd import refusals
from stationstd.keys import takes, unclear
from stationstd.refusals import Refused

from .. import objections as told
from .. import workflow
from ..forms.objecting import STATE, VALUE, AnsweringForm, ObjectingForm, Withdrawing
from ..forms.verifying import read_round
from ..layered import Layered
from ..models import Assessment, Objection


@require_GET
@requires("assessment.view")
def objections(request, pk):
    """Every objection of one assessment with its answer; for the chief, inside the window, the forms."""
    assessment = _assessment(request, pk)
    standing = told.standing(told.of(assessment), assessment)
    criteria = assessment.period.edition.standard.criteria
    form = ObjectingForm(criteria, chosen=request.GET.get("criterion", ""), without=standing)
    return render(request, "assessments/objections.html", _page(request, assessment, form))


def _assessment(request, pk) -> Assessment:
    return get_object_or_404(Assessment.objects.visible_to(request.user).with_places(), pk=pk)


def _page(request, assessment: Assessment, form: ObjectingForm) -> dict:
    window = told.window(assessment)
    return {
        "assessment": assessment,
        "decimals": assessment.period.edition.standard.decimals,
        "window": window,
        "told": told.of(assessment),
        "form": form,
        "may_object": bool(window and window.is_open) and request.user.may("objection.file"),
    }


@require_POST
@requires("objection.file")
@takes(ObjectingForm, "round", "op_id")
def objection_file(request, pk):
    """Object to one criterion. A form that is not complete is shown again with what was typed."""
    assessment = _assessment(request, pk)
    form = ObjectingForm(assessment.period.edition.standard.criteria, request.POST)
    if form.round is None or form.op_id is None:
        raise refusals.precondition_required()
    if not form.is_valid() and _page(request, assessment, form)["may_object"]:
        return render(request, "assessments/objections.html", _page(request, assessment, form), status=400)
    said = {name: form.cleaned_data.get(name, "") for name in ("criterion", "ground")}
    workflow.object_to(pk, **said, round_=form.round, op_id=form.op_id, by=request.user)
    messages.success(request, _("The bureau has your objection. You find the answer here."))
    return redirect("assessments:objections", pk)


@require_POST
@requires("objection.file")
@takes("objection", "round")
def objection_withdraw(request, pk):
    _assessment(request, pk)
    said = Withdrawing.read(request)
    workflow.withdraw_objection(pk, said.objection, round_=said.round, by=request.user)
    return redirect("assessments:objections", pk)


@require_POST
@requires("objection.file")
@takes("round")
def objection_none(request, pk):
    """No (further) objection: the bureau need not wait for the end of the window."""
    _assessment(request, pk)
    workflow.declare_no_objection(pk, round_=read_round(request), by=request.user)
    messages.success(request, _("You have declared that there is no further objection."))
    return redirect("assessments:objections", pk)


@require_GET
@requires("objection.decide")
def objections_inbox(request):
    """What waits for an answer in this reviewer's reach, the oldest first, and what was answered last."""
    waiting, answered = told.inbox(request.user)
    reviewers = told.reviewers(waiting)
    rows = [
        {
            "told": told.told(each, each.assessment),
            "reviewer": reviewers.get(each.pk),
            "is_mine": reviewers.get(each.pk) == request.user,
        }
        for each in waiting
    ]
    done = [{"told": told.told(each, each.assessment)} for each in answered]
    return render(request, "assessments/objections_inbox.html", {"rows": rows, "answered": done})


@require_http_methods(["GET", "POST"])
@requires("objection.decide")
@takes(AnsweringForm, "round", "seen", "step", VALUE + "*", STATE + "*")
def objection(request, pk, criterion):
    """One objection beside the facts. POST shows the effect of an answer; sent again as step "decide" it is given."""
    assessment = get_object_or_404(Assessment.objects.verifiable_by(request.user).with_places(), pk=pk)
    found = _latest(assessment, criterion)
    layered = Layered(assessment)
    form = AnsweringForm(layered.item(criterion), request.POST if request.method == "POST" else None)
    context = _answering(request, layered, found, form)
    if request.method == "GET":
        return render(request, "assessments/objection.html", context)
    if form.round is None:
        raise refusals.precondition_required()
    if any(key.startswith((VALUE, STATE)) and key not in form.knows for key in request.POST):
        raise unclear()
    return _answered(request, found, form, context)


def _latest(assessment: Assessment, criterion: str) -> Objection:
    """The last objection to this criterion in the present round, which was not withdrawn if there is such a one."""
    found = Objection.objects.filter(assessment=assessment, round=assessment.round, criterion=criterion)
    found = found.select_related("by", "decided_by").order_by("pk")
    standing = found.exclude(outcome=Objection.Outcome.WITHDRAWN).last() or found.last()
    if standing is None:
        raise Http404
    return standing


def _answering(request, layered: Layered, found: Objection, form: AnsweringForm) -> dict:
    reviewer = told.reviewer_of(layered.assessment, found.criterion)
    return {
        "assessment": layered.assessment,
        "layered": layered,
        "decimals": layered.standard.decimals,
        "item": form.item,
        "objection": found,
        "told": told.told(found, layered.assessment),
        "reviewer": reviewer,
        "may_answer": found.is_open and reviewer != request.user,
        "form": form,
    }


def _answered(request, found: Objection, form: AnsweringForm, context: dict):
    """The page with the effect; after step "decide" the act, unless it would do something else than was shown."""
    page = "assessments/objection.html"
    if not found.is_open or not context["may_answer"]:
        return _decide(request, found, form)
    if not form.is_valid():
        return render(request, page, context, status=400)
    is_upheld = form.cleaned_data["outcome"] == Objection.Outcome.UPHELD
    effect = told.effect(context["assessment"], found.criterion, form.wanted) if is_upheld else None
    context |= {"effect": effect, "is_shown": True}
    if effect and effect.is_nothing:
        form.add_error(None, _("Correct at least one fact, or dismiss the objection."))
        return render(request, page, context | {"is_shown": False}, status=400)
    if request.POST.get("step") != "decide":
        return render(request, page, context)
    try:
        return _decide(request, found, form)
    except Refused as refusal:
        if refusal.code != "stale" or "seen" not in refusal.context:
            raise
        return render(request, page, context | {"is_stale": True}, status=409)


def _decide(request, found: Objection, form: AnsweringForm):
    form.is_valid()
    workflow.decide_objection(
        found.assessment_id,
        found.pk,
        outcome=form.cleaned_data.get("outcome", ""),
        answer=form.cleaned_data.get("answer", ""),
        wanted=form.wanted,
        seen=request.POST.get("seen"),
        round_=form.round,
        by=request.user,
    )
    messages.success(request, _("The objection is answered."))
    return redirect("assessments:objections", found.assessment_id)
