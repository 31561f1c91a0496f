"""Readings of the whole log that somebody asked for: kept in the database, done by a worker, once at a time."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now

from stationstd import bell

from . import events, verifying
from .models import Verification

# A worker that has read for longer is taken for dead.
PATIENCE = timedelta(minutes=30)


@transaction.atomic
def ask(by=None) -> Verification:
    """The reading that is under way, else a new one; a worker is told after the commit."""
    try:
        with transaction.atomic():
            asked = Verification.objects.create(asked_by=by)
    except IntegrityError:
        return Verification.objects.filter(finished_at=None).first() or Verification.objects.first()
    events.record("audit.verify", "administration", by=by, verification=asked.pk)
    transaction.on_commit(lambda: ring(asked.pk), robust=True)
    return asked


def ring(pk: int) -> None:
    """Tell the workers. A lost ring costs a minute: the task that seals looks for what waits."""
    from .tasks import verify

    bell.ring(verify, pk)


def waiting() -> list[int]:
    """What nobody reads now."""
    return list(_waiting().values_list("pk", flat=True))


def _waiting():
    dead = Q(started_at__lt=Now() - PATIENCE)
    return Verification.objects.filter(Q(started_at=None) | dead, finished_at=None)


def do(pk: int) -> Verification | None:
    """Read the log for verification `pk` and keep the verdict; None when it is done or being done."""
    if not _waiting().filter(pk=pk).update(started_at=Now()):
        return None
    verdict = verifying.verify()
    with transaction.atomic():
        finished = Verification.objects.filter(pk=pk, finished_at=None).update(
            finished_at=Now(),
            events=verdict.events,
            chains=verdict.chains,
            seal=verdict.seal,
            broken=[list(record) for record in verdict.broken],
        )
        asked = Verification.objects.select_related("asked_by").get(pk=pk)
        if finished:
            events.record(
                "audit.verified", "administration", by=asked.asked_by, verification=pk, broken=len(verdict.broken)
            )
    return asked
