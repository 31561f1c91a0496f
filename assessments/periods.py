"""Lay out a period before it opens. Opening it is workflow.open_period."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from audit.events import record
from stations.models import Bureau
from stationstd import refusals

from .models import Period

_YEAR, _NEAR = 365, timedelta(days=14)


@transaction.atomic
def save(form, *, by) -> Period:
    """Write a valid PeriodForm, new or changed. Refused (409) once the period is open.

    A new one that names no period a year before gets the one that its dates point to.
    """
    if form.instance.pk:
        require_unopened(Period.objects.select_for_update(of=("self",)).get(pk=form.instance.pk))
    elif form.instance.year_before is None:
        form.instance.year_before = a_year_before(form.instance.bureau, form.instance.starts_on)
    period = form.save()
    changed = {name: str(form.cleaned_data[name]) for name in form.changed_data}
    record("period.save", f"period:{period.pk}", by=by, **changed)
    return period


def require_unopened(period: Period) -> None:
    """Refused (409) once the period is open."""
    if period.opened_at is not None:
        raise refusals.wrong_state(_("This period is open: its dates, standard and grouping stay as they are."))


def a_year_before(bureau: Bureau, first: date) -> Period | None:
    """The bureau's period that began a year before this day, give or take two weeks; the nearest of several.

    A rehearsal is none.
    """
    day = first - timedelta(days=_YEAR)
    near = Period.objects.counted().filter(bureau=bureau, starts_on__range=(day - _NEAR, day + _NEAR))
    return min(near, key=lambda period: (abs(period.starts_on - day), period.pk), default=None)
