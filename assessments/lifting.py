"""Whose facts and evidence a station need not give now, although the criterion counts.

A request that a criterion is not applicable lifts them from the day it is asked: nobody is kept from handing in by
what the station says it does not have. The points wait for the reviewer: until the request is approved, what is not
answered earns nothing. Declined, the criterion is asked for again wherever it can be filled in.

After a return, what did not come back stays as it was handed in, whatever has been decided since.
"""

from collections.abc import Iterable

from . import unlocking
from .models import Assessment, Exemption, State
from .scoring import Standard

_LIFTING = ("", Exemption.Outcome.APPROVED)


def criteria(assessment: Assessment) -> frozenset[str]:
    """Ids of the criteria of which nothing is required now. One query, two after a return."""
    asked = Exemption.objects.filter(assessment=assessment, outcome__in=_LIFTING).values_list("criterion", flat=True)
    return of(assessment.period.edition.standard, asked, unlocking.returned(assessment))


def known(assessment: Assessment, exemptions: Iterable[Exemption], remarks: Iterable[str]) -> frozenset[str]:
    """The same without a query: the last request of each criterion, and ids of the criteria that came back last."""
    asked = [each.criterion for each in exemptions if each.outcome in _LIFTING]
    is_back = assessment.state == State.RETURNED
    return of(assessment.period.edition.standard, asked, frozenset(remarks) if is_back else frozenset())


def of(standard: Standard, asked: Iterable[str], returned: frozenset[str]) -> frozenset[str]:
    """The same from what is at hand: `asked`, with a request undecided or approved; `returned`, that came back."""
    kept = {c.id for c in standard.criteria if unlocking.is_criterion_locked(c.id, returned)}
    return frozenset(kept.union(asked))
