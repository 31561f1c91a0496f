"""The tree of bureaus and the stations in it, kept by the system administrator of a bureau."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from stations import organisation
from stations.forms.organisation import BureauForm, StationForm
from stations.models import Bureau, Station
from stationstd.access import requires
from stationstd.i18n import local
from stationstd.keys import takes

STATIONS_A_PAGE = 50


@requires("organisation.manage")
@require_safe
def tree(request):
    """One bureau of the tree (`?bureau=code`, else the own one): the bureaus below and its stations.

    With `?q=` instead all stations of the jurisdiction whose name or code fits.
    """
    bureaus = Bureau.objects.visible_to(request.user)
    code, words = request.GET.get("bureau"), request.GET.get("q", "").strip()
    bureau = get_object_or_404(bureaus, code=code) if code else request.user.bureau
    stations = Station.objects.visible_to(request.user).select_related("station_class", "bureau")
    stations = stations.filter(_fits(words)) if words else stations.filter(bureau=bureau)
    context = {
        "bureau": bureau,
        "above": bureaus.filter(pk__in=Bureau.objects.get_ancestors(bureau)),
        "below": [] if words else _with_counts(Bureau.objects.get_children(bureau)),
        "page": Paginator(stations, STATIONS_A_PAGE).get_page(request.GET.get("page")),
        "words": words,
    }
    return render(request, "stations/organisation.html", context)


def _fits(words):
    return Q(name__icontains=words) | Q(name_en__icontains=words) | Q(code__startswith=words)


def _with_counts(bureaus):
    """Each with `station_count`, the stations in it and below it."""
    within = Station.objects.filter(bureau__path__startswith=OuterRef("path")).order_by()
    counted = within.annotate(one=Coalesce(1, 1)).values("one").annotate(n=Count("pk")).values("n")
    return bureaus.annotate(station_count=Coalesce(Subquery(counted), 0))


@requires("organisation.manage")
@require_http_methods(["GET", "HEAD", "POST"])
@takes(StationForm, without=["is_active"], query=["bureau"])
def station_new(request):
    form = StationForm(_sent(request), by=request.user, initial=_place(request, "bureau"))
    return _serve(request, form, _("New station"), organisation.add_station)


@requires("organisation.manage")
@require_http_methods(["GET", "HEAD", "POST"])
@takes(StationForm, without=["code"])
def station_edit(request, code):
    station = get_object_or_404(Station.objects.visible_to(request.user), code=code)
    form = StationForm(_sent(request), instance=station, by=request.user)
    return _serve(request, form, local(station, "name"), organisation.change_station)


@requires("organisation.manage")
@require_http_methods(["GET", "HEAD", "POST"])
@takes(BureauForm, query=["bureau"])
def bureau_new(request):
    form = BureauForm(_sent(request), by=request.user, initial=_place(request, "parent"))

    def add(bureau, *, by):
        return organisation.add_bureau(bureau, form.cleaned_data["parent"], by=by)

    return _serve(request, form, _("New bureau"), add)


@requires("organisation.manage")
@require_http_methods(["GET", "HEAD", "POST"])
@takes(BureauForm, without=["code", "parent"])
def bureau_edit(request, code):
    bureau = get_object_or_404(Bureau.objects.visible_to(request.user), code=code)
    form = BureauForm(_sent(request), instance=bureau, by=request.user)
    return _serve(request, form, local(bureau, "name"), organisation.change_bureau)


def _done(form, act, by):
    """The thing as it is now; None, with the mistake on the form, when somebody else took its code just now."""
    try:
        return act(form.save(commit=False), by=by)
    except IntegrityError:
        form.add_error("code", _("This code is taken."))
        return None


def _sent(request):
    return request.POST if request.method == "POST" else None


def _place(request, field):
    """The bureau that the person was looking at, as the first choice."""
    bureaus = Bureau.objects.visible_to(request.user)
    return {field: bureaus.filter(code=request.GET.get("bureau", "")).first()}


def _serve(request, form, title, act):
    status = 200
    if request.method == "POST":
        if form.is_valid() and (thing := _done(form, act, request.user)):
            messages.success(request, _("Saved."))
            bureau = thing.bureau if isinstance(thing, Station) else thing
            return redirect(f"{reverse('stations:organisation')}?bureau={bureau.code}")
        status = 422
    context = {"form": form, "heading": title, "is_new": form.instance.pk is None}
    return render(request, "stations/organisation_form.html", context, status=status)
