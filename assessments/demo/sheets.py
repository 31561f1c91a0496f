"""Sheets of answers for many stations at once: what the workflow would have written, answer by answer."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from personnel.models import User

from .. import store
from ..answers import Cell
from ..models import AnswerChange, Answers, Assessment, Layer
from . import chance, figures


@dataclass
class Sheet:
    """One assessment: `facts` are what was so, `claims` what the station said instead, `by` who filled it in."""

    assessment: Assessment
    by: User
    facts: dict[str, float]
    claims: dict[str, float] = field(default_factory=dict)
    changes: list[AnswerChange] = field(default_factory=list)

    def __post_init__(self):
        self.standard = self.assessment.period.edition.standard
        self.facts = {m: v for m, v in self.facts.items() if m in self.standard.metrics}
        seconds = chance.of("pace", self.assessment.station.code, self.assessment.period.name).randint(8, 110)
        self.pace = timedelta(seconds=seconds)  # from one figure typed to the next

    def answers(self, at: datetime) -> list[Answers]:
        """The rows of the self layer, an empty one too; notes the history beside them."""
        cells = {metric: self._own(metric, value, at) for metric, value in self.facts.items()}
        return [
            self._row(Layer.SELF, section.code, at, [m.code for m in self.standard.metrics_of(section.code)], cells)
            for section in self.standard.dimensions
        ]

    def _own(self, metric: str, value: float, at: datetime) -> Cell:
        """From the register as it is; typed where no register knows it or the station said something else."""
        cell = Cell()
        if self.standard.metrics[metric].register:
            cell = Cell(value, "answered", "register", 1)
            if metric not in self.claims:
                return cell
        new = Cell(self.claims.get(metric, value), "answered", "typed", cell.version + 1)
        self._note(Layer.SELF, metric, cell, new, self.by, at)
        return new

    def corrections(self, reviewer: User, at: datetime) -> list[Answers]:
        """The rows of the verified layer: what was so, wherever something else had been claimed."""
        cells = {}
        for metric in self.claims:
            cells[metric] = Cell(self.facts[metric], "answered", "reviewer", 1)
            self._note(Layer.VERIFIED, metric, Cell(), cells[metric], reviewer, at, figures.REASONS[metric])
        metrics = self.standard.metrics
        by_dimension = groupby(sorted(cells, key=lambda m: metrics[m].dimension), lambda m: metrics[m].dimension)
        return [self._row(Layer.VERIFIED, dimension, at, list(codes), cells) for dimension, codes in by_dimension]

    def corrected(self) -> dict[str, str]:
        """{criterion: reason} of the criteria that a correction touches."""
        return {c.id: figures.REASONS[m] for m in self.claims for c in self.standard.criteria if m in c.metrics}

    def _row(self, layer: str, dimension: str, at: datetime, codes: list[str], cells: dict[str, Cell]) -> Answers:
        facts = {code: cells[code].as_json() for code in codes if code in cells}
        return Answers(
            assessment=self.assessment,
            layer=layer,
            dimension=dimension,
            facts=facts,
            version=sum(cell["n"] for cell in facts.values() if cell["from"] != "register"),
            updated_at=at,
        )

    def _note(self, layer, metric, old: Cell, new: Cell, by: User, at: datetime, reason="") -> None:
        self.changes.append(
            AnswerChange(
                assessment=self.assessment,
                layer=layer,
                metric=metric,
                old=old.as_json() if old.version else None,
                new=new.as_json(),
                by=by,
                at=at + len(self.changes) * self.pace,
                reason=reason,
                op_id=store.new_op(),
            )
        )
