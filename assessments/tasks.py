"""What Celery may do: nothing but call what stands in PostgreSQL. Any task may run twice."""

from celery import shared_task
from celery.signals import worker_process_init

from . import jobs
from .reports import making

_WORK = {"report": making.make}


@shared_task
def run(pk: int) -> None:
    """Do job `pk` unless it is done, taken or given up."""
    if job := jobs.claim(pk):
        with jobs.attempt(job):
            _WORK[job.kind](job)


@shared_task
def sweep() -> None:
    """Ring again for whatever a lost message or a dead worker left behind."""
    jobs.sweep()


@worker_process_init.connect
def warm(**_) -> None:
    """The first report must not wait for fonts and charts to load."""
    making.warm()
