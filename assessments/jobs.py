"""Work that stands in PostgreSQL and is rung for through Celery: asked for once, done once, under a lease."""

from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from .models import Job

LEASE = timedelta(seconds=settings.JOB_LEASE_SECONDS)
MAX_ATTEMPTS = 3
# A job younger than this was rung for by the request that made it; the sweep leaves it alone.
_RUNG = timedelta(seconds=5)
_SWEPT_AT_ONCE = 200


class LeaseLost(Exception):
    """Somebody else holds the job now, or it was cancelled: stop, and register nothing."""


def ask(kind: str, key: str, *, by) -> Job:
    """The job with this key, made in the caller's transaction; Celery is rung after the commit."""
    job, _made = Job.objects.get_or_create(key=key, defaults={"kind": kind, "created_by": by})
    transaction.on_commit(lambda: ring(job.pk), robust=True)
    return job


def ring(pk: int) -> None:
    """Tell the workers that there is work. A lost ring costs seconds: the sweep rings again."""
    from .tasks import run

    # Without Redis the caller is told at once instead of trying again while a person waits.
    run.apply_async((pk,), retry=False)


def claim(pk: int) -> Job | None:
    """Take the job for LEASE, or None when it is finished, taken, or gave up. One attempt is counted."""
    token = Job.new_token()
    taken = (
        Job.objects.filter(pk=pk, attempts__lt=MAX_ATTEMPTS)
        .filter(Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, lease_until__lt=Now()))
        .update(
            state=Job.State.RUNNING,
            token=token,
            lease_until=Now() + LEASE,
            attempts=F("attempts") + 1,
            progress=0,
            error="",
        )
    )
    return Job.objects.filter(pk=pk, token=token).first() if taken else None


@contextmanager
def attempt(job: Job):
    """Whatever ends the block early counts as a failed attempt; the error itself goes on to Celery's log."""
    done = False
    try:
        yield job
        done = True
    except LeaseLost:
        done = True
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


def fail(job: Job, error: str) -> None:
    """Give up on this attempt: queued again for the sweep to ring, or failed after MAX_ATTEMPTS."""
    state = Job.State.FAILED if job.attempts >= MAX_ATTEMPTS else Job.State.QUEUED
    finished = Now() if state == Job.State.FAILED else None
    _held(job).update(state=state, error=error, lease_until=None, token=None, finished_at=finished)


def retry(job: Job) -> None:
    """Queue a failed job anew; the caller's transaction."""
    Job.objects.filter(pk=job.pk, state=Job.State.FAILED).update(
        state=Job.State.QUEUED, attempts=0, progress=0, error="", finished_at=None
    )
    transaction.on_commit(lambda: ring(job.pk), robust=True)


def sweep() -> list[int]:
    """Ring for every job that waits or whose worker died; fail those that used up their attempts."""
    dead = Q(state=Job.State.RUNNING, lease_until__lt=Now())
    Job.objects.filter(dead, attempts__gte=MAX_ATTEMPTS).update(
        state=Job.State.FAILED, error="worker_lost", token=None, lease_until=None, finished_at=Now()
    )
    forgotten = Q(state=Job.State.QUEUED, created_at__lt=Now() - _RUNG)
    waiting = list(Job.objects.filter(forgotten | dead).order_by("pk").values_list("pk", flat=True)[:_SWEPT_AT_ONCE])
    for pk in waiting:
        ring(pk)
    return waiting
