"""Where a picture may come from, for the eyes of the bureau: taken outside the period, or like another one.

A chief never reads any of it: whose picture it resembles would tell of another station.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from . import reusing
from .models import Assessment, Evidence

# Of 64 bits. Saving a photo smaller or anew changes none to four; two different photos differ in about 32.
ALIKE = 4
MOST_TWINS = 3  # named at one picture

_TWINS = """
SELECT DISTINCT here.id, there.id
  FROM assessments_evidence here JOIN assessments_evidence there
    ON there.id <> here.id AND there.digest <> here.digest
   AND bit_count((here.fingerprint # there.fingerprint)::bit(64)) <= %s
 WHERE here.id = ANY(%s) AND there.id IN ({visible})
"""


@dataclass(frozen=True)
class Provenance:
    """What the bureau reads beside one picture.

    taken_at    when the camera says it was taken; None where it does not say
    is_outside  whether that is before the period, or after the file was added; of one that was rightfully used again
                it is judged by the period and the day it was first handed in
    twins       other pictures in the reader's sight that look the same, without being the same file
    """

    taken_at: datetime | None
    is_outside: bool
    twins: tuple[Evidence, ...] = ()


def of(assessment: Assessment, files: Iterable[Evidence], user) -> dict:
    """{evidence: its Provenance} of the pictures among these files of an assessment, for one who may verify it.

    `files` come with their origin (EvidenceQuerySet.with_origin). Two queries, none where no picture has a
    fingerprint; empty for anybody else.
    """
    if not user.may("assessment.verify"):
        return {}
    pictures = [file for file in files if file.shown_digest]
    twins = _twins([file.pk for file in pictures if file.fingerprint is not None], user)
    return {file.pk: _of(file, assessment, twins.get(file.pk, ())) for file in pictures}


def _of(file: Evidence, assessment: Assessment, twins: tuple[Evidence, ...]) -> Provenance:
    is_again = reusing.is_rightful(file.carried_from, file.valid_until, file.added_at)
    first, period = (file.carried_from, file.carried_from.assessment.period) if is_again else (file, assessment.period)
    is_outside = False
    if file.taken_at is not None:
        last = max(period.ends_on, timezone.localdate(first.added_at))
        is_outside = not period.starts_on <= timezone.localdate(file.taken_at) <= last
    return Provenance(file.taken_at, is_outside, twins)


def _twins(files: list, user) -> dict:
    """{evidence: those like it, the oldest first}, among all that this user may see."""
    if not files:
        return {}
    in_sight = Evidence.objects.visible_to(user)
    visible, parameters = in_sight.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_TWINS.format(visible=visible), [ALIKE, files, *parameters])
        pairs = cursor.fetchall()
    others = in_sight.select_related("assessment__station", "assessment__period").in_bulk([pair[1] for pair in pairs])
    found = defaultdict(list)
    for here, there in pairs:
        found[here].append(others[there])
    ordered = {here: sorted(each, key=lambda file: (file.added_at, file.pk)) for here, each in found.items()}
    return {here: tuple(each[:MOST_TWINS]) for here, each in ordered.items()}
