"""Objections as pages show them: the window, what was said and answered, and what a correction would change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stationstd.i18n import local

from . import answers, scores
from .answers import Cell
from .models import Assessment, Layer, Objection, Review, State
from .scoring import Criterion


@dataclass(frozen=True)
class Window:
    """Until when the chief may object; declared_at is when it was closed early, None where it was not."""

    until: datetime
    declared_at: datetime | None
    is_open: bool

    @property
    def days_left(self) -> int:
        """Whole days by the calendar, 0 on the last one."""
        return max((timezone.localdate(self.until) - timezone.localdate()).days, 0)


def window(assessment: Assessment, clock: datetime | None = None) -> Window | None:
    """The window of the present round, judged at `clock`; None where none has begun. The act judges again."""
    if assessment.state != State.VERIFIED or assessment.objection_until is None:
        return None
    is_open = assessment.no_objection_at is None and (clock or timezone.now()) <= assessment.objection_until
    return Window(assessment.objection_until, assessment.no_objection_at, is_open)


@dataclass(frozen=True)
class Told:
    """One objection with the criterion it is about; `number` is its place in the paper, from 1."""

    objection: Objection
    criterion: Criterion
    number: int


def of(assessment: Assessment) -> list[Told]:
    """Every objection of every round, the newest first. One query."""
    found = Objection.objects.filter(assessment=assessment).select_related("by", "decided_by")
    return [told(each, assessment) for each in found.order_by("-round", "-at", "-pk")]


def told(objection: Objection, assessment: Assessment) -> Told:
    standard = assessment.period.edition.standard
    place = standard.place(objection.criterion)
    return Told(objection, standard.criteria[place], place + 1)


def by_criterion(told: Iterable[Told]) -> dict[str, list[Told]]:
    """{criterion: what was said of it}, in the order given."""
    found: dict[str, list[Told]] = {}
    for each in told:
        found.setdefault(each.criterion.id, []).append(each)
    return found


def standing(told: Iterable[Told], assessment: Assessment) -> set[str]:
    """The criteria that were objected to in the present round and are not withdrawn: nobody objects to them again."""
    withdrawn, present = Objection.Outcome.WITHDRAWN, assessment.round
    return {
        each.criterion.id for each in told if each.objection.round == present and each.objection.outcome != withdrawn
    }


def why_unsettled(assessment: Assessment, clock: datetime | None = None) -> str:
    """Why what was verified cannot be confirmed yet, in words; "" where nothing stands in the way. One query."""
    if assessment.state != State.VERIFIED:
        return ""
    waiting = Objection.objects.waiting().filter(assessment=assessment, round=assessment.round)
    titles = [local(told(each, assessment).criterion, "title") for each in waiting]
    if titles:
        return _("Objections wait for an answer: %(criteria)s. Answer them first.") % {"criteria": ", ".join(titles)}
    still = window(assessment, clock)
    if still and still.is_open:
        until = date_format(timezone.localtime(still.until), "DATETIME_FORMAT")
        return _("The station may object until %(until)s. The result can be confirmed after that.") % {"until": until}
    return ""


def reviewer_of(assessment: Assessment, criterion: str):
    """Who accepted or changed this criterion, None where nobody did; that person does not answer objections to it."""
    review = Review.objects.filter(assessment=assessment, round=assessment.round, criterion=criterion)
    found = review.select_related("by").first()
    return found.by if found else None


@dataclass(frozen=True)
class Moved:
    """What a correction does to one criterion; points in units of 10^-decimals, 0 where it does not apply."""

    criterion: Criterion
    before: int
    after: int

    @property
    def change(self) -> int:
        return self.after - self.before


@dataclass(frozen=True)
class Effect:
    """What a correction does: to the criterion objected to, to others that use the same facts, and to the whole.

    cells  {metric: (cell that stands, cell to be written)} of the verified layer's own
    Rates in hundredths of a percent, None where nothing is on offer.
    """

    cells: dict[str, tuple[Cell, Cell]]
    item: Moved
    others: tuple[Moved, ...]
    total: tuple[int, int]
    rate: tuple[int | None, int | None]

    @property
    def seen(self) -> str:
        """What was shown, in one word: the decision is refused when it would do something else by then."""
        return ":".join(str(each) for each in (self.item.before, self.item.after, *self.total))

    @property
    def is_nothing(self) -> bool:
        return not self.cells


def effect(assessment: Assessment, criterion: str, wanted: dict[str, Cell]) -> Effect:
    """What would follow if the facts of this criterion were `wanted`, {metric: cell with the value and state}.

    A fact that is wanted as the station itself said it clears the bureau's change of it. Nothing is written.
    """
    own = answers.own_cells(assessment, Layer.SELF)
    upper = answers.own_cells(assessment, Layer.VERIFIED)
    written = _written(own, upper, wanted)
    before = scores.of_facts(assessment, _overlaid(own, upper), layer=Layer.VERIFIED)
    corrected = upper | {metric: new for metric, (_old, new) in written.items()}
    after = scores.of_facts(assessment, _overlaid(own, corrected), layer=Layer.VERIFIED)
    standard = before.standard
    moved = [
        Moved(each, int(before.scores.points[0, j]), int(after.scores.points[0, j]))
        for j, each in enumerate(standard.criteria)
    ]
    item = moved[standard.place(criterion)]
    return Effect(
        cells=written,
        item=item,
        others=tuple(each for each in moved if each.change and each is not item),
        total=(int(before.scores.total[0]), int(after.scores.total[0])),
        rate=(scores.rate_of(before.scores, 0), scores.rate_of(after.scores, 0)),
    )


def _written(own: dict[str, Cell], upper: dict[str, Cell], wanted: dict[str, Cell]) -> dict[str, tuple[Cell, Cell]]:
    """{metric: (cell that stands, cell to be written)} where the verified layer has to change."""
    changes = {}
    for metric, cell in wanted.items():
        stands = upper.get(metric, Cell())
        aim = Cell(None, "missing") if _same(cell, own.get(metric, Cell())) else cell
        if not _same(aim, stands):
            changes[metric] = stands, aim
    return changes


def _same(one: Cell, other: Cell) -> bool:
    """Whether two facts say the same; an estimated value says what an answered one does."""
    return (one.value, one.is_answered or one.state) == (other.value, other.is_answered or other.state)


def _overlaid(own: dict[str, Cell], upper: dict[str, Cell]) -> dict[str, Cell]:
    return own | {metric: cell for metric, cell in upper.items() if cell.state != "missing"}


def inbox(user) -> tuple[list[Objection], list[Objection]]:
    """(those that wait, oldest first; the newest that were answered) in this reviewer's reach. Two queries."""
    found = Objection.objects.decidable_by(user).with_places()
    answered = found.filter(outcome__in=[Objection.Outcome.UPHELD, Objection.Outcome.DISMISSED])
    return list(found.waiting().order_by("at", "pk")), list(answered.order_by("-decided_at")[:_ANSWERED])


_ANSWERED = 50


def reviewers(objections: Iterable[Objection]) -> dict[int, object]:
    """{objection: who reviewed its criterion}, left out where nobody did. One query."""
    objections = list(objections)
    reviews = Review.objects.filter(assessment__in={each.assessment_id for each in objections}).select_related("by")
    said = {(each.assessment_id, each.round, each.criterion): each.by for each in reviews}
    keys = {each.pk: (each.assessment_id, each.round, each.criterion) for each in objections}
    return {pk: said[key] for pk, key in keys.items() if key in said}
