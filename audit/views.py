"""The log, for the audit administrator. Reading it is itself recorded."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stationstd.access import requires
from stationstd.confirming import confirmed_download
from stationstd.keys import takes

from . import alarms, events, exporting, lines, seals, verifications
from .actions import action_label, subject_label
from .forms import SearchForm
from .models import Event, Verification

EVENTS_A_PAGE = 50
VERIFICATIONS_SHOWN = 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires("audit.view")
@require_safe
@transaction.atomic
def event_list(request):
    """Newest first; `?before=` an event's number goes on where the last page ended."""
    form = SearchForm(request.GET)
    if not form.is_valid():
        return render(request, "audit/list.html", {"form": form, "rows": []}, status=422)
    reading = events.record("audit.read", "administration", by=request.user, search=form.words())
    found = form.narrow(Event.objects.filter(pk__lt=reading.pk)).select_related("by")
    page = list(found[: EVENTS_A_PAGE + 1])
    context = {
        "form": form,
        "rows": [_row(event) for event in page[:EVENTS_A_PAGE]],
        "older": _older(request, page),
        "is_first": not form.cleaned_data["before"],
        "search": request.GET.urlencode(),
        "locks": alarms.locks(),
    }
    return render(request, "audit/list.html", context)


@requires("audit.view")
@require_http_methods(["GET", "HEAD", "POST"])
@takes(query=SearchForm.base_fields)
@confirmed_download
def export(request):
    """What the search finds as a workbook, the newest events of it; 422 where the search cannot be read.

    The export is recorded before anything is read: nobody waits for the chain while a workbook is written.
    """
    form = SearchForm(request.GET)
    if not form.is_valid():
        return render(request, "audit/list.html", {"form": form, "rows": []}, status=422)
    reading = events.record("audit.export", "administration", by=request.user, search=form.words())
    found = form.narrow(Event.objects.filter(pk__lt=reading.pk)).select_related("by")[: exporting.MOST]
    answer = HttpResponse(exporting.workbook(found.iterator(2000)), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="audit-{timezone.localdate():%Y%m%d}.xlsx"'
    return answer


@requires("audit.view")
@require_safe
def verification_list(request):
    """The readings of the whole log, the newest first, and the newest seal."""
    shown = Verification.objects.select_related("asked_by", "seal")[:VERIFICATIONS_SHOWN]
    context = {"verifications": shown, "seal": seals.latest(), "is_running": any(not v.finished_at for v in shown)}
    template = "audit/_verifications.html" if request.htmx else "audit/verifications.html"
    return render(request, template, context)


@requires("audit.view")
@require_POST
@takes()
def verify(request):
    """Ask a worker to read the whole log; one reading at a time."""
    verifications.ask(request.user)
    return redirect("audit:verifications")


def _older(request, page):
    """The query string of the next page; None on the last one."""
    if len(page) <= EVENTS_A_PAGE:
        return None
    words = request.GET.copy()
    words["before"] = page[EVENTS_A_PAGE - 1].pk
    return f"?{words.urlencode()}"


def _row(event):
    """An event with its words; `changed` are (what, old, new), `detail` is whatever else was recorded."""
    return {
        "event": event,
        "action": action_label(event.action),
        "subject": subject_label(event.chain),
        "reason": lines.reason(event),
        "changed": lines.changed(event),
        "detail": lines.other(event),
    }
