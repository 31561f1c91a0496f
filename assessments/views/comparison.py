"""Two to thirty published stations side by side, item by item, with the reasons."""

from uuid import uuid4

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from personnel.access import requires
from stationstd import refusals
from stationstd.i18n import local

from .. import charts, sidebyside
from ..layered import language
from ..models import Assessment, Layer, Period
from ..reports.requesting import FEWEST, MOST
from .desk import choice

_ON_RADAR = 6  # polygons that can still be told apart
_WITH_REMEDIES = 10  # stations; what would win each point back takes the engine 2 ms, so that more make a slow page


@require_GET
@requires("comparison.view")
def comparison(request, period):
    """A station that is not in sight makes the page 404; too few or too many are told so in words."""
    found = Period.objects.opened().visible_to(request.user).select_related("edition")
    period = get_object_or_404(found, pk=period)
    choosable = list(
        Assessment.objects.comparable_by(request.user)
        .for_period(period)
        .filter(scores__layer=Layer.CONFIRMED)
        .select_related("station", "bureau", "station_class", "official_rank__publication")
        .order_by("bureau__path", "official_rank__rank", "station__code")
    )
    chosen = _chosen(request, choosable)
    context = {
        "period": period,
        "choosable": choosable,
        "chosen": chosen,
        "chosen_pks": {assessment.pk for assessment in chosen},
        "fewest": FEWEST,
        "most": MOST,
        "order": choice(request, "order", ("paper", "difference"), "paper"),
        "op_id": uuid4(),
    }
    if FEWEST <= len(chosen) <= MOST:
        context |= _compared(period, chosen, context["order"])
    return render(request, "assessments/comparison.html", context)


def _chosen(request, choosable: list[Assessment]) -> list[Assessment]:
    """The asked-for assessments in the order asked for, each once."""
    asked = list(dict.fromkeys(request.GET.getlist("a")))
    if not all(text.isdecimal() and text.isascii() and len(text) < 10 for text in asked):
        raise refusals.invalid(_("This page has no such choice."))
    known = {assessment.pk: assessment for assessment in choosable}
    wanted = list(dict.fromkeys(int(text) for text in asked))
    if not known.keys() >= set(wanted):
        raise Http404
    return [known[pk] for pk in wanted]


def _compared(period: Period, chosen: list[Assessment], order: str) -> dict:
    compared = sidebyside.compare(period, chosen)
    names = [local(section, "title") for section in compared.standard.dimensions]
    series = [(s.name, [_percent(r) for r in s.dimensions]) for s in compared.stations]
    return {
        "compared": compared,
        "rows": compared.by_difference() if order == "difference" else compared.rows,
        "with_remedies": len(series) <= _WITH_REMEDIES,
        "bars": charts.bars([name for name, _values in series], [("", _rates(compared))], language()),
        "radar": charts.radar(names, series, language()) if len(series) <= _ON_RADAR else None,
        "heat": charts.heat(names, [n for n, _v in series], [v for _n, v in series], language()),
    }


def _rates(compared) -> list[float | None]:
    return [_percent(station.score.rate) for station in compared.stations]


def _percent(hundredths: int | None) -> float | None:
    return None if hundredths is None else hundredths / 100
