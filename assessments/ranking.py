"""Official ranks: computed once a version, at publication, from confirmed facts; a preview before."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from . import across, bases, judging, scores
from .models import Assessment, Layer, OfficialRank, Period, State
from .scoring import Grade, Standard, bests, rank
from .scoring.context import on_day


def members(period: Period, bureau):
    """The assessments of `period` below `bureau`, with their places and official ranks."""
    return (
        Assessment.objects.for_period(period)
        .filter(bureau__path__startswith=bureau.path)
        .with_places()
        .select_related("official_rank")
        .order_by("group", "station__code")
    )


@dataclass(frozen=True)
class Row:
    """One station's place; rank None where `unranked` says why."""

    assessment: Assessment
    rank: int | None
    group_size: int
    rate: int | None
    change: int | None
    rate_change: int | None
    unranked: str = ""
    grade: Grade | None = None


@dataclass(frozen=True)
class Ranking:
    """What is going to be published, or was."""

    standard: Standard
    confirmed: list[Assessment]
    evaluation: scores.Evaluation | None
    norms: dict
    bests: dict
    beside: dict
    judged: dict
    rows: list[Row]

    def frozen(self) -> dict:
        """Everything a publication freezes, as JSON: what its digest is taken over."""
        points = {a.pk: [int(p) for p in self.evaluation.scores.points[i]] for i, a in enumerate(self.confirmed)}
        return {
            "edition": self.standard.digest,
            "norms": self.norms,
            "bests": self.bests,
            **self.beside,
            **({"judged": self.judged} if self.judged else {}),
            "rows": [
                [a.station.code, a.group, row.rank, row.rate, row.unranked, points.get(a.pk, [])]
                for row in self.rows
                for a in [row.assessment]
            ],
        }

    def ranks(self, publication) -> list[OfficialRank]:
        return [
            OfficialRank(
                publication=publication,
                assessment=row.assessment,
                group=row.assessment.group,
                rank=row.rank,
                group_size=row.group_size,
                rate=row.rate,
                change=row.change,
                rate_change=row.rate_change,
                unranked=row.unranked,
            )
            for row in self.rows
        ]


def compute(period: Period, assessments: list[Assessment]) -> Ranking:
    """Rank these assessments inside their groups by the rounded rate of what was confirmed.

    That is the verified layer: where a published result is being corrected, the confirmed one still has what was
    published. Two or three queries, and a few where a rule looks at earlier facts.
    """
    confirmed = [a for a in assessments if _has_result(a)]
    return ranked(period, assessments, confirmed, scores.of(confirmed, Layer.VERIFIED) if confirmed else None)


def _has_result(assessment: Assessment) -> bool:
    if assessment.state == State.CONFIRMED:
        return True
    return assessment.state == State.PUBLISHED and had_result(assessment.official_rank)


def had_result(place: OfficialRank | None) -> bool:
    """Whether the station handed anything in, ranked or not."""
    return place is not None and place.unranked != OfficialRank.Unranked.NOT_SUBMITTED


def ranked(
    period: Period, assessments: list[Assessment], confirmed: list[Assessment], evaluation: scores.Evaluation | None
) -> Ranking:
    """Rank by an evaluation of those that have a result; None where nobody has. Nobody has a place in a rehearsal."""
    standard = period.edition.standard
    if period.is_rehearsal:
        places, before = _without_place(confirmed, evaluation), {}
    else:
        evaluation = evaluation and _shared_out(confirmed, evaluation)
        places, before = _places(confirmed, evaluation), _previous(period)
    sizes = Counter(a.group for a in assessments)
    grades = _grades(confirmed, evaluation)
    gained = across.rate_changes(period, confirmed, evaluation.scores, before) if evaluation else {}
    rows = [
        _row(a, places.get(a.pk), sizes[a.group], before.get(a.station_id), gained.get(a.pk), grades.get(a.pk))
        for a in assessments
    ]
    rows.sort(key=lambda row: (row.assessment.group, row.rank is None, row.rank or 0, row.assessment.station.code))
    groups = np.array([a.group for a in confirmed])
    return Ranking(
        standard,
        confirmed,
        evaluation,
        norms=_norms(standard, period.ends_on),
        bests=bests(evaluation.frame, standard, groups) if evaluation else {},
        beside=_beside(confirmed, evaluation),
        judged=judging.as_json(confirmed, evaluation.verdict) if evaluation else {},
        rows=rows,
    )


def _shared_out(confirmed: list[Assessment], evaluation: scores.Evaluation) -> scores.Evaluation:
    return evaluation.shared_out(np.array([a.group for a in confirmed]))


def _beside(confirmed: list[Assessment], evaluation) -> dict:
    """{"past": …, "claims": …}: what a rule compared these stations with, to be frozen."""
    codes = {str(a.pk): a.station.code for a in confirmed}
    return bases.as_json(evaluation.bases if evaluation else bases.NONE, codes)


def _norms(standard: Standard, day) -> dict[str, dict[str, float]]:
    """{metric: {class: norm in force on `day`}}; a norm that is not in force yet is left out."""
    found = {m: {kind: on_day(steps, day) for kind, steps in by.items()} for m, by in standard.norms.items()}
    return {m: {kind: norm for kind, norm in by.items() if norm == norm} for m, by in found.items()}


def _places(confirmed, evaluation) -> dict[int, tuple[int | None, int | None, str]]:
    """{assessment: (rank, rate, why unranked)}."""
    if evaluation is None:
        return {}
    result = evaluation.scores
    enough = evaluation.rankable
    groups = np.array([a.group for a in confirmed])
    ranks = rank(result.rate_hundredths, groups, enough)
    return {
        a.pk: (
            int(ranks[i]) if enough[i] else None,
            scores.rate_of(result, i),
            "" if enough[i] else OfficialRank.Unranked.TOO_LITTLE.value,
        )
        for i, a in enumerate(confirmed)
    }


def _without_place(confirmed, evaluation) -> dict[int, tuple[int | None, int | None, str]]:
    """The rates of a rehearsal. Shares of grades go by places and are not handed out either."""
    why = OfficialRank.Unranked.REHEARSAL.value
    return {a.pk: (None, scores.rate_of(evaluation.scores, i), why) for i, a in enumerate(confirmed)}


def _grades(confirmed: list[Assessment], evaluation: scores.Evaluation | None) -> dict[int, Grade | None]:
    """{assessment: the grade after gates, vetoes and forced shares}."""
    if evaluation is None:
        return {}
    grades = [*evaluation.standard.grades, None]
    return {a.pk: grades[place] for a, place in zip(confirmed, evaluation.verdict.grades, strict=True)}


def _row(
    assessment: Assessment, place, size: int, before: OfficialRank | None, gained: int | None, grade: Grade | None
) -> Row:
    rank_, rate, why = place or (None, None, OfficialRank.Unranked.NOT_SUBMITTED.value)
    # A place among others is no place to compare with: only the rate goes on when a station was grouped anew.
    had_rank = before.rank if before and before.group == assessment.group else None
    return Row(
        assessment=assessment,
        rank=rank_,
        group_size=size,
        rate=rate,
        change=had_rank - rank_ if had_rank and rank_ else None,
        rate_change=gained,
        unranked=why,
        grade=grade,
    )


def _previous(period: Period) -> dict[int, OfficialRank]:
    """{station: its published rank of the period before}."""
    if period.previous_id is None:
        return {}
    rows = OfficialRank.objects.for_period(period.previous).select_related("assessment")
    return {row.assessment.station_id: row for row in rows}
