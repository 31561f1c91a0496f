"""The registers of people: staffing and training of one station."""

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from personnel.access import requires
from personnel.forms.staffing import StaffingForm
from personnel.forms.training import TrainingForm, TrainingRemoval
from personnel.models import Training
from stations.views.pages import attempt, may_edit, posted, serve, station_for
from stationstd.keys import takes


@requires("registers.view")
@require_http_methods(["GET", "HEAD", "POST"])
@takes(StaffingForm, "based_on")
def staffing(request, code):
    station = station_for(request, code)
    page = StaffingForm(station, posted(request, station))
    return serve(request, page, "personnel/staffing.html", station.get_absolute_url())


@requires("registers.view")
@require_safe
def training(request, code):
    station = station_for(request, code)
    context = {"station": station, "trainings": station.trainings.all(), "may_edit": may_edit(request, station)}
    return render(request, "personnel/training.html", context)


@requires("registers.edit")
@require_http_methods(["GET", "HEAD", "POST"])
@takes(TrainingForm, "based_on")
def training_new(request, code):
    station = station_for(request, code)
    page = TrainingForm(station, data=posted(request, station))
    return _serve(request, page)


@requires("registers.edit")
@require_http_methods(["GET", "HEAD", "POST"])
@takes(TrainingForm, "based_on")
def training_edit(request, code, pk):
    station = station_for(request, code)
    page = TrainingForm(station, _training(station, pk), posted(request, station))
    return _serve(request, page)


@requires("registers.edit")
@require_POST
@takes("based_on")
def training_delete(request, code, pk):
    """Remove it if it is still what the person saw, else show what it is now."""
    station = station_for(request, code)
    found = _training(station, pk)
    page = TrainingRemoval(station, found, posted(request, station))
    if attempt(request, page) == 302:
        return redirect(_list_of(station))
    shown = TrainingForm(station, found)
    shown.overtaken, shown.last_save = page.overtaken, page.last_save
    context = {"page": shown, "station": station, "may_edit": True}
    return render(request, "personnel/training_form.html", context, status=409)


def _training(station, pk):
    return get_object_or_404(Training, station=station, pk=pk)


def _serve(request, page):
    return serve(request, page, "personnel/training_form.html", _list_of(page.station))


def _list_of(station):
    return reverse("personnel:training", args=[station.code])
