"""Facts as stored, and the only translator between a form's text, the stored JSON and the engine's Frame.

A cell is what stands in Answers.facts under a metric's code:

    v     the number, or None
    s     "answered", "estimated", "na" (not applicable, v is None) or "missing" (cleared, v is None)
    from  where it comes from: "register", "typed", "carried", "reviewer"
    n     how often it has been written; what a change must be based on
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from stationstd.i18n import local

from .models import Answers, Assessment, Layer
from .scoring import NOT_APPLICABLE, Frame, Metric, Standard

LAYERS = (Layer.SELF, Layer.VERIFIED, Layer.CONFIRMED)
_LONGEST = 30  # characters of a number anybody may mean


class Cell(NamedTuple):
    """One fact: `value` is a float or None; `version` 0 means that nothing was ever written."""

    value: float | None = None
    state: str = "missing"
    origin: str = ""
    version: int = 0

    @property
    def is_answered(self) -> bool:
        return self.state in ("answered", "estimated")

    def as_json(self) -> dict:
        return {"v": self.value, "s": self.state, "from": self.origin, "n": self.version}

    @classmethod
    def of(cls, stored: dict | None) -> "Cell":
        if not stored:
            return cls()
        return cls(stored["v"], stored["s"], stored["from"], stored["n"])

    @property
    def for_engine(self):
        """What the engine gets: a number, None (not answered) or NOT_APPLICABLE."""
        return NOT_APPLICABLE if self.state == "na" else self.value


def up_to(layer: str) -> tuple[str, ...]:
    """The layers that make up `layer`, lowest first."""
    return LAYERS[: LAYERS.index(layer) + 1]


def cells(assessment: Assessment, layer: str = Layer.SELF) -> dict[str, Cell]:
    """{metric: cell} of one assessment as `layer` sees it; metrics never written are absent. One query."""
    return by_assessment([assessment.pk], layer).get(assessment.pk, {})


def own_cells(assessment: Assessment, layer: str) -> dict[str, Cell]:
    """{metric: cell} that this layer itself holds, without the layers under it. One query."""
    rows = Answers.objects.filter(assessment=assessment, layer=layer).values_list("facts", flat=True)
    return {metric: Cell.of(stored) for facts in rows for metric, stored in facts.items()}


def by_assessment(pks: Iterable[int], layer: str = Layer.SELF) -> dict[int, dict[str, Cell]]:
    """{assessment: {metric: cell}}, each layer overlaid on the one below. One query."""
    order = up_to(layer)
    rows = Answers.objects.filter(assessment__in=pks, layer__in=order).values_list("assessment", "layer", "facts")
    seen: dict[int, dict[str, Cell]] = {}
    for pk, _layer, facts in sorted(rows, key=lambda row: order.index(row[1])):
        mine = seen.setdefault(pk, {})
        mine.update((metric, Cell.of(stored)) for metric, stored in facts.items() if _speaks(stored, _layer))
    return seen


def _speaks(stored: dict, layer: str) -> bool:
    """A cleared fact of an upper layer says nothing: the layer below shows through."""
    return layer == Layer.SELF or stored["s"] != "missing"


def frame(assessments: Iterable[Assessment], standard: Standard, layer: str = Layer.SELF) -> Frame:
    """The engine's view of these assessments, in their order. One query."""
    assessments = list(assessments)
    found = by_assessment([a.pk for a in assessments], layer)
    return Frame.of(
        (
            (str(a.pk), a.station_class_id, {m: c.for_engine for m, c in found.get(a.pk, {}).items()})
            for a in assessments
        ),
        standard.metrics,
    )


def frame_of(assessment: Assessment, standard: Standard, facts: dict[str, Cell]) -> Frame:
    """A Frame of one row from facts in hand. No query."""
    values = {metric: cell.for_engine for metric, cell in facts.items()}
    return Frame.of([(str(assessment.pk), assessment.station_class_id, values)], standard.metrics)


def digest(facts: dict[str, Cell]) -> str:
    """SHA-256 over the facts, whatever their order and however often they were written."""
    plain = {metric: [cell.value, cell.state] for metric, cell in sorted(facts.items()) if cell.state != "missing"}
    return hashlib.sha256(json.dumps(plain, separators=(",", ":")).encode()).hexdigest()


def clean(metric: Metric, raw: str | None) -> float | int | None:
    """What a person typed as a number of this metric; None for a blank.

    Raises ValidationError in the reader's language: not a number, not whole, below or above the bounds.
    """
    text = unicodedata.normalize("NFKC", raw or "").replace(",", "").replace(" ", "").replace("\u2212", "-")
    if not text:
        return None
    number = _number(metric, text)
    if metric.whole and number != number.to_integral_value():
        raise ValidationError(_("Whole numbers only: “%(value)s” has a fraction.") % {"value": text}, "whole")
    if metric.low is not None and number < metric.low:
        raise ValidationError(_("Must not be below %(bound)s%(unit)s.") % _bound(metric, metric.low), "low")
    if metric.high is not None and number > metric.high:
        raise ValidationError(_("Must not be above %(bound)s%(unit)s.") % _bound(metric, metric.high), "high")
    return int(number) if number == number.to_integral_value() else float(number)


def _number(metric: Metric, text: str) -> Decimal:
    text = text.removesuffix("%")
    if len(text) > _LONGEST:
        raise ValidationError(_("This number is too long. Check the digits."), "long")
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not text.isascii() or "_" in text:
        raise ValidationError(_("“%(value)s” is not a number. Type digits only.") % {"value": text}, "number")
    if abs(number) >= Decimal(10) ** 15:
        raise ValidationError(_("This number is too large. Check the digits."), "long")
    if number.as_tuple().exponent < -4:
        raise ValidationError(_("At most four decimals."), "decimals")
    return number


def _bound(metric: Metric, bound: Decimal) -> dict:
    unit = local(metric, "unit")
    return {"bound": f"{bound.normalize():,f}", "unit": f" {unit}" if unit else ""}


def dimension_of(standard: Standard, metric: str) -> str:
    """The dimension a metric is asked in. Raises KeyError for a metric the standard does not know."""
    return standard.metrics[metric].dimension
