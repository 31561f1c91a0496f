"""The result of one assessment: every item with its reason, self against verified, and where it came out."""

from datetime import date

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from personnel.access import requires

from .. import across, burden, charts, flagging, objections, publicity
from ..advising import Advised
from ..layered import Layered, Part, language
from ..models import Assessment, Extension, Reopening, Returning, Submission
from ..scoring.rollwords import explain_sections
from ..versions import of as versions_of


@require_GET
@requires("assessment.view")
def detail(request, pk):
    """The station's people see every state; the bureau sees facts once they have been submitted."""
    assessment = get_object_or_404(
        Assessment.objects.visible_to(request.user).with_places().select_related("period__previous").with_clock(), pk=pk
    )
    context = {
        "assessment": assessment,
        "returns": list(Returning.objects.filter(assessment=assessment).select_related("by")),
        "extensions": list(Extension.objects.filter(assessment=assessment).select_related("by")),
        "submissions": list(Submission.objects.filter(assessment=assessment).select_related("by")),
    }
    context |= {"reopenings": _under_way(assessment), "versions": versions_of(assessment)}
    unseen = assessment.is_open or assessment.submitted_at is None
    if unseen and not request.user.station_id:
        return render(request, "assessments/result_waiting.html", context)
    return render(request, "assessments/result.html", context | _result(assessment, request.user))


def _under_way(assessment: Assessment) -> list[Reopening]:
    """Why the published result is being corrected; nothing where it is not."""
    return list(Reopening.objects.under_way().filter(assessment=assessment)) if assessment.is_being_corrected else []


def _result(assessment: Assessment, user) -> dict:
    """What stands out is shown to the bureau: it is the bureau that asks."""
    window, told = objections.window(assessment), objections.of(assessment)
    layered = Layered(assessment, notes=flagging.of(assessment, user) if user.bureau_id else ())
    return {
        "layered": layered,
        "advised": Advised(layered.evaluation),
        "rolled_up": explain_sections(layered.evaluation.scores, 0, lang=language()),
        "rank": assessment.official_rank,
        "cost": burden.of([assessment.pk])[assessment.pk] if assessment.submitted_at else None,
        "basis": across.measures(assessment.period) if assessment.official_rank else None,
        "publicity": _publicity(assessment),
        "chart": _chart(layered.parts),
        "window": window,
        "objected": objections.by_criterion(told),
        "standing": objections.standing(told, assessment),
        "may_object": bool(window and window.is_open) and user.may("objection.file"),
        "lost": [item for item in layered.items if item.explanation.status not in ("full", "not_applicable")],
    }


def _publicity(assessment: Assessment) -> date | None:
    """The last day of publicity while it runs, read with the clock."""
    rank = assessment.official_rank
    return rank and publicity.until(assessment.period, rank.publication.published_at, assessment.clock)


def _chart(parts: list[Part]) -> dict:
    """Bars of the dimensions' rates."""
    return charts.bars([_title(part) for part in parts], [("", [_percent(part.rate) for part in parts])], language())


def _title(part: Part) -> str:
    return part.section.title_en if language() == "en" else part.section.title


def _percent(hundredths: int | None) -> float | None:
    return None if hundredths is None else hundredths / 100
