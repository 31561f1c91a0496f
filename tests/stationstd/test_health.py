"""/readyz for the watchman: figures to one address, a word to all others, and a write that is really done."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now

from assessments.models import Job
from audit import roles, seals
from stationstd import health
from tests import factories

pytestmark = pytest.mark.django_db


def facts_of(client) -> dict:
    return client.get("/readyz", headers={"Accept": "application/json"}).json()


def test_a_stranger_learns_that_it_is_ready_and_nothing_else(client, settings):
    settings.MONITORING_ADDRESSES = ["10.0.0.1"]
    assert client.get("/readyz").content == b"ready\n"


def test_the_monitoring_address_reads_the_figures(client, settings):
    settings.MONITORING_ADDRESSES = ["127.0.0.1"]
    seals.seal()
    facts = facts_of(client)
    assert facts["oldest_job_seconds"] is None
    assert facts["newest_seal_seconds"] in (None, 0, 1, 2)
    assert 0 <= facts["room_percent"] <= 100


def test_a_job_that_waits_for_six_minutes_is_an_alarm(client, settings):
    settings.MONITORING_ADDRESSES = ["127.0.0.1"]
    Job.objects.create(kind="report", key="old", created_by=factories.user("sysadmin"))
    Job.objects.update(created_at=Now() - timedelta(minutes=6))
    assert "oldest_job_seconds" in facts_of(client)["alarms"]


@pytest.mark.parametrize(
    ("name", "figure"), [("oldest_job_seconds", 301), ("newest_seal_seconds", 301), ("room_percent", 14)]
)
def test_what_is_out_of_its_bounds_is_named(name, figure):
    fine = {"oldest_job_seconds": 300, "newest_seal_seconds": None, "room_percent": 15}
    assert health.alarms(fine) == []
    assert health.alarms(fine | {name: figure}) == [name]


def test_the_role_that_owns_nothing_can_make_the_test_write():
    roles.settle()
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {roles.APP}")
        health.write()
        cursor.execute("RESET ROLE")
