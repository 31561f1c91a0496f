"""基层减负: what a quarter cost a station. Computed from the history of its sheet when somebody looks, never stored.

Time is what lies between one person's act on the sheet and the same person's next: a fact changed, evidence added or
removed, a word of explanation, a request, the sheet handed in. A pause longer than two minutes counts as two, one
across the handing in as nothing; two people at once count both. What happens before somebody's first act, and on an
offline sheet, is not known and counts as nothing. Only sums leave this module: who worked when is nobody's to read.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from django.db import connection

LONGEST_PAUSE = 120  # seconds

_MEASURED = """
WITH acts AS (
    SELECT assessment_id, by_id, at, false AS hands_in FROM assessments_answerchange
     WHERE layer = 'self' AND by_id IS NOT NULL AND assessment_id = ANY(%(pks)s)
    UNION ALL
    SELECT assessment_id, added_by_id, added_at, false FROM assessments_evidence WHERE assessment_id = ANY(%(pks)s)
    UNION ALL
    SELECT assessment_id, removed_by_id, removed_at, false FROM assessments_evidence
     WHERE removed_at IS NOT NULL AND assessment_id = ANY(%(pks)s)
    UNION ALL
    SELECT assessment_id, by_id, at, false FROM assessments_remark WHERE assessment_id = ANY(%(pks)s)
    UNION ALL
    SELECT assessment_id, by_id, at, false FROM assessments_exemption WHERE assessment_id = ANY(%(pks)s)
    UNION ALL
    SELECT assessment_id, by_id, at, true FROM assessments_submission WHERE assessment_id = ANY(%(pks)s)
), rounds AS (
    SELECT *, count(*) FILTER (WHERE hands_in) OVER (
                  PARTITION BY assessment_id ORDER BY at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS round
      FROM acts
), pauses AS (
    SELECT assessment_id, at - lag(at) OVER (PARTITION BY assessment_id, by_id, round ORDER BY at) AS pause FROM rounds
), worked AS (
    SELECT assessment_id, sum(least(pause, make_interval(secs => %(longest)s))) AS time FROM pauses
     WHERE pause IS NOT NULL GROUP BY 1
), typed AS (
    SELECT DISTINCT assessment_id, metric FROM assessments_answerchange
     WHERE layer = 'self' AND by_id IS NOT NULL AND new ->> 'from' = 'typed' AND assessment_id = ANY(%(pks)s)
), taken AS (
    SELECT assessment_id, stands.metric
      FROM assessments_answers, jsonb_each(facts) AS stands(metric, cell)
     WHERE layer = 'self' AND assessment_id = ANY(%(pks)s)
       AND cell ->> 'from' IN ('register', 'carried') AND cell ->> 's' IN ('answered', 'estimated')
    EXCEPT SELECT assessment_id, metric FROM typed
), counted AS (
    SELECT assessment_id, count(*) FILTER (WHERE is_typed) AS typed, count(*) FILTER (WHERE NOT is_typed) AS taken
      FROM (SELECT assessment_id, true AS is_typed FROM typed UNION ALL SELECT assessment_id, false FROM taken) AS facts
     GROUP BY 1
)
SELECT one.pk,
       coalesce(extract(epoch FROM worked.time), 0)::float8, coalesce(counted.typed, 0), coalesce(counted.taken, 0)
  FROM unnest(%(pks)s) AS one(pk)
  LEFT JOIN worked ON worked.assessment_id = one.pk
  LEFT JOIN counted ON counted.assessment_id = one.pk
"""


@dataclass(frozen=True)
class Burden:
    """One station's quarter.

    seconds  worked on the sheet, of all its people together
    changed  facts that somebody typed, each once however often
    carried  facts that stand as the register or last period had them and that nobody ever typed
    """

    seconds: float
    changed: int
    carried: int

    @property
    def minutes(self) -> int:
        """Whole minutes, rounded; 0 for less than half a minute."""
        return int(self.seconds / 60 + 0.5)


@dataclass(frozen=True)
class Middle:
    """The medians over `count` stations, rounded half up."""

    count: int
    minutes: int
    changed: int
    carried: int


def of(pks: Iterable[int]) -> dict[int, Burden]:
    """{assessment: what it cost}, of each that is asked for. One query, however many; none for none."""
    pks = list(pks)
    if not pks:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_MEASURED, {"pks": pks, "longest": LONGEST_PAUSE})
        return {pk: Burden(seconds, changed, carried) for pk, seconds, changed, carried in cursor.fetchall()}


def middle(burdens: Iterable[Burden]) -> Middle | None:
    """None where there is nothing to take the middle of."""
    burdens = list(burdens)
    if not burdens:
        return None
    return Middle(
        len(burdens),
        _half_up(median(each.seconds for each in burdens) / 60),
        _half_up(median(each.changed for each in burdens)),
        _half_up(median(each.carried for each in burdens)),
    )


def _half_up(number: float) -> int:
    return int(number + 0.5)
