"""The auditor takes the log along as a workbook: what the search finds, as text, and recorded."""

import re
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from audit import events
from audit.models import Event
from personnel.confirming import FIELD
from personnel.models import User
from personnel.roles import Role
from tests import factories

EXPORT = reverse("audit:export")
FORMULAS = ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", " =1", "＝1+1", '=HYPERLINK("http://x")', "=cmd|' /C calc'!A0"]


@pytest.fixture
def export(client, db):
    """Export as the auditor, in English; returns the rows of the sheet, heads first."""
    client.force_login(factories.user("auditor", username="auditor"))
    client.cookies["django_language"] = "en"

    def fetch(**words):
        answer = client.get(EXPORT, words)
        assert answer.status_code == 200
        return answer, list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))

    return fetch


def test_a_line_has_everything_of_an_event_and_its_place_in_the_chain(export):
    chief = factories.user("chief", username="cg-chief", name="李所长")
    events.record("register.save", "station:1", by=chief, reason="更正", changed={"residents": [None, 47970]})
    made = Event.objects.get()
    _answer, (heads, line) = export()
    shown = dict(zip(heads, line, strict=True))
    assert (shown["Person"], shown["User name"], shown["Action"]) == ("李所长", "cg-chief", "Register saved")
    assert (shown["Subject"], shown["Reason"], shown["Details"]) == ("Station 1", "更正", "residents: – → 47970")
    assert (shown["Place in the chain"], shown["Hash"]) == (1, made.hash)


def test_only_what_the_search_finds_is_exported_and_the_export_is_recorded(export):
    events.record("login", "account:1")
    events.record("logout", "account:2")
    _answer, (_heads, line) = export(subject="account:2")
    assert "Logged out" in line
    assert Event.objects.get(action="audit.export").detail == {"search": {"subject": "account:2"}}


def test_nothing_that_was_typed_is_a_formula_or_a_link(export):
    for typed in FORMULAS:
        events.record("account.change", "account:1", reason=typed, note=typed)
    answer, (_heads, *lines) = export()
    assert sorted(line[7] for line in lines) == sorted(FORMULAS)
    with ZipFile(BytesIO(answer.content)) as workbook:
        sheets = [workbook.read(name).decode() for name in workbook.namelist() if "sheet" in name]
    assert not any(re.search(r"<f[ >]|hyperlink", sheet) for sheet in sheets)


def test_a_search_that_cannot_be_read_exports_nothing(client, db):
    client.force_login(factories.user("auditor"))
    assert client.get(EXPORT, {"since": "soon"}).status_code == 422
    assert not Event.objects.filter(action="audit.export").exists()


@pytest.mark.parametrize("role", [role for role in Role.values if role != "auditor"])
def test_nobody_else_exports_the_log(client, db, role):
    client.force_login(factories.user(role))
    assert client.get(EXPORT).status_code == 403


def test_the_export_asks_for_the_password_when_it_was_given_long_ago(client, db, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    auditor = factories.user("auditor", password=factories.PASSWORD)
    client.force_login(auditor)
    User.objects.filter(pk=auditor.pk).update(last_login=timezone.now() - timedelta(minutes=6))
    events.record("logout", "account:2")
    address = f"{EXPORT}?subject=account%3A2"
    assert client.get(address).status_code == 403
    assert client.post(address, {FIELD: "wrong"}).status_code == 403
    assert not Event.objects.filter(action="audit.export").exists()
    answer = client.post(address, {FIELD: factories.PASSWORD})
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    assert Event.objects.get(action="audit.export").detail == {"search": {"subject": "account:2"}}
