"""The verdict on acknowledged work, from SQL alone."""

from collections import Counter, defaultdict
from typing import NamedTuple


class Saves(NamedTuple):
    """`lost`: acknowledged and not there; `wrong`: another value stands than the one acknowledged last; `double`:
    applied more than once, or versions that are more than the changes; `unasked`: a change nobody sent.
    """

    applied: int
    lost: int
    wrong: int
    double: int
    unasked: int

    @property
    def is_whole(self) -> bool:
        return not (self.lost or self.wrong or self.double or self.unasked)


_HISTORY = """
SELECT assessment_id, metric, op_id::text, (new ->> 'v')::float
  FROM assessments_answerchange WHERE assessment_id = ANY(%s) AND layer = 'self' AND id > %s
"""
_STANDS = """
SELECT assessment_id, f.key, (f.value ->> 'v')::float, (f.value ->> 'n')::int
  FROM assessments_answers, jsonb_each(facts) f WHERE assessment_id = ANY(%s) AND layer = 'self'
"""


def newest_change(bed) -> int:
    """Below and at this number lies what the scene itself wrote."""
    return bed.sql("SELECT coalesce(max(id), 0) FROM assessments_answerchange")[0][0]


def of_saves(bed, sheets, since: int, versions_before: dict) -> Saves:
    """What became of the saves of these sheets since the change `since`.

    versions_before: {(assessment, metric): version} as the scene left it.
    """
    pks = [sheet.pk for sheet in sheets]
    history = bed.sql(_HISTORY, pks, since)
    stands = {(a, metric): (value, version) for a, metric, value, version in bed.sql(_STANDS, pks)}
    applied = Counter(op_id for _, _, op_id, _ in history)
    by_op = {op_id: value for _, _, op_id, value in history}
    per_cell = Counter((a, metric) for a, metric, _, _ in history)
    acked = {op: value for sheet in sheets for _, op, value in sheet.acked}
    open_ = {op for sheet in sheets for _, op, _ in sheet.unknown}
    lost = sum(op not in applied or by_op[op] != value for op, value in acked.items())
    double = sum(count - 1 for count in applied.values())
    double += sum(stands[cell][1] != versions_before[cell] + count for cell, count in per_cell.items())
    return Saves(len(applied), lost, _wrong(sheets, stands), double, len(applied.keys() - acked.keys() - open_))


def _wrong(sheets, stands) -> int:
    """Cells whose value is not the last acknowledged one; after an unknown the unknown one is right as well."""
    wrong = 0
    for sheet in sheets:
        last, maybe = {}, defaultdict(set)
        for metric, _, value in sheet.acked:
            last[metric] = value
        for metric, _, value in sheet.unknown:
            maybe[metric].add(value)
        wrong += sum(stands[sheet.pk, m][0] not in {value, *maybe[m]} for m, value in last.items())
    return wrong


def versions(sheets) -> dict:
    return {(sheet.pk, metric): version for sheet in sheets for metric, version in sheet.versions.items()}
