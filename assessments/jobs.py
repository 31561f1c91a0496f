"""Work that stands in PostgreSQL and is rung for through Celery: asked for once, done once, by whoever holds the lease."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from .models import Job

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 3


def ask(kind: str, key: str, *, by) -> Job:
    """The job with this key, made in the caller's transaction; Celery is rung after the commit."""
    job, _made = Job.objects.get_or_create(key=key, defaults={"kind": kind, "created_by": by})
    transaction.on_commit(lambda: ring(job.pk), robust=True)
    return job


def ring(pk: int) -> None:
    """Tell the workers that there is work. A lost ring costs seconds: the sweep rings again."""
    from .tasks import run

    run.delay(pk)


def claim(pk: int) -> Job | None:
    """Take the job for LEASE, or None when it is finished, taken, or gave up. One attempt is counted."""
    token = Job.new_token()
    taken = (
        Job.objects.filter(pk=pk, attempts__lt=MAX_ATTEMPTS)
        .filter(Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, lease_until__lt=Now()))
        .update(state=Job.State.RUNNING, token=token, lease_until=Now() + LEASE, attempts=F("attempts") + 1, error="")
    )
    return Job.objects.get(pk=pk) if taken else None


def _held(job: Job):
    return Job.objects.filter(pk=job.pk, token=job.token, state=Job.State.RUNNING)


def advance(job: Job, percent: int) -> bool:
    """Report progress and renew the lease; False when somebody else holds the job now or it was cancelled."""
    return bool(_held(job).update(progress=percent, lease_until=Now() + LEASE))


def finish(job: Job) -> bool:
    """Mark done, in the transaction that registers the result; False (register nothing) without the lease."""
    return bool(_held(job).update(state=Job.State.DONE, progress=100, finished_at=Now(), lease_until=None, token=None))


def fail(job: Job, error: str) -> None:
    """Give up on this attempt: queued again, or failed after MAX_ATTEMPTS."""
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
    waiting = list(Job.objects.filter(Q(state=Job.State.QUEUED) | dead).values_list("pk", flat=True)[:200])
    for pk in waiting:
        ring(pk)
    return waiting
