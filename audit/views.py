"""The log, for the audit administrator. Reading it is itself recorded."""

from django.db import transaction
from django.shortcuts import render
from django.views.decorators.http import require_safe

from stationstd.access import requires

from . import events
from .actions import action_label, subject_label
from .forms import SearchForm
from .models import Event

EVENTS_A_PAGE = 50


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
    }
    return render(request, "audit/list.html", context)


def _older(request, page):
    """The query string of the next page; None on the last one."""
    if len(page) <= EVENTS_A_PAGE:
        return None
    words = request.GET.copy()
    words["before"] = page[EVENTS_A_PAGE - 1].pk
    return f"?{words.urlencode()}"


def _words(value) -> str:
    """A recorded value as one line: lists and small tables without their brackets."""
    if isinstance(value, dict):
        return " · ".join(f"{key} {_words(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(_words(inner) for inner in value)
    return str(value)


def _row(event):
    """An event with its words; `changed` are (what, old, new), `detail` is whatever else was recorded."""
    changed = event.detail.get("changed")
    changed = changed if isinstance(changed, dict) else {}
    return {
        "event": event,
        "action": action_label(event.action),
        "subject": subject_label(event.chain),
        "changed": [(key, *old_and_new) for key, old_and_new in changed.items()],
        "detail": [(key, _words(value)) for key, value in event.detail.items() if key != "changed" and value != {}],
    }
