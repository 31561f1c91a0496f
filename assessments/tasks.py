"""What Celery may do: nothing but call what stands in PostgreSQL. Any task may run twice."""

import logging

from billiard.exceptions import SoftTimeLimitExceeded
from celery import shared_task
from celery.signals import worker_process_init

from . import jobs
from .reports import keeping, making

_WORK = {"report": making.make}
_log = logging.getLogger(__name__)


@shared_task
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


@shared_task
def sweep() -> None:
    """Ring again for whatever a lost message or a dead worker left behind."""
    jobs.sweep()


@shared_task
def tidy_reports() -> None:
    """Remove files of reports that have expired, and files that belong to none."""
    keeping.sweep()


@worker_process_init.connect
def warm(**_) -> None:
    """The first report must not wait for fonts and charts to load."""
    making.warm()
