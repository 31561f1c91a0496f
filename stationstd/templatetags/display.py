"""Figures, tags and addresses as pages show them. None is shown as a dash: it means nobody has said."""

from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.html import format_html

register = template.Library()

DASH = "–"


def _scaled(units: int, decimals: int) -> Decimal:
    return Decimal(units).scaleb(-decimals)


@register.filter
def rate(hundredths: int | None) -> str:
    """Hundredths of a percent as "86.45", without the sign."""
    return DASH if hundredths is None else f"{_scaled(hundredths, 2):.2f}"


@register.filter
def percent(hundredths: int | None) -> str:
    """Hundredths of a percent as "86.45%"."""
    return DASH if hundredths is None else f"{_scaled(hundredths, 2):.2f}%"


@register.filter
def points(units: int | None, decimals: int = 2) -> str:
    """Points stored in units of 10^-decimals as "4.50"."""
    return DASH if units is None else f"{_scaled(units, decimals):,.{decimals}f}"


@register.filter
def number(value) -> str:
    """Thousands separated, zeros at the end dropped: 6852.50 is "6,852.5"."""
    if value is None or value == "":
        return DASH
    text = f"{Decimal(str(value)):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def yuan(value) -> str:
    """Whole yuan without decimals, others with two: "12,345", "12,345.60"."""
    if value is None or value == "":
        return DASH
    amount = Decimal(str(value))
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"


@register.filter
def signed(value) -> str:
    """A change with its sign: "+2", "−1", "0"; the minus is the typographic one."""
    if value is None or value == "":
        return DASH
    amount = Decimal(str(value))
    return f"+{number(amount)}" if amount > 0 else number(amount).replace("-", "−")


@register.inclusion_tag("parts/_status.html")
def status(assessment) -> dict:
    """The state of an assessment as a coloured tag, with a second one when an open one is late."""
    overdue = assessment.is_open and assessment.due_at < timezone.now()
    return {"state": assessment.state, "label": assessment.get_state_display(), "overdue": overdue}


@register.simple_tag
def crumb(label, address=None) -> str:
    """One step of the breadcrumb; the page itself has no address."""
    if address:
        return format_html('<li class="breadcrumb-item"><a href="{}">{}</a></li>', address, label)
    return format_html('<li class="breadcrumb-item active" aria-current="page">{}</li>', label)


@register.simple_tag(takes_context=True)
def page_address(context, page: int) -> str:
    """This address with another page number; search words are kept."""
    words = context["request"].GET.copy()
    words["page"] = page
    return f"?{words.urlencode()}"
