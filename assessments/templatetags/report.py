"""Words and figures of a printed report."""

from decimal import Decimal

from django import template
from django.utils.translation import gettext as _

from assessments.models import OfficialRank
from stationstd.i18n import local
from stationstd.templatetags.display import DASH

register = template.Library()


@register.filter
def names(places) -> str:
    """The stations' names in one line."""
    return _(", ").join(place.name for place in places)


@register.filter
def short_names(places) -> str:
    return _(", ").join(place.short for place in places)


@register.filter
def fixer(code: str) -> str:
    """Who can win a lost point back."""
    # Translators: “派出所”与“县局”
    return {"station": _("The station"), "bureau": _("The bureau")}.get(code, DASH)


@register.filter
def why_unranked(code: str) -> str:
    return {
        OfficialRank.Unranked.NOT_SUBMITTED: _("Not submitted in time"),
        OfficialRank.Unranked.TOO_LITTLE: _("Too few criteria apply"),
        OfficialRank.Unranked.REHEARSAL: _("No ranks in a rehearsal"),
    }[OfficialRank.Unranked(code)]


@register.filter
def group_name(place) -> str:
    """Whose ranks are compared, in words: the bureau, the class, or both, as the period says."""
    assessment = place.assessment
    parts = {
        "bureau": [assessment.bureau],
        "class": [assessment.station_class],
        "bureau_class": [assessment.bureau, assessment.station_class],
    }
    return " · ".join(local(part, "name") for part in parts[assessment.period.grouping])


@register.filter
def signed_rate(hundredths: int | None) -> str:
    """A difference of rates in percentage points: "+2.35", "−0.10"."""
    if hundredths is None:
        return DASH
    text = f"{abs(Decimal(hundredths)).scaleb(-2):.2f}"
    return f"+{text}" if hundredths > 0 else f"−{text}" if hundredths < 0 else text


@register.filter
def lost(item) -> Decimal:
    """Points lost under one criterion."""
    return item.full - item.points


@register.filter
def rows_of(dimension, part):
    """(row, items of the stations of `part`) of a dimension."""
    return [(row, [row.item_of(place) for place in part]) for row in dimension.rows]


@register.filter
def share(fraction: Decimal) -> str:
    """0.6 as "60%"."""
    return f"{(fraction * 100).normalize():f}%"


@register.filter
def grouped(digest: str) -> str:
    """A digest in groups of eight, so that two can be compared by eye."""
    return " ".join(digest[i : i + 8] for i in range(0, len(digest), 8))
