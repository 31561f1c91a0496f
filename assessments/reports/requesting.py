"""Ask for a report, or for a failed one again. The request returns at once; a worker makes the file."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from audit.events import record
from personnel.models import User
from stationstd import refusals

from .. import jobs
from ..models import Assessment, Job, Period, Report

FEWEST, MOST = 2, 30  # stations in a comparative report
UNFINISHED_PER_PERSON = 2


@transaction.atomic
def request(period: Period, assessments: list[Assessment], *, language: str, op_id: UUID, by) -> Report:
    """The comparative report of these assessments of `period`, queued; sent twice with one op_id it is one report.

    Refused (400) for too few or too many stations, (429) while two reports of this person are unfinished.
    """
    _one_at_a_time(by)
    key = f"report:{by.pk}:{op_id}"
    if earlier := Report.objects.filter(job__key=key).first():
        return earlier
    _require_count(len(assessments))
    _require_room(by)
    report = Report.objects.create(
        kind=Report.Kind.COMPARATIVE,
        period=period,
        language=language,
        job=jobs.ask("report", key, by=by),
        requested_by=by,
    )
    report.assessments.set(assessments)
    _record("report.request", report, by, stations=len(assessments))
    return report


@transaction.atomic
def retry(report: Report, *, by) -> None:
    """Queue a failed report again. Refused (409) in any other state, (429) as for a new one."""
    _one_at_a_time(by)
    job = Job.objects.select_for_update().get(pk=report.job_id)
    if job.state != Job.State.FAILED:
        raise refusals.wrong_state()
    _require_room(by)
    jobs.retry(job)
    _record("report.retry", report, by)


def _one_at_a_time(person) -> None:
    """Two requests of one person wait for each other, so that the limit is counted right."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)


def _require_count(stations: int) -> None:
    if not FEWEST <= stations <= MOST:
        raise refusals.invalid(
            _("Choose %(fewest)s to %(most)s stations: %(chosen)s are chosen.")
            % {"fewest": FEWEST, "most": MOST, "chosen": stations}
        )


def _require_room(person) -> None:
    unfinished = Job.objects.unfinished().filter(kind="report", created_by=person).count()
    if unfinished >= UNFINISHED_PER_PERSON:
        raise refusals.too_many(
            _("%(count)s of your reports are still being made. Wait until one is finished.") % {"count": unfinished}
        )


def _record(action: str, report: Report, by, **detail) -> None:
    record(action, f"report:{report.pk}", by=by, period=report.period_id, **detail)
