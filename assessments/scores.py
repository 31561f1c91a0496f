"""The engine's results for stored answers; the only writer of Score, and of the Vector that goes with it."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from django.utils.translation import gettext_lazy as _

from stationstd import refusals

from . import answers, bases, lifting, vectors, vetoes
from .answers import Cell
from .bases import Bases
from .models import Assessment, Evidence, Layer, Score
from .scoring import Criterion, Frame, Scores, Standard, evaluate, prepare
from .scoring.grading import Verdict, judge

_UNCOUNTABLE = _("With this number the points would be more than can be counted. Check the digits.")
_BATCH = 500  # rows of one statement, so that the records which the database makes of them fit its time


class Evaluation(NamedTuple):
    """A frame as prepared, and what it scored; row i belongs to the i-th assessment given.

    scores   those after vetoes
    raw      the frame before anything was added: the stored facts
    bases    the earlier facts and claims it was compared with
    verdict  what gates and vetoes did, and the grades
    """

    standard: Standard
    frame: Frame
    scores: Scores
    raw: Frame
    bases: Bases
    verdict: Verdict

    @property
    def grades(self) -> list[str]:
        """The code of each row's grade, "" without one."""
        codes = [*(grade.code for grade in self.standard.grades), ""]
        return [codes[place] for place in self.verdict.grades]

    def shared_out(self, groups: np.ndarray) -> "Evaluation":
        """The same with the shares of grades that the standard forces on each group, all of whose rows are here."""
        return self._replace(verdict=self.verdict.shared_out(groups, self.rankable))

    @property
    def rankable(self) -> np.ndarray:
        """(n,) bool: is anything on offer, and does enough of the edition apply?"""
        return self.scores.has_rate & self.scores.enough_applies


def of(assessments: Iterable[Assessment], layer: str = Layer.SELF, best: dict | None = None) -> Evaluation:
    """Evaluate `layer` of assessments of one period. One query, and a few where a rule looks at earlier facts.

    `best` are the frozen group bests of a publication; None takes them among those given.
    """
    assessments = list(assessments)
    standard = assessments[0].period.edition.standard
    frame = answers.frame(assessments, standard, layer)
    return evaluated(
        frame,
        standard,
        np.array([a.group for a in assessments]),
        assessments[0].period.ends_on,
        layer=layer,
        best=best,
        beside=bases.of(assessments, layer),
        decided=vetoes.decided(standard, [a.pk for a in assessments], layer),
    )


def of_facts(
    assessment: Assessment,
    facts: dict[str, Cell],
    best: dict | None = None,
    *,
    layer: str = Layer.SELF,
    beside: Bases | None = None,
    decided: list[tuple[int, str]] | None = None,
) -> Evaluation:
    """Evaluate one assessment from facts in hand, stored or not yet, against the frozen group bests.

    `beside` are its earlier facts and claims; None reads them where a rule looks at any. `decided` are (0, code) of
    the vetoes that people decided; None reads them where the standard knows any. No other query.
    """
    standard = assessment.period.edition.standard
    frame = answers.frame_of(assessment, standard, facts)
    beside = bases.of([assessment], layer) if beside is None else beside
    return evaluated(
        frame,
        standard,
        np.array([assessment.group]),
        assessment.period.ends_on,
        layer=layer,
        best=best,
        beside=beside,
        decided=vetoes.decided(standard, [assessment.pk], layer) if decided is None else decided,
    )


def require_countable(assessment: Assessment, facts: dict[str, Cell]) -> None:
    """Refused (400) for facts that no page could show points for. Evaluates only where a rule has no end.

    Called before such facts are written: afterwards their sheet, and the ranks of its group, could not be made.
    """
    standard = assessment.period.edition.standard
    if any(None in (c.rule.most(standard.worth(c)), c.rule.least(standard.worth(c))) for c in standard.criteria):
        of_facts(assessment, facts)


def evaluated(
    frame: Frame,
    standard: Standard,
    groups,
    day,
    *,
    layer: str,
    best: dict | None,
    beside: Bases,
    decided: Iterable[tuple[int, str]] = (),
) -> Evaluation:
    """Evaluate a raw frame and judge it. A self layer is held against itself: no claim of it is wrong yet.

    `decided` are (row, code) of the vetoes that people decided. Refused (400) for a fact that earns or loses more
    points than can be counted, which no rule with a floor and a cap does.
    """
    claims = frame if layer == Layer.SELF else beside.claims
    prepared = prepare(frame, standard, groups=groups, best=best, day=day, past=beside.past, claims=claims)
    try:
        scores = evaluate(prepared, standard)
    except OverflowError as error:
        raise refusals.invalid(_UNCOUNTABLE) from error
    verdict = judge(prepared, scores, decided)
    return Evaluation(standard, prepared, verdict.scores, frame, beside, verdict)


def record(assessments: Iterable[Assessment], layer: str) -> Evaluation:
    """Evaluate and store `layer` of these assessments, replacing what stood there. Four queries."""
    assessments = list(assessments)
    evaluation = of(assessments, layer)
    store(assessments, layer, evaluation)
    return evaluation


