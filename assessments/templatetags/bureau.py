"""What the bureau's tables need: sortable heads and changes with their sign."""

from uuid import uuid4

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationstd.templatetags.display import DASH, points

from .. import objections
from ..answers import Cell
from ..models import Extension
from .sheet import value_of

register = template.Library()


@register.simple_tag(takes_context=True)
def sortable(context, key: str, label, css: str = "") -> str:
    """A column head that sorts by `key`, the other way round the second time."""
    now = context["sort"]
    state = {key: "ascending", f"-{key}": "descending"}.get(now, "none")
    return _head(context, f"-{key}" if now == key else key, label, css, state)


@register.simple_tag(takes_context=True)
def ordered(context, key: str, label, css: str = "") -> str:
    """A column head that puts the best by `key` first; a plain one where a page is in the order of its index."""
    if context["sort"] is None:
        return format_html('<th scope="col" class="{}">{}</th>', css, label)
    state = "descending" if context["sort"] == key else "none"
    return _head(context, key, label, css, state)


_ICONS = {"ascending": "caret-up-fill", "descending": "caret-down-fill", "none": "chevron-expand"}


def _head(context, sort: str, label, css: str, state: str) -> str:
    """The rest of the address is kept."""
    words = context["request"].GET.copy()
    words["sort"] = sort
    return format_html(
        '<th scope="col" class="{}" aria-sort="{}"><a href="?{}">{}'
        '<i class="bi bi-{} sort-mark" aria-hidden="true"></i></a></th>',
        css,
        state,
        words.urlencode(),
        label,
        _ICONS[state],
    )


@register.filter
def places_moved(places: int | None) -> str:
    """Places gained with an arrow that needs no colour: "▲2", "▼1", "＝" where nothing moved."""
    if places is None:
        return DASH
    if places == 0:
        return "＝"
    return f"▲{places}" if places > 0 else f"▼{-places}"


@register.filter
def difference(units: int, decimals: int = 2) -> str:
    """Points added or taken away: "+1.50", "−0.25", "0"."""
    if units == 0:
        return "0"
    return f"{'+' if units > 0 else '−'}{points(abs(units), decimals)}"


_CARRIED = {"accepted": gettext_lazy("Accepted in round %(n)s"), "changed": gettext_lazy("Changed in round %(n)s")}


@register.filter
def stage(item) -> str:
    """How far the reviewer is with a criterion, in words; what holds from an earlier round names it."""
    if item.stage in _CARRIED and item.review.carried_from:
        return _CARRIED[item.stage] % {"n": item.review.carried_from}
    return {
        "open": _("To be checked"),
        "accepted": _("Accepted"),
        "changed": _("Changed"),
        "not_applicable": _("Not applicable"),
    }[item.stage]


@register.filter
def stage_tone(item) -> str:
    """The colour of that stage, as the status tags name it."""
    return {"open": "neutral", "accepted": "good", "changed": "warn", "not_applicable": "draft"}[item.stage]


@register.filter
def typed_reason(form, criterion: str) -> str:
    """What was typed beside a criterion in the return form."""
    return form.data.get(f"item.{criterion}", "")


@register.simple_tag
def new_op() -> str:
    """The name under which one sending of a form takes effect, however often it is sent."""
    return str(uuid4())


@register.filter
def change_words(change, line) -> str:
    """Old and new of one change: "9 → 7 officers"; what the station said stands for an old value of none."""
    old = Cell.of(change.old)
    old = line.self_cell if old.state == "missing" else old
    new = Cell.of(change.new)
    withdrawn = new.state == "missing"
    after = _("as the station said") if withdrawn else value_of(new, line.metric)
    return f"{value_of(old, line.metric)} → {after}"


@register.filter
def is_about(said, line) -> bool:
    """Whether a refused change was one of this line."""
    return bool(said) and said.metric == line.metric.code


@register.filter
def field_id(item, line) -> str:
    """An id for the fields that change this line on this card."""
    return f"item-{item.number}-{item.criterion.metrics.index(line.metric.code) + 1}"


@register.filter
def rows_class(count: int) -> int:
    """The height class of a chart with this many lines: 5, 10, 20, 30 or 40."""
    return next((size for size in (5, 10, 20, 30) if count <= size), 40)


@register.filter
def may(user, act: str) -> bool:
    """Whether this person's role may do `act`."""
    return user.may(act)


@register.filter
def earned(units: int | None, decimals: int) -> str:
    """Points of one criterion, or the words for one that does not apply."""
    return _("n/a") if units is None else points(units, decimals)


@register.filter
def kinds_of(flags: dict, assessment) -> list[tuple[str, int]]:
    """What stands out at one assessment, out of flagging.kinds()."""
    return flags.get(assessment.pk, [])


@register.inclusion_tag("assessments/parts/_extended.html")
def extended(assessment) -> dict:
    """Says until when, by whom and why the due time was extended, while the station may still fill in."""
    if not assessment.is_open or assessment.due_at == assessment.period.due_at:
        return {"extension": None}
    extensions = Extension.objects.filter(assessment=assessment).select_related("by").order_by("at", "id")
    return {"extension": extensions.last()}


@register.filter
def objection_tone(objection) -> str:
    """The colour of what became of an objection, as the status tags name it."""
    return {"": "warn", "upheld": "good", "dismissed": "neutral", "withdrawn": "draft"}[objection.outcome]


@register.simple_tag
def why_unsettled(assessment) -> str:
    """Why what was verified cannot be confirmed yet, in words; "" where nothing stands in the way."""
    return objections.why_unsettled(assessment)


@register.filter
def of_criterion(told: dict, criterion) -> list:
    """What was said of this criterion, out of {criterion: list}."""
    return told.get(criterion.id, [])
