"""One assessment with its layers side by side: what the station said, what the bureau made of it, and why.

The page on which a reviewer verifies and the page of the result are both made of this.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import get_language

from . import answers, bases, crossing, judging, scores, vetoes
from .answers import Cell
from .crossing import flag_figure
from .models import AnswerChange, Answers, Assessment, Evidence, Exemption, Layer, Remark, Review, State, Veto
from .scoring import Criterion, Explanation, Metric, Section
from .scoring.gradewords import Reason
from .scoring.grading import Verdict
from .scoring.struck import explain_judged
from .sheet import Surroundings

_LAYER_OF = {
    State.VERIFYING: Layer.VERIFIED,
    State.VERIFIED: Layer.VERIFIED,
    State.CONFIRMED: Layer.CONFIRMED,
    State.PUBLISHED: Layer.CONFIRMED,
}
_NOTHING = Surroundings({}, {}, {})


def layer_of(assessment: Assessment) -> str:
    """The highest layer that has begun in this state; the verified one as long as a correction is not published."""
    if assessment.is_being_corrected:
        return Layer.VERIFIED
    return _LAYER_OF.get(assessment.state, Layer.SELF)


def language() -> str:
    """The reader's language as the engine names it."""
    return "en" if (get_language() or "").startswith("en") else "zh-hans"


def share_of(earned: int, offered: int) -> int | None:
    """Points earned of points on offer in hundredths of a percent, half up; None where nothing is on offer."""
    if not offered:
        return None
    half_up = (abs(earned) * 20_000 + offered) // (2 * offered)
    return half_up if earned >= 0 else -half_up


@dataclass(frozen=True)
class Line:
    """One fact. `own` is the cell of the verified layer itself, whose version a change is based on."""

    metric: Metric
    self_cell: Cell
    cell: Cell
    own: Cell
    before: Cell | None
    register: float | None
    applies: bool
    changes: tuple[AnswerChange, ...]

    @property
    def is_changed(self) -> bool:
        return self.own.state != "missing"

    @property
    def register_differs(self) -> bool:
        """Whether the register says something else than the station did."""
        return self.register is not None and self.register != self.self_cell.value


@dataclass(frozen=True)
class Item:
    """One criterion; points in units of 10^-decimals. `number` is its place in the paper, from 1.

    notes  what stands out at it (flagging.Note)
    conflicts  the relations that the station's own facts do not keep, at the first criterion that looks at them
    remarks    what the station said of flags at it
    """

    number: int
    criterion: Criterion
    explanation: Explanation
    self_points: int
    points: int
    full: int
    applies: bool
    lines: tuple[Line, ...]
    review: Review | None
    files: tuple[Evidence, ...]
    notes: tuple = ()
    conflicts: tuple[crossing.Conflict, ...] = ()
    remarks: tuple[Remark, ...] = ()
    exemption: Exemption | None = None

    @property
    def difference(self) -> int:
        """What the bureau added to the station's own points; negative where it took some away."""
        return self.points - self.self_points

    @property
    def stage(self) -> str:
        """ "open", "accepted" or "changed"; "not_applicable" needs no look."""
        if self.review and self.review.outcome != Review.Outcome.RETURNED:
            return self.review.outcome
        return "open" if self.applies else "not_applicable"

    @property
    def is_open(self) -> bool:
        return self.stage == "open"

    @property
    def changed_lines(self) -> list[Line]:
        return [line for line in self.lines if line.is_changed]


@dataclass(frozen=True)
class Part:
    """One dimension with its items."""

    section: Section
    items: tuple[Item, ...]
    self_earned: int
    earned: int
    offered: int
    self_offered: int

    @property
    def rate(self) -> int | None:
        return share_of(self.earned, self.offered)

    @property
    def self_rate(self) -> int | None:
        return share_of(self.self_earned, self.self_offered)

    @property
    def open_items(self) -> list[Item]:
        return [item for item in self.items if item.is_open]


