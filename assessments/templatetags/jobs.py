"""Words about background work."""

from django import template
from django.utils.translation import gettext as _

from assessments.models import Job

register = template.Library()


@register.filter
def is_unfinished(job: Job) -> bool:
    return job.state in (Job.State.QUEUED, Job.State.RUNNING)


@register.filter
def is_again_possible(report) -> bool:
    """Whether the one who asked may have it made again: it failed, was cancelled, or has expired (with_expiry)."""
    return report.is_expired or report.job.state in (Job.State.FAILED, Job.State.CANCELLED)


@register.filter
def job_error(code: str) -> str:
    """Why a job failed, for the person who asked for it; Celery's log has the details."""
    words = {
        "worker_lost": _(
            "Its program was stopped three times. Try again; if it fails again, tell your system administrator."
        ),
        "too_long": _("It took too long three times. Try again with fewer stations, or at a quieter time."),
        "too_large": _("It needed too much memory three times. Try again with fewer stations."),
        "not_allowed": _("When it was to be made, your account could no longer see the results of all its stations."),
        "changed": _("The sheet was returned and has been changed: what was handed in then can no longer be shown."),
        "failed": _("It failed three times. Try again; if it fails again, tell your system administrator the time."),
    }
    return words.get(code, words["failed"])
