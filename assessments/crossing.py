"""What does not fit together on one sheet (勾稽关系), and what its people said of it.

An error blocks the handing in. A warning wants a word of explanation, which holds as long as the figures it was said
of stay as they are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from . import answers, digests, scores
from .answers import Cell
from .models import Assessment, Remark
from .scoring import Metric, Standard
from .scoring.checks import ERROR, Check, broken

_FLAG = "flag:"


@dataclass(frozen=True)
class Conflict:
    """A relation that the facts do not keep.

    figures   (metric, cell) of each fact it looks at
    criteria  ids of the criteria that ask for any of them, in paper order
    remark    the last word said of it; None before the first
    earlier   the last word said of it in the period before
    """

    check: Check
    figures: tuple[tuple[Metric, Cell], ...]
    criteria: tuple[str, ...]
    remark: Remark | None
    earlier: Remark | None = None

    @property
    def is_error(self) -> bool:
        return self.check.severity == ERROR

    @property
    def is_explained(self) -> bool:
        """Was something said of these very figures?"""
        return self.remark is not None and self.remark.seen == seen(self.figures)

    @property
    def again(self) -> Remark | None:
        """The word of the period before that can be said again."""
        return again(self.remark, self.earlier, seen(self.figures))

    @property
    def is_open(self) -> bool:
        """Does it still keep the sheet from being handed in?"""
        return self.is_error or not self.is_explained


def seen(figures: Iterable[tuple[Metric, Cell]]) -> str:
    """The digest of figures that a word is said of."""
    return digests.of_json([[metric.code, cell.value, cell.state] for metric, cell in figures])


def of(
    evaluation: scores.Evaluation,
    cells: dict[str, Cell],
    remarks: dict[str, Remark],
    earlier: dict[str, Remark] | None = None,
) -> list[Conflict]:
    """The relations that the one sheet of `evaluation` does not keep, in the standard's order. No query."""
    standard = evaluation.standard
    found = broken(standard, evaluation.frame, 0)
    return [_conflict(check, standard, cells, remarks, earlier or {}) for check in found]


def _conflict(check: Check, standard: Standard, cells: dict[str, Cell], remarks: dict, earlier: dict) -> Conflict:
    return Conflict(
        check=check,
        figures=figures_of(check.metrics, standard, cells),
        criteria=tuple(c.id for c in standard.criteria if not set(c.metrics).isdisjoint(check.metrics)),
        remark=remarks.get(check.code),
        earlier=earlier.get(check.code),
    )


def figures_of(codes: Iterable[str], standard: Standard, cells: dict[str, Cell]) -> tuple[tuple[Metric, Cell], ...]:
    return tuple((standard.metrics[code], cells.get(code, Cell())) for code in codes)


def remarks(assessment: Assessment) -> dict[str, Remark]:
    """{code: the last word said of it}, of whatever round. One query."""
    found = Remark.objects.filter(assessment=assessment).select_related("by").order_by("round")
    return {remark.code: remark for remark in found}


def earlier_remarks(assessment: Assessment) -> dict[str, Remark]:
    """{code: the last word that the same station said of it in the period before}. At most one query."""
    previous = assessment.period.previous_id
    if previous is None:
        return {}
    found = Remark.objects.filter(assessment__period=previous, assessment__station=assessment.station_id)
    return {remark.code: remark for remark in found.order_by("round")}


def again(remark: Remark | None, earlier: Remark | None, seen: str) -> Remark | None:
    """The word of the period before, where it was said of the same figures and none has been said since."""
    return earlier if remark is None and earlier is not None and earlier.seen == seen else None


def conflicts(assessment: Assessment) -> list[Conflict]:
    """Those of the sheet as it is stored. Three queries."""
    cells = answers.cells(assessment)
    return of(scores.of_facts(assessment, cells), cells, remarks(assessment))


def flag_code(kind: str, figure: str) -> str:
    """What a word of explanation of a flag is filed under."""
    return f"{_FLAG}{kind}:{figure}"


def flag_figure(check: str) -> str | None:
    """The figure or criterion of a flag that something was said of; None for a relation."""
    return check.split(":", 2)[2] if check.startswith(_FLAG) else None


def errors(assessment: Assessment, cells: dict[str, Cell]) -> frozenset[str]:
    """The facts that stand in a relation which blocks the sheet now. No query of its own."""
    found = of(scores.of_facts(assessment, cells), cells, {})
    return frozenset(metric.code for each in found if each.is_error for metric, _cell in each.figures)


def related(standard: Standard, checks: Sequence[Check], metric: str) -> set[str]:
    """Ids of the criteria at which a relation that looks at this fact is shown."""
    facts = {code for check in checks if metric in check.metrics for code in check.metrics}
    return {c.id for c in standard.criteria if not facts.isdisjoint(c.metrics)}
