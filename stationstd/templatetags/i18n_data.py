"""{{ station|local:"name" }}: data in the reader's language."""

from django import template

from stationstd.i18n import local as local_text

register = template.Library()


@register.filter
def local(thing, field: str) -> str:
    return local_text(thing, field)