def store(assessments: list[Assessment], layer: str, evaluation: Evaluation) -> None:
    """Write the rows of `evaluation` as Scores of `layer`, and the facts they rest on as vectors."""
    facts = answers.stored([a.pk for a in assessments], layer)
    digests = [answers.digest(facts.get(a.pk, {})) for a in assessments]
    _insert(assessments, layer, evaluation, digests)
    cells = vectors.cells_of(evaluation.raw, evaluation.standard)
    vectors.store(assessments, layer, evaluation.standard, cells, digests)


_FIELDS = (
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
    "is_rankable",
    "computed_at",
)


def _insert(assessments: list[Assessment], layer: str, evaluation: Evaluation, digests: list[str]) -> None:
    Score.objects.bulk_create(
        rows(assessments, layer, evaluation, digests),
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["assessment", "layer"],
        update_fields=list(_FIELDS),
    )


def rows(assessments: list[Assessment], layer: str, evaluation: Evaluation, digests: list[str]) -> list[Score]:
    """The Scores of `layer` that `evaluation` makes, not saved; `digests` are those of the facts."""
    grades, rankable = evaluation.grades, evaluation.rankable
    return [_row(a, layer, evaluation, i, digests[i], grades[i], bool(rankable[i])) for i, a in enumerate(assessments)]


def _row(assessment, layer, evaluation: Evaluation, i: int, digest: str, grade: str, is_rankable: bool) -> Score:
    standard, scores = evaluation.standard, evaluation.scores
    applies = scores.applicable[i]
    return Score(
        assessment=assessment,
        layer=layer,
        edition_digest=standard.digest,
        facts_digest=digest,
        points=_masked(scores.points[i], applies),
        offered=_masked(scores.offered[i], applies),
        sections={code: [int(earned[i]), int(offered[i])] for code, (earned, offered) in scores.sections().items()},
        total=int(scores.total[i]),
        offered_total=int(scores.offered_total[i]),
        rate=rate_of(scores, i),
        applicable_share=int(hundredths(scores.applicable_share[i])),
        grade=grade,
        is_rankable=is_rankable,
    )


def hundredths(share):
    """Hundredths of a percent; 0 where a standard has no points to apply."""
    return np.rint(np.nan_to_num(share) * 10_000)


def _masked(row: np.ndarray, applies: np.ndarray) -> list[int | None]:
    return [int(value) if present else None for value, present in zip(row, applies, strict=True)]


def rate_of(scores: Scores, i: int) -> int | None:
    """Row i's rate in hundredths of a percent; None where nothing is on offer."""
    return int(scores.rate_hundredths[i]) if scores.has_rate[i] else None


def missing(assessment: Assessment) -> list[dict]:
    """What blocks submission, in the standard's order: required facts not answered, required evidence not added.

    [{"kind": "fact"|"evidence", "code": metric or criterion id, "dimension": code}]. Three queries, four after a
    return. Nothing of the criteria that lifting.py names.
    """
    evaluation = of_facts(assessment, facts := answers.cells(assessment))
    applicable = {
        criterion.id: criterion
        for criterion, applies in zip(evaluation.standard.criteria, evaluation.scores.applicable[0], strict=True)
        if applies
    }
    lifted = lifting.criteria(assessment)
    codes = asked(evaluation.standard, applicable.values(), assessment.station_class_id, lifted)
    due = [criterion for criterion in applicable.values() if criterion.id not in lifted]
    return _missing_facts(evaluation.standard, codes, facts) + _missing_evidence(assessment, due)


def asked(
    standard: Standard, applicable: Iterable[Criterion], kind: str, lifted: frozenset[str] = frozenset()
) -> set[str]:
    """The metrics behind these criteria, and those that gates and vetoes ask, that stations of class `kind` have.

    Without the facts that only criteria in `lifted` look at; a gate or veto alone does not ask for these either.
    """
    conditional = {code for each in (*standard.gates, *standard.vetoes) if each.concerns(kind) for code in each.metrics}
    metrics = {criterion.id: criterion.metrics for criterion in applicable}
    due = {metric for id, used in metrics.items() if id not in lifted for metric in used}
    spared = {metric for id, used in metrics.items() if id in lifted for metric in used}
    return {code for code in due | (conditional - spared) if standard.metrics[code].applies(kind)}


def _missing_facts(standard: Standard, asked: set[str], facts: dict[str, Cell]) -> list[dict]:
    return [
        {"kind": "fact", "code": metric.code, "dimension": section.code}
        for section in standard.dimensions
        for metric in standard.metrics_of(section.code)
        if metric.required and metric.code in asked and facts.get(metric.code, Cell()).state == "missing"
    ]


def _missing_evidence(assessment: Assessment, due: list[Criterion]) -> list[dict]:
    there = set(Evidence.objects.present().filter(assessment=assessment).values_list("criterion", flat=True).distinct())
    return [
        {"kind": "evidence", "code": criterion.id, "dimension": criterion.dimension}
        for criterion in due
        if criterion.evidence == "required" and criterion.id not in there
    ]
