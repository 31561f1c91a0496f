"""A station's quarter as its people see it: figures to fill in, criteria with their reasons, and where it stands.

A Sheet is made from cells in hand, stored or only tried; it asks the database nothing by itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.conf import settings
from django.utils.translation import get_language

from . import answers, crossing, lifting, registers, scores, unlocking
from .answers import Cell
from .models import Assessment, Evidence, Exemption, Layer, Publication, Review
from .scoring import Criterion, Explanation, Metric, Section
from .scoring.struck import explain_judged


@dataclass(frozen=True)
class Figure:
    """One metric on the page: what stands there, what stood there last period, what the register says today.

    A locked one belongs to criteria alone that did not come back.
    """

    metric: Metric
    cell: Cell
    before: Cell | None = None
    register: float | None = None
    applies: bool = True
    is_locked: bool = False

    @property
    def differs(self) -> bool:
        """Whether the register has a value that is not the one on the sheet."""
        return self.register is not None and (not self.cell.is_answered or self.cell.value != self.register)


@dataclass(frozen=True)
class Card:
    """One criterion on the page. `figures` are asked here, `used` further up or on another page.

    conflicts  the relations between its facts and others that are broken
    is_locked  it did not come back, others did
    reusable   evidence of the period before that may serve again; files_left: how many files the sheet still takes
    """

    criterion: Criterion
    explanation: Explanation
    figures: tuple[Figure, ...]
    used: tuple[Figure, ...]
    files: tuple[Evidence, ...]
    remark: Review | None
    conflicts: tuple[crossing.Conflict, ...] = ()
    is_locked: bool = False
    exemption: Exemption | None = None
    reusable: tuple[Evidence, ...] = ()
    files_left: int = 0


@dataclass(frozen=True)
class Progress:
    """How many of the required facts and the required evidence are there."""

    done: int
    due: int

    @property
    def percent(self) -> int:
        """Whole percent, rounded down: 100 only when nothing is missing."""
        return 100 * self.done // self.due if self.due else 100

    @property
    def missing(self) -> int:
        return self.due - self.done


@dataclass(frozen=True)
class Part:
    """One dimension in the list at the side; points in units of 10^-decimals."""

    section: Section
    earned: int
    offered: int
    progress: Progress


@dataclass(frozen=True)
class Surroundings:
    """What is shown beside the figures: last period's cells, the registers, the reviewer's remarks, what was asked."""

    before: dict[str, Cell]
    register: dict[str, float]
    remarks: dict[str, Review]
    exemptions: dict[str, Exemption] = field(default_factory=dict)
    reusable: dict[str, list[Evidence]] = field(default_factory=dict)


class Sheet:
    """The self layer of one assessment, evaluated.

    files   what is attached; `attached` names the criteria where the files themselves are not at hand
    lifted  ids of the criteria of which nothing is required now (lifting.py)
    beside  earlier facts and claims; None reads them where a rule looks at any
    """

    def __init__(
        self,
        assessment: Assessment,
        cells: dict[str, Cell],
        files: list[Evidence],
        *,
        attached: frozenset[str] | None = None,
        lifted: frozenset[str] = frozenset(),
        beside=None,
    ):
        self.assessment = assessment
        self.standard = assessment.period.edition.standard
        self.cells = cells
        self.files = files
        self.lifted = lifted
        self.attached = frozenset(file.criterion for file in files) if attached is None else attached
        self._beside = beside

    @cached_property
    def evaluation(self) -> scores.Evaluation:
        return scores.of_facts(self.assessment, self.cells, _bests(self.assessment), beside=self._beside)

    @classmethod
    def of(cls, assessment: Assessment, around: Surroundings | None = None) -> "Sheet":
        """As stored. Two queries; one or two more where what is around is not at hand (lifting.py)."""
        files = Evidence.objects.present().with_origin().filter(assessment=assessment)
        files = files.order_by("criterion", "place", "added_at")
        known = around and lifting.known(assessment, around.exemptions.values(), around.remarks)
        lifted = lifting.criteria(assessment) if known is None else known
        return cls(assessment, answers.cells(assessment), list(files), lifted=lifted)

    @classmethod
    def without_files(cls, assessment: Assessment) -> "Sheet":
        """As stored, where only is asked which criteria have any evidence. Three queries, four after a return."""
        present = Evidence.objects.present().filter(assessment=assessment).order_by()
        attached = frozenset(present.values_list("criterion", flat=True).distinct())
        return cls(assessment, answers.cells(assessment), [], attached=attached, lifted=lifting.criteria(assessment))

    def trying(self, cells: dict[str, Cell]) -> "Sheet":
        """The same sheet with these cells in place of the stored ones; nothing is saved."""
        known = {"attached": self.attached, "lifted": self.lifted, "beside": self._beside}
        return Sheet(self.assessment, self.cells | cells, self.files, **known)

    @property
    def files_left(self) -> int:
        """How many files may still be added."""
        return max(settings.EVIDENCE_FILES_PER_ASSESSMENT - len(self.files), 0)

    @cached_property
    def explanations(self) -> dict[str, Explanation]:
        """{criterion: why} of all criteria in the reader's language."""
        return self.why(None)

    def why(self, only: set[str] | None) -> dict[str, Explanation]:
        """{criterion: why} of these criteria, all for None, in paper order."""
        frame, verdict = self.evaluation.frame, self.evaluation.verdict
        language = "en" if (get_language() or "").startswith("en") else "zh-hans"
        origins = {metric: cell.origin for metric, cell in self.cells.items()}
        explained = explain_judged(frame, verdict, 0, lang=language, origins=origins, only=only)
        return {each.criterion.id: each for each in explained}

    @cached_property
    def conflicts(self) -> list[crossing.Conflict]:
        """The relations that the facts do not keep, whatever was said of them. No query."""
        return crossing.of(self.evaluation, self.cells, {})

    def crossed(self, criteria: Iterable[str]) -> list[tuple[str, list[crossing.Conflict]]]:
        """[(criterion, the relations that are broken at it)] of these criteria."""
        return [(id, [each for each in self.conflicts if id in each.criteria]) for id in criteria]

    @property
    def so_far(self) -> int | None:
        """Rate over the answered items, in hundredths of a percent; None while nothing is answered."""
        result = self.evaluation.scores
        return int(result.so_far_hundredths[0]) if result.answered[0].any() else None

    @property
    def if_now(self) -> int | None:
        """Rate if it were submitted as it stands, in hundredths of a percent; None where nothing is on offer."""
        return scores.rate_of(self.evaluation.scores, 0)

    @property
    def total(self) -> int:
        return int(self.evaluation.scores.total[0])

    @property
    def offered(self) -> int:
        return int(self.evaluation.scores.offered_total[0])

    @cached_property
    def applicable(self) -> tuple[Criterion, ...]:
        here = self.evaluation.scores.applicable[0]
        return tuple(c for c, applies in zip(self.standard.criteria, here, strict=True) if applies)

    @cached_property
    def _due(self) -> dict[str, list[bool]]:
        """{dimension: for each required fact and each required evidence, whether it is there}."""
        asked = scores.asked(self.standard, self.applicable, self.assessment.station_class_id, self.lifted)
        due: dict[str, list[bool]] = {section.code: [] for section in self.standard.dimensions}
        for code in asked:
            metric = self.standard.metrics[code]
            if metric.required:
                due[metric.dimension].append(self.cell(code).state != "missing")
        for criterion in self.applicable:
            if criterion.evidence == "required" and criterion.id not in self.lifted:
                due[criterion.dimension].append(criterion.id in self.attached)
        return due

    @property
    def progress(self) -> Progress:
        every = [there for dimension in self._due.values() for there in dimension]
        return Progress(sum(every), len(every))

    @property
    def parts(self) -> list[Part]:
        """The dimensions in paper order."""
        sums = self.evaluation.scores.sections()
        return [
            Part(
                section,
                int(sums[section.code][0][0]),
                int(sums[section.code][1][0]),
                Progress(sum(self._due[section.code]), len(self._due[section.code])),
            )
            for section in self.standard.dimensions
        ]

    @property
    def estimated(self) -> list[tuple[Metric, Cell]]:
        """What is marked as an estimate."""
        return [
            (m, self.cell(code)) for code, m in self.standard.metrics.items() if self.cell(code).state == "estimated"
        ]

    def changed_since(self, around: Surroundings) -> list[Figure]:
        """The figures whose value is another one than last period's, in paper order; none where there was none."""
        asked = (m for section in self.standard.dimensions for m in self.standard.metrics_of(section.code))
        both = (self.figure(m.code, around) for m in asked if m.code in around.before)
        return [f for f in both if f.applies and f.cell.is_answered and f.before.value != f.cell.value]

    def cell(self, metric: str) -> Cell:
        return self.cells.get(metric, Cell())

    def section(self, code: str) -> Section | None:
        return next((section for section in self.standard.dimensions if section.code == code), None)

    def lost_most(self, count: int) -> list[Explanation]:
        """The criteria that lost points, the dearest first."""
        lost = [e for e in self.explanations.values() if e.status not in ("full", "not_applicable")]
        return sorted(lost, key=lambda e: e.points - e.full)[:count]

    def cards(self, section: Section, around: Surroundings) -> list[Card]:
        """The criteria of a dimension; each figure is asked once, where it is first used."""
        shown: set[str] = set()
        why = self.why({criterion.id for criterion in section.criteria})
        cards = []
        for criterion in section.criteria:
            here = [m for m in criterion.metrics if self._asked_at(m, section) and m not in shown]
            shown.update(here)
            cards.append(
                Card(
                    criterion=criterion,
                    explanation=why[criterion.id],
                    figures=tuple(self.figure(m, around) for m in here),
                    used=tuple(self.figure(m, around) for m in criterion.metrics if m not in here),
                    files=tuple(file for file in self.files if file.criterion == criterion.id),
                    remark=around.remarks.get(criterion.id),
                    conflicts=tuple(each for each in self.conflicts if criterion.id in each.criteria),
                    exemption=around.exemptions.get(criterion.id),
                    is_locked=unlocking.is_criterion_locked(criterion.id, frozenset(around.remarks)),
                    reusable=tuple(around.reusable.get(criterion.id, ())),
                    files_left=self.files_left,
                )
            )
        return cards

    def asked(self, section: Section) -> list[Figure]:
        """The figures asked on this page that apply, with nothing beside them."""
        alone = Surroundings({}, {}, {})
        figures = (self.figure(metric.code, alone) for metric in self.standard.metrics_of(section.code))
        return [figure for figure in figures if figure.applies]

    def loose(self, section: Section, around: Surroundings) -> list[Figure]:
        """Figures asked on this page that none of its criteria uses."""
        used = {metric for criterion in section.criteria for metric in criterion.metrics}
        asked = self.standard.metrics_of(section.code)
        return [self.figure(metric.code, around) for metric in asked if metric.code not in used]

    def _asked_at(self, metric: str, section: Section) -> bool:
        return self.standard.metrics[metric].dimension == section.code

    def figure(self, code: str, around: Surroundings) -> Figure:
        metric, kind = self.standard.metrics[code], self.assessment.station_class_id
        return Figure(
            metric=metric,
            cell=self.cell(code),
            before=around.before.get(code),
            register=around.register.get(code),
            applies=not metric.applies_to or kind in metric.applies_to,
            is_locked=unlocking.is_locked(self.standard, code, frozenset(around.remarks)) and code not in self._wrong,
        )

    @cached_property
    def _wrong(self) -> set[str]:
        """Facts that stand in a relation which blocks the sheet: they may be corrected whatever came back."""
        return {metric.code for each in self.conflicts if each.is_error for metric, _cell in each.figures}


