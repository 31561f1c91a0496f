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
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

import numpy as np
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from stationstd.i18n import local

from .models import Answers, Assessment, Layer
from .scoring import NOT_APPLICABLE, Frame, Metric, Standard, factcell

LAYERS = (Layer.SELF, Layer.VERIFIED, Layer.CONFIRMED)
ABSENT = np.inf  # what stands in a matrix of facts where a fact does not apply
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
    return {pk: {metric: Cell.of(cell) for metric, cell in facts.items()} for pk, facts in stored(pks, layer).items()}


def stored(pks: Iterable[int], layer: str = Layer.SELF) -> dict[int, dict[str, dict]]:
    """{assessment: {metric: cell as JSON}}, each layer overlaid on the one below. One query.

    The confirmed layer has rows of its own only while a published assessment is being corrected: they hold all facts
    as they were published, and nothing of the layers below shows through.
    """
    order = up_to(layer)
    rows = Answers.objects.filter(assessment__in=pks, layer__in=order).order_by()
    rows = rows.values_list("assessment", "layer", "facts")
    seen: dict[int, dict[str, dict]] = {}
    published: dict[int, dict[str, dict]] = {}
    for pk, _layer, facts in sorted(rows, key=lambda row: order.index(row[1])):
        if _layer == Layer.CONFIRMED:
            published.setdefault(pk, {}).update(facts)
            continue
        mine = seen.setdefault(pk, {})
        mine.update(facts if _layer == Layer.SELF else {m: cell for m, cell in facts.items() if _speaks(cell)})
    return seen | published


def _speaks(cell: dict) -> bool:
    """A cleared fact of an upper layer says nothing: the layer below shows through."""
    return cell["s"] != "missing"


def frame(assessments: Iterable[Assessment], standard: Standard, layer: str = Layer.SELF) -> Frame:
    """The engine's view of these assessments, in their order. One query."""
    assessments = list(assessments)
    found = stored([a.pk for a in assessments], layer)
    return frame_of_stored(assessments, standard, [found.get(a.pk, {}) for a in assessments])


def frame_of_stored(assessments: list[Assessment], standard: Standard, facts: Sequence[dict[str, dict]]) -> Frame:
    """The same from stored facts in hand. No query."""
    ids, kinds = [a.pk for a in assessments], [a.station_class_id for a in assessments]
    return frame_of_cells(matrix(facts, standard.metrics), standard.metrics, ids, kinds)


def frame_of(assessment: Assessment, standard: Standard, facts: dict[str, Cell]) -> Frame:
    """A Frame of one row from facts in hand. No query."""
    return frame_of_stored([assessment], standard, [{m: {"v": c.value, "s": c.state} for m, c in facts.items()}])


def matrix(facts: Sequence[dict[str, dict]], codes: Iterable[str]) -> np.ndarray:
    """(metrics, n) float64 of stored facts, {metric: cell as JSON} for each station.

    NaN where not answered, ABSENT where not applicable; metrics in the order of `codes`, others are not read.
    """
    codes = tuple(codes)
    rows = [
        [None if (cell := each.get(code)) is None else ABSENT if cell["s"] == "na" else cell["v"] for code in codes]
        for each in facts
    ]
    return np.ascontiguousarray(np.array(rows, dtype=float).reshape(len(rows), len(codes)).T)


def frame_of_cells(cells: np.ndarray, codes: Iterable[str], ids: Iterable[int], kinds: Iterable[str]) -> Frame:
    """What the engine looks at, from (metrics, n) cells in the order of `codes`; the Frame lies in these cells."""
    columns, absent = dict(zip(codes, cells, strict=True)), {}
    for code, column in columns.items():
        mask = np.isposinf(column)
        if mask.any():
            absent[code] = mask
            column[mask] = np.nan
    return Frame(np.array(ids).astype(str), np.array(kinds, dtype=str), columns, absent)


def digest(facts: dict[str, Cell | dict]) -> str:
    """SHA-256 over the facts, whatever their order and however often they were written."""
    plain = {metric: _value_and_state(cell) for metric, cell in sorted(facts.items())}
    said = {metric: pair for metric, pair in plain.items() if pair[1] != "missing"}
    return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()


def _value_and_state(cell: Cell | dict) -> list:
    return [cell["v"], cell["s"]] if isinstance(cell, dict) else [cell.value, cell.state]


def clean(metric: Metric, raw: str | None) -> float | int | None:
    """What a person typed as a number of this metric; None for a blank. A date is the number 20261231.

    Raises ValidationError in the reader's language: not a number, not whole, no date, below or above the bounds.
    """
    if metric.kind == "date":
        return _day(metric, (raw or "").strip())
    text = unicodedata.normalize("NFKC", raw or "").replace(",", "").replace(" ", "").replace("\u2212", "-")
    if not text:
        return None
    if factcell.has_odd_digits(raw):
        raise ValidationError(
            _("“%(value)s” is not a number. Type digits only.") % {"value": raw.strip()[:60]}, "number"
        )
    number = _number(metric, text)
    if metric.whole and number != number.to_integral_value():
        raise ValidationError(_("Whole numbers only: “%(value)s” has a fraction.") % {"value": text}, "whole")
    if metric.low is not None and number < metric.low:
        raise ValidationError(_("Must not be below %(bound)s%(unit)s.") % _bound(metric, metric.low), "low")
    if metric.high is not None and number > metric.high:
        raise ValidationError(_("Must not be above %(bound)s%(unit)s.") % _bound(metric, metric.high), "high")
    return int(number) if number == number.to_integral_value() else float(number)


def _day(metric: Metric, text: str) -> int | None:
    try:
        day = factcell.fact(text, metric)
    except factcell.Fault as fault:
        bound = {"low": metric.low, "high": metric.high}.get(fault.key)
        words = {
            "low": _("Must not be before %(day)s."),
            "high": _("Must not be after %(day)s."),
        }.get(fault.key, _("“%(value)s” is not a date. Type it as 2026-12-31."))
        raise ValidationError(words % {"day": iso(bound), "value": text}, fault.key) from fault
    if day is NOT_APPLICABLE:
        raise ValidationError(_("“%(value)s” is not a date. Type it as 2026-12-31.") % {"value": text}, "day")
    return day


def iso(number) -> str:
    """A date stored as 20261231 as "2026-12-31"; "" for None."""
    text = "" if number is None else f"{int(number):08}"
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if text else ""


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
