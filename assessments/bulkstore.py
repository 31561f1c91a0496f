"""Compare-and-set of several facts of one assessment in one statement, each with its line of history.

Called inside the write path's transaction only; store.py does the same for one fact.
"""

import json
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from .answers import Cell
from .models import Assessment

_SET = """
WITH said AS (
    SELECT * FROM jsonb_to_recordset(%(cells)s::jsonb)
               AS one(dimension text, metric text, old jsonb, new jsonb, version int)
), written AS (
    INSERT INTO assessments_answers (assessment_id, layer, dimension, facts, version)
    SELECT %(assessment)s, %(layer)s, dimension, jsonb_object_agg(metric, new), 1 FROM said GROUP BY dimension
    ON CONFLICT (assessment_id, layer, dimension) DO UPDATE
       SET facts = assessments_answers.facts || excluded.facts,
           version = assessments_answers.version + 1, updated_at = now()
     WHERE NOT EXISTS (
           SELECT FROM said WHERE said.dimension = assessments_answers.dimension
              AND coalesce((assessments_answers.facts -> said.metric ->> 'n')::int, 0) <> said.version)
    RETURNING dimension
)
INSERT INTO assessments_answerchange (assessment_id, layer, metric, old, new, by_id, at, reason, op_id)
SELECT %(assessment)s, %(layer)s, metric, nullif(old, 'null'), new, %(by)s, coalesce(%(at)s, now()), '', %(op_id)s::uuid
  FROM said JOIN written USING (dimension)
"""


class Change(NamedTuple):
    """One fact of a change of several: `new.version` is one more than `old.version`."""

    dimension: str
    metric: str
    old: Cell
    new: Cell


def compare_and_set(assessment: Assessment, layer: str, changes: list[Change], *, by, op_id: UUID, at) -> bool:
    """Write every new cell with its history; True when each stood as `old` says.

    False: somebody else was quicker with one of them; some may have been written, so the caller rolls back.
    """
    said = {
        "assessment": assessment.pk,
        "layer": layer,
        "cells": json.dumps([_said(change) for change in changes]),
        "by": by and by.pk,
        "op_id": str(op_id),
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SET, said)
        return cursor.rowcount == len(changes)


def _said(change: Change) -> dict:
    return {
        "dimension": change.dimension,
        "metric": change.metric,
        "old": change.old.as_json() if change.old.version else None,
        "new": change.new.as_json(),
        "version": change.old.version,
    }
