"""T21: what an opened period is judged by stays as it was, whoever writes."""

import pytest
from django.db import DatabaseError, connection, transaction

from assessments.models import Publication
from audit import roles
from tests import factories

pytestmark = pytest.mark.django_db

AGAINST_THE_EDITION = [
    "UPDATE assessments_edition SET text = replace(text, 'points = 3', 'points = 9')",
    "UPDATE assessments_edition SET digest = repeat('0', 64)",
    "DELETE FROM assessments_edition",
]
AGAINST_THE_PERIOD = [
    "UPDATE assessments_period SET edition_id = {other}",
    "UPDATE assessments_period SET ends_on = ends_on + 1",
    "UPDATE assessments_period SET grouping = 'class'",
    "UPDATE assessments_period SET previous_id = id",
    "UPDATE assessments_period SET year_before_id = id",
    "UPDATE assessments_period SET is_rehearsal = true",
    "UPDATE assessments_period SET publicity_days = publicity_days + 1",
    "UPDATE assessments_period SET opened_at = NULL",
    "DELETE FROM assessments_period",
]


@pytest.mark.parametrize("role", ["the owner", roles.APP])
def test_neither_edition_nor_period_can_be_changed_once_it_is_open(role):
    period = factories.period()
    before = period.edition.digest
    roles.settle()
    with connection.cursor() as cursor:
        if role == roles.APP:
            cursor.execute(f"SET LOCAL ROLE {role}")
        for statement in AGAINST_THE_EDITION + AGAINST_THE_PERIOD:
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(statement.format(other=period.edition_id + 1))
        cursor.execute("RESET ROLE")
    period.refresh_from_db()
    period.edition.refresh_from_db()
    assert period.edition.standard.digest == period.edition.digest == before


def test_a_period_that_is_not_open_yet_can_be_changed():
    period = factories.period(open=False)
    period.grouping = "class"
    period.save()
    period.refresh_from_db()
    assert period.grouping == "class"


def test_the_digest_at_the_end_is_that_at_the_beginning():
    period = factories.period()
    opened_with = period.edition.digest
    factories.published(period)
    period.refresh_from_db()
    assert Publication.objects.get().edition_digest == period.edition.digest == opened_with
