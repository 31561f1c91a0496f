"""The parts of a sheet that come from skeletons, for templates that show one."""

from django import template

from .. import evidenceparts, pieces

register = template.Library()

for part in (pieces.worth, pieces.reason, pieces.cross, pieces.bar, pieces.dimensions):
    register.simple_tag(part)


@register.simple_tag(takes_context=True)
def evidence(context, assessment, criterion, files, **about):
    """The evidence of one criterion: see evidenceparts.section."""
    return evidenceparts.section(assessment, criterion, files, csrf_token=context.get("csrf_token", ""), **about)
