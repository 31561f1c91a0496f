"""Carry forward what has not changed: many unanswered figures in one act of the station."""

from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stationstd import refusals

from .. import answers, bulkstore, forwarding
from ..models import AnswerChange, Assessment, Layer
from ..sheet import surroundings
from .locking import lock, now, require_open


class Carried(NamedTuple):
    """How many figures were carried, and how many were left alone: somebody had answered them meanwhile."""

    assessment: Assessment
    done: int
    left: int


@transaction.atomic
def carry_forward(pk: int, shown: dict[str, str], *, op_id: UUID | None, by) -> Carried:
    """Put what was `shown`, {metric: value as text}, on the sheet where nothing is answered. A typed value stays.

    Refused (409) when a register says something else by now: nothing is applied that nobody has seen. Sent twice
    with the same op_id it takes effect once.
    """
    if op_id is None:
        raise refusals.precondition_required()
    assessment = lock(pk, by, "assessment.fill")
    if done := AnswerChange.objects.filter(assessment=assessment, op_id=op_id).count():
        return Carried(assessment, done, len(shown) - done)
    require_open(assessment, clock := now())
    offers = _chosen(assessment, shown)
    changes = [bulkstore.Change(o.metric.dimension, o.metric.code, o.stands, o.taken) for o in offers]
    written = bulkstore.compare_and_set(assessment, Layer.SELF, changes, by=by, op_id=op_id, at=clock)
    if not written:
        raise refusals.stale()
    return Carried(assessment, len(changes), len(shown) - len(changes))


def _chosen(assessment: Assessment, shown: dict[str, str]) -> list[forwarding.Offer]:
    if set(shown) - set(assessment.period.edition.standard.metrics):
        raise refusals.invalid(_("This standard has no such figure."))
    around = surroundings(assessment, with_registers=True)
    offers = forwarding.offers(assessment, answers.own_cells(assessment, Layer.SELF), around)
    chosen = [offer for offer in offers if offer.metric.code in shown]
    if any(offer.text != shown[offer.metric.code] for offer in chosen):
        raise refusals.stale()
    return chosen
