"""Logging in and out, and what a stranger learns."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from audit.models import Event

from .conftest import PASSWORD

pytestmark = pytest.mark.django_db


def log_in(client, username="chief", password=PASSWORD, **fields):
    return client.post("/login/", {"username": username, "password": password, **fields})


def test_a_stranger_is_sent_to_the_login_and_comes_back(client, chief):
    assert client.get("/?from=mail").headers["Location"] == "/login/?next=/%3Ffrom%3Dmail"
    assert log_in(client, next="/?from=mail").headers["Location"] == "/?from=mail"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("http://testserver/assessments/7/check/?a=1", "/assessments/7/check/"),
        ("http://evil.example/assessments/7/check/", "/"),
        ("", "/"),
    ],
)
def test_what_was_sent_without_a_session_leads_back_to_the_page_it_came_from(client, before, after):
    """At the address of an act there is nothing to look at after the login."""
    response = client.post("/assessments/7/explain/", {"text": "x"}, headers={"Referer": before})
    assert response.headers["Location"] == f"/login/?next={after}"


def test_a_stranger_s_fragment_is_told_to_go_to_the_login_from_its_page(client):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/desk/?late=1"}
    response = client.get("/", headers=headers)
    assert response.status_code == 401
    assert response.headers["HX-Redirect"] == "/login/?next=/desk/%3Flate%3D1"


def test_a_foreign_current_url_is_not_where_a_fragment_returns_to(client):
    headers = {"HX-Request": "true", "HX-Current-URL": "https://evil.example/desk/"}
    assert client.get("/", headers=headers).headers["HX-Redirect"] == "/login/?next=/"


def test_a_stranger_s_script_gets_401(client):
    response = client.get("/", headers={"Accept": "application/json"})
    assert (response.status_code, response.json()) == (401, {"code": "login"})


def test_login_without_a_target_goes_home(client, chief):
    assert log_in(client).headers["Location"] == "/"


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example/", "https:evil.example", "/\\evil.example", "\\\\evil.example",
     "javascript:alert(1)", "/%0d%0aSet-Cookie:x=1//evil", "http:///evil.example", "\x01//evil.example"],
)  # fmt: skip
def test_login_stays_on_this_host(client, chief, target):
    location = log_in(client, next=target).headers["Location"]
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))
    assert "\n" not in location


def test_the_key_of_the_session_changes_at_login(client, chief):
    client.get("/login/")
    client.session["seen"] = True
    before = client.session.session_key
    log_in(client)
    assert client.session.session_key not in {None, before}


def test_an_old_session_is_dead_after_logout(client, chief):
    log_in(client)
    thief = Client()
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    response = client.post("/logout/")
    assert response.headers["Location"] == "/login/"
    assert response.headers["Clear-Site-Data"] == '"storage"'
    assert thief.get("/").headers["Location"] == "/login/?next=/"
    assert not Session.objects.exists()


def test_logging_out_by_get_is_refused(client, chief):
    log_in(client)
    assert client.get("/logout/").status_code == 405


def test_every_failure_reads_the_same(client, chief, person):
    closed = person("clerk")
    closed.is_active = False
    closed.save()
    answers = [
        log_in(client, "chief", "wrong"),
        log_in(client, "nobody", "wrong"),
        log_in(client, "clerk", PASSWORD),
    ]
    assert {answer.status_code for answer in answers} == {422}
    texts = [answer.content.decode() for answer in answers]
    alerts = {text[text.index('role="alert"') :].split("</div>")[0] for text in texts}
    assert len(alerts) == 1


def test_coming_and_going_are_recorded_with_the_address(client, chief):
    log_in(client, password="wrong")
    log_in(client)
    client.post("/logout/")
    events = Event.objects.order_by("id").values_list("action", "chain", "by", "address")
    chain = f"account:{chief.pk}"
    assert list(events) == [
        ("login_failed", chain, None, "127.0.0.1"),
        ("login", chain, chief.pk, "127.0.0.1"),
        ("logout", chain, chief.pk, "127.0.0.1"),
    ]


def test_a_forwarded_address_is_not_believed(client, chief):
    client.post("/login/", {"username": "chief", "password": "x"}, headers={"X-Forwarded-For": "10.1.1.1"})
    assert Event.objects.get().address == "127.0.0.1"


def test_a_name_that_is_no_account_is_not_kept(client):
    log_in(client, "my-secret-typed-too-early", "x")
    event = Event.objects.get()
    assert (event.chain, event.detail) == ("administration", {})


def test_a_deactivated_person_is_out_at_once(client, chief):
    log_in(client)
    chief.is_active = False
    chief.save()
    assert client.get("/").headers["Location"] == "/login/?next=/"


def test_a_name_with_markup_is_shown_as_typed(client, person):
    person("auditor")
    log_in(client, "auditor")
    page = client.get("/nowhere/").content.decode()
    assert "auditor &lt;b&gt;张&lt;/b&gt;" in page
    assert "<b>张" not in page


def test_no_page_is_kept_by_a_shared_pc(client, chief):
    log_in(client)
    response = client.get("/nowhere/")
    assert response.headers["Cache-Control"] == "no-store, private"
    assert "geolocation=()" in response.headers["Permissions-Policy"]
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
