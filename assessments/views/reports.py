"""The report centre: ask for a report, watch it being made, call it off, download it, ask for it again."""

from uuid import UUID, uuid4

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.events import record
from personnel.access import requires
from personnel.confirming import confirmed
from stations.models import StationClass
from stationstd import refusals
from stationstd.keys import takes
from stationstd.refusals import Refused

from .. import sealed
from ..models import Assessment, Edition, Job, Period, Report
from ..reports import requesting, titles

REPORTS_A_PAGE = 20


@requires("report.request")
@require_http_methods(["GET", "HEAD", "POST"])
@takes("kind", "period", "language", "op_id", several=["a"])
@confirmed
def reports(request):
    """The form and the list of own reports; a POST asks for one. `?period=` and `?a=` fill the form in."""
    if request.method == "POST":
        return _ask(request)
    return _page(request, _chosen(request.GET))


@requires("report.request")
@require_safe
def report_status(request, pk):
    """One row of the list as it stands now; it asks again by itself until the report is finished."""
    return render(request, "reports/_row.html", {"row": get_object_or_404(_listed(request.user), pk=pk)})


@requires("report.request")
@require_safe
def report_file(request, pk):
    """The PDF. Refused (409) before it is finished, once it has expired, and when its bytes are not those made."""
    report = get_object_or_404(_listed(request.user), pk=pk)
    if not report.digest:
        raise refusals.wrong_state(_("This report is not finished yet."))
    return sent_as_file(request, report, titles.file_name(report, report.stations))


def sent_as_file(request, report: Report, name: str) -> HttpResponse:
    """A finished report (with_expiry) as a download. Refused (409) once it has expired, and for damaged bytes."""
    if report.is_expired:
        message = _("This report has expired; its file is no longer kept. Have it made again in the report centre.")
        raise Refused(409, "expired", message)
    try:
        content = sealed.reports.unseal(report.digest)
    except sealed.Damaged as damaged:
        record("report.damaged", f"report:{report.pk}", by=request.user, digest=report.digest)
        message = _("The stored file was damaged; it is not handed out. Request the report again.")
        raise Refused(409, "integrity", message) from damaged
    record("report.download", f"report:{report.pk}", by=request.user, digest=report.digest)
    headers = {
        "Content-Disposition": content_disposition_header(True, name),
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@requires("report.request")
@require_POST
@takes()
@confirmed
def report_retry(request, pk):
    report = get_object_or_404(Report.objects.visible_to(request.user), pk=pk)
    requesting.retry(report, by=request.user)
    return redirect("assessments:reports")


@requires("report.request")
@require_POST
@takes()
def report_cancel(request, pk):
    report = get_object_or_404(Report.objects.visible_to(request.user).select_related("job"), pk=pk)
    requesting.cancel(report, by=request.user)
    return redirect("assessments:reports")


def _listed(user):
    """Own reports with everything a row shows, the newest first."""
    return (
        Report.objects.visible_to(user)
        .with_expiry()
        .select_related("job", "period", "edition", "station_class", "requested_by")
        .annotate(stations=Count("assessments"))
        .order_by("-requested_at", "-pk")
    )


def _ask(request):
    """Queue the report and go back to the list; a refusal is shown above the form with the choice kept."""
    if request.POST.get("kind", Report.Kind.COMPARATIVE) != Report.Kind.COMPARATIVE:
        raise refusals.invalid(_("The request names something that this form does not have."))
    chosen = _chosen(request.POST)
    op_id, language = _op_id(request.POST.get("op_id")), _language(request)
    period, assessments = _fetched(request, chosen)
    try:
        requesting.request(period, assessments, language=language, op_id=op_id, by=request.user)
    except Refused as refusal:
        return _page(request, chosen, refusal=refusal, language=language)
    return redirect("assessments:reports")


@requires("report.request")
@require_POST
@takes("language", "station_class", "op_id")
def edition_rules(request, pk):
    """Queue the scoring rules of an edition on paper. Refused (400) for a class that it is not made for."""
    edition = get_object_or_404(Edition, pk=pk)
    op_id, kind = _op_id(request.POST.get("op_id")), request.POST.get("station_class", "")
    about = StationClass.objects.filter(pk=kind).first() if kind in edition.standard.classes else None
    if kind and about is None:
        raise refusals.invalid(_("This edition is not made for that class of stations."))
    requesting.request_rules(edition, station_class=about, language=_language(request), op_id=op_id, by=request.user)
    return redirect("assessments:reports")


def _language(request) -> str:
    language = request.POST.get("language", settings.LANGUAGE_CODE)
    if language not in dict(settings.LANGUAGES):
        raise refusals.invalid(_("Choose a language from the list."))
    return language


def _chosen(words) -> tuple[int | None, set[int]]:
    """(period, assessments) as numbers. Refused (400) for anything else."""
    period, stations = words.get("period"), words.getlist("a")
    said = [*stations, period] if period else stations
    if not all(text.isdecimal() and text.isascii() and len(text) < 10 for text in said):
        raise refusals.invalid(_("The address names a station or period that cannot be."))
    return int(period) if period else None, {int(pk) for pk in stations}


def _op_id(text: str | None) -> UUID:
    if not text:
        raise refusals.precondition_required()
    try:
        return UUID(text)
    except ValueError as error:
        raise refusals.invalid(_("The request cannot be recognised when it is sent twice. Reload the page.")) from error


def _fetched(request, chosen) -> tuple[Period, list[Assessment]]:
    """What was chosen, as far as this user may see it: Http404 when only one of it is not there for him."""
    period_pk, pks = chosen
    period = get_object_or_404(_periods(request.user), pk=period_pk)
    found = list(Assessment.objects.reportable_by(request.user).for_period(period).filter(pk__in=pks))
    if len(found) != len(pks):
        raise Http404
    return period, found


def _periods(user):
    """Periods with published results this user may see."""
    there = Assessment.objects.reportable_by(user).values("period")
    return Period.objects.filter(pk__in=there).select_related("bureau")


def _page(request, chosen, *, refusal: Refused | None = None, language: str | None = None):
    periods = list(_periods(request.user))
    period = _selected(periods, chosen[0])
    stations = _choices(request.user, period, chosen[1]) if period else []
    context = {
        "periods": periods,
        "period": period,
        "stations": stations,
        "refusal": refusal,
        "fewest": requesting.FEWEST,
        "most": requesting.MOST,
        "languages": settings.LANGUAGES,
        "language": language or translation.get_language(),
        "op_id": uuid4(),
        "page": Paginator(_listed(request.user), REPORTS_A_PAGE).get_page(request.GET.get("page")),
        "unfinished": Job.objects.unfinished().filter(kind="report", created_by=request.user).exists(),
    }
    if refusal is None:
        return render(request, "reports/centre.html", context)
    return refusal.marked(render(request, "reports/centre.html", context, status=refusal.status))


def _selected(periods: list[Period], pk: int | None) -> Period | None:
    """The period asked for, else the newest; None when there is none. Http404 for one that is not in the list."""
    if pk is None:
        return periods[0] if periods else None
    found = next((period for period in periods if period.pk == pk), None)
    if found is None:
        raise Http404
    return found


def _choices(user, period: Period, chosen: set[int]) -> list[Assessment]:
    """The stations of a period in the order of the tree, each with `is_chosen`."""
    found = Assessment.objects.reportable_by(user).for_period(period).with_places()
    listed = list(found.order_by("bureau__path", "station__code"))
    for assessment in listed:
        assessment.is_chosen = assessment.pk in chosen
    return listed
