"""Words of a difference and of its effect."""

from django import template

from ..differencepage import sentence, signed

register = template.Library()
register.filter("effect_sentence", sentence)
register.filter("signed_points", signed)


@register.filter
def percentage_points(change: float | None) -> str:
    """A mean change of rates: "+0.35", "–" where there is none."""
    if change is None:
        return "–"
    text = f"{abs(change):.2f}"
    return text if float(text) == 0 else f"{'+' if change > 0 else '−'}{text}"


@register.filter
def rise(points) -> str:
    """The class of a number that went up or down."""
    return "up" if points > 0 else "down" if points < 0 else ""
