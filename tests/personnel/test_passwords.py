"""What a password must be, how long it lasts, and what an administrator's reset is worth (T22)."""

from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from personnel import accounts
from stationstd import env
from tests import factories
from tests.stations.pages import text

pytestmark = pytest.mark.django_db
OWN = reverse("personnel:own_password")
GOOD = "Plum-blossom-1949"


@pytest.fixture(autouse=True)
def cheap_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def person(station):
    return factories.user("chief", station, username="zhang.wei", name="张伟", password=factories.PASSWORD)


def choose(client, new, old=factories.PASSWORD):
    return client.post(OWN, {"old_password": old, "new_password1": new, "new_password2": new})


def aged(person, days):
    person.password_set_at = timezone.now() - timedelta(days=days)
    person.save()


def codes(password, user=None) -> set[str]:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return {wrong.code for wrong in error.error_list}
    return set()


@pytest.mark.parametrize("password", [GOOD, "maple-harbor-21", "长江-Yangtze-9", "x" + "Ab-9" * 31 + "y"])
def test_a_password_that_keeps_the_rules_is_taken(person, password):
    assert codes(password, person) == set()


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("Plum-b-19", "password_length"),
        ("Ab-9" * 32 + "x", "password_length"),
        ("plumblossom1949", "password_kinds"),
        ("plum-blossom", "password_kinds"),
        ("My-zhang-1949", "password_names"),
        ("At-CG01-since-7", "password_names"),
        ("In-ChengGuan-7", "password_names"),
        ("Plum-1234-tree", "password_runs"),
        ("Plum-QWER-tree9", "password_runs"),
        ("Plum-dcba-tree9", "password_runs"),
        ("Plum-7777-tree", "password_runs"),
        ("Gongan@2026-11", "password_pinyin"),
        ("WoAiZhongGuo-49", "password_pinyin"),
        ("password1234", "password_too_common"),
    ],
)
def test_a_password_that_breaks_a_rule_is_refused_by_its_name(person, password, rule):
    assert rule in codes(password, person)


@pytest.mark.parametrize(("role", "wrong"), [("clerk", set()), ("secadmin", {"password_length"})])
def test_an_administrator_needs_fourteen_characters(role, wrong):
    assert codes("Plum-tree-49", factories.user(role)) == wrong


def test_none_of_the_last_five_passwords_comes_back(as_, person):
    client, now = as_(person), factories.PASSWORD
    others = [f"Plum-blossom-19{number}" for number in (51, 62, 73, 84)]
    for new in others:
        assert choose(client, now, now).status_code == 422
        assert choose(client, factories.PASSWORD, now).status_code == 422
        assert choose(client, new, now).status_code == 302
        now = new
    assert choose(client, factories.PASSWORD, now).status_code == 422
    assert choose(client, GOOD, now).status_code == 302
    assert choose(client, factories.PASSWORD, GOOD).status_code == 302


def test_a_password_of_ninety_days_opens_only_the_page_where_it_is_replaced(client, as_, person):
    aged(person, 90)
    client = as_(person)
    assert client.get(reverse("assessments:home")).url == OWN
    assert "Your password is too old" in text(client.get(OWN))
    assert choose(client, GOOD).status_code == 302
    assert client.get(reverse("assessments:home")).status_code == 200


@pytest.mark.parametrize(("days", "is_told"), [(82, False), (84, True)])
def test_a_person_is_told_a_week_before(client, person, days, is_told):
    aged(person, days)
    client.cookies["django_language"] = "en"
    page = client.post(reverse("login"), {"username": "zhang.wei", "password": factories.PASSWORD}, follow=True)
    assert ("Please change it in time" in text(page)) == is_told


@pytest.mark.parametrize("days", ["29", "181", "x"])
def test_the_days_of_a_password_are_from_30_to_180(monkeypatch, days):
    monkeypatch.setenv("PASSWORD_DAYS", days)
    with pytest.raises(ImproperlyConfigured):
        env.whole("PASSWORD_DAYS", 90, between=(30, 180))


def test_the_owner_reads_who_reset_the_password_and_when(client, person, secadmin):
    password = accounts.reset_password(person, by=secadmin)
    client.cookies["django_language"] = "en"
    client.post(reverse("login"), {"username": "zhang.wei", "password": password})
    assert "given by 安全员 on" in text(client.get(OWN))


def test_a_one_time_password_stops_working_after_a_day(client, person, secadmin):
    password = accounts.reset_password(person, by=secadmin)
    client.login(username="zhang.wei", password=password)
    person.refresh_from_db()
    aged(person, 1)
    assert authenticate(username="zhang.wei", password=password) is None
    assert client.get(OWN).url.startswith(reverse("login"))


def test_an_administrator_s_password_opens_no_page_but_its_own_and_no_write(client, person, secadmin):
    """T22: nobody submits for the chief with a password that was just reset."""
    client.login(username="zhang.wei", password=accounts.reset_password(person, by=secadmin))
    assessment = factories.assessment(factories.period(bureau=person.station.bureau), person.station)
    submit = reverse("assessments:submit", args=[assessment.pk])
    assert client.post(submit, {"round": assessment.round, "declared": "on"}).url == OWN
    assert client.post(submit, headers={"Accept": "application/json"}).status_code == 403
    assert client.get(reverse("assessments:detail", args=[assessment.pk])).url == OWN
    assessment.refresh_from_db()
    assert assessment.state == "draft"


def test_a_reset_password_is_not_kept_readable_anywhere(person, secadmin):
    password = accounts.reset_password(person, by=secadmin)
    person.refresh_from_db()
    assert Client().login(username="zhang.wei", password=password)
    assert password not in str(list(person.old_passwords.values())) + person.password
