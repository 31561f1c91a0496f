"""The engine's results for stored answers; the only writer of Score."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from . import answers
from .answers import Cell
from .models import Assessment, Evidence, Layer, Score
from .scoring import Frame, Scores, Standard, evaluate, prepare


class Evaluation(NamedTuple):
    """A frame as prepared, and what it scored; row i belongs to the i-th assessment given."""

    standard: Standard
    frame: Frame
    scores: Scores


def of(assessments: Iterable[Assessment], layer: str = Layer.SELF, best: dict | None = None) -> Evaluation:
    """Evaluate `layer` of assessments that share an edition. One query.

    `best` are the frozen group bests of a publication; None takes them among those given.
    """
    assessments = list(assessments)
    standard = assessments[0].period.edition.standard
    groups = np.array([a.group for a in assessments])
    frame = answers.frame(assessments, standard, layer)
    return _evaluated(frame, standard, groups, assessments[0].period.ends_on, best)


def of_facts(assessment: Assessment, facts: dict[str, Cell], best: dict | None = None) -> Evaluation:
    """Evaluate one assessment from facts in hand, stored or not yet, against the frozen group bests. No query."""
    standard = assessment.period.edition.standard
    frame = answers.frame_of(assessment, standard, facts)
    return _evaluated(frame, standard, np.array([assessment.group]), assessment.period.ends_on, best)


def _evaluated(frame: Frame, standard: Standard, groups, day, best=None) -> Evaluation:
    frame = prepare(frame, standard, groups=groups, best=best, day=day)
    return Evaluation(standard, frame, evaluate(frame, standard))


def record(assessments: Iterable[Assessment], layer: str) -> Evaluation:
    """Evaluate and store `layer` of these assessments, replacing what stood there. Three queries."""
    assessments = list(assessments)
    evaluation = of(assessments, layer)
    store(assessments, layer, evaluation)
    return evaluation


def store(assessments: list[Assessment], layer: str, evaluation: Evaluation) -> None:
    """Write the rows of `evaluation` as the Scores of `layer`."""
    facts = answers.by_assessment([a.pk for a in assessments], layer)
    Score.objects.bulk_create(
        [_row(a, layer, evaluation, i, facts.get(a.pk, {})) for i, a in enumerate(assessments)],
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["assessment", "layer"],
        update_fields=[
            "edition_digest",
            "facts_digest",
            "points",
            "offered",
            "sections",
            "total",
            "offered_total",
            "rate",
            "applicable_share",
            "grade",
            "computed_at",
        ],
    )


def _row(assessment: Assessment, layer: str, evaluation: Evaluation, i: int, facts: dict[str, Cell]) -> Score:
    standard, scores = evaluation.standard, evaluation.scores
    applies = scores.applicable[i]
    return Score(
        assessment=assessment,
        layer=layer,
        edition_digest=standard.digest,
        facts_digest=answers.digest(facts),
        points=_masked(scores.points[i], applies),
        offered=_masked(scores.offered[i], applies),
        sections={code: [int(earned[i]), int(offered[i])] for code, (earned, offered) in scores.sections().items()},
        total=int(scores.total[i]),
        offered_total=int(scores.offered_total[i]),
        rate=rate_of(scores, i),
        applicable_share=round(float(scores.applicable_share[i]) * 10_000),
        grade=grade_of(standard, rate_of(scores, i)),
    )


def _masked(row: np.ndarray, applies: np.ndarray) -> list[int | None]:
    return [int(value) if present else None for value, present in zip(row, applies, strict=True)]


def rate_of(scores: Scores, i: int) -> int | None:
    """Row i's rate in hundredths of a percent; None where nothing is on offer."""
    return int(scores.rate_hundredths[i]) if scores.has_rate[i] else None


def grade_of(standard: Standard, rate: int | None) -> str:
    """The code of the grade whose lower bound the rate reaches; "" without grades or rate."""
    grade = None if rate is None else standard.grade_of(rate)
    return grade.code if grade else ""


def missing(assessment: Assessment) -> list[dict]:
    """What blocks submission, in the standard's order: required facts not answered, required evidence not added.

    [{"kind": "fact"|"evidence", "code": metric or criterion id, "dimension": code}]. Two queries.
    """
    evaluation = of_facts(assessment, facts := answers.cells(assessment))
    applicable = {
        criterion.id: criterion
        for criterion, applies in zip(evaluation.standard.criteria, evaluation.scores.applicable[0], strict=True)
        if applies
    }
    return _missing_facts(evaluation.standard, applicable, facts) + _missing_evidence(assessment, applicable)


def _missing_facts(standard: Standard, applicable: dict, facts: dict[str, Cell]) -> list[dict]:
    asked = {metric for criterion in applicable.values() for metric in criterion.metrics}
    return [
        {"kind": "fact", "code": metric.code, "dimension": section.code}
        for section in standard.dimensions
        for metric in standard.metrics_of(section.code)
        if metric.required and metric.code in asked and facts.get(metric.code, Cell()).state == "missing"
    ]


def _missing_evidence(assessment: Assessment, applicable: dict) -> list[dict]:
    there = set(Evidence.objects.present().filter(assessment=assessment).values_list("criterion", flat=True).distinct())
    return [
        {"kind": "evidence", "code": criterion.id, "dimension": criterion.dimension}
        for criterion in applicable.values()
        if criterion.evidence == "required" and criterion.id not in there
    ]
