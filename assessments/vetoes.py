"""The vetoes that people decided, for the engine and for its words."""

from collections.abc import Iterable
from datetime import date

import numpy as np
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from .models import Assessment, Layer, State, Veto
from .scoring import Standard

MANY = 1000  # assessments from which all vetoes in force are read: they are few


def decided(standard: Standard, pks: Iterable[int], layer: str) -> list[tuple[int, str]]:
    """(row, code) of the vetoes in force on these assessments, as scoring.grading.judge takes them.

    A station's own claims are not vetoed; in the confirmed layer of an assessment that is being corrected, those count
    that were published. Up to two queries where the standard has vetoes that people decide, otherwise none.
    """
    if layer == Layer.SELF or not standard.decided_vetoes:
        return []
    rows = {int(pk): row for row, pk in enumerate(np.asarray(list(pks)).tolist())}
    known = {veto.code for veto in standard.decided_vetoes}
    found = Veto.objects.filter(withdrawn_at=None, code__in=known)
    if len(rows) < MANY:
        found = found.filter(assessment__in=rows)
    in_force = {(pk, code) for pk, code in found.values_list("assessment", "code") if pk in rows}
    if layer == Layer.CONFIRMED:
        in_force = _as_published(in_force, rows, known)
    return [(rows[pk], code) for pk, code in sorted(in_force)]


def _as_published(in_force: set, rows: dict[int, int], known: set[str]) -> set[tuple[int, str]]:
    """With what was published of those being corrected, instead of what people decided since."""
    corrected = Assessment.objects.filter(official_rank__isnull=False).exclude(state=State.PUBLISHED)
    if len(rows) < MANY:
        corrected = corrected.filter(pk__in=rows)
    frozen = dict(corrected.values_list("pk", "official_rank__publication__judged"))
    kept = {(pk, code) for pk, code in in_force if pk not in frozen}
    published = {(pk, code) for pk, judged in frozen.items() if pk in rows for code in struck(judged, pk)}
    return kept | {(pk, code) for pk, code in published if code in known}


def struck(judged: dict, pk: int) -> list[str]:
    """The codes of the vetoes that a publication froze for an assessment."""
    return list(judged.get(str(pk), {}).get("vetoes", {}))


def of(assessment: Assessment) -> list[Veto]:
    """Every veto on an assessment, the withdrawn ones too, oldest first. One query."""
    return list(Veto.objects.filter(assessment=assessment).select_related("by", "withdrawn_by"))


def in_words(veto: Veto) -> str:
    """Why, approved by whom, when."""
    return said(veto.reason, veto.approver, veto.day.isoformat())


def said(reason: str, approver: str, day: str) -> str:
    """The same of what was frozen; `day` as 2026-09-01."""
    given = {"reason": reason.rstrip("。. \r\n"), "approver": approver}
    given["day"] = date_format(date.fromisoformat(day), "SHORT_DATE_FORMAT")
    return _("%(reason)s – approved by %(approver)s, %(day)s") % given
