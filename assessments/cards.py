"""The rows and cards of a page of the sheet as HTML: see assessments.pieces, of which these are the big ones."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from django.forms import BoundField
from django.template.loader import render_to_string

from stationstd.skeletons import Html, filled

from . import evidenceparts, pieces
from .answers import Cell
from .models import Assessment
from .sheet import Card, Figure
from .templatetags.sheet import amount, bounds, entered, value_of

_ROW, _CARD = "assessments/parts/_figure.html", "assessments/parts/_criterion.html"
_EXEMPTING = "assessments/parts/_exempting.html"


@dataclass(frozen=True)
class Place:
    """Where cards are shown: on whose sheet, whether it may be written on, and the token its forms need."""

    assessment: Assessment
    writable: bool = False
    csrf_token: str = ""

    @property
    def digest(self) -> str:
        """Of the standard: with an id or a code it says which words a card or row has."""
        return self.assessment.period.edition.standard.digest


def row(place: Place, figure: Figure, field_of: Callable[[str], BoundField]) -> Html:
    """One figure as it stands. `field_of` makes its field, with a text in it, when the row was never rendered."""
    metric, cell = figure.metric, figure.cell
    typed = entered(cell.value, metric)
    flags = _flags(place, figure)
    holes = _shown(figure) | {"version": cell.version, "typed": typed}
    # Which button is pressed, and whether there is a value at all, is more than a word.
    chosen = typed if metric.kind == "yes_no" or not typed else None

    def context(it):
        field = field_of(it["typed"] if chosen is None else chosen)
        return {**flags, **it, "metric": metric, "range": bounds(metric), "field": field, "cell": Cell(*_origin(cell))}

    return filled(_ROW, (place.digest, metric.code, chosen, _origin(cell), *flags.values()), holes, context)


def row_of_field(place: Place, figure: Figure, field: BoundField, *, version: str, is_estimated: bool) -> Html:
    """One figure with what was typed into its field, and what is wrong with that."""
    about = {"metric": figure.metric, "range": bounds(figure.metric), "cell": figure.cell, "field": field}
    said = {"version": version, "is_estimated": is_estimated, "problems": field.errors}
    return render_to_string(_ROW, _flags(place, figure) | _shown(figure) | about | said)


def _flags(place: Place, figure: Figure) -> dict[str, bool]:
    return {
        "is_writable": place.writable and not figure.is_locked,
        "is_locked": place.writable and figure.is_locked,
        "is_estimated": figure.cell.state == "estimated",
        "has_before": figure.before is not None,
        "has_register": figure.register is not None,
        "differs": figure.differs,
    }


def _shown(figure: Figure) -> dict[str, str]:
    metric = figure.metric
    return {
        "shown": value_of(figure.cell, metric),
        "before": value_of(figure.before, metric),
        "register": amount(figure.register, metric),
        "registered": entered(figure.register, metric),
    }


def _origin(cell: Cell) -> tuple[None, str, str]:
    """What its words of origin depend on."""
    return None, cell.state, cell.origin


def card(place: Place, card: Card, rows: Html) -> Html:
    """A criterion with its rendered rows, its points and reason, and its evidence."""
    criterion, why = card.criterion, card.explanation
    may_add = place.writable and not card.is_locked
    absent = tuple(figure.metric for figure in card.figures if not figure.applies)
    flags = {
        "is_locked": card.is_locked and place.writable,
        "may_add": may_add,
        "has_evidence": criterion.evidence != "none" or bool(card.files),
        "has_remark": card.remark is not None,
    }
    holes = {
        "pk": place.assessment.pk,
        "worth": pieces.worth(why),
        "remark": card.remark.reason if card.remark else "",
        "remark_by": card.remark.by.name if card.remark else "",
        "rows": rows,
        "cross": pieces.cross(criterion.id, card.conflicts),
        "reason": pieces.reason(why),
        "formula": why.formula,
        "source": why.source,
        "evidence": _evidence(place, card, may_add) if flags["has_evidence"] else "",
        "exempting": _exempting(place, card, may_add),
    } | {f"used{i}": value_of(figure.cell, figure.metric) for i, figure in enumerate(card.used)}

    def context(it):
        used = [(figure.metric, it[f"used{i}"]) for i, figure in enumerate(card.used)]
        return {**flags, **it, "criterion": criterion, "absent": absent, "used": used}

    shape = tuple(figure.metric.code for figure in card.used), tuple(metric.code for metric in absent)
    return filled(_CARD, (place.digest, criterion.id, *shape, *flags.values()), holes, context)


def _evidence(place: Place, card: Card, may_add: bool) -> Html:
    return evidenceparts.section(
        place.assessment,
        card.criterion,
        card.files,
        may_add=may_add,
        csrf_token=place.csrf_token,
        reusable=card.reusable,
        files_left=card.files_left,
    )


def _exempting(place: Place, card: Card, may_ask: bool) -> Html:
    holes = {
        "pk": place.assessment.pk,
        "round": place.assessment.round,
        "op_id": str(uuid4()),
        "csrf_token": place.csrf_token,
    }
    context = {"criterion": card.criterion, "exemption": card.exemption, "may_ask": may_ask}
    if card.exemption is not None:
        return render_to_string(_EXEMPTING, context | holes)
    return filled(_EXEMPTING, (place.digest, card.criterion.id, may_ask), holes, lambda it: context | it)
