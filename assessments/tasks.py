"""What Celery may do: nothing but call what stands in PostgreSQL. Any task may run twice."""

import logging
import resource

from billiard.exceptions import SoftTimeLimitExceeded
from celery import shared_task
from celery.signals import worker_process_init

from . import jobs, scanning, scrubbing
from .reports import keeping, making

_WORK = {"report": making.make}
# While all workers are busy the sweep rings every ten seconds for what waits; old rings are not worth an answer.
RING_SECONDS = 20
# What one report may take at most: one of 30 stations needs 0.9 GB so counted. The address space itself cannot be
# limited: the engine that draws the charts reserves more than a terabyte of it and uses almost none.
DATA_BYTES = 2 * 1024**3
SCRUB_SECONDS = 30
_log = logging.getLogger(__name__)


@shared_task(expires=RING_SECONDS)
def run(pk: int) -> None:
    """Do job `pk` unless it is done, taken or given up. What is to be done, and for whom, the row says."""
    if not isinstance(pk, int):
        _log.error("refused a job that no row can have: %.80r", pk)
    elif job := jobs.claim(pk):
        with jobs.attempt(job):
            _do(job)
    else:
        _log.info("job %s is not to be taken", pk)


def _do(job) -> None:
    try:
        _WORK[job.kind](job)
    except SoftTimeLimitExceeded as error:
        raise jobs.Stopped("too_long", again=True) from error
    except MemoryError as error:
        raise jobs.Stopped("too_large", again=True) from error


@shared_task(expires=RING_SECONDS)
def sweep() -> None:
    """Ring again for whatever a lost message or a dead worker left behind."""
    jobs.sweep()


@shared_task
def tidy_reports() -> None:
    """Remove files of reports that have expired, and files that belong to none."""
    keeping.sweep()


@shared_task
def scrub_evidence(after: str = "") -> None:
    """Hold files of evidence against their digests for SCRUB_SECONDS, then ask for the rest behind waiting reports."""
    seen = scrubbing.scrub(after, seconds=SCRUB_SECONDS)
    if seen.after:
        scrub_evidence.delay(seen.after)


@shared_task
def scan_evidence() -> None:
    """Have scanned what waits for it."""
    scanning.catch_up()


@shared_task
def tidy_evidence() -> None:
    """Remove files of uploads that were cut off."""
    scrubbing.sweep()


@worker_process_init.connect
def warm(**_) -> None:
    """Bound the memory of the process; the first report must not wait for fonts and charts to load."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (DATA_BYTES, hard))
    making.warm()
