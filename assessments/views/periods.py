"""Periods, laid out and opened by the system administrator."""

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from personnel.access import requires
from stations.models import Station
from stationstd import refusals
from stationstd.keys import takes

from .. import nextperiod, publicity, workflow
from .. import periods as acts
from ..forms.period import PeriodForm
from ..forms.saving import read_whole
from ..models import Assessment, Edition, Period, State

_HANDED_IN = (State.SUBMITTED, State.VERIFYING, State.VERIFIED, State.CONFIRMED, State.PUBLISHED)


@requires("period.manage")
@require_safe
def periods(request):
    """Every period of the jurisdiction with how far its stations are, the newest first. A fixed number of queries."""
    listed = (
        publicity.dated(Period.objects.manageable_by(request.user))
        .select_related("bureau", "edition")
        .annotate(
            stations=Count("assessments"),
            handed_in=Count("assessments", filter=Q(assessments__state__in=_HANDED_IN)),
            published=Count("assessments", filter=Q(assessments__state=State.PUBLISHED)),
        )
        .order_by("-starts_on", "-pk")
    )
    for period in listed:
        period.publicity = publicity.of_period(period)
    return render(request, "assessments/periods.html", {"periods": listed, "has_editions": Edition.objects.exists()})


@requires("period.manage")
@require_http_methods(["GET", "HEAD", "POST"])
@takes(PeriodForm, query=("edition",))
def period_new(request):
    """The form of a new period, by the edition that the address names, else by the latest one."""
    newest = Edition.objects.order_by("-published_at", "-pk")
    chosen = newest.filter(pk=read_whole(request.GET.get("edition")) or 0).first() or newest.first()
    proposed = {"bureau": request.user.bureau_id, "edition": chosen and chosen.pk}
    form = PeriodForm(request.POST if request.method == "POST" else None, by=request.user, initial=proposed)
    return _serve(request, form)


@requires("period.manage")
@require_http_methods(["GET", "HEAD", "POST"])
@takes(PeriodForm)
def period_edit(request, pk):
    """The form until the period is open; afterwards what was decided, to be read."""
    period = get_object_or_404(publicity.dated(Period.objects.manageable_by(request.user)), pk=pk)
    if period.opened_at and request.method != "POST":
        context = {"period": period, "states": _states(period), "publicity": publicity.of_period(period)}
        return render(request, "assessments/period_opened.html", context)
    acts.require_unopened(period)
    form = PeriodForm(request.POST if request.method == "POST" else None, instance=period, by=request.user)
    return _serve(request, form)


@requires("period.manage")
@require_safe
def period_copy(request, pk):
    """The form of a new period, filled in with what follows on this one; saving it is that of any new period."""
    period = get_object_or_404(Period.objects.manageable_by(request.user), pk=pk)
    return _serve(request, PeriodForm(by=request.user, initial=nextperiod.after(period)))


@requires("period.manage")
@require_POST
@takes()
def period_open(request, pk):
    """One assessment a station, pre-filled from the registers."""
    period = get_object_or_404(Period.objects.manageable_by(request.user), pk=pk)
    if period.opened_at is None and period.due_at <= timezone.now():
        raise refusals.wrong_state(_("The due time of this period has passed. Change it before you open the period."))
    count = workflow.open_period(period, by=request.user)
    opened = ngettext("Opened for %(n)s station.", "Opened for %(n)s stations.", count)
    messages.success(request, opened % {"n": count})
    return redirect("assessments:period_edit", pk=pk)


def _serve(request, form):
    """Show the form, or save it and go on. 422: something is wrong."""
    status = 200
    if request.method == "POST":
        if form.is_valid():
            period = acts.save(form, by=request.user)
            messages.success(request, _("Saved."))
            return redirect("assessments:period_edit", pk=period.pk)
        status = 422
    period = form.instance if form.instance.pk else None
    stations = Station.objects.active().in_bureau(period.bureau).count() if period else None
    context = {"form": form, "period": period, "stations": stations}
    return render(request, "assessments/period_form.html", context, status=status)


def _states(period: Period) -> list[tuple[str, str, int]]:
    """(state, its label, how many assessments), in the order of the work, empty ones left out."""
    rows = Assessment.objects.filter(period=period).values_list("state").annotate(n=Count("pk")).order_by()
    counted = dict(rows)
    return [(state.value, state.label, counted[state.value]) for state in State if state.value in counted]
