"""本所首页: this quarter, the own way over the quarters, the cheapest next points, and what lost most."""

from dataclasses import dataclass

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from personnel.access import requires
from stationstd.i18n import local

from .. import across, burden, charts, closing, news, objections
from ..advising import Advised
from ..layered import Layered
from ..models import Assessment, Edition, OfficialRank, Returning, Review, State
from ..scoring import Explanation
from ..scoring.advice import STATION
from ..scoring.comparable import Measures
from ..sheet import Sheet

_QUARTERS = 8
_LOST = 5
_MESSAGES = 5


@dataclass(frozen=True)
class Return:
    """One return: the general reason, and those of single criteria."""

    returning: Returning
    items: list[tuple]  # (criterion, Review)


@dataclass(frozen=True)
class Repairs:
    """整改: the criteria that lost points, the dearest first, apart by who can bring the change about."""

    station: list[Explanation]
    bureau: list[Explanation]


@require_GET
@requires("station.home")
def home(request):
    """The station's own page; without any period open yet it says so."""
    mine = Assessment.objects.visible_to(request.user).with_places().order_by("-period__starts_on", "-period__pk")
    latest, others = _under_way(list(mine[:_QUARTERS]))
    results = _results(request.user)
    context = {"station": request.user.station, "results": results, "chart": _chart(results), "others": others}
    costs = burden.of({*(result.assessment_id for result in results), *([latest.pk] if latest else [])})
    context |= {"costs": costs, "news": news.of(request.user, _MESSAGES)}
    if latest is not None:
        context |= _quarter(latest) | {"cost": costs[latest.pk]}
    return render(request, "assessments/home.html", context | {"bases": _bases(results)})


def _under_way(newest: list[Assessment]) -> tuple[Assessment | None, list[Assessment]]:
    """The one that the page is about, and others that are not published yet. A rehearsal stands behind a real one."""
    ordered = sorted(newest, key=lambda each: (each.state == State.PUBLISHED, each.period.is_rehearsal))
    return next(iter(ordered), None), [each for each in ordered[1:] if each.state != State.PUBLISHED]


def _quarter(assessment: Assessment) -> dict:
    sheet = Sheet.of(assessment)
    advised = Advised(sheet.evaluation)
    return {
        "assessment": assessment,
        "is_running": assessment.state != State.PUBLISHED,
        "closed": closing.why(assessment),
        "days_left": days_left(assessment),
        "sheet": sheet,
        "returns": _returns(assessment, sheet.standard),
        "window": objections.window(assessment),
        "told": objections.of(assessment),
        "lost": sheet.lost_most(_LOST),
        "advised": advised,
        "repairs": _repairs(assessment, sheet, advised),
        "start_at": _first_unfinished(sheet),
    }


def days_left(assessment: Assessment) -> int:
    """Whole days until it is due by the calendar, 0 on the day itself, negative after it."""
    return (timezone.localdate(assessment.due_at) - timezone.localdate()).days


def _repairs(assessment: Assessment, sheet: Sheet, advised: Advised) -> Repairs | None:
    """By the published result where there is one, else by the sheet as it stands; None where nothing is lost.

    A criterion of which the station can win a part by itself is the station's.
    """
    if assessment.state == State.PUBLISHED:
        layered = Layered(assessment)
        every, advised = layered.explanations, Advised(layered.evaluation)
        lost = [each for each in every if each.status not in ("full", "not_applicable")]
        lost.sort(key=lambda each: each.points - each.full)
    else:
        lost = sheet.lost_most(len(sheet.standard.criteria))
    own = {line.criterion.id for line in advised.every if line.fixable_by == STATION}
    mine, others = [], []
    for each in lost:
        (mine if each.fixable_by == STATION or each.criterion.id in own else others).append(each)
    return Repairs(mine, others) if lost else None


def _first_unfinished(sheet: Sheet) -> str:
    """The dimension to go on with: the first that misses something, else the first."""
    parts = sheet.parts
    return next((part for part in parts if part.progress.missing), parts[0]).section.code


def _results(user) -> list[OfficialRank]:
    """The own published results, newest first; those of rehearsals are no part of the way."""
    own = OfficialRank.objects.visible_to(user).filter(assessment__station=user.station_id)
    own = own.filter(assessment__period__is_rehearsal=False)
    own = own.select_related("assessment__period__previous").order_by("-assessment__period__starts_on")
    return list(own[:_QUARTERS])


def _bases(results: list[OfficialRank]) -> list[tuple[str, Measures]]:
    """(period, what its change of rate rests on) of those quarters that began another edition."""
    periods = [result.assessment.period for result in results]
    found = ((local(period, "name"), across.measures(period)) for period in periods)
    return [(name, basis) for name, basis in found if basis]


def _chart(results: list[OfficialRank]) -> dict | None:
    """The own rate over the published quarters, oldest first; None while there is nothing to compare.

    Rates of two editions are two lines: nothing leads from one to the other.
    """
    if len(results) < 2:
        return None
    oldest_first = results[::-1]
    names = [local(result.assessment.period, "name") for result in oldest_first]
    language = "en" if (get_language() or "").startswith("en") else "zh-hans"
    return charts.trend(names, _lines(oldest_first), language)


def _lines(results: list[OfficialRank]) -> list[tuple[str, list[float | None]]]:
    """(edition, its rates over all the quarters), oldest edition first; a lone one needs no name."""
    editions = list(dict.fromkeys(result.assessment.period.edition_id for result in results))
    known = Edition.objects.defer("text").in_bulk(editions) if len(editions) > 1 else {}
    return [
        (
            _("Edition %(version)s") % {"version": known[edition].version} if known else "",
            [_percent(result) if result.assessment.period.edition_id == edition else None for result in results],
        )
        for edition in editions
    ]


def _percent(result: OfficialRank) -> float | None:
    return None if result.rate is None else result.rate / 100


def _returns(assessment: Assessment, standard) -> list[Return]:
    """Every return of this assessment, newest first."""
    returned = list(Returning.objects.filter(assessment=assessment).select_related("by").order_by("-round"))
    if not returned:
        return []
    reviews = Review.objects.filter(assessment=assessment, outcome=Review.Outcome.RETURNED)
    items: dict[int, dict[str, Review]] = {each.round: {} for each in returned}
    for review in reviews:
        items[review.round][review.criterion] = review
    return [Return(each, _in_order(items[each.round], standard)) for each in returned]


def _in_order(reviews: dict[str, Review], standard) -> list[tuple]:
    return [(criterion, reviews[criterion.id]) for criterion in standard.criteria if criterion.id in reviews]
