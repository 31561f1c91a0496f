"""What a sheet can take over as it is: an unanswered figure the register's value, else last period's confirmed one, and
a criterion without evidence that of last period which still holds."""

from collections.abc import Collection
from typing import NamedTuple

from django.core.exceptions import ValidationError

from . import answers, unlocking
from .answers import Cell
from .models import Assessment, Evidence, Exemption
from .scoring import Criterion, Metric
from .sheet import Surroundings
from .templatetags.sheet import entered


class Offer(NamedTuple):
    """One figure that nobody has answered: `stands` is there now (missing), `taken` would be there then.

    taken.origin says where from: "register", or "carried" for last period.
    """

    metric: Metric
    stands: Cell
    taken: Cell

    @property
    def text(self) -> str:
        """The value as a person would type it: what a page shows and sends back."""
        return entered(self.taken.value, self.metric)


def offers(assessment: Assessment, cells: dict[str, Cell], around: Surroundings, dimension: str = "") -> list[Offer]:
    """Every figure of the sheet, or of one dimension of it, that can be carried forward, in paper order. No query."""
    standard, kind = assessment.period.edition.standard, assessment.station_class_id
    sections = [section.code for section in standard.dimensions if dimension in ("", section.code)]
    asked = [metric for code in sections for metric in standard.metrics_of(code)]
    back = frozenset(around.remarks)  # after a return the rest stays as it was handed in
    here = [m for m in asked if m.applies(kind) and not (back and unlocking.is_locked(standard, m.code, back))]
    found = (_offer(metric, cells.get(metric.code, Cell()), around) for metric in here)
    return [offer for offer in found if offer is not None]


def evidence(
    assessment: Assessment, reusable: dict[str, list[Evidence]], attached: Collection[str], around: Surroundings
) -> list[tuple[Criterion, list[Evidence]]]:
    """[(criterion, its evidence of last period)] of those that have none yet, in paper order. No query.

    reusable: reusing.offers(); attached: ids of the criteria that have a file by now.
    """
    back = frozenset(around.remarks)
    spared = {id for id, each in around.exemptions.items() if each.outcome == Exemption.Outcome.APPROVED}
    asked = (c for c in assessment.period.edition.standard.criteria if c.evidence != "none" and c.id in reusable)
    bare = (c for c in asked if c.id not in attached and c.id not in spared)
    return [(c, reusable[c.id]) for c in bare if not unlocking.is_criterion_locked(c.id, back)]


def _offer(metric: Metric, stands: Cell, around: Surroundings) -> Offer | None:
    if stands.state != "missing":
        return None
    before = around.before.get(metric.code, Cell())
    if (registered := around.register.get(metric.code)) is not None:
        taken = Cell(registered, "answered", "register", stands.version + 1)
    elif before.is_answered:
        taken = Cell(before.value, before.state, "carried", stands.version + 1)
    else:
        return None
    offer = Offer(metric, stands, taken)
    return offer if _fits(offer) else None


def _fits(offer: Offer) -> bool:
    """Whether this edition would take the value: bounds and kinds may have changed since last period."""
    try:
        answers.clean(offer.metric, offer.text)
    except ValidationError:
        return False
    return True
