"""Corrections of published results: ask for one, decide on one, and read every version that was published."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from personnel.access import requires
from personnel.confirming import confirmed
from stationstd.keys import takes

from .. import publicity, workflow
from .. import versions as past
from ..forms.saving import read_whole
from ..models import Assessment, Period, Reopening, State
from ..ranking import had_result

_STATIONS_A_PAGE = 50


@require_GET
@requires("reopening.request")
def reopening(request, pk):
    """One published result: ask for its correction, or decide on what somebody asked."""
    return render(request, "assessments/reopening.html", _context(request, _assessment(request, pk)))


@require_POST
@requires("reopening.request")
@takes("reason", "round")
def reopening_request(request, pk):
    said, assessment = request.POST, _assessment(request, pk)
    workflow.request_reopening(
        assessment.pk, reason=said.get("reason", ""), round_=read_whole(said.get("round")), by=request.user
    )
    return redirect("assessments:reopening", pk)


@require_POST
@requires("reopening.decide")
@takes("reopening")
@confirmed
def reopening_approve(request, pk):
    asked = read_whole(request.POST.get("reopening"))
    workflow.approve_reopening(_assessment(request, pk).pk, reopening=asked, by=request.user)
    return redirect("assessments:verify", pk)


@require_POST
@requires("reopening.decide")
@takes("reopening", "why")
def reopening_decline(request, pk):
    said = request.POST
    asked, assessment = read_whole(said.get("reopening")), _assessment(request, pk)
    workflow.decline_reopening(assessment.pk, reopening=asked, why=said.get("why", ""), by=request.user)
    return redirect("assessments:reopening", pk)


@require_GET
@requires("ranking.view")
def versions(request, period):
    """What was published and corrected in one period: every version, who, when and why, and old beside new places."""
    found = Period.objects.opened().visible_to(request.user).select_related("edition", "bureau")
    period = get_object_or_404(found, pk=period)
    shown = [_shown(each, period, request) for each in past.lineages(period, request.user)]
    return render(request, "assessments/versions.html", {"period": period, "shown": shown})


def _shown(lineage: past.Lineage, period: Period, request) -> dict:
    newest = lineage.versions[-1]
    there = Assessment.objects.filter(official_rank__publication=newest)
    mine = there.filter(official_rank__in=newest.ranks.visible_to(request.user))
    ordered = mine.select_related("station", "bureau").order_by("group", "official_rank__rank", "station__code")
    page = Paginator(ordered, _STATIONS_A_PAGE).get_page(request.GET.get("page"))
    return {
        "versions": [(each, lineage.why[each.pk]) for each in lineage.versions],
        "lines": past.lines(lineage, request.user, page.object_list),
        "page": page,
        "publicity": publicity.until(period, newest.published_at, newest.clock),
    }


def _assessment(request, pk) -> Assessment:
    found = Assessment.objects.visible_to(request.user).with_places()
    return get_object_or_404(found.select_related("official_rank__publication__published_by"), pk=pk)


def _context(request, assessment: Assessment) -> dict:
    history = list(Reopening.objects.filter(assessment=assessment).with_people().order_by("-at"))
    waiting = next((each for each in history if each.is_undecided), None)
    is_published = assessment.state == State.PUBLISHED and had_result(assessment.official_rank)
    return {
        "assessment": assessment,
        "rank": assessment.official_rank,
        "waiting": waiting,
        "is_own": waiting is not None and waiting.by_id == request.user.pk,
        "may_request": is_published and waiting is None,
        "history": [each for each in history if not each.is_undecided],
        "versions": past.of(assessment),
    }
