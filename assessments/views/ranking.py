"""Published ranks by group. Filters choose what is shown; ranks are those stored at publication."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from personnel.access import requires
from stationstd import refusals
from stationstd.i18n import local

from .. import board, charts, workbook
from ..layered import language
from ..models import OfficialRank, Period
from .desk import choice

_SORTS = ("rank", "rate", "change", "gap", "station")
_LAST = 10**9
_WEAKEST = 5
_CHARTED = 40  # stations in one chart; more cannot be told apart, so that none is drawn


@require_GET
@requires("ranking.view")
def ranking(request):
    """The newest period that has published results in this user's sight."""
    period = _published(request.user).first()
    if period is None:
        return render(request, "assessments/ranking.html", {"period": None})
    return _page(request, period)


@require_GET
@requires("ranking.view")
def ranking_period(request, period):
    """One period. While nothing of it is published, the page says only that."""
    found = Period.objects.opened().visible_to(request.user).select_related("edition", "previous")
    return _page(request, get_object_or_404(found, pk=period))


def _published(user):
    ranks = OfficialRank.objects.visible_to(user).values("publication__period")
    return Period.objects.filter(pk__in=ranks).select_related("edition", "previous")


def _page(request, period: Period):
    places = list(OfficialRank.objects.for_period(period).visible_to(request.user).with_places().order_by(*_ORDER))
    every = board.rows(period, places)
    shown = _sorted([row for row in every if _wanted(request, row)], request, period)
    groups = board.groups(period, shown)
    if request.GET.get("export") == "xlsx":
        return _exported(period, groups)
    context = {
        "period": period,
        "periods": list(_published(request.user)),
        "groups": groups,
        "shown": len(shown),
        "total": len(every),
        "dimensions": period.edition.standard.dimensions,
        "bureaus": _distinct(every, lambda row: row.assessment.bureau),
        "classes": _distinct(every, lambda row: row.assessment.station_class),
        "weakest": board.weakest(period, shown, _WEAKEST),
        "publications": _distinct(every, lambda row: row.place.publication),
        "rates": _rates(shown),
        "heat": _heat(period, shown),
        "may_compare": request.user.may("comparison.view"),
        "sort": request.GET.get("sort", "rank"),
        "bureau": request.GET.get("bureau", ""),
        "class": request.GET.get("class", ""),
    }
    return render(request, "assessments/ranking.html", context)


_ORDER = ("publication__bureau__path", "group", "rank", "assessment__station__code")


def _wanted(request, row: board.Row) -> bool:
    bureau, kind = request.GET.get("bureau", ""), request.GET.get("class", "")
    return (not bureau or row.assessment.bureau.code == bureau) and (
        not kind or row.assessment.station_class_id == kind
    )


def _sorted(found: list[board.Row], request, period: Period) -> list[board.Row]:
    """Sorted inside each group; groups keep their order, and the unranked stay at the end of theirs."""
    codes = [section.code for section in period.edition.standard.dimensions]
    sort = choice(request, "sort", [*_SORTS, *codes], "rank")
    key = _key(sort, codes)
    order = {group: i for i, group in enumerate(dict.fromkeys(row.place.group for row in found))}
    return sorted(found, key=lambda row: (order[row.place.group], row.place.rank is None, key(row)))


def _key(sort: str, codes: list[str]):
    if sort in codes:
        at = codes.index(sort)
        return lambda row: -_known(row.dimensions[at])
    return {
        "rank": lambda row: row.place.rank or _LAST,
        "rate": lambda row: -_known(row.place.rate),
        "change": lambda row: -_known(row.place.change),
        "gap": lambda row: -_known(row.gap),
        "station": lambda row: row.assessment.station.code,
    }[sort]


def _known(figure: int | None) -> int:
    return -_LAST if figure is None else figure


def _distinct(found: list[board.Row], of) -> list:
    return list({of(row).pk: of(row) for row in found}.values())


def _rates(shown: list[board.Row]) -> dict | None:
    """Bars of the ranked stations' rates."""
    ranked = [row for row in shown if row.place.rank]
    if not 0 < len(ranked) <= _CHARTED:
        return None
    names = [local(row.assessment.station, "name") for row in ranked]
    return charts.bars(names, [("", [row.place.rate / 100 for row in ranked])], language())


def _heat(period: Period, shown: list[board.Row]) -> dict | None:
    ranked = [row for row in shown if row.score]
    if not 0 < len(ranked) <= _CHARTED:
        return None
    return charts.heat(
        [local(section, "title") for section in period.edition.standard.dimensions],
        [local(row.assessment.station, "name") for row in ranked],
        [[None if rate is None else rate / 100 for rate in row.dimensions] for row in ranked],
        language(),
    )


def _exported(period: Period, groups: list[board.Group]) -> HttpResponse:
    if not groups:
        raise refusals.wrong_state(_("Nothing of this period has been published yet."))
    name = f"{_('Ranking')} {local(period, 'name')}.xlsx"
    return HttpResponse(
        workbook.ranking(period, groups),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)},
    )
