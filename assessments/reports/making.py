"""Make the file of a report: what a worker does with a job of kind "report"."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import translation

from audit import seals

from .. import jobs, sealed
from ..models import Assessment, Job, Report
from . import keeping, receipts, rules


def warm() -> None:
    """Load fonts, charts and the layout engine before the first report is asked for."""
    from . import render

    render.warm()


def make(job: Job) -> None:
    """Render the report of `job`, store its bytes, and register them if the job is still ours.

    May run twice: the bytes depend on the report alone, so a second run stores the same file.
    Raises jobs.Stopped when whoever asked may not have the report any more.
    """
    from . import render  # WeasyPrint belongs into workers, not into the web's processes

    report = _allowed(job)
    with translation.override(report.language):
        html, images = _PAGES[report.kind](report, job)
        jobs.advance(job, 20)
        document = render.pdf(html, images, progress=lambda percent: jobs.advance(job, 20 + percent * 70 // 100))
    digest = sealed.reports.seal(document.content)
    jobs.advance(job, 95)
    register(job, digest, document)


def _comparative(report: Report, job: Job) -> tuple[str, dict[str, bytes]]:
    """(the page, its pictures) of a comparative report."""
    from . import context, page, pictures  # the chart engine belongs into workers too

    seals.seal()  # the report prints the first seal over what was published: there must be one
    comparative = context.of(report)
    jobs.advance(job, 5)
    return page.html(comparative), pictures.draw(comparative)


def _rules(report: Report, job: Job) -> tuple[str, dict[str, bytes]]:
    return rules.html(report), {}


def _receipt(report: Report, job: Job) -> tuple[str, dict[str, bytes]]:
    """Raises jobs.Stopped once the facts are not those that were handed in: there is nothing to receipt any more."""
    page = receipts.html(report)
    if page is None:
        raise jobs.Stopped("changed", again=False)
    return page, {}


_PAGES = {Report.Kind.COMPARATIVE: _comparative, Report.Kind.RULES: _rules, Report.Kind.RECEIPT: _receipt}


def _allowed(job: Job) -> Report:
    """The report of `job`, if its owner may have it now: roles, places and results change while a job waits.

    Raises jobs.Stopped. The message that rang has no say in it.
    """
    owner = job.created_by
    receipt = Report.objects.filter(job=job, kind=Report.Kind.RECEIPT).select_related("submission__by").first()
    if receipt is not None:
        return _allowed_receipt(receipt, owner)
    report = (
        Report.objects.visible_to(owner)
        .select_related("period__edition", "period__bureau", "edition", "station_class", "requested_by__bureau")
        .filter(job=job)
        .first()
    )
    reportable = Assessment.objects.reportable_by(owner).values("pk")
    if not owner.is_active or report is None or report.assessments.exclude(pk__in=reportable).exists():
        raise jobs.Stopped("not_allowed", again=False)
    return report


def _allowed_receipt(receipt: Report, owner) -> Report:
    seen = Assessment.objects.visible_to(owner).with_places().filter(pk=receipt.submission.assessment_id).first()
    if not owner.is_active or seen is None:
        raise jobs.Stopped("not_allowed", again=False)
    receipt.submission.assessment = seen
    return receipt


@transaction.atomic
def register(job: Job, digest: str, document) -> None:
    """The result and the end of the job, together or not at all. Raises jobs.LeaseLost."""
    keeping.alone()
    if not sealed.reports.has(digest):
        sealed.reports.seal(document.content)  # swept in between, as the file of an expired report with the same bytes
    Report.objects.filter(job=job).update(
        digest=digest,
        size=len(document.content),
        pages=document.pages,
        expires_at=Now() + timedelta(days=settings.REPORT_DAYS),
    )
    jobs.finish(job)