class Layered:
    """An assessment evaluated in its self layer and in the highest layer that has begun.

    notes  what stands out in it, as flagging.of() tells
    """

    def __init__(
        self,
        assessment: Assessment,
        around: Surroundings = _NOTHING,
        layer: str | None = None,
        notes: Sequence = (),
    ):
        self.assessment = assessment
        self.provenance: dict = {}  # of files, where the reader may know (provenance.py)
        self.notes = notes
        self.around = around
        self.layer = layer or layer_of(assessment)
        self.standard = assessment.period.edition.standard
        self._own = _own_cells(assessment)
        self.self_cells = self._own[Layer.SELF]
        self.cells = _overlaid(self._own, self.layer)
        bests, beside = _frozen_bests(assessment), bases.of([assessment], self.layer)
        self.self_evaluation = scores.of_facts(assessment, self.self_cells, bests, beside=beside)
        self.evaluation = scores.of_facts(assessment, self.cells, bests, layer=self.layer, beside=beside)

    @cached_property
    def explanations(self) -> list[Explanation]:
        origins = {metric: cell.origin for metric, cell in self.cells.items()}
        notes = judging.notes(self.imposed)
        return explain_judged(self.evaluation.frame, self.verdict, 0, lang=language(), origins=origins, notes=notes)

    @cached_property
    def verdict(self) -> Verdict:
        """What gates, vetoes and, once it is published, forced shares made of it."""
        return judging.as_published(self.assessment, self.evaluation.verdict)

    @cached_property
    def imposed(self) -> list[Veto]:
        """Vetoes that people decided, the withdrawn ones too. No query where the standard knows none."""
        return vetoes.of(self.assessment) if self.standard.decided_vetoes else []

    @cached_property
    def grade_reasons(self) -> list[Reason]:
        """Why the grade is what it is, step by step; [] where only the rate decided."""
        found = judging.reasons(self.verdict, self.evaluation.frame, language(), self.imposed)
        return found if any(each.kind != "rate" for each in found) else []

    @cached_property
    def reviews(self) -> dict[str, Review]:
        """{criterion: what was said of it} in the present round."""
        found = Review.objects.filter(assessment=self.assessment, round=self.assessment.round).select_related("by")
        return {review.criterion: review for review in found}

    @cached_property
    def changes(self) -> dict[str, list[AnswerChange]]:
        """{metric: what the bureau changed, oldest first}, over all rounds."""
        found: dict[str, list[AnswerChange]] = defaultdict(list)
        above = AnswerChange.objects.filter(assessment=self.assessment).exclude(layer=Layer.SELF)
        for change in above.select_related("by"):
            found[change.metric].append(change)
        return found

    @cached_property
    def files(self) -> dict[str, list[Evidence]]:
        found: dict[str, list[Evidence]] = defaultdict(list)
        for file in Evidence.objects.present().with_origin().filter(assessment=self.assessment):
            found[file.criterion].append(file)
        return found

    @cached_property
    def items(self) -> list[Item]:
        """Every criterion in paper order."""
        return [self._item(j, criterion) for j, criterion in enumerate(self.standard.criteria)]

    @cached_property
    def parts(self) -> list[Part]:
        by_id = {item.criterion.id: item for item in self.items}
        mine, top = self.self_evaluation.scores.sections(), self.evaluation.scores.sections()
        return [
            Part(
                section=section,
                items=tuple(by_id[criterion.id] for criterion in section.criteria),
                self_earned=int(mine[section.code][0][0]),
                self_offered=int(mine[section.code][1][0]),
                earned=int(top[section.code][0][0]),
                offered=int(top[section.code][1][0]),
            )
            for section in self.standard.dimensions
        ]

    @property
    def self_rate(self) -> int | None:
        return scores.rate_of(self.self_evaluation.scores, 0)

    @property
    def rate(self) -> int | None:
        return scores.rate_of(self.evaluation.scores, 0)

    @property
    def total(self) -> int:
        return int(self.evaluation.scores.total[0])

    @property
    def self_total(self) -> int:
        return int(self.self_evaluation.scores.total[0])

    @property
    def offered(self) -> int:
        return int(self.evaluation.scores.offered_total[0])

    @property
    def grade(self):
        """The grade after gates, vetoes and published shares; None without one."""
        place = int(self.verdict.grades[0])
        return self.standard.grades[place] if place < len(self.standard.grades) else None

    @property
    def due(self) -> int:
        """How many criteria somebody has to look at."""
        return sum(item.stage != "not_applicable" for item in self.items)

    @property
    def reviewed(self) -> int:
        return sum(item.stage in ("accepted", "changed") for item in self.items)

    @property
    def is_all_reviewed(self) -> bool:
        return self.reviewed == self.due

    @property
    def changed_items(self) -> list[Item]:
        return [item for item in self.items if item.changed_lines]

    def item(self, criterion: str) -> Item:
        """Raises KeyError for a criterion the standard does not know."""
        return self.items[self.standard.place(criterion)]

    def items_using(self, metric: str) -> list[Item]:
        return [item for item in self.items if metric in item.criterion.metrics]

    def line(self, metric: str) -> Line:
        return self._line(metric)

    def part_of(self, criterion: str) -> Part:
        return next(part for part in self.parts if any(item.criterion.id == criterion for item in part.items))

    def _item(self, j: int, criterion: Criterion) -> Item:
        mine, top = self.self_evaluation.scores, self.evaluation.scores
        applies = bool(top.applicable[0, j])
        return Item(
            number=j + 1,
            criterion=criterion,
            explanation=self.explanations[j],
            self_points=int(mine.points[0, j]),
            points=int(top.points[0, j]),
            full=int(top.offered[0, j]) if applies else criterion.full,
            applies=applies,
            lines=tuple(self._line(metric) for metric in criterion.metrics),
            review=self.reviews.get(criterion.id),
            files=tuple(self.files.get(criterion.id, ())),
            notes=tuple(note for note in self.notes if note.item == criterion.id),
            conflicts=tuple(each for each in self.conflicts if each.criteria[:1] == (criterion.id,)),
            remarks=tuple(self._said_of(criterion)),
            exemption=self.around.exemptions.get(criterion.id),
        )

    @cached_property
    def conflicts(self) -> list[crossing.Conflict]:
        """The relations that the station's own facts do not keep, each with what was said of it."""
        return crossing.of(self.self_evaluation, self.self_cells, self._remarks)

    @cached_property
    def _remarks(self) -> dict[str, Remark]:
        return crossing.remarks(self.assessment)

    def _said_of(self, criterion: Criterion) -> Iterator[Remark]:
        """Words about flags of figures whose first criterion this is."""
        for code, remark in self._remarks.items():
            figure = flag_figure(code)
            if figure and self._shown_at(figure) == criterion.id:
                yield remark

    def _shown_at(self, figure: str) -> str:
        """The criterion at which a figure is shown: itself, or the first that looks at it."""
        standard = self.standard
        looking = (c.id for c in standard.criteria if figure in (c.id, *c.rule.columns(), *c.metrics))
        return next(looking, standard.criteria[0].id)

    def _line(self, code: str) -> Line:
        metric = self.standard.metrics[code]
        return Line(
            metric=metric,
            self_cell=self.self_cells.get(code, Cell()),
            cell=self.cells.get(code, Cell()),
            own=self._own[Layer.VERIFIED].get(code, Cell()),
            before=self.around.before.get(code),
            register=self.around.register.get(code),
            applies=not metric.applies_to or self.assessment.station_class_id in metric.applies_to,
            changes=tuple(self.changes.get(code, ())),
        )


def _own_cells(assessment: Assessment) -> dict[str, dict[str, Cell]]:
    """{layer: {metric: cell}} as each layer itself holds them. One query."""
    found: dict[str, dict[str, Cell]] = {layer: {} for layer in answers.LAYERS}
    for layer, facts in Answers.objects.filter(assessment=assessment).values_list("layer", "facts"):
        found[layer].update((metric, Cell.of(stored)) for metric, stored in facts.items())
    return found


def _overlaid(own: dict[str, dict[str, Cell]], layer: str) -> dict[str, Cell]:
    """Each layer over the one below; a cleared fact of an upper layer lets the lower one show."""
    seen = dict(own[Layer.SELF])
    for upper in answers.up_to(layer)[1:]:
        seen.update((metric, cell) for metric, cell in own[upper].items() if cell.state != "missing")
    return seen


def _frozen_bests(assessment: Assessment) -> dict | None:
    """The group bests that the publication froze; None before it."""
    if assessment.state != State.PUBLISHED or not assessment.period.edition.standard.bests:
        return None
    return assessment.official_rank.publication.bests
