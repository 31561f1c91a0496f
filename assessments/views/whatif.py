"""What if: a published period under another standard. A POST only carries what was typed; nothing is ever written."""

from dataclasses import dataclass, field

import numpy as np
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from personnel.access import requires
from stationstd import refusals
from stationstd.i18n import local
from stationstd.keys import takes

from .. import differencepage, drafting, effects, whatifbook
from .. import whatif as under
from ..forms.saving import read_whole
from ..forms.whatif import Proposal
from ..models import Draft, Edition, Period
from ..scoring import Standard, StandardError
from ..scoring.scenario import NAME
from ..templatetags.report import group_name

_PAGE = 50
_NAMED = 8  # metrics that a note names
_SAID = 12  # differences that the page tells; the page of the difference has them all


@require_GET
@requires("whatif.view")
def whatif(request):
    """The newest period with published results in sight; what the address says of a draft goes along."""
    period = under.periods_of(request.user).first()
    if period is None:
        return render(request, "assessments/whatif.html", {"period": None})
    address = reverse("assessments:whatif_period", args=[period.pk])
    draft = read_whole(request.GET.get("draft"))
    return redirect(address if draft is None else f"{address}?draft={draft}")


@require_http_methods(["GET", "POST"])
@requires("whatif.view")
@takes("base", "edition", "draft", "export", "group", "movers", "page", *Proposal.keys)
def whatif_period(request, period):
    """GET: the figures of its standard, to be typed over. POST: what they would have made of the published facts.

    GET with ?draft=N asks for a draft at once, as it stands.
    """
    found = Period.objects.opened().visible_to(request.user).select_related("edition")
    period = get_object_or_404(found, pk=period)
    publications = under.publications_of(request.user, period)
    context = {"period": period, "periods": list(under.periods_of(request.user)), "publications": publications}
    if not publications:
        return render(request, "assessments/whatif.html", context)
    drafts = list(Draft.objects.editable_by(request.user).unpublished())
    source = _source(request, period, drafts)
    pasted = request.POST.get("draft", "").strip()
    typed = request.POST.dict() if request.POST.get("base") == source.base and not pasted else {}
    proposal = Proposal(period.edition.text if source.problems else source.text, {} if source.problems else typed)
    proposal.require_known()
    problems = [] if pasted else source.problems or proposal.problems
    context |= {
        "source": source,
        "editions": list(Edition.objects.order_by("-published_at", "-pk")),
        "drafts": drafts,
        "proposal": proposal,
        "pasted": pasted,
        "problems": problems,
        "asked": request.method == "POST" or source.draft is not None,
        "different": bool(pasted or source.draft or proposal.changes) or source.edition.pk != period.edition_id,
    }
    if context["asked"] and context["different"] and not problems:
        try:
            return _answer(request, context, Standard.loads(pasted or proposal.new_text(), NAME))
        except StandardError as error:
            text = pasted or period.edition.text
            context["problems"] = drafting.in_words((line.removeprefix(f"{NAME}: ") for line in error.problems), text)
        except under.Unfit as error:
            context["problems"] = [str(error)]
    return render(request, "assessments/whatif.html", context)


@dataclass(frozen=True)
class Source:
    """The standard whose figures are typed over: an edition or a draft.

    base      what a page that was made from it says of it, so that figures of another one are not taken for its own
    problems  why no standard can be made of a draft
    """

    text: str
    base: str
    edition: Edition | None = None
    draft: Draft | None = None
    problems: list[str] = field(default_factory=list)


def _source(request, period: Period, drafts: list[Draft]) -> Source:
    """What was chosen: an edition by its number, a draft by "draft:N"; else the edition of the period."""
    asked = request.POST.get("edition", "")
    if request.method == "GET" and "draft" in request.GET:
        asked = f"draft:{request.GET['draft']}"
    kind, _colon, number = asked.rpartition(":")
    if not asked:
        return Source(period.edition.text, str(period.edition_id), edition=period.edition)
    pk = read_whole(number)
    if pk is None or kind not in ("", "draft"):
        raise refusals.invalid(_("This page has no such choice."))
    if not kind:
        edition = get_object_or_404(Edition, pk=pk)
        return Source(edition.text, str(edition.pk), edition=edition)
    draft = next((each for each in drafts if each.pk == pk), None)
    if draft is None:
        raise Http404
    refused = [f"{each.where}: {each.what}" if each.where else each.what for each in _refused(draft)]
    return Source(draft.text, f"draft:{draft.pk}:{draft.revision}", draft=draft, problems=refused)


