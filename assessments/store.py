"""Compare-and-set of one fact in Answers, and its line of history. Called inside the write path's transaction only."""

import json
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db import connection

from .answers import Cell
from .models import AnswerChange, Assessment

_BEFORE = """
SELECT (SELECT facts -> %(metric)s FROM assessments_answers
         WHERE assessment_id = %(assessment)s AND layer = %(layer)s AND dimension = %(dimension)s),
       (SELECT layer FROM assessments_answerchange
         WHERE assessment_id = %(assessment)s AND op_id = %(op_id)s AND metric = %(metric)s),
       clock_timestamp()
"""
_SET = """
INSERT INTO assessments_answers (assessment_id, layer, dimension, facts, version)
VALUES (%(assessment)s, %(layer)s, %(dimension)s, jsonb_build_object(%(metric)s::text, %(cell)s::jsonb), 1)
ON CONFLICT (assessment_id, layer, dimension) DO UPDATE
   SET facts = assessments_answers.facts || excluded.facts,
       version = assessments_answers.version + 1, updated_at = now()
 WHERE coalesce((assessments_answers.facts -> %(metric)s ->> 'n')::int, 0) = %(version)s
RETURNING version
"""


class Before(NamedTuple):
    """What stands there now, whether this op_id was applied already, and the database's clock."""

    cell: Cell
    is_replay: bool
    now: object


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
        cursor.execute(_BEFORE, address.parameters() | {"op_id": op_id})
        stored, replayed, now = cursor.fetchone()
    return Before(Cell.of(json.loads(stored) if stored else None), replayed is not None, now)


def compare_and_set(address: Address, cell: Cell, *, based_on: int) -> bool:
    """Write `cell` where version `based_on` stands; False, and nothing written, where another one stands."""
    parameters = address.parameters() | {"cell": json.dumps(cell.as_json()), "version": based_on}
    with connection.cursor() as cursor:
        cursor.execute(_SET, parameters)
        return cursor.rowcount == 1


def remember(address: Address, old: Cell, new: Cell, *, by, op_id: UUID, reason: str = "", at=None) -> None:
    """The line of history that goes with a change, in the same transaction; `at` None is this statement's time."""
    when = {} if at is None else {"at": at}
    AnswerChange.objects.create(
        assessment=address.assessment,
        layer=address.layer,
        metric=address.metric,
        old=old.as_json() if old.version else None,
        new=new.as_json(),
        by=by,
        op_id=op_id,
        reason=reason,
        **when,
    )


def new_op() -> UUID:
    """An op_id for a change that the system itself makes as part of an act."""
    return uuid4()
