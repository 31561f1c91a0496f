"""A code from the phone besides the password (T10, T22, T30)."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from personnel import codes, confirming, factors, lockout
from personnel.models import FailedLogins, SecondFactor, User
from personnel.roles import Role
from stationstd import env
from stationstd import settings as product
from tests import factories
from tests.stations.pages import text

from .phone import Phone, enrolled, wrong

pytestmark = pytest.mark.django_db
LOGIN, CODE, OWN = reverse("login"), reverse("login_code"), reverse("personnel:second_factor")
BEGIN = reverse("personnel:second_factor_begin")


@pytest.fixture(autouse=True)
def cheap_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def person(station):
    return factories.user("chief", station, username="cg-chief", password=factories.PASSWORD)


@pytest.fixture
def phone(person):
    return enrolled(person)


def with_password(password=factories.PASSWORD, username="cg-chief", **fields) -> Client:
    """A browser that has sent the first half of a login."""
    client = Client()
    client.cookies["django_language"] = "en"
    client.answer = client.post(LOGIN, {"username": username, "password": password, **fields})
    return client


def give(client, code):
    return client.post(CODE, {"code": code})


def is_in(client) -> bool:
    return client.get(reverse("personnel:own_password")).status_code == 200


def test_the_password_alone_opens_nothing_and_the_code_completes_the_login(phone):
    client = with_password(next="/account/password/")
    assert client.answer.url == CODE
    assert not is_in(client)
    assert give(client, phone.code()).url == "/account/password/"
    assert is_in(client)
    assert Event.objects.filter(action="login").get().detail == {"factor": "code"}


def test_a_code_without_a_password_before_it_is_nothing(phone):
    client = Client()
    assert client.get(CODE).url == LOGIN
    assert give(client, phone.code()).url == LOGIN
    assert not is_in(client)


def test_a_wrong_password_does_not_lead_to_the_code(phone):
    client = with_password("wrong")
    assert client.answer.status_code == 422
    assert give(client, phone.code()).url == LOGIN


def test_a_code_is_taken_once(phone):
    code = phone.code()
    assert give(with_password(), code).status_code == 302
    again = give(with_password(), code)
    assert again.status_code == 422
    assert "The code is not right" in text(again)
    assert give(with_password(), phone.code(+1)).status_code == 302


def test_codes_at_the_same_moment_of_two_browsers_let_one_in(phone):
    first, second = with_password(), with_password()
    assert give(first, phone.code()).status_code == 302
    assert give(second, phone.code()).status_code in {302, 422}
    assert not is_in(second)


@pytest.mark.parametrize("later", [-3, -2, 2, 3])
def test_a_code_of_another_minute_is_not_taken(phone, later):
    User.objects.update(second_factor_at=timezone.now())
    SecondFactor.objects.update(last_step=None)
    assert give(with_password(), phone.code(later)).status_code == 422


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "-12345", "12.456", "１２ ３"])
def test_what_is_no_code_is_refused(phone, typed):
    assert give(with_password(), typed).status_code == 422


def test_a_code_may_be_typed_in_two_groups(phone):
    code = phone.code()
    assert give(with_password(), f" {code[:3]} {code[3:]} ").status_code == 302


def test_codes_are_not_guessed_and_the_right_password_does_not_begin_the_count_anew(phone):
    for _each in range(lockout.TRIES):
        assert give(with_password(), wrong(phone)).status_code == 422
    assert with_password().answer.status_code == 422
    assert Event.objects.filter(action="account.lock").count() == 1
    assert Event.objects.filter(action="login_failed", detail={"factor": "code"}).count() == lockout.TRIES


def test_a_locked_account_takes_no_code_of_a_login_begun_before(phone):
    client = with_password()
    for number in range(lockout.TRIES):
        with_password(f"wrong {number}")
    assert give(client, phone.code()).status_code == 422


def test_four_wrong_passwords_do_not_keep_the_right_one_and_its_code_out(phone):
    for number in range(lockout.TRIES - 1):
        with_password(f"wrong {number}")
    assert give(with_password(), phone.code()).status_code == 302
    assert FailedLogins.objects.get(of__startswith="name:").count == 0


def test_wrong_codes_close_an_address_like_wrong_passwords(phone):
    give(with_password(), wrong(phone))
    assert FailedLogins.objects.get(of__startswith="address:").count == 1
    FailedLogins.objects.filter(of__startswith="address:").update(count=lockout.FAILURES_OF_AN_ADDRESS - 1)
    client = with_password()
    give(client, wrong(phone))
    assert give(client, phone.code()).status_code == 429


def test_the_code_has_to_come_within_five_minutes(phone):
    client = with_password()
    session = client.session
    session["password_right"]["at"] -= timedelta(minutes=5, seconds=1).total_seconds()
    session.save()
    assert give(client, phone.code()).url == LOGIN


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": "clerk"}, {"password": "other"}])
def test_what_ends_a_session_ends_a_login_that_waits_for_its_code(phone, change):
    client = with_password()
    User.objects.update(**change)
    assert give(client, phone.code()).url == LOGIN


def test_a_session_that_never_showed_the_factor_ends(as_, phone, person):
    person.refresh_from_db()
    assert not is_in(as_(person))


@pytest.mark.django_db(transaction=True)
def test_the_same_code_from_eight_browsers_at_once_is_taken_once():
    person = factories.user("secadmin", username="boss", password=factories.PASSWORD)
    code = enrolled(person).code()

    def attempt(_number):
        try:
            return codes.take(person, code)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(attempt, range(8))) == 1


# Setting it up


def set_up(client) -> Phone:
    page = text(client.get(client.post(BEGIN).url))
    return Phone(page[page.index('class="one-time">') + len('class="one-time">') :].split("<")[0])


def test_anybody_sets_up_a_second_factor_and_stays_logged_in(as_, person):
    client = as_(person)
    assert "Set up" in text(client.get(OWN))
    phone = set_up(client)
    page = text(client.get(OWN))
    assert 'src="data:image/svg+xml' in page
    assert client.post(OWN, {"code": wrong(phone)}).status_code == 422
    assert client.post(OWN, {"code": phone.code()}).status_code == 302
    assert is_in(client)
    assert Event.objects.filter(action="account.factor", by=person).exists()
    assert with_password().answer.url == CODE


def test_an_unfinished_one_is_not_asked_and_begins_anew(as_, person):
    client = as_(person)
    old = set_up(client)
    assert with_password().answer.url == "/"
    person.refresh_from_db()
    client = as_(person)
    new = set_up(client)
    assert client.post(OWN, {"code": old.code()}).status_code == 422
    assert client.post(OWN, {"code": new.code()}).status_code == 302


def test_nobody_sets_one_up_on_a_page_left_open(as_, person):
    client = as_(person)
    User.objects.update(last_login=timezone.now() - timedelta(minutes=6))
    assert client.post(BEGIN).status_code == 403
    assert not SecondFactor.objects.exists()


def test_opening_the_page_writes_nothing(as_, person):
    assert as_(person).get(OWN).status_code == 200
    assert not SecondFactor.objects.exists()


def test_the_owner_does_not_replace_or_see_the_own_secret_again(phone, person):
    client = with_password()
    give(client, phone.code())
    before = SecondFactor.objects.values().get()
    assert client.post(BEGIN).status_code == 403
    assert "one-time" not in text(client.get(OWN))
    assert client.post(OWN, {"code": phone.code(+1)}).status_code == 422
    assert SecondFactor.objects.values().get() == before
    with pytest.raises(PermissionDenied):
        factors.reset(person, by=person, reason="verloren")


def test_a_role_that_must_have_one_sets_it_up_before_anything_else(settings, person):
    settings.SECOND_FACTOR_ROLES = ["chief"]
    client = with_password()
    registers = reverse("stations:registers", args=["CG01"])
    assert client.get(registers).url == OWN
    assert client.get(registers, headers={"HX-Request": "true"}).headers["HX-Redirect"] == OWN
    refused = client.get(registers, headers={"Accept": "application/json"})
    assert (refused.status_code, refused.json()) == (403, {"code": "factor"})
    assert "Your role needs a second factor" in text(client.get(OWN))
    assert client.post(OWN, {"code": set_up(client).code()}).status_code == 302
    assert client.get(registers).status_code == 200


def test_another_role_may_go_without(settings, as_, station):
    settings.SECOND_FACTOR_ROLES = ["secadmin"]
    assert as_(factories.user("clerk", station)).get(reverse("stations:registers", args=["CG01"])).status_code == 200


def test_a_role_that_does_not_exist_stops_the_start(monkeypatch):
    assert set(product._ROLES) == set(Role.values)
    monkeypatch.setenv("SECOND_FACTOR_ROLES", "secadmin,chef")
    with pytest.raises(ImproperlyConfigured, match="'chef'"):
        env.some_of("SECOND_FACTOR_ROLES", product._ROLES)


# Losing it


def test_the_security_administrator_resets_it_with_a_reason_and_the_owner_is_told(as_, secadmin, person, phone):
    client = with_password()
    give(client, phone.code())
    address = reverse("personnel:account_factor_reset", args=[person.pk])
    assert "Reset the second factor" in text(as_(secadmin).get(reverse("personnel:account_edit", args=[person.pk])))
    assert as_(secadmin).post(address, {"reason": " "}).status_code == 400
    assert as_(secadmin).post(address, {"reason": "手机遗失，本人到场"}).status_code == 302
    assert as_(secadmin).post(address, {"reason": "再来"}).status_code == 409
    event = Event.objects.get(action="account.factor_reset")
    assert (event.by, event.reason, event.chain) == (secadmin, "手机遗失，本人到场", f"account:{person.pk}")
    assert not is_in(client)

    again = with_password()
    page = text(again.get(again.answer.url, follow=True))
    assert "Your second factor was reset by 安全员" in page
    assert "Your second factor was reset" not in text(with_password().get("/", follow=True))


def test_nobody_resets_the_own_one(as_, secadmin):
    address = reverse("personnel:account_factor_reset", args=[secadmin.pk])
    assert as_(secadmin).post(address, {"reason": "自己"}).status_code == 403


def test_whoever_runs_the_server_resets_the_one_of_the_last_security_administrator(secadmin):
    enrolled(secadmin)
    call_command("reset_second_factor", "sec", reason="唯一的安全管理员换手机", stdout=StringIO())
    secadmin.refresh_from_db()
    assert secadmin.second_factor_at is None
    for name in ("sec", "nobody"):
        with pytest.raises(CommandError):
            call_command("reset_second_factor", name, reason="再来")


# Confirming an act


def confirm(client, address, **sent):
    return client.post(address, sent)


def test_an_act_that_binds_asks_for_password_and_code(secadmin, chief):
    User.objects.filter(pk=secadmin.pk).update(password=factories.user("auditor", password=factories.PASSWORD).password)
    secadmin.refresh_from_db()
    phone = enrolled(secadmin)
    client = with_password(username="sec")
    give(client, phone.code())
    User.objects.filter(pk=secadmin.pk).update(last_login=timezone.now() - timedelta(minutes=6))
    reset = reverse("personnel:account_password", args=[chief.pk])
    assert confirming.CODE_FIELD in text(client.post(reset))
    password = {confirming.FIELD: factories.PASSWORD}
    assert client.post(reset, password).status_code == 403
    assert client.post(reset, password | {confirming.CODE_FIELD: wrong(phone)}).status_code == 403
    assert client.post(reset, {confirming.CODE_FIELD: phone.code(+1)}).status_code == 403
    assert client.post(reset, password | {confirming.CODE_FIELD: phone.code(+1)}).status_code == 200
    assert Event.objects.filter(action="account.wrong_password", by=secadmin).count() == 2


# Keeping it


def test_the_secret_is_kept_encrypted_and_never_logged(phone, person, caplog):
    caplog.set_level(logging.DEBUG)
    client = with_password()
    give(client, wrong(phone))
    give(client, phone.code())
    stored = SecondFactor.objects.get().secret
    key = codes.typed_key(person)
    for secret in (phone.totp.key.hex(), key, key.replace(" ", "")):
        assert secret not in stored
        assert secret not in caplog.text
        assert secret not in str(list(Event.objects.values("detail", "reason")))


def test_keys_are_changed_one_after_the_other(settings, phone, person, caplog):
    settings.SECOND_FACTOR_KEYS = ["the new one", *settings.SECOND_FACTOR_KEYS]
    assert codes.take(person, phone.code())
    settings.SECOND_FACTOR_KEYS = ["the new one"]
    assert not codes.take(person, phone.code(+1))
    assert f"account {person.pk}" in caplog.text
