"""What gates, vetoes and forced shares did to a station: frozen with a publication, and told on pages.

    {"417": {"grade": "two", "by_rate": "one", "best_left": "two", "gates": ["officers"], "moved": false,
             "vetoes": {"leak": {"reason": "…", "approver": "…", "day": "2026-09-01"}}}}

by the number of the assessment; a station that nothing happened to is left out. A grade is "" where there is none;
best_left is "" where any is left. A veto that fired by fact says nothing more: its facts are frozen with the scores.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from . import vetoes
from .models import Assessment, State, Veto
from .scoring import Standard
from .scoring.conditions import NO_GRADE, VetoRule
from .scoring.gradewords import GradePhrases, GradeWords, Reason
from .scoring.grading import Verdict


def as_json(confirmed: list[Assessment], verdict: Verdict) -> dict[str, dict]:
    """What a publication freezes. One query where the standard has vetoes that people decide."""
    standard = verdict.scores.standard
    touched = verdict.failed.any(axis=1) | verdict.vetoed.any(axis=1) | verdict.moved
    decided = _decided(standard, [a.pk for a, hit in zip(confirmed, touched, strict=True) if hit])
    return {
        str(confirmed[i].pk): _row(verdict, int(i), decided.get(confirmed[i].pk, {})) for i in np.flatnonzero(touched)
    }


def _decided(standard: Standard, pks: list[int]) -> dict[int, dict[str, Veto]]:
    """{assessment: {code: veto in force}}."""
    found: dict[int, dict[str, Veto]] = {}
    if standard.decided_vetoes and pks:
        for veto in Veto.objects.filter(assessment__in=pks, withdrawn_at=None):
            found.setdefault(veto.assessment_id, {})[veto.code] = veto
    return found


def _row(verdict: Verdict, i: int, decided: dict[str, Veto]) -> dict:
    standard = verdict.scores.standard
    codes = [*(grade.code for grade in standard.grades), ""]
    place = int(verdict.best_left[i])
    return {
        "grade": codes[verdict.grades[i]],
        "by_rate": codes[verdict.by_rate[i]],
        "best_left": "" if place == 0 else codes[place] or NO_GRADE,
        "gates": [gate.code for gate, fails in zip(standard.gates, verdict.failed[i], strict=True) if fails],
        "moved": bool(verdict.moved[i]),
        "vetoes": {
            veto.code: _said(decided.get(veto.code))
            for veto, strikes in zip(standard.vetoes, verdict.vetoed[i], strict=True)
            if strikes
        },
    }


def _said(veto: Veto | None) -> dict:
    if veto is None:
        return {}
    return {"reason": veto.reason, "approver": veto.approver, "day": veto.day.isoformat()}


def place_left(standard: Standard, judged: dict | None) -> int:
    """The place of the best grade that a frozen row leaves; 0 for any."""
    code = (judged or {}).get("best_left", "")
    if not code:
        return 0
    codes = [grade.code for grade in standard.grades]
    return codes.index(code) if code in codes else len(codes)


def as_published(assessment: Assessment, verdict: Verdict) -> Verdict:
    """The verdict on one assessment with what its publication froze of forced shares, which need the whole group.

    One query where the standard forces shares and the assessment is published.
    """
    standard = verdict.scores.standard
    if assessment.state != State.PUBLISHED or not any(standard.shares):
        return verdict
    frozen = assessment.official_rank.publication.judged.get(str(assessment.pk))
    if not frozen or not frozen["moved"]:
        return verdict
    codes = [*(grade.code for grade in standard.grades), ""]
    return replace(verdict, grades=np.array([codes.index(frozen["grade"])]), moved=np.array([True]))


def effect_of(rule: VetoRule, standard: Standard, lang: str) -> str:
    """What a veto does, in words."""
    return GradePhrases(standard, lang).effect(rule)


def reasons(verdict: Verdict, frame, lang: str, imposed: Iterable[Veto] = ()) -> list[Reason]:
    """Why one assessment has its grade, in the order in which it was decided."""
    return GradeWords(verdict, frame, lang, {0: notes(imposed)}).reasons(0)


def frozen_notes(judged: dict, assessment: Assessment) -> dict[str, str]:
    """The same as `judged` of its publication has it."""
    frozen = judged.get(str(assessment.pk), {}).get("vetoes", {})
    return {code: vetoes.said(**why) for code, why in frozen.items() if why}


def notes(imposed: Iterable[Veto]) -> dict[str, str]:
    """{veto: why, approved by whom, when} of those in force."""
    return {veto.code: vetoes.in_words(veto) for veto in imposed if veto.is_in_force}
