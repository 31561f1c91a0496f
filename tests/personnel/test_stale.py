"""Accounts that nobody uses are closed at night (T25, T30)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from personnel import accounts
from personnel.models import User
from personnel.tasks import deactivate_stale
from tests import factories
from tests.stations.pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def cheap_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def aged(person, *, login=None, active=None):
    """Let the last login and the beginning of the account lie so many days back; None: there was no login."""
    now = timezone.now()
    values = {"last_login": login and now - timedelta(days=login), "active_since": now - timedelta(days=active or 0)}
    User.objects.filter(pk=person.pk).update(**values)


def is_active(person) -> bool:
    person.refresh_from_db()
    return person.is_active


def log_in():
    return Client().post(reverse("login"), {"username": "cg-chief", "password": factories.PASSWORD})


@pytest.mark.parametrize(
    ("login", "active", "stays"),
    [(91, 400, False), (89, 400, True), (None, 91, False), (None, 89, True), (200, 10, True), (10, 400, True)],
)
def test_an_account_is_deactivated_after_ninety_days_without_a_login(secadmin, chief, login, active, stays):
    aged(chief, login=login, active=active)
    deactivate_stale()
    assert is_active(chief) is stays
    assert Event.objects.filter(action="account.stale", chain=f"account:{chief.pk}").exists() is not stays


def test_the_setting_says_after_how_many_days(settings, secadmin, chief):
    settings.STALE_ACCOUNT_DAYS = 30
    aged(chief, login=31, active=400)
    assert accounts.deactivate_stale() == 1
    assert Event.objects.get(action="account.stale").detail == {"days": 30, "changed": {"is_active": [True, False]}}
    assert accounts.deactivate_stale() == 0


def test_the_security_administrator_who_was_here_last_stays_active(secadmin):
    older = factories.user("secadmin")
    aged(secadmin, login=100, active=400)
    aged(older, login=120, active=400)
    deactivate_stale()
    assert (is_active(secadmin), is_active(older)) == (True, False)


def test_a_deactivated_one_does_not_protect_the_last_active_one(secadmin):
    factories.user("secadmin", is_active=False, last_login=timezone.now())
    aged(secadmin, login=300, active=400)
    deactivate_stale()
    assert is_active(secadmin)


def test_the_login_reads_like_any_failure(secadmin, station):
    chief = factories.user("chief", station, username="cg-chief", password=factories.PASSWORD)
    aged(chief, active=100)
    deactivate_stale()
    answer = log_in()
    assert answer.status_code == 422
    assert "用户名或密码不正确" in text(answer)


def test_the_security_administrator_sees_why_and_activates_it_with_a_reason(as_, secadmin, station):
    chief = factories.user("chief", station, username="cg-chief", password=factories.PASSWORD)
    aged(chief, login=100, active=400)
    deactivate_stale()
    page = reverse("personnel:account_edit", args=[chief.pk])
    client = as_(secadmin)
    assert "nobody had logged in for 90 days" in text(client.get(page))
    values = {"name": chief.name, "role": "chief", "station": station.pk, "bureau": "", "is_active": "on"}
    assert client.post(page, values).status_code == 422
    assert client.post(page, values | {"reason": "借调归来"}).status_code == 302
    deactivate_stale()
    assert is_active(chief)
    assert "nobody had logged in" not in text(client.get(page))
    assert log_in().status_code == 302


def test_whom_somebody_deactivated_reads_by_whom_and_why(as_, secadmin, chief):
    chief.is_active = False
    accounts.change(chief, by=secadmin, reason="已调离")
    page = text(as_(secadmin).get(reverse("personnel:account_edit", args=[chief.pk])))
    assert "by 安全员: 已调离" in page
