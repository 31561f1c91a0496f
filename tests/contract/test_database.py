"""503 with Retry-After, and nothing written, whenever the database does not let a request through in time."""

import os
import subprocess
import sys
from uuid import uuid4

import psycopg2
import pytest
from django.db import connection
from django.test import Client, override_settings
from django.urls import path, reverse

from assessments import answers
from assessments.models import AnswerChange
from audit.models import Event
from stationstd import errors
from stationstd.urls import urlpatterns as product
from tests import factories

SHOW = """
import os, django
{first}
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        cursor.execute(f"SHOW {{name}}")
        print(cursor.fetchone()[0])
    print(connection.get_connection_params()["connect_timeout"])
"""


@pytest.mark.parametrize(
    ("first", "patience"), [("import stationstd.wsgi", "10s"), ("", "10min")], ids=["page", "worker"]
)
def test_a_page_waits_ten_seconds_for_a_statement_and_five_for_a_lock(first, patience):
    given = os.environ | {"DJANGO_SETTINGS_MODULE": "stationstd.settings"}
    given.pop("STATEMENT_SECONDS", None)
    command = [sys.executable, "-c", SHOW.format(first=first)]
    said = subprocess.run(command, env=given, capture_output=True, text=True, check=True)
    assert said.stdout.split() == [patience, "5s", "30s", "3"]


def _failing(code: str):
    """A view in whose transaction the database itself raises this error."""

    def view(request):
        with connection.cursor() as cursor:
            cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'told to' USING ERRCODE = '{code}'; END $$")

    return path(f"{code}/", view, name=code)


PASSING = {
    "40001": "two transactions that cannot both stand",
    "40P01": "two that wait for each other",
    "55P03": "a lock that somebody holds",
    "57014": "a statement that took too long",
    "57P01": "a server that is shut down",
    "25P03": "a transaction that was idle for too long",
    "25006": "a copy that takes no writes",
    "53100": "a full disk",
    "53300": "too many connections",
    "42501": "a right that was withdrawn",
}
OURS = {"42P01": "a table that is not there", "23505": "a row that is there already"}
urlpatterns = [*product, *map(_failing, (*PASSING, *OURS))]
handler500 = errors.server_error


@pytest.mark.django_db(transaction=True)
@override_settings(ROOT_URLCONF="tests.contract.test_database")
def test_what_passes_is_503_and_what_is_our_fault_500():
    client = Client(raise_request_exception=False)
    client.force_login(factories.user("chief"))
    answers_ = {code: client.get(f"/{code}/") for code in (*PASSING, *OURS)}
    assert {code: answer.status_code for code, answer in answers_.items()} == dict.fromkeys(
        PASSING, 503
    ) | dict.fromkeys(OURS, 500)
    assert all(int(answers_[code].headers["Retry-After"]) > 0 for code in PASSING)
    told = client.get("/40P01/", headers={"Accept": "application/json"})
    assert (told.status_code, told.json(), int(told.headers["Retry-After"]) > 0) == (503, {"code": "unavailable"}, True)


@pytest.fixture
def held(transactional_db):
    """(an assessment whose row somebody else holds, a function that lets it go)"""
    assessment = factories.filled(factories.assessment(factories.period()))
    other = psycopg2.connect(**connection.get_connection_params() | {"cursor_factory": None})
    with other, other.cursor() as cursor:
        cursor.execute("SELECT 1 FROM assessments_assessment WHERE id = %s FOR UPDATE", [assessment.pk])
        yield assessment, other.rollback
    other.close()


@pytest.mark.parametrize("limit", ["lock_timeout", "statement_timeout"])
def test_a_write_that_meets_a_lock_too_long_is_503_and_takes_effect_when_it_is_sent_again(held, limit):
    held, let_go = held
    client = Client(raise_request_exception=False)
    client.force_login(factories.anybody("chief", held.station))
    version = answers.cells(held)["staff.officers"].version
    said = {"metric": "staff.officers", "value": "12", "version": str(version), "op_id": str(uuid4())}
    before = AnswerChange.objects.count(), Event.objects.count(), answers.cells(held)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 0; SET statement_timeout = 0")
        cursor.execute(f"SET {limit} = '100ms'")
    answer = client.post(reverse("assessments:save", args=[held.pk]), said)
    connection.close()
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert (AnswerChange.objects.count(), Event.objects.count(), answers.cells(held)) == before
    let_go()
    assert client.post(reverse("assessments:save", args=[held.pk]), said).status_code == 302
    assert AnswerChange.objects.count() == before[0] + 1
