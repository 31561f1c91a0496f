"""The evidence of one criterion as HTML, for the station that adds it and for those who look at it."""

from collections.abc import Mapping, Sequence

from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join

from stationstd.i18n import local
from stationstd.skeletons import Html, filled

from .models import Assessment, Evidence
from .scoring import Criterion

_SECTION, _ITEM = "assessments/parts/_evidence.html", "assessments/parts/_evidence_file.html"
_DOUBTS = "assessments/parts/_evidence_doubts.html"


def section(
    assessment: Assessment,
    criterion: Criterion,
    files: Sequence[Evidence],
    *,
    may_add=False,
    csrf_token="",
    reusable: Sequence[Evidence] = (),
    files_left=0,
    problems: Sequence[str] = (),
    provenance: Mapping | None = None,
) -> Html:
    """The files of one criterion and, where `may_add`, the way to add some.

    reusable    evidence of the period before that may serve again; files_left: how many files the sheet still takes
    problems    of an upload, in words
    provenance  what the files say of themselves, for the bureau alone
    """
    flags = {"may_add": may_add, "has_files": bool(files), "has_reusable": bool(reusable)}
    holes = {
        "pk": assessment.pk,
        "csrf_token": csrf_token,
        "files": _items(files, may_add, csrf_token, provenance or {}),
        "files_left": files_left,
        "reusable": len(reusable),
        "reusable_names": " · ".join(file.caption or file.name for file in reusable),
    }
    rest = {"criterion": criterion, "problems": problems}
    if problems:
        return render_to_string(_SECTION, rest | flags | holes)
    key = (assessment.period.edition.digest, criterion.id, *flags.values())
    return filled(_SECTION, key, holes, lambda it: rest | flags | it)


def _items(files: Sequence[Evidence], may_add: bool, csrf_token: str, provenance: Mapping) -> Html:
    every = (
        (_item(file, place, len(files), may_add, csrf_token, provenance.get(file.pk)),)
        for place, file in enumerate(files, 1)
    )
    return format_html_join("", "{}", every)


def _item(file: Evidence, place: int, count: int, may_add: bool, csrf_token: str, seen) -> Html:
    """One file; `place` is 1 for the first of `count`."""
    flags = {
        "is_picture": file.is_picture,
        "has_caption": bool(file.caption),
        "is_again": file.carried_from is not None,
        "holds": _holds(file),
        "may_add": may_add,
        "is_alone": count == 1,
        "is_first": place == 1,
        "is_last": place == count,
    }
    holes = _said(file) | {
        "doubts": render_to_string(_DOUBTS, {"seen": seen}) if seen else "",
        "place": place,
        "count": count,
        "above": max(place - 1, 1),
        "below": min(place + 1, count),
        "csrf_token": csrf_token,
    }
    return filled(_ITEM, tuple(flags.values()), holes, lambda it: flags | it)


def _said(file: Evidence) -> dict[str, object]:
    until = file.valid_until
    again = file.carried_from
    return {
        "id": file.pk,
        "name": file.name,
        "caption": file.caption,
        "alt": file.caption or file.name,
        "size": filesizeformat(file.size),
        "added": date_format(timezone.localtime(file.added_at), "SHORT_DATETIME_FORMAT"),
        "turns": file.turns,
        "next_turns": file.next_turns,
        "period": local(again.assessment.period, "name") if again else "",
        "day": date_format(until, "SHORT_DATE_FORMAT") if until else "",
        "until": until.isoformat() if until else "",
    }


def _holds(file: Evidence) -> str:
    """ "until" or "ended" where the document ends, "unstated" where one that is used again says nothing, else ""."""
    if file.valid_until is None:
        return "unstated" if file.carried_from else ""
    return "ended" if file.is_expired(timezone.localdate()) else "until"
