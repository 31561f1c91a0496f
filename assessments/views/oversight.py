"""The leader's list: what was done for or against single stations, by whom, when and why."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from personnel.access import requires
from stationstd import refusals

from .. import oversight as acts
from ..models import Period

_STATIONS_A_PAGE = 25
_PERIODS = 12


@require_GET
@requires("oversight.view")
def oversight(request):
    """One period, the newest unless another is asked for."""
    visible = Period.objects.opened().visible_to(request.user).order_by("-starts_on", "-pk")
    period = _period(request, visible)
    if period is None:
        return render(request, "assessments/oversight.html", {"period": None})
    page = Paginator(acts.touched(period, request.user), _STATIONS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "period": period,
        "periods": list(visible[:_PERIODS]),
        "page": page,
        "lines": acts.lines(page.object_list),
        "totals": acts.totals(period, request.user),
    }
    return render(request, "assessments/oversight.html", context)


def _period(request, visible) -> Period | None:
    asked = request.GET.get("period", "")
    if not asked:
        return visible.first()
    if not (asked.isdecimal() and asked.isascii() and len(asked) < 10):
        raise refusals.invalid(_("This page has no such choice."))
    found = visible.filter(pk=int(asked)).first()
    if found is None:
        raise refusals.invalid(_("This page has no such choice."))
    return found
