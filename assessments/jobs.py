"""Work that stands in PostgreSQL and is rung for through Celery: asked for once, done once, under a lease."""

import logging
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Window
from django.db.models.functions import Now, RowNumber

from personnel.models import User
from stationstd import bell

from .models import Job

LEASE = timedelta(seconds=settings.JOB_LEASE_SECONDS)
MAX_ATTEMPTS = 3
# A third job of one person waits, so that whoever asks for much does not hold up the others.
RUNNING_PER_PERSON = 2
# A job younger than this was rung for by the request that made it; the sweep leaves it alone.
_RUNG = timedelta(seconds=5)
_SWEPT_AT_ONCE = 200
_log = logging.getLogger(__name__)


class LeaseLost(Exception):
    """Somebody else holds the job now, or it was cancelled: stop, and register nothing."""


class Stopped(Exception):
    """The attempt ended for a reason with a name, `code` (templatetags/jobs.py has its words).

    `again` says whether another attempt may end better; if not, the job fails at once.
    """

    def __init__(self, code: str, *, again: bool):
        super().__init__(code)
        self.code, self.again = code, again


def ask(kind: str, key: str, *, by) -> Job:
    """The job with this key, made in the caller's transaction; Celery is rung after the commit."""
    job, _made = Job.objects.get_or_create(key=key, defaults={"kind": kind, "created_by": by})
    transaction.on_commit(lambda: ring(job.pk), robust=True)
    return job


def ring(pk: int) -> None:
    """Tell the workers that there is work. A lost ring costs seconds: the sweep rings again."""
    from .tasks import run

    bell.ring(run, pk)


def in_turn(person_pk: int) -> None:
    """Whatever counts the jobs of one person waits here for the others that count; until the transaction ends."""
    User.objects.select_for_update(no_key=True).get(pk=person_pk)


@transaction.atomic
def claim(pk: int) -> Job | None:
    """Take the job for LEASE and count an attempt.

    None when it is finished, taken, gave up or never was, and while RUNNING_PER_PERSON of its owner run.
    """
    owner = Job.objects.filter(pk=pk).values_list("created_by", flat=True).first()
    if owner is None:
        return None
    in_turn(owner)
    if Job.objects.alive().filter(created_by=owner).count() >= RUNNING_PER_PERSON:
        return None
    token = Job.new_token()
    taken = (
        Job.objects.filter(pk=pk, attempts__lt=MAX_ATTEMPTS)
        .waiting()
        .update(
            state=Job.State.RUNNING,
            token=token,
            lease_until=Now() + LEASE,
            attempts=F("attempts") + 1,
            progress=0,
            error="",
        )
    )
    return Job.objects.get(pk=pk) if taken else None


@contextmanager
def attempt(job: Job):
    """Whatever ends the block early counts as a failed attempt; the error itself goes on to Celery's log."""
    done = False
    try:
        yield job
        done = True
    except LeaseLost:
        done = True
        _log.info("job %s was cancelled or taken over", job.pk)
    except Stopped as stopped:
        done = True
        _log.warning("job %s stopped: %s", job.pk, stopped.code)
        fail(job, stopped.code, again=stopped.again)
    finally:
        if not done:
            fail(job, "failed")


def _held(job: Job):
    return Job.objects.filter(pk=job.pk, token=job.token, state=Job.State.RUNNING)


def advance(job: Job, percent: int) -> None:
    """Report progress and renew the lease. Raises LeaseLost."""
    if not _held(job).update(progress=percent, lease_until=Now() + LEASE):
        raise LeaseLost(job.pk)


def finish(job: Job) -> None:
    """Mark done, in the transaction that registers the result. Raises LeaseLost, so that nothing is registered."""
    done = _held(job).update(state=Job.State.DONE, progress=100, finished_at=Now(), lease_until=None, token=None)
    if not done:
        raise LeaseLost(job.pk)
    _ring_for_the_next(job)


def fail(job: Job, error: str, *, again: bool = True) -> None:
    """Give up on this attempt: queued again for the sweep to ring, or failed after MAX_ATTEMPTS or without `again`."""
    state = Job.State.QUEUED if again and job.attempts < MAX_ATTEMPTS else Job.State.FAILED
    finished = Now() if state == Job.State.FAILED else None
    _held(job).update(state=state, error=error, lease_until=None, token=None, finished_at=finished)
    _ring_for_the_next(job)


def cancel(job: Job) -> bool:
    """End a queued job at once; the worker of a running one stops when it next advances, and registers nothing.

    False when the job had ended before.
    """
    ended = (
        Job.objects.unfinished()
        .filter(pk=job.pk)
        .update(state=Job.State.CANCELLED, error="", lease_until=None, token=None, finished_at=Now())
    )
    _ring_for_the_next(job)
    return bool(ended)


def again(job: Job) -> None:
    """Queue a job anew that had ended; the caller's transaction."""
    Job.objects.ended().filter(pk=job.pk).update(
        state=Job.State.QUEUED, attempts=0, progress=0, error="", finished_at=None
    )
    transaction.on_commit(lambda: ring(job.pk), robust=True)


def _ring_for_the_next(job: Job) -> None:
    """Another of the same person may begin now."""

    def ring_once():
        others = Job.objects.filter(created_by=job.created_by_id, state=Job.State.QUEUED).exclude(pk=job.pk)
        if (pk := others.order_by("pk").values_list("pk", flat=True).first()) is not None:
            ring(pk)

    transaction.on_commit(ring_once, robust=True)


def sweep() -> list[int]:
    """Fail jobs whose workers died MAX_ATTEMPTS times; ring for those that wait, and return them.

    Of each person only as many as may run are rung for, the first of everybody before the second of anybody.
    """
    Job.objects.forsaken().filter(attempts__gte=MAX_ATTEMPTS).update(
        state=Job.State.FAILED, error="worker_lost", token=None, lease_until=None, finished_at=Now()
    )
    turn = Window(RowNumber(), partition_by="created_by", order_by="pk")
    waiting = (
        Job.objects.waiting()
        .exclude(state=Job.State.QUEUED, created_at__gte=Now() - _RUNG)
        .annotate(turn=turn)
        .filter(turn__lte=RUNNING_PER_PERSON)
        .order_by("turn", "pk")
    )
    rung = [job.pk for job in waiting[:_SWEPT_AT_ONCE]]
    for pk in rung:
        ring(pk)
    return rung
