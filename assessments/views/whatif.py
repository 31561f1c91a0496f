"""What if: a published period under another standard. A POST only carries what was typed; nothing is ever written."""

import numpy as np
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from personnel.access import requires
from stationstd import refusals
from stationstd.i18n import local
from stationstd.keys import takes

from .. import whatif as under
from .. import whatifbook
from ..forms.whatif import Proposal
from ..models import Assessment, Edition, Period, Publication
from ..scoring import Standard, StandardError
from ..scoring.scenario import NAME
from ..templatetags.report import group_name

_PAGE = 50
_NAMED = 8  # metrics that a note names


@require_GET
@requires("whatif.view")
def whatif(request):
    """The newest period with published results in sight."""
    period = _periods(request.user).first()
    if period is None:
        return render(request, "assessments/whatif.html", {"period": None})
    return redirect("assessments:whatif_period", period.pk)


@require_http_methods(["GET", "POST"])
@requires("whatif.view")
@takes("base", "edition", "draft", "export", "group", "movers", "page", *Proposal.keys)
def whatif_period(request, period):
    """GET: the figures of its standard, to be typed over. POST: what they would have made of the published facts."""
    found = Period.objects.opened().visible_to(request.user).select_related("edition")
    period = get_object_or_404(found, pk=period)
    publications = _publications(request.user, period)
    context = {"period": period, "periods": list(_periods(request.user)), "publications": publications}
    if not publications:
        return render(request, "assessments/whatif.html", context)
    edition = _edition(request, period)
    draft = request.POST.get("draft", "").strip()
    typed = request.POST.dict() if request.POST.get("base") == str(edition.pk) and not draft else {}
    proposal = Proposal(edition.text, typed)
    proposal.require_known()
    context |= {
        "edition": edition,
        "editions": list(Edition.objects.order_by("-published_at", "-pk")),
        "proposal": proposal,
        "draft": draft,
        "problems": proposal.problems,
        "asked": request.method == "POST",
        "different": bool(draft or proposal.changes) or edition.pk != period.edition_id,
    }
    if request.method == "POST" and context["different"] and not proposal.problems:
        try:
            return _answer(request, context, Standard.loads(draft or proposal.new_text(), NAME))
        except StandardError as error:
            context["problems"] = [problem.removeprefix(f"{NAME}: ") for problem in error.problems]
        except under.Unfit as error:
            context["problems"] = [str(error)]
    return render(request, "assessments/whatif.html", context)


def _periods(user):
    """Periods with published results in sight, the newest first."""
    there = Assessment.objects.comparable_by(user).values("period")
    return Period.objects.filter(pk__in=there).select_related("edition")


def _publications(user, period: Period) -> list[Publication]:
    mine = Assessment.objects.comparable_by(user).for_period(period)
    return list(Publication.objects.of(mine))


def _edition(request, period: Period) -> Edition:
    asked = request.POST.get("edition", "")
    if not asked:
        return period.edition
    if not (asked.isdecimal() and asked.isascii() and len(asked) < 10):
        raise refusals.invalid(_("This page has no such choice."))
    return get_object_or_404(Edition, pk=int(asked))


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
    seen = _in_sight(request.user, record)
    rows = [i for i in _rows(record, movement) if seen[i] and _wanted(request, record, movement, i)]
    if request.POST.get("export") == "xlsx":
        name = f"{_('What if')} {local(context['period'], 'name')}.xlsx"
        content = whatifbook.book(record, movement, rows, context["proposal"].said)
        return _file(content, name, whatifbook.TYPE)
    return render(request, "assessments/whatif.html", context | _result(request, record, movement, seen, rows))


def _in_sight(user, record: under.Record) -> np.ndarray:
    """(n,) bool: may this person see the station? Groups may reach beyond the own bureau."""
    mine = Assessment.objects.comparable_by(user).for_period(record.period)
    pks = set(mine.values_list("pk", flat=True))
    return np.array([place.assessment_id in pks for place in record.places])


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
