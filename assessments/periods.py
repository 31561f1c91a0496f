"""Lay out a period before it opens. Opening it is workflow.open_period."""

from django.db import transaction
from django.utils.translation import gettext as _

from audit.events import record
from stationstd import refusals

from .models import Period


@transaction.atomic
def save(form, *, by) -> Period:
    """Write a valid PeriodForm, new or changed. Refused (409) once the period is open."""
    if form.instance.pk:
        _require_unopened(form.instance.pk)
    period = form.save()
    changed = {name: str(form.cleaned_data[name]) for name in form.changed_data}
    record("period.save", f"period:{period.pk}", by=by, **changed)
    return period


def _require_unopened(pk: int) -> None:
    if Period.objects.select_for_update(of=("self",)).get(pk=pk).opened_at is not None:
        raise refusals.wrong_state(_("This period is open: its dates, standard and grouping stay as they are."))
