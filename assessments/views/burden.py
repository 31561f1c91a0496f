"""基层减负: what filling in cost the stations, quarter by quarter and station by station."""

from collections import defaultdict
from typing import NamedTuple

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from personnel.access import requires
from stationstd import refusals

from .. import burden as meter
from ..models import Assessment, Period

_STATIONS_A_PAGE = 50
_QUARTERS = 8
MOST = 4_000  # sheets whose medians are worked out for one page: half a second


class Quarter(NamedTuple):
    """One period with the medians of its sheets that were handed in; `middle` None where there are none."""

    period: Period
    middle: meter.Middle | None


class Row(NamedTuple):
    """One station's sheet and what it cost."""

    assessment: Assessment
    burden: meter.Burden


@require_GET
@requires("oversight.view")
def burden(request):
    """The medians of the last quarters, and the stations of one of them, the newest unless another is asked for."""
    periods = list(Period.objects.opened().counted().visible_to(request.user).order_by("-starts_on", "-pk")[:_QUARTERS])
    if not periods:
        return render(request, "assessments/burden.html", {"period": None})
    period = _chosen(request, periods)
    handed_in = Assessment.objects.visible_to(request.user).filter(submitted_at__isnull=False)
    here = handed_in.for_period(period).select_related("station", "bureau").order_by("bureau__path", "station__code")
    page = Paginator(here, _STATIONS_A_PAGE).get_page(request.GET.get("page"))
    sheets = list(page.object_list)
    costs = meter.of(sheet.pk for sheet in sheets)
    context = {
        "period": period,
        "quarters": _quarters(periods, handed_in),
        "page": page,
        "rows": [Row(sheet, costs[sheet.pk]) for sheet in sheets],
    }
    return render(request, "assessments/burden.html", context)


def _chosen(request, periods: list[Period]) -> Period:
    asked = request.GET.get("period", "")
    found = [each for each in periods if asked in ("", str(each.pk))]
    if not found:
        raise refusals.invalid(_("This page has no such choice."))
    return found[0]


def _quarters(periods: list[Period], handed_in) -> list[Quarter] | None:
    """Newest first; None where there are too many sheets for one page. Two queries."""
    sheets = dict(handed_in.filter(period__in=periods).order_by().values_list("pk", "period")[: MOST + 1])
    if len(sheets) > MOST:
        return None
    costs = defaultdict(list)
    for pk, cost in meter.of(sheets).items():
        costs[sheets[pk]].append(cost)
    return [Quarter(period, meter.middle(costs[period.pk])) for period in periods]
