"""Compare-and-set of one fact in Answers with its line of history. Called inside the write path's transaction only."""

import json
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db import connection

from .answers import Cell
from .models import Assessment, State

_BEFORE = """
SELECT (SELECT json_agg(facts) FROM assessments_answers
         WHERE assessment_id = %(assessment)s AND layer = %(layer)s),
       (SELECT layer FROM assessments_answerchange
         WHERE assessment_id = %(assessment)s AND op_id = %(op_id)s AND metric = %(metric)s),
       (SELECT json_agg(DISTINCT criterion) FROM assessments_evidence
         WHERE assessment_id = %(assessment)s AND removed_at IS NULL),
       (SELECT json_agg(criterion) FROM assessments_review
         WHERE assessment_id = %(assessment)s AND round = %(returned_in)s AND outcome = 'returned'),
       (SELECT json_agg(criterion) FROM assessments_exemption
         WHERE assessment_id = %(assessment)s AND outcome IN ('', 'approved')),
       clock_timestamp()
"""
_SET = """
WITH written AS (
    INSERT INTO assessments_answers (assessment_id, layer, dimension, facts, version)
    VALUES (%(assessment)s, %(layer)s, %(dimension)s, jsonb_build_object(%(metric)s::text, %(new)s::jsonb), 1)
    ON CONFLICT (assessment_id, layer, dimension) DO UPDATE
       SET facts = assessments_answers.facts || excluded.facts,
           version = assessments_answers.version + 1, updated_at = now()
     WHERE coalesce((assessments_answers.facts -> %(metric)s ->> 'n')::int, 0) = %(version)s
    RETURNING version
)
INSERT INTO assessments_answerchange (assessment_id, layer, metric, old, new, by_id, at, reason, op_id)
SELECT %(assessment)s, %(layer)s, %(metric)s, %(old)s::jsonb, %(new)s::jsonb, %(by)s, coalesce(%(at)s, now()),
       %(reason)s, %(op_id)s::uuid
  FROM written
"""


class Before(NamedTuple):
    """What stands there now, whether this op_id was applied already, and the database's clock.

    facts: every cell of the layer. evidence: the criteria that something is attached to. returned: those that came
    back by name and are open now, see unlocking.py. exempted: those with a request that they are not applicable,
    undecided or approved, see lifting.py.
    """

    cell: Cell
    is_replay: bool
    now: object
    facts: dict[str, Cell]
    evidence: frozenset[str]
    returned: frozenset[str]
    exempted: frozenset[str]


class Address(NamedTuple):
    """Where a fact stands."""

    assessment: Assessment
    layer: str
    dimension: str
    metric: str

    def parameters(self) -> dict:
        return {
            "assessment": self.assessment.pk,
            "layer": self.layer,
            "dimension": self.dimension,
            "metric": self.metric,
        }


def before(address: Address, op_id: UUID) -> Before:
    with connection.cursor() as cursor:
        cursor.execute(_BEFORE, address.parameters() | {"op_id": op_id, "returned_in": _returned_in(address)})
        pages, replayed, *named, now = cursor.fetchone()
    facts = {metric: Cell.of(stored) for page in pages or () for metric, stored in page.items()}
    return Before(facts.get(address.metric, Cell()), replayed is not None, now, facts, *map(_set, named))


def _set(criteria: list[str] | None) -> frozenset[str]:
    return frozenset(criteria or ())


def _returned_in(address: Address) -> int:
    """The round whose returned criteria are open; 0 for none."""
    return address.assessment.round - 1 if address.assessment.state == State.RETURNED else 0


def compare_and_set(
    address: Address, old: Cell, new: Cell, *, based_on: int, by, op_id: UUID, reason: str = "", at=None
) -> bool:
    """Write `new` and its line of history where version `based_on` stands; False, and nothing written, elsewhere.

    `at` None is the transaction's time.
    """
    said = {
        "old": json.dumps(old.as_json()) if old.version else None,
        "new": json.dumps(new.as_json()),
        "version": based_on,
        "by": by and by.pk,
        "op_id": str(op_id),
        "reason": reason,
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SET, address.parameters() | said)
        return cursor.rowcount == 1


def new_op() -> UUID:
    """An op_id for a change that the system itself makes as part of an act."""
    return uuid4()
