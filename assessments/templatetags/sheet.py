"""Words for figures on the station's pages."""

from datetime import date

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from stationstd.i18n import local
from stationstd.templatetags.display import DASH, number

from ..answers import Cell, iso

register = template.Library()


@register.filter
def origin(cell: Cell) -> str:
    """Where a fact comes from, in words; "" while nothing stands there."""
    words = {
        "register": _("from the register"),
        "typed": _("typed"),
        "carried": _("from last period"),
        "reviewer": _("set by the reviewer"),
    }
    return words.get(cell.origin, "") if cell.state != "missing" else ""


@register.filter
def value_of(cell: Cell | None, metric) -> str:
    """A fact with its unit, "Yes", "No", "not applicable", or a dash where nothing is known."""
    if cell is None or cell.state == "missing":
        return DASH
    return _("not applicable") if cell.state == "na" else amount(cell.value, metric)


@register.filter
def amount(value, metric) -> str:
    """A number of this metric with its unit; "Yes" or "No" where it is a question."""
    if value is None:
        return DASH
    if metric.kind == "yes_no":
        return _("Yes") if value else _("No")
    if metric.kind == "date":
        return _day(int(value))
    unit = local(metric, "unit")
    return f"{number(value)} {unit}".rstrip()


def _day(number: int) -> str:
    """20261231 as a date in the reader's language."""
    try:
        return date_format(date(number // 10_000, number // 100 % 100, number % 100), "DATE_FORMAT")
    except ValueError:
        return str(number)  # bounds alone do not make 20260231 a day


@register.filter
def entered(value, metric) -> str:
    """A stored number as its field on the page takes it: a date as 2026-12-31, any other as `plain`."""
    return iso(value) if metric.kind == "date" else plain(value)


@register.filter
def plain(value) -> str:
    """A stored number as a person would type it: no exponent, no thousands, no zeros at the end; "" for None."""
    if value is None:
        return ""
    return f"{value:.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


@register.filter
def bounds(metric) -> str:
    """What a metric may be: "0–2,000,000", "at least 0"; "" where all is allowed, for a question and for a date."""
    if metric.kind in ("yes_no", "date") or (metric.low is None and metric.high is None):
        return ""
    if metric.high is None:
        return _("at least %(low)s") % {"low": number(metric.low)}
    if metric.low is None:
        return _("at most %(high)s") % {"high": number(metric.high)}
    return f"{number(metric.low)}–{number(metric.high)}"


@register.filter
def tier(criterion) -> str:
    words = {
        "bottom_line": pgettext("tier", "Bottom line"),
        "basic": pgettext("tier", "Basic"),
        "high_line": pgettext("tier", "High line"),
    }
    return words[criterion.tier]


@register.filter
def of_sheet(costs: dict, pk: int):
    """What one sheet cost, out of burden.of()."""
    return costs[pk]


@register.filter
def fixer(thing) -> str:
    """Who can bring a change about."""
    return _("The bureau can change it") if thing.fixable_by == "bureau" else _("The station can change it")
