"""The registers of one station: area and premises, zones with rooms, equipment, funding."""

from django.core.paginator import Paginator
from django.db.models import Max, Q
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from audit.models import Event
from stations import completeness, registers
from stations.forms.equipment import EquipmentPage
from stations.forms.funding import FundingForm
from stations.forms.profile import ProfileForm
from stations.forms.zone import ZoneForm, ZonePage
from stations.kinds import ZoneKind
from stations.models import Station
from stationstd.access import requires
from stationstd.keys import takes

from .pages import may_edit, posted, serve, station_for

STATIONS_A_PAGE = 30
YEARS = range(1990, 2101)  # as the database has it


@requires("registers.view")
@require_safe
def station_list(request):
    """The stations of the jurisdiction; a station's own people see their registers at once."""
    if request.user.station_id:
        return overview(request, request.user.station.code)
    words = request.GET.get("q", "").strip()
    stations = Station.objects.visible_to(request.user).active().with_registers()
    if words:
        stations = stations.filter(Q(name__icontains=words) | Q(name_en__icontains=words) | Q(code__startswith=words))
    page = Paginator(stations, STATIONS_A_PAGE).get_page(request.GET.get("page"))
    year = timezone.localdate().year
    rows = [(station, completeness.percent(completeness.parts(station, year))) for station in page]
    return render(request, "stations/list.html", {"page": page, "rows": rows, "words": words})


@requires("registers.view")
@require_safe
def overview(request, code):
    station = Station.objects.with_registers().get(pk=station_for(request, code).pk)
    parts = completeness.parts(station, timezone.localdate().year)
    saved = _last_saves(station)
    context = {
        "station": station,
        "percent": completeness.percent(parts),
        "parts": [(part, saved.get(part.register)) for part in parts],
        "may_edit": may_edit(request, station),
    }
    return render(request, "stations/registers.html", context)


def _last_saves(station):
    """{register: the event of its last save}."""
    saves = Event.objects.filter(chain=registers.chain(station), action=registers.ACTION).order_by()
    newest = saves.values("detail__register").annotate(newest=Max("pk")).values("newest")
    events = Event.objects.filter(pk__in=newest).select_related("by")
    return {event.detail["register"]: event for event in events}


@requires("registers.view")
@require_http_methods(["GET", "HEAD", "POST"])
@takes(ProfileForm, "based_on")
def profile(request, code):
    station = station_for(request, code)
    page = ProfileForm(station, posted(request, station))
    return serve(request, page, "stations/profile.html", station.get_absolute_url())


@requires("registers.view")
@require_http_methods(["GET", "HEAD", "POST"])
@takes(ZoneForm, "rooms-*", "based_on")  # ZonePage.require_known counts the rows
def zone(request, code, kind):
    if kind not in ZoneKind.values:
        raise Http404
    station = station_for(request, code)
    page = ZonePage(station, kind, posted(request, station))
    page.require_known()
    return serve(request, page, "stations/zone.html", request.path, kinds=ZoneKind)


@requires("registers.view")
@require_http_methods(["GET", "HEAD", "POST"])
@takes(*EquipmentPage.keys, "based_on")
def equipment(request, code):
    station = station_for(request, code)
    page = EquipmentPage(station, posted(request, station))
    return serve(request, page, "stations/equipment.html", station.get_absolute_url())


@requires("registers.view")
@require_http_methods(["GET", "HEAD", "POST"])
@takes(FundingForm, "based_on", query=["year"])
def funding(request, code):
    """The years in a table, one of them (`?year=`, else this year) in a form."""
    station = station_for(request, code)
    year = _year(request)
    page = FundingForm(station, year, posted(request, station))
    this_year = timezone.localdate().year
    entered = list(station.funding.all())
    offered = sorted({this_year, this_year - 1, year, *(row.year for row in entered)}, reverse=True)
    context = {"year": year, "years": offered, "entered": entered}
    return serve(request, page, "stations/funding.html", request.get_full_path(), **context)


def _year(request):
    text = request.GET.get("year", str(timezone.localdate().year))
    if not (text.isascii() and text.isdigit() and len(text) == 4 and int(text) in YEARS):
        raise Http404
    return int(text)
