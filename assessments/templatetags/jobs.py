"""Words about background work."""

from django import template
from django.utils.translation import gettext as _

from assessments.models import Job

register = template.Library()


@register.filter
def is_unfinished(job: Job) -> bool:
    return job.state in (Job.State.QUEUED, Job.State.RUNNING)


@register.filter
def job_error(code: str) -> str:
    """Why a job failed, for the person who asked for it; Celery's log has the details."""
    words = {
        "worker_lost": _(
            "Its program was stopped three times. Try again; if it fails again, tell your system administrator."
        ),
        "failed": _("It failed three times. Try again; if it fails again, tell your system administrator the time."),
    }
    return words.get(code, words["failed"])
