"""Carry forward what has not changed: many unanswered figures and the evidence that still holds, in one act."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stationstd import refusals

from .. import answers, bulkstore, forwarding, reusing
from ..models import AnswerChange, Assessment, Evidence, Layer
from ..sheet import Surroundings, surroundings
from .evidencing import attach_again, pk_of
from .locking import lock, now, require_open


class Carried(NamedTuple):
    """What was carried, and what was left alone: somebody had answered or proved it meanwhile.

    done, files  how many figures and files were carried; left: how many of both were not
    damaged      names of files that are not whole any more and were left
    """

    assessment: Assessment
    done: int
    files: int = 0
    left: int = 0
    damaged: tuple[str, ...] = ()


@transaction.atomic
def carry_forward(pk: int, shown: dict[str, str], files: Collection[UUID] = (), *, op_id: UUID | None, by) -> Carried:
    """Put what was `shown`, {metric: value as text}, on the sheet where nothing is answered, and attach these files of
    last period where nothing is attached. A typed value and a new file stay.

    Refused (409) when a register says something else by now: nothing is applied that nobody has seen. Sent twice
    with the same op_id it takes effect once.
    """
    if op_id is None:
        raise refusals.precondition_required()
    assessment = lock(pk, by, "assessment.fill")
    before = _before(assessment, files, by)
    if (done := _done(assessment, before, op_id)) is not None:
        return done._replace(left=len(shown) - done.done + len(before) - done.files)
    require_open(assessment, clock := now())
    around = surroundings(assessment, with_registers=True)
    offers, again = _chosen(assessment, shown, around), _again(assessment, before, around)
    changes = [bulkstore.Change(o.metric.dimension, o.metric.code, o.stands, o.taken) for o in offers]
    if not bulkstore.compare_and_set(assessment, Layer.SELF, changes, by=by, op_id=op_id, at=clock):
        raise refusals.stale()
    reused = attach_again(assessment, again, by=by, at=clock, op_id=op_id)
    left = len(shown) - len(changes) + len(before) - len(again)
    return Carried(assessment, len(changes), len(reused.added), left, tuple(reused.damaged))


def _before(assessment: Assessment, files: Collection[UUID], by) -> list[Evidence]:
    """The files of last period with these keys. Refused (400) for one that is not the station's of last period."""
    if not files:
        return []
    if not by.may("evidence.add"):
        raise PermissionDenied
    found = Evidence.objects.filter(
        pk__in=files, assessment__period=assessment.period.previous_id, assessment__station=assessment.station_id
    )
    if len(before := list(found)) != len(files):
        raise refusals.invalid(_("This is no evidence of last period."))
    return before


def _done(assessment: Assessment, before: list[Evidence], op_id: UUID) -> Carried | None:
    """What this act has done already; None before it was done."""
    figures = AnswerChange.objects.filter(assessment=assessment, op_id=op_id).count()
    made = Evidence.objects.filter(assessment=assessment, pk__in=[pk_of(op_id, file) for file in before])
    files = made.count() if before else 0
    return Carried(assessment, figures, files) if figures or files else None


def _chosen(assessment: Assessment, shown: dict[str, str], around: Surroundings) -> list[forwarding.Offer]:
    if set(shown) - set(assessment.period.edition.standard.metrics):
        raise refusals.invalid(_("This standard has no such figure."))
    offers = forwarding.offers(assessment, answers.own_cells(assessment, Layer.SELF), around)
    chosen = [offer for offer in offers if offer.metric.code in shown]
    if any(offer.text != shown[offer.metric.code] for offer in chosen):
        raise refusals.stale()
    return chosen


def _again(assessment: Assessment, before: list[Evidence], around: Surroundings) -> list[Evidence]:
    """Those of the chosen files that are on offer still."""
    if not before:
        return []
    here = list(Evidence.objects.present().filter(assessment=assessment))
    attached = {file.criterion for file in here}
    offered = forwarding.evidence(assessment, reusing.offers(assessment, here), attached, around)
    chosen = {file.pk for file in before}
    return [file for _criterion, files in offered for file in files if file.pk in chosen]
