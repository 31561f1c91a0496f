"""Publish: first what would be published, then, confirmed once more, the act itself."""

from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from personnel.access import requires
from personnel.confirming import confirmed
from stationstd import refusals
from stationstd.keys import takes

from .. import across, board, publicity, ranking, workflow
from ..models import Assessment, Grouping, Period, Publication, Reopening, State
from ..workflow import publishing


@require_http_methods(["GET", "POST"])
@requires("period.publish")
@takes("bureau", "sure")
@confirmed
def publish(request, pk):
    """GET: who is ready, what is missing, the ranks to be. POST: publish the results of one bureau."""
    period = get_object_or_404(_periods(request.user), pk=pk)
    bureaus = _bureaus(period, request.user)
    if request.method == "POST":
        return _publish(request, period, bureaus)
    code = request.GET.get("bureau", "")
    bureau = _one_of(bureaus, code) if code else request.user.bureau
    return render(request, "assessments/publish.html", _preview(period, bureau, bureaus))


def _periods(user):
    return Period.objects.opened().visible_to(user).select_related("edition", "bureau", "previous")


def _bureaus(period: Period, user) -> list:
    """The bureaus whose results this user can publish: the own one, and those below that have stations in it."""
    below = Assessment.objects.for_period(period).filter(bureau__path__startswith=user.bureau.path)
    found = {a.bureau_id: a.bureau for a in below.select_related("bureau")}
    return [user.bureau, *(bureau for pk, bureau in found.items() if pk != user.bureau_id)]


def _one_of(bureaus: list, code: str):
    bureau = next((each for each in bureaus if each.code == code), None)
    if bureau is None:
        raise refusals.invalid(_("This page has no such choice."))
    return bureau


def _publish(request, period: Period, bureaus: list):
    said = request.POST
    bureau = _one_of(bureaus, said.get("bureau", ""))
    if said.get("sure") != "yes":
        raise refusals.invalid(_("Tick that you have looked at the ranks before you publish them."), field="sure")
    workflow.publish(period.pk, bureau=bureau, by=request.user)
    return redirect("assessments:ranking_period", period.pk)


def _preview(period: Period, bureau, bureaus: list) -> dict:
    now = timezone.now()
    assessments, former = scope = publishing.scope(period, bureau)
    result = ranking.compute(period, assessments) if assessments else None
    waiting = publishing.unready(assessments, now)
    return {
        "period": period,
        "bureau": bureau,
        "bureaus": bureaus,
        "former": former,
        "is_new": scope.is_new,
        "reopenings": _reopenings(former),
        "covered": _covered(assessments),
        "waiting": waiting,
        "waiting_pks": {a.pk for a in waiting},
        "late": [a for a in assessments if a.is_open and a.due_at <= now],
        "confirmed": sum(a.state == State.CONFIRMED for a in assessments),
        "total": len(assessments),
        "groups": board.preview(period, result.rows) if result else [],
        "publications": _published(period, bureau),
        "basis": across.measures(period),
        "must_be_above": period.grouping == Grouping.CLASS and bureau.pk != period.bureau_id,
        "is_ready": scope.is_new and not waiting,
    }


def _reopenings(former: Publication | None) -> list[Reopening]:
    """Why a new version of this publication is needed."""
    if former is None:
        return []
    return list(
        Reopening.objects.under_way().filter(publication=former).with_people().select_related("assessment__station")
    )


def _covered(assessments: list[Assessment]) -> list:
    """The bureaus whose stations the act covers, in the order of the tree."""
    return sorted({a.bureau for a in assessments}, key=lambda bureau: bureau.path)


def _published(period: Period, bureau) -> list[Publication]:
    """What counts now, each with the last day of its `publicity` while it runs."""
    found = list(_touching(period, bureau).select_related("bureau", "published_by").with_clock())
    for each in found:
        each.publicity = publicity.until(period, each.published_at, each.clock)
    return found


def _touching(period: Period, bureau):
    """What counts now of this bureau, of those below it and of those above it."""
    above = [bureau.path[:end] for end in range(bureau.steplen, len(bureau.path), bureau.steplen)]
    touching = Q(bureau__path__startswith=bureau.path) | Q(bureau__path__in=above)
    return Publication.objects.newest().filter(touching, period=period).order_by("bureau__path")
