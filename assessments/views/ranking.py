"""Published ranks by group. Filters choose what is shown; ranks are those stored at publication."""

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from personnel.access import requires
from stations.models import Bureau
from stationstd import refusals
from stationstd.i18n import local

from .. import across, board, charts, flagging, publicity, rankpage, workbook
from ..layered import language
from ..models import OfficialRank, Period, Reopening
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
    found = Period.objects.opened().visible_to(request.user).select_related("edition", "previous", "bureau")
    return _page(request, get_object_or_404(found, pk=period))


def _published(user):
    return Period.objects.published_for(user).select_related("edition", "previous", "bureau")


def _page(request, period: Period):
    if period.is_rehearsal:
        return _rehearsed(request, period)
    levels = rankpage.levels(period, request.user)
    level = _level(request, levels)
    is_workbook = request.GET.get("export") == "xlsx"
    flags = _flags(request, period)
    page = _places(request, period, level, flags, rankpage.MOST if is_workbook else rankpage.SIZE)
    shown = board.rows(period, page.places)
    shown = _sorted(shown, request, period) if page.is_whole else shown
    groups = [board.Group(local(level, "name"), shown)] if level and shown else board.groups(period, shown)
    groups = [replace(group, publicity=publicity.latest(period, group.rows)) for group in groups]
    if is_workbook:
        return _exported(period, groups, page)
    context = {
        "period": period,
        "periods": list(_published(request.user)),
        "groups": groups,
        "page": page,
        "level": level,
        "levels": levels,
        "shown": len(shown),
        "total": _total(request, period, shown),
        "dimensions": period.edition.standard.dimensions,
        "bureaus": rankpage.bureaus(period, request.user) if shown else [],
        "classes": rankpage.classes(period, request.user),
        "weakest": board.weakest(period, shown, _WEAKEST) if page.is_whole else [],
        "publications": (publications := _distinct(shown, lambda row: row.place.publication)),
        "corrected": any(each.version > 1 for each in publications),
        "in_correction": _in_correction(request, period),
        "basis": across.measures(period) if shown else None,
        "rates": _rates(shown),
        "heat": _heat(period, shown),
        "may_compare": request.user.may("comparison.view"),
        "may_see_flags": _may_see_flags(request.user),
        "flags": flags,
        "sort": choice(request, "sort", _sorts(period), "rank") if page.is_whole else None,
        "bureau": request.GET.get("bureau", ""),
        "class": request.GET.get("class", ""),
    }
    return render(request, "assessments/ranking.html", context)


def _rehearsed(request, period: Period):
    """What a rehearsal came to, station by station. Nobody has a place: nothing is sorted, charted or exported."""
    page = _places(request, period, None, None, rankpage.SIZE)
    shown = board.rows(period, page.places)
    context = {
        "period": period,
        "groups": board.groups(period, shown),
        "page": page,
        "dimensions": period.edition.standard.dimensions,
        "in_correction": _in_correction(request, period),
    }
    return render(request, "assessments/rehearsal.html", context)


def _in_correction(request, period: Period) -> list[Reopening]:
    """Why some of the places in this user's sight may change."""
    found = Reopening.objects.under_way().visible_to(request.user).filter(publication__period=period)
    return list(found.select_related("assessment__station").order_by("assessment__station__code"))


def _level(request, levels: list[Bureau]) -> Bureau | None:
    """The bureau within which places are asked for; None for the groups."""
    code = choice(request, "within", ["", *(bureau.code for bureau in levels)], "")
    return next((bureau for bureau in levels if bureau.code == code), None)


def _may_see_flags(user) -> bool:
    """The bureau asks the questions; administrators see no facts."""
    return bool(user.bureau_id) and user.may("assessment.view")


def _flags(request, period: Period) -> dict[int, list[tuple[str, int]]] | None:
    """{assessment: kinds of what stands out} where only those are asked for, else None. Refused for too many."""
    if not choice(request, "show", ["", "flagged"] if _may_see_flags(request.user) else [""], ""):
        return None
    found = flagging.in_sight(period, request.user, request.GET.get("bureau", ""))
    if found is None:
        raise refusals.invalid(_("There are too many stations to compare in one page. Choose a bureau."))
    return found


def _places(request, period: Period, level: Bureau | None, only, size: int) -> rankpage.Page:
    said = request.GET
    wanted = rankpage.Wanted(said.get("bureau", ""), said.get("class", ""), said.get("after", ""), only)
    if level is None:
        return rankpage.of_groups(period, request.user, wanted, size)
    return rankpage.within(period, level, request.user, wanted, size)


def _total(request, period: Period, shown: list) -> int:
    """How many stations there are without the filter; counted only where it hides some."""
    if not any(request.GET.get(word) for word in ("bureau", "class", "after", "show")):
        return len(shown)
    return OfficialRank.objects.for_period(period).visible_to(request.user).count()


def _sorts(period: Period) -> list[str]:
    return [*_SORTS, *(section.code for section in period.edition.standard.dimensions)]


def _sorted(found: list[board.Row], request, period: Period) -> list[board.Row]:
    """Sorted inside each group; groups keep their order, and the unranked stay at the end of theirs."""
    codes = [section.code for section in period.edition.standard.dimensions]
    sort = choice(request, "sort", _sorts(period), "rank")
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


def _exported(period: Period, groups: list[board.Group], page: rankpage.Page) -> HttpResponse:
    if not groups:
        raise refusals.wrong_state(_("Nothing of this period has been published yet."))
    if page.next:
        raise refusals.too_large(
            _("A workbook holds %(most)s stations. Choose a bureau first.") % {"most": rankpage.MOST}
        )
    name = f"{_('Ranking')} {local(period, 'name')}.xlsx"
    return HttpResponse(
        workbook.ranking(period, groups),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)},
    )
