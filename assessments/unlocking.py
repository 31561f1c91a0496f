"""What a station may change after its sheet came back: the returned criteria and the facts they look at."""

from django.utils.translation import gettext_lazy as _

from stationstd.refusals import Refused

from .models import Assessment, Review, State
from .scoring import Standard

LOCKED = _("The bureau did not return this item: it stays as it was handed in. Only the returned items can be changed.")


def returned(assessment: Assessment) -> frozenset[str]:
    """Ids of the criteria that came back by name; none before a return, and where the whole came back. One query."""
    if assessment.state != State.RETURNED:
        return frozenset()
    named = Review.objects.filter(
        assessment=assessment, round=assessment.round - 1, outcome=Review.Outcome.RETURNED
    ).values_list("criterion", flat=True)
    return frozenset(named.order_by())


def is_locked(standard: Standard, metric: str, returned: frozenset[str]) -> bool:
    """Does it belong to criteria alone that did not come back? Nothing is locked where none came back by name."""
    if not returned:
        return False
    using = {criterion.id for criterion in standard.criteria if metric in criterion.metrics}
    return bool(using) and using.isdisjoint(returned)


def is_criterion_locked(criterion: str, returned: frozenset[str]) -> bool:
    """Did other criteria come back, and not this one? Its evidence stays as it was handed in."""
    return bool(returned) and criterion not in returned


def locked() -> Refused:
    """The refusal (409) of a change of what did not come back."""
    return Refused(409, "locked", LOCKED)
