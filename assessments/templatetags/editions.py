"""Words of a standard: classes, evidence, tiers."""

from django import template
from django.utils.translation import gettext as _

from stationstd.i18n import local

register = template.Library()


@register.filter
def class_names(codes, classes) -> str:
    """The names of station classes; `classes` is {code: StationClass}."""
    return _(", ").join(class_name(code, classes) for code in codes)


@register.filter
def class_name(code: str, classes) -> str:
    """The name of one station class, its code where the bureau has no such class."""
    return local(classes[code], "name") if code in classes else code


@register.filter
def evidence_rule(code: str) -> str:
    return {"none": _("No evidence"), "optional": _("Evidence welcome"), "required": _("Evidence required")}[code]


@register.filter
def tier_name(code: str) -> str:
    """底线、基本、高线: what is at stake with a criterion."""
    return {"bottom_line": _("Bottom line"), "basic": _("Basic"), "high_line": _("High line")}[code]
