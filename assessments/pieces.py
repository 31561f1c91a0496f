"""The parts of the sheet's pages that are there many times over or that every change brings again, as HTML.

Each is a template of templates/assessments/parts, filled in through stationstd.skeletons: the words once for each
standard and language, the figures each time. What is rare (remarks, conflicts, files) is rendered as it comes.
"""

from django.template.loader import render_to_string

from stationstd.skeletons import Html, filled
from stationstd.templatetags.display import number, percent, points

from .scoring import Explanation
from .sheet import Part, Sheet
from .templatetags.sheet import fixer

_PARTS = "assessments/parts/"


def worth(why: Explanation, *, is_oob=False) -> Html:
    """Points earned and on offer; is_oob when it replaces the one on the page."""
    holes = {"id": why.criterion.id, "points": number(why.points), "full": number(why.full)}
    flags = {"status": why.status, "is_oob": is_oob}
    return filled(f"{_PARTS}_worth.html", tuple(flags.values()), holes, lambda it: flags | it)


def reason(why: Explanation, *, is_oob=False) -> Html:
    """Why so many points, and what would bring more."""
    holes = {"id": why.criterion.id, "reason": why.reason, "remedy": why.remedy or "", "fixer": fixer(why)}
    flags = {"status": why.status, "has_remedy": bool(why.remedy), "is_oob": is_oob}
    return filled(f"{_PARTS}_why.html", tuple(flags.values()), holes, lambda it: flags | it)


def cross(id: str, conflicts, *, is_oob=False) -> Html:
    """The relations that are broken at criterion `id`; mostly none."""
    template = f"{_PARTS}_cross.html"
    if conflicts:
        return render_to_string(template, {"id": id, "conflicts": conflicts, "is_oob": is_oob})
    return filled(template, (is_oob,), {"id": id}, lambda it: {"is_oob": is_oob, **it})


def bar(sheet: Sheet, *, is_oob=False, is_preview=False) -> Html:
    """Where the sheet stands; is_preview while what is typed is not saved yet."""
    decimals = sheet.standard.decimals
    holes = {
        "so_far": percent(sheet.so_far),
        "if_now": percent(sheet.if_now),
        "total": points(sheet.total, decimals),
        "offered": points(sheet.offered, decimals),
        "done": sheet.progress.percent,
    }
    flags = {"is_open": sheet.assessment.is_open, "is_oob": is_oob, "is_preview": is_preview}
    return filled(f"{_PARTS}_bar.html", tuple(flags.values()), holes, lambda it: flags | it)


def dimensions(sheet: Sheet, dimension: str = "", *, is_oob=False) -> Html:
    """The list of the dimensions; `dimension` is the current one."""
    parts = sheet.parts
    holes = {"pk": sheet.assessment.pk}
    for i, part in enumerate(parts):
        holes |= {f"{name}{i}": value for name, value in _of_part(part, sheet.standard.decimals).items()}
    ended = tuple(not part.progress.missing for part in parts)

    def context(it):
        listed = [
            {"section": part.section, "is_complete": ended[i]} | {name: it[f"{name}{i}"] for name in _PART_NAMES}
            for i, part in enumerate(parts)
        ]
        return {"pk": it["pk"], "parts": listed, "dimension": dimension, "is_oob": is_oob}

    return filled(f"{_PARTS}_dimensions.html", (sheet.standard.digest, dimension, is_oob, ended), holes, context)


_PART_NAMES = ("earned", "offered", "done", "due")


def _of_part(part: Part, decimals: int) -> dict:
    values = (points(part.earned, decimals), points(part.offered, decimals), part.progress.done, part.progress.due)
    return dict(zip(_PART_NAMES, values, strict=True))
