"""The product's own doors: home by role, the language switch, and two answers for whoever watches it run."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST, require_safe

from audit import events
from personnel import accounts

from . import health, navigation, refusals
from .errors import unavailable
from .guide import STEPS
from .i18n import note_language
from .keys import takes


@require_safe
def home(request):
    return redirect(navigation.home_of(request.user))


@require_GET
def guide(request):
    """The ten-minute guide, open to everybody with an account."""
    return render(request, "guide.html", {"steps": STEPS})


@login_not_required
@require_POST
@takes("code", "next")
def language(request):
    """Remember the language in this browser and for this person; go back to `next`, a path of this host."""
    code = request.POST.get("code")
    if code not in dict(settings.LANGUAGES):
        raise refusals.invalid("code")
    response = redirect(_own_path(request, request.POST.get("next", "")))
    note_language(request, response, code)
    if request.user.is_authenticated:
        accounts.note_language(request.user, code)
    return response


def _own_path(request, address: str) -> str:
    is_own = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if is_own and address.startswith("/") else "/"


@login_not_required
@require_GET
def healthz(request):
    """200 while the process answers at all; asks nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_GET
def readyz(request):
    """200 while the database can write, else 503; figures for the monitoring address, a word for all others."""
    try:
        health.write()
        if events.address.get() not in settings.MONITORING_ADDRESSES:
            return HttpResponse("ready\n", content_type="text/plain")
        facts = health.facts()
    except DatabaseError:
        return unavailable()
    return JsonResponse(facts | {"alarms": health.alarms(facts)})
