"""A changed standard is published and the next period uses it: what was published stays as it is, byte by byte."""

from decimal import Decimal

import pytest
from django.apps import apps
from django.db import connection

from assessments import drafting, replaying, workflow
from assessments.models import OfficialRank, Publication, Score
from assessments.scoring import editing
from tests import factories

pytestmark = pytest.mark.django_db


def rows() -> dict[str, set[str]]:
    """{table: every row as the database writes it} of everything that the quarter's work stores."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_app_config("assessments").get_models():
            table = model._meta.db_table
            cursor.execute(f"SELECT t::text FROM {table} t")
            found[table] = {text for (text,) in cursor.fetchall()}
    return found


def test_a_published_quarter_does_not_move_when_the_next_one_uses_another_edition():
    first = factories.period(edition=factories.tiny_edition())
    factories.published(first)
    before = rows()
    admin = factories.user("sysadmin", first.bureau)
    draft = drafting.copy(first.edition, code=first.edition.code, version="next", by=admin)
    id = first.edition.standard.criteria[0].id
    worth = first.edition.standard.criteria[0].points
    drafting.change(draft.pk, 1, lambda d: editing.change(d, "criterion", id, {"points": worth + 1}), by=admin)
    drafting.change(draft.pk, 2, lambda d: d.update(points=editing.worth(d, None)), by=admin)
    edition = drafting.publish(draft.pk, 3, by=admin)
    second = factories.period(bureau=first.bureau, edition=edition, open=False, name="下一季度", previous=first)
    workflow.open_period(second, by=admin)
    assert second.edition.standard.criteria[0].points == worth + Decimal(1)
    after = rows()
    assert {table for table in before if not before[table] <= after[table]} == set()
    new = {table for table in before if before[table] != after[table]}
    assert new == {f"assessments_{each}" for each in ("draft", "edition", "period", "assessment", "answers")}
    assert Score.objects.exists()
    assert OfficialRank.objects.exists()
    for publication in Publication.objects.filter(period=first):
        assert list(replaying.differences(publication)) == []
