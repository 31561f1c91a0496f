"""Ask for a report, call it off, ask for it again. The request returns at once; a worker makes the file."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from audit.events import record
from stations.models import StationClass
from stationstd import refusals

from .. import jobs
from ..models import Assessment, Edition, Job, Period, Report, Submission

FEWEST, MOST = 2, 30  # stations in a comparative report
QUEUED_PER_PERSON = 10  # besides those that run: jobs.RUNNING_PER_PERSON
_MINUTE = 60


@transaction.atomic
def request(period: Period, assessments: list[Assessment], *, language: str, op_id: UUID, by) -> Report:
    """The comparative report of these assessments of `period`, queued; sent twice with one op_id it is one report.

    Refused (400) for too few or too many stations, (429) while QUEUED_PER_PERSON of this person's reports wait.
    """
    jobs.in_turn(by.pk)
    if earlier := _earlier(by, op_id):
        return earlier
    _require_count(len(assessments))
    report = _asked(by, op_id, kind=Report.Kind.COMPARATIVE, period=period, language=language)
    report.assessments.set(assessments)
    _record("report.request", report, by, stations=len(assessments))
    return report


@transaction.atomic
def request_rules(edition: Edition, *, station_class: StationClass | None, language: str, op_id: UUID, by) -> Report:
    """The scoring rules of an edition on paper, queued: all of them, or what one class of stations is asked.

    Sent twice with one op_id it is one report. Refused (429) as above.
    """
    jobs.in_turn(by.pk)
    if earlier := _earlier(by, op_id):
        return earlier
    about = {"edition": edition, "station_class": station_class}
    report = _asked(by, op_id, kind=Report.Kind.RULES, language=language, **about)
    _record("report.request", report, by)
    return report


@transaction.atomic
def request_receipt(submission: Submission, *, language: str, by) -> Report:
    """The receipt of what was handed in, queued; asked for again in one language it is one report.

    One that failed or has expired is made anew.
    """
    key = f"receipt:{submission.pk}:{language}"
    jobs.in_turn(by.pk)
    job = jobs.ask("report", key, by=by)
    found = Report.objects.select_related("job").filter(job=job).first()
    if found is None:
        about = {"kind": Report.Kind.RECEIPT, "submission": submission, "language": language}
        found = Report.objects.create(job=job, requested_by=by, **about)
        record("report.request", f"report:{found.pk}", by=by, assessment=submission.assessment_id)
    elif _may_be_made_again(found, job):
        Report.objects.filter(pk=found.pk).update(digest="", size=None, pages=None, expires_at=None)
        jobs.again(job)
    return found


def _earlier(by, op_id: UUID) -> Report | None:
    """The report that this request asked for before."""
    return Report.objects.filter(job__key=_key(by, op_id)).first()


def _asked(by, op_id: UUID, **about) -> Report:
    _require_room(by)
    return Report.objects.create(job=jobs.ask("report", _key(by, op_id), by=by), requested_by=by, **about)


def _key(by, op_id: UUID) -> str:
    return f"report:{by.pk}:{op_id}"


@transaction.atomic
def retry(report: Report, *, by) -> None:
    """Queue a report anew that failed, was cancelled or has expired. Refused (409) for others, (429) as a new one."""
    jobs.in_turn(by.pk)
    job = Job.objects.select_for_update().get(pk=report.job_id)
    if not _may_be_made_again(report, job):
        raise refusals.wrong_state()
    _require_room(by)
    Report.objects.filter(pk=report.pk).update(digest="", size=None, pages=None, expires_at=None)
    jobs.again(job)
    _record("report.retry", report, by)


def _may_be_made_again(report: Report, job: Job) -> bool:
    if job.state == Job.State.DONE:
        return not Report.objects.in_force().filter(pk=report.pk).exists()
    return job.state in (Job.State.FAILED, Job.State.CANCELLED)


@transaction.atomic
def cancel(report: Report, *, by) -> None:
    """Call a report off that waits or is being made. Refused (409) when it has ended."""
    if not jobs.cancel(report.job):
        raise refusals.wrong_state(_("This report is not being made any more; there is nothing to cancel."))
    _record("report.cancel", report, by)


def _require_count(stations: int) -> None:
    if not FEWEST <= stations <= MOST:
        raise refusals.invalid(
            _("Choose %(fewest)s to %(most)s stations: %(chosen)s are chosen.")
            % {"fewest": FEWEST, "most": MOST, "chosen": stations}
        )


def _require_room(person) -> None:
    queued = Job.objects.filter(state=Job.State.QUEUED, kind="report", created_by=person).count()
    if queued >= QUEUED_PER_PERSON:
        message = _("%(count)s of your reports are waiting to be made. Wait until one of them is begun, or cancel one.")
        raise refusals.too_many(message % {"count": queued}, retry_after=_MINUTE)


def _record(action: str, report: Report, by, **detail) -> None:
    about = {"edition": report.edition_id} if report.kind == Report.Kind.RULES else {"period": report.period_id}
    record(action, f"report:{report.pk}", by=by, **about, **detail)
