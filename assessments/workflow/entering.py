"""Write many figures in one act of the station: what it filled in without a network."""

from typing import NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stationstd import refusals
from stationstd.refusals import Refused

from .. import answers, bulkstore, crossing, scores, unlocking
from ..answers import Cell
from ..models import AnswerChange, Assessment, Layer
from .locking import lock, now, require_open, require_round


class Entry(NamedTuple):
    """One figure: the text as typed, and the version that the person saw."""

    metric: str
    raw: str
    estimated: bool
    version: int


class Entered(NamedTuple):
    """The figures that were written, now or when the same was sent before, and why the others were not."""

    assessment: Assessment
    done: frozenset[str]
    left: dict[str, Refused]


@transaction.atomic
def enter(pk: int, entries: list[Entry], *, round_: int | None, op_id: UUID | None, by) -> Entered:
    """Write each figure that stands as its entry says; one that somebody changed meanwhile is left as it is.

    A figure takes effect once under one op_id, however often it is sent.
    """
    if op_id is None or round_ is None:
        raise refusals.precondition_required()
    assessment = lock(pk, by, "assessment.fill")
    if {entry.metric for entry in entries} - set(assessment.period.edition.standard.metrics):
        raise refusals.invalid(_("This standard has no such figure."))
    before = AnswerChange.objects.filter(assessment=assessment, op_id=op_id).values_list("metric", flat=True)
    done = frozenset(before)
    waiting = [entry for entry in entries if entry.metric not in done]
    if not waiting:
        return Entered(assessment, done, {})
    require_round(assessment, round_)
    require_open(assessment, clock := now())
    changes, left = _judged(assessment, waiting)
    if changes and not bulkstore.compare_and_set(assessment, Layer.SELF, changes, by=by, op_id=op_id, at=clock):
        raise refusals.stale()
    return Entered(assessment, done | {change.metric for change in changes}, left)


def _judged(assessment: Assessment, entries: list[Entry]) -> tuple[list[bulkstore.Change], dict[str, Refused]]:
    stands = answers.own_cells(assessment, Layer.SELF)
    locked = _locked(assessment, stands, entries)
    changes, left = [], {}
    for entry in entries:
        try:
            if entry.metric in locked:
                raise unlocking.locked()
            change = _change(assessment, entry, stands.get(entry.metric, Cell()))
            scores.require_countable(assessment, stands | {entry.metric: change.new})
            changes.append(change)
        except Refused as refusal:
            left[entry.metric] = refusal
    return changes, left


def _locked(assessment: Assessment, stands: dict[str, Cell], entries: list[Entry]) -> set[str]:
    """The figures that did not come back, without those in a relation that blocks the sheet."""
    standard, back = assessment.period.edition.standard, unlocking.returned(assessment)
    locked = {entry.metric for entry in entries if unlocking.is_locked(standard, entry.metric, back)}
    return locked - crossing.errors(assessment, stands) if locked else locked


def _change(assessment: Assessment, entry: Entry, old: Cell) -> bulkstore.Change:
    metric = assessment.period.edition.standard.metrics[entry.metric]
    try:
        value = answers.clean(metric, entry.raw)
    except ValidationError as error:
        raise refusals.invalid(error.messages[0], field=entry.metric) from error
    if old.version != entry.version:
        raise refusals.stale(current=old, metric=entry.metric)
    state = "missing" if value is None else "estimated" if entry.estimated else "answered"
    return bulkstore.Change(metric.dimension, metric.code, old, Cell(value, state, "typed", old.version + 1))
