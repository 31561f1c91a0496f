"""Many locks in a day are an alarm (T30)."""

import logging
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from audit import alarms, events
from audit.models import Event
from personnel import lockout
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def locked():
    """A function that locks so many accounts, each by five wrong passwords."""

    def lock(times):
        for _each in range(times):
            person = factories.user("auditor")
            for _try in range(lockout.TRIES):
                number = lockout.take_try(person.username)
                lockout.note_failure(person.username, number)

    return lock


def page_of(client, role, address) -> str:
    client.force_login(factories.user(role))
    client.cookies["django_language"] = "en"
    return client.get(reverse(address)).content.decode()


def test_the_tenth_lock_within_a_day_is_recorded_and_warned_of_once(locked, caplog):
    locked(9)
    assert not Event.objects.filter(action="account.lock_alarm").exists()
    locked(1)
    alarm = Event.objects.get(action="account.lock_alarm")
    assert (alarm.chain, alarm.detail) == ("administration", {"locks": 10})
    locked(2)
    assert Event.objects.filter(action="account.lock_alarm").count() == 1
    assert [(line.name, line.levelno) for line in caplog.records] == [("audit.alarm", logging.WARNING)]


@pytest.mark.parametrize(("role", "address"), [("secadmin", "personnel:accounts"), ("auditor", "audit:list")])
def test_security_administrator_and_auditor_see_it(locked, client, role, address):
    locked(9)
    assert "in the last 24 hours" not in page_of(client, role, address)
    locked(2)
    assert "Accounts were locked 11 times in the last 24 hours" in page_of(client, role, address)


def test_locks_of_the_day_before_yesterday_are_no_alarm():
    yesterday = timezone.now() - timedelta(hours=25)
    for number in range(12):
        Event.objects.create(action="account.lock", chain=f"account:{number}", at=yesterday)
    assert alarms.locks() == 0
    events.record("account.lock", "account:1")
    alarms.note_lock()
    assert not Event.objects.filter(action="account.lock_alarm").exists()