def _refused(draft: Draft) -> list[drafting.Problem]:
    return [problem for problem in drafting.problems(draft) if problem.is_refused]


def _answer(request, context: dict, standard: Standard):
    if request.POST.get("export") == "toml":
        return _file(standard.text.encode(), f"{standard.code}-what-if.toml", "application/toml")
    places = under.places(context["publications"])
    context["stations"] = places.count()
    if context["stations"] > under.LARGEST:
        context["too_large"] = under.LARGEST
        return render(request, "assessments/whatif.html", context)
    if not context["stations"]:
        return render(request, "assessments/whatif.html", context)
    record = under.record(context["period"], list(places))
    movement = under.under(record, standard)
    seen = under.in_sight(request.user, record)
    rows = [i for i in _rows(record, movement) if seen[i] and _wanted(request, record, movement, i)]
    if request.POST.get("export") == "xlsx":
        name = f"{_('What if')} {local(context['period'], 'name')}.xlsx"
        content = whatifbook.book(record, movement, rows, context["proposal"].said)
        return _file(content, name, whatifbook.TYPE)
    context |= _result(request, record, movement, seen, rows) | _differences(context, record, movement, seen)
    return render(request, "assessments/whatif.html", context)


def _differences(context: dict, record: under.Record, movement, seen: np.ndarray) -> dict:
    """What is different from the standard that was used; nothing where it is that one with figures typed over it."""
    old, new = movement.old.standard, movement.new.standard
    source = context["source"]
    if source.edition is not None and source.edition.pk == record.period.edition_id and not context["pasted"]:
        return {}
    found = differencepage.changes(old, new)
    shown, more = differencepage.shorter(found, _SAID)
    by_criterion = effects.of(record, movement, seen).by_criterion
    return {
        "told": [(change, by_criterion.get(change.code) if change.group == "criteria" else None) for change in shown],
        "told_more": more,
        "told_at": _page_of(context, record.period),
    }


def _page_of(context: dict, period: Period) -> str:
    """The address of the whole difference; "" for a text that is nowhere."""
    source = context["source"]
    if context["pasted"] or context["proposal"].changes:
        return ""
    if source.draft is not None:
        address, against = reverse("assessments:draft_difference", args=[source.draft.pk]), period.edition_id
        return f"{address}?against={against}&period={period.pk}"
    address = reverse("assessments:edition_difference", args=[source.edition.pk, period.edition_id])
    return f"{address}?period={period.pk}"


def _rows(record: under.Record, movement) -> list[int]:
    """Rows group by group, in the order of the new places."""
    return [i for group in dict.fromkeys(record.groups.tolist()) for i in movement.in_group(group).tolist()]


def _wanted(request, record: under.Record, movement, i: int) -> bool:
    group = request.POST.get("group", "")
    moves = bool(movement.moved[i]) or bool(movement.regraded[i])
    return (not group or record.places[i].group == group) and (moves or not request.POST.get("movers"))


def _result(request, record: under.Record, movement, seen: np.ndarray, rows: list[int]) -> dict:
    page = Paginator(rows, _PAGE).get_page(request.POST.get("page", "1"))
    summary = movement.summary(seen)
    unasked, beyond = under.unasked(record, movement.new.standard), under.beyond(record, movement.new.standard)
    groups = {place.group: group_name(place) for place, mine in zip(record.places, seen, strict=True) if mine}

    def named(rows):
        return under.lines(record, movement, rows)

    return {
        "page": page,
        "lines": named(page.object_list),
        "groups": groups,
        "group": request.POST.get("group", ""),
        "movers": request.POST.get("movers", ""),
        "summary": summary,
        "up": named(summary.up),
        "down": named(summary.down),
        "top": [(groups.get(group, group), named(came), named(left)) for group, came, left in summary.top],
        "standard": movement.new.standard,
        "agrees": record.agrees,
        "unasked": _(", ").join(local(metric, "title") for metric in unasked[:_NAMED]),
        "unasked_more": max(0, len(unasked) - _NAMED),
        "beyond": [(local(metric, "title"), count) for metric, count in beyond[:_NAMED]],
        "old_decimals": movement.old.standard.decimals,
        "new_decimals": movement.new.standard.decimals,
    }


def _file(content: bytes, name: str, content_type: str) -> HttpResponse:
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)}
    return HttpResponse(content, content_type=content_type, headers=headers)
