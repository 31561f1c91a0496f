"""The product's worker with one poison: a report in English kills the process that makes it."""

import os
import signal

import django

django.setup()

from assessments.reports import making  # noqa: E402  after the applications are there

_make = making.make


def make(job):
    if job.report.language == "en":
        os.kill(os.getpid(), signal.SIGKILL)
    return _make(job)


making.make = make

from stationstd.celery import app  # noqa: E402  its tasks find the poisoned function

__all__ = ["app"]
