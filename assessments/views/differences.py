"""Two standards side by side in plain language, and what the newer one does to a published period."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from personnel.access import requires
from stationstd.i18n import local

from .. import differencepage, drafting, draftpage, effects, whatif
from ..models import Draft, Edition
from ..scoring import Standard, StandardError


@requires("edition.view")
@require_safe
def edition_differences(request, pk):
    """An edition beside another one that was chosen, or else the one that was published before it."""
    edition = get_object_or_404(Edition, pk=pk)
    other = _chosen(request, "against") or _before(edition)
    if other is None:
        return _page(request, "assessments/difference.html", {"edition": edition, "editions": []})
    address = reverse("assessments:edition_difference", args=[pk, other.pk])
    return redirect(address + (f"?period={request.GET['period']}" if _number(request, "period") else ""))


@requires("edition.view")
@require_safe
def edition_difference(request, pk, other):
    """What is different in an edition from another one."""
    edition, than = get_object_or_404(Edition, pk=pk), get_object_or_404(Edition, pk=other)
    context = {
        "edition": edition,
        "than": than,
        "editions": list(Edition.objects.exclude(pk=pk).order_by("-published_at", "-pk")),
        "chooser": reverse("assessments:edition_differences", args=[pk]),
    }
    return _page(request, "assessments/difference.html", context, than.standard, edition.standard)


@requires("edition.edit")
@require_safe
def draft_difference(request, pk):
    """What is different in a draft from the edition it was copied from, or from another one that is chosen."""
    draft = draftpage.found(request, pk)
    if draft.edition_id is not None:
        return redirect("assessments:edition_differences", draft.edition_id)
    than = _chosen(request, "against") or draft.based_on or Edition.objects.order_by("-published_at", "-pk").first()
    context = {
        **draftpage.framed(draft, "draft_difference"),
        "than": than,
        "editions": list(Edition.objects.order_by("-published_at", "-pk")),
        "chooser": request.path,
    }
    standard = _standard(draft)
    if than is None or standard is None:
        return _page(request, "assessments/drafts/difference.html", context | {"is_broken": standard is None})
    return _page(request, "assessments/drafts/difference.html", context, than.standard, standard)


def _standard(draft: Draft) -> Standard | None:
    """The standard of a draft; None while it has problems that refuse it."""
    if any(problem.is_refused for problem in drafting.problems(draft)):
        return None
    try:
        return Standard.loads(draft.text, draft.name)
    except StandardError:
        return None


def _page(request, template: str, context: dict, old: Standard | None = None, new: Standard | None = None):
    if old is None or new is None:
        return render(request, template, context)
    found = differencepage.changes(old, new)
    context |= _effects(request, old, new) if request.user.may("whatif.view") else {}
    context["groups"] = differencepage.groups(old, new, found, context.get("effects"))
    context["count"] = len(found)
    return render(request, template, context)


def _effects(request, old: Standard, new: Standard) -> dict:
    """The effect on the published period that was asked for; only the list of periods where none was."""
    periods = list(whatif.periods_of(request.user))
    context, asked = {"periods": periods}, _number(request, "period")
    if asked is None:
        return context
    period = next((each for each in periods if each.pk == asked), None)
    if period is None:
        raise Http404
    context["period"] = period
    places = list(whatif.places(whatif.publications_of(request.user, period))[: whatif.LARGEST + 1])
    if len(places) > whatif.LARGEST:
        return context | {"refusal_text": _("More stations than a page can score at once.")}
    if not places:
        return context
    record = whatif.record(period, places)
    try:
        movement = effects.between(record, old, new)
    except whatif.Unfit as error:
        return context | {"refusal_text": str(error)}
    found = effects.of(record, movement, whatif.in_sight(request.user, record))
    unasked = whatif.unasked(record, new)
    return context | {
        "effects": found,
        "agrees": record.agrees,
        "unasked": _(", ").join(local(metric, "title") for metric in unasked[:8]),
        "unasked_more": max(0, len(unasked) - 8),
    }


def _chosen(request, key: str) -> Edition | None:
    """The edition that a key of the address names; None where it names none. Raises Http404."""
    number = _number(request, key)
    return None if number is None else get_object_or_404(Edition, pk=number)


def _number(request, key: str) -> int | None:
    text = request.GET.get(key, "")
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else None


def _before(edition: Edition) -> Edition | None:
    """The edition of the same code that was published before, else any that was; else the one after it."""
    others = Edition.objects.exclude(pk=edition.pk).order_by("-published_at", "-pk")
    earlier = others.filter(published_at__lte=edition.published_at)
    return earlier.filter(code=edition.code).first() or earlier.first() or others.first()
