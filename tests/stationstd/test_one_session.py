"""One live login an account; what ends it (T10, T25, T31)."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from personnel import accounts
from personnel.tasks import tidy
from tests import factories
from tests.stations.pages import text

pytestmark = pytest.mark.django_db
OWN = reverse("personnel:own_password")


@pytest.fixture(autouse=True)
def cheap_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def chief(db):
    return factories.user("chief", factories.station(), username="chief", password=factories.PASSWORD)


@pytest.fixture
def secadmin(db):
    return factories.user("secadmin")


def logged_in() -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.post("/login/", {"username": "chief", "password": factories.PASSWORD})
    return client


def is_in(client) -> bool:
    return client.get(OWN).status_code == 200


def read_again(client):
    """The page of the login that the client is sent to."""
    return text(client.get(OWN, follow=True))


def test_the_newest_login_ends_the_one_before_with_its_next_request(chief):
    first, second = logged_in(), logged_in()
    assert is_in(second)
    assert first.get(OWN, headers={"Accept": "application/json"}).status_code == 401
    assert not is_in(first)
    assert is_in(second)


def test_both_are_told(chief):
    first, second = logged_in(), logged_in()
    assert "logged in elsewhere" in read_again(first)
    assert "that login has ended" in text(second.get(OWN))
    assert [event.detail for event in Event.objects.filter(action="login").order_by("id")] == [
        {},
        {"ended_another": True},
    ]


def test_nobody_is_alarmed_after_a_logout_or_a_pause(chief):
    first = logged_in()
    first.post("/logout/")
    second = logged_in()
    assert "that login has ended" not in text(second.get(OWN))
    session = second.session
    session["acted"] = timezone.now().timestamp() - timedelta(hours=1).total_seconds()
    session.save()
    assert "that login has ended" not in text(logged_in().get(OWN))


def test_a_stranger_is_not_told_that_a_login_ended(client):
    client.cookies["django_language"] = "en"
    assert "no longer logged in" not in text(client.get("/", follow=True))


def test_a_changed_password_ends_the_session_a_thief_holds_and_keeps_the_own(chief):
    client, thief = logged_in(), Client()
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    new = {"new_password1": "Plum-blossom-1949", "new_password2": "Plum-blossom-1949"}
    assert client.post(OWN, {"old_password": factories.PASSWORD} | new).status_code == 302
    assert is_in(client)
    assert not is_in(thief)
    chief.refresh_from_db()
    assert chief.session_key == client.session.session_key


def another_role(chief):
    chief.role = "clerk"


def another_place(chief):
    chief.station = factories.station(bureau=chief.station.bureau)


def deactivated(chief):
    chief.is_active = False


@pytest.mark.parametrize("change", [another_role, another_place, deactivated])
def test_another_role_or_place_or_deactivation_ends_the_session(chief, secadmin, change):
    client = logged_in()
    chief.refresh_from_db()
    change(chief)
    accounts.change(chief, by=secadmin, reason="岗位调整")
    assert not is_in(client)


def test_a_role_taken_away_in_the_database_is_gone_with_the_next_request(chief):
    client = logged_in()
    assert client.get("/stations/").status_code == 200
    type(chief).objects.filter(pk=chief.pk).update(role="secadmin", station=None)
    assert client.get("/stations/", headers={"Accept": "application/json"}).status_code == 401


def test_a_corrected_name_does_not_end_the_session(chief, secadmin):
    client = logged_in()
    chief.refresh_from_db()
    chief.name = "张伟"
    accounts.change(chief, by=secadmin, reason="更正")
    assert is_in(client)


def test_sessions_that_have_ended_go_at_night(chief):
    client = logged_in()
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    tidy()
    assert not Session.objects.exists()
    assert not is_in(client)
