"""Words of the editor of standards."""

from decimal import Decimal

from django import template
from django.utils.translation import gettext as _

from ..draftpage import address_of
from .editions import class_name, class_names, evidence_rule, tier_name
from .report import fixer

register = template.Library()
for filter_ in (class_name, class_names, evidence_rule, tier_name, fixer):
    register.filter(filter_.__name__, filter_)


@register.simple_tag
def page_of(name: str, *arguments) -> str:
    """The address of a page of the editor; "" where what it names cannot stand in an address."""
    return address_of(name, *arguments)


@register.filter
def plain(value) -> str:
    """A number as a field shows it: no commas, no zeros at the end; "" for None."""
    return "" if value is None else f"{Decimal(value).normalize():f}"


@register.filter
def rollup_name(code: str) -> str:
    """How what is in a section makes its result."""
    return {
        "sum": _("added up"),
        "mean": _("mean"),
        "geometric": _("geometric mean"),
        "harmonic": _("harmonic mean"),
        "min": _("the weakest counts"),
        "max": _("the best counts"),
    }.get(code, code)


@register.filter
def kind_name(code: str) -> str:
    """What kind of thing a name stands for."""
    return {
        "metric": _("Figure"),
        "derived": _("Derived figure"),
        "norm": _("Norm"),
        "coefficient": _("Coefficient"),
    }.get(code, code)
