"""The one way a register page is shown and saved; personnel's pages use it as well."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from stations import registers
from stations.models import Station


def station_for(request, code):
    """The station if this user may see it, else 404."""
    stations = Station.objects.visible_to(request.user).select_related("bureau", "station_class")
    return get_object_or_404(stations, code=code)


def may_edit(request, station) -> bool:
    return Station.objects.registers_editable_by(request.user).filter(pk=station.pk).exists()


def posted(request, station):
    """What was sent, None for a page that is only opened. 403 for those who may look and not write."""
    if request.method != "POST":
        return None
    if not may_edit(request, station):
        raise PermissionDenied("registers.edit")
    return request.POST


def serve(request, page, template, after, **context):
    """Show the page, or save it and go on to `after`. 422: something is wrong; 409: somebody was faster."""
    status = 200
    if request.method == "POST":
        status = attempt(request, page)
        if status == 302:
            return redirect(after)
    context |= {"page": page, "station": page.station, "may_edit": may_edit(request, page.station)}
    return render(request, template, context, status=status)


def attempt(request, page) -> int:
    """Save if everything is right; the status of the answer."""
    if not page.is_valid():
        return 422
    try:
        changed = registers.save(page, by=request.user)
    except registers.Stale:
        page.overtake()
        return 409
    messages.success(request, _("Saved.") if changed else _("Nothing had changed."))
    return 302