def surroundings(assessment: Assessment, *, with_registers: bool) -> Surroundings:
    """What the fill page shows beside the figures. The registers are asked only where they can be taken over."""
    return Surroundings(
        before=_before(assessment),
        register=registers.facts_of(assessment) if with_registers else {},
        remarks=_remarks(assessment),
        exemptions=exemptions(assessment),
    )


def exemptions(assessment: Assessment) -> dict[str, Exemption]:
    """{criterion: the last request that it is not applicable}. One query."""
    found = Exemption.objects.filter(assessment=assessment).select_related("by", "decided_by").order_by("at", "id")
    return {each.criterion: each for each in found}


def _before(assessment: Assessment) -> dict[str, Cell]:
    """{metric: cell} of the same station's confirmed facts in the period before. At most one query."""
    previous = assessment.period.previous_id
    if previous is None:
        return {}
    same_station = Assessment.objects.filter(period=previous, station=assessment.station_id)
    return next(iter(answers.by_assessment(same_station.values("pk"), Layer.CONFIRMED).values()), {})


def _remarks(assessment: Assessment) -> dict[str, Review]:
    """{criterion: why it came back} of the last return; none before the first."""
    if assessment.round == 1:
        return {}
    returned = Review.objects.filter(assessment=assessment, round=assessment.round - 1, outcome=Review.Outcome.RETURNED)
    returned = returned.order_by()
    return {review.criterion: review for review in returned.select_related("by")}


def _bests(assessment: Assessment) -> dict | None:
    """The group bests frozen with the period before, where the standard compares with the best; else None."""
    if not assessment.period.edition.standard.bests or assessment.period.previous_id is None:
        return None
    path, step = assessment.bureau.path, assessment.bureau.steplen
    above = [path[:end] for end in range(step, len(path) + 1, step)]
    before = Publication.objects.filter(period=assessment.period.previous_id, bureau__path__in=above).newest()
    found = list(before.values_list("bests", flat=True))
    return {group: values for bests in found for group, values in bests.items()} if found else None
