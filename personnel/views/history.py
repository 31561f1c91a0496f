"""How the registers of a station changed, and how they stood on a day."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from personnel import history
from personnel.access import requires
from stations.views.pages import station_for

SAVES_A_PAGE = 50


@requires("registers.view")
@require_safe
def register_history(request, code):
    """Every save, newest first; `?register=` of one register alone. 404 for a register that does not exist."""
    station, register = station_for(request, code), request.GET.get("register", "")
    titles = history.titles()
    if register and register not in titles:
        raise Http404
    page = Paginator(history.saves(station, register), SAVES_A_PAGE).get_page(request.GET.get("page"))
    rows = [(event, history.title(event.detail["register"]), history.changes(event)) for event in page]
    context = {"station": station, "page": page, "rows": rows, "register": register, "titles": titles}
    return render(request, "personnel/register_history.html", context)


@requires("registers.view")
@require_safe
def registers_on(request, code):
    """All registers as they stood at the end of `?day=`, today without one. 404 for what is no day up to today."""
    station, today = station_for(request, code), timezone.localdate()
    day = _day(request.GET.get("day", "")) if "day" in request.GET else today
    if day is None or day > today:
        raise Http404
    context = {"station": station, "day": day, "today": today, "sections": history.on(station, day)}
    return render(request, "personnel/registers_on.html", context)


def _day(text: str):
    try:
        return parse_date(text)
    except ValueError:
        return None
