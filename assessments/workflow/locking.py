"""How every write begins: the assessment's row is locked, then role, scope and state are judged."""

from functools import reduce
from operator import or_

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Exists
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from audit.events import record
from stationstd import refusals
from stationstd.refusals import Refused

from ..models import AnswerChange, Assessment, Evidence, Exemption, Layer, Remark, Submission


def lock(pk: int, by, act: str) -> Assessment:
    """The assessment `pk`, locked until the transaction ends, with its period, edition and station.

    Http404 when it is outside this user's sight, PermissionDenied when the role may not do `act`, Refused (403) when
    it would judge what the same person entered.
    """
    found = Assessment.objects.visible_to(by).with_places().select_for_update(of=("self",)).filter(pk=pk).first()
    if found is None:
        raise Http404
    if not by.may(act):
        raise PermissionDenied
    if act in _JUDGING and _took_part(found, by):
        raise Refused(403, "conflict", _("You worked on this self-assessment yourself; somebody else has to judge it."))
    return found


# The bureau's acts on what a station handed in: nobody judges what the same person entered, whatever the role since.
_JUDGING = {
    "assessment.verify",
    "assessment.return",
    "assessment.extend",
    "assessment.confirm",
    "objection.decide",
    "reopening.decide",
    "veto.decide",
}


def _took_part(assessment: Assessment, by) -> bool:
    """Whether this person entered or explained a fact, added evidence, asked for or submitted anything for the station.

    One query.
    """
    worked = (
        AnswerChange.objects.filter(assessment=assessment, layer=Layer.SELF, by=by),
        Evidence.objects.filter(assessment=assessment, added_by=by),
        *(kind.objects.filter(assessment=assessment, by=by) for kind in (Submission, Remark, Exemption)),
    )
    any_of_them = reduce(or_, (Exists(each) for each in worked))
    return Assessment.objects.filter(pk=assessment.pk).filter(any_of_them).exists()


def now():
    """The database's clock at this moment, not at the transaction's start: the only clock a deadline knows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def require_open(assessment: Assessment, clock) -> None:
    """Refused (409) unless the station may still change this assessment at `clock`."""
    if not assessment.is_open:
        raise refusals.wrong_state()
    if clock > assessment.due_at:
        raise refusals.past_deadline(assessment.due_at)


def require_round(assessment: Assessment, round_: int | None) -> None:
    """Refused when the request was made for another round (an old page, a replay)."""
    if round_ is None:
        raise refusals.precondition_required()
    if round_ != assessment.round:
        raise refusals.stale(round=assessment.round)


def event(assessment: Assessment, action: str, by, *, reason: str = "", **detail) -> None:
    record(action, f"assessment:{assessment.pk}", by=by, reason=reason, **detail)
