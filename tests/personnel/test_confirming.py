"""Acts that bind ask for the password again after five minutes (T10), and lose nothing on the way."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Report
from audit.models import Event
from personnel import confirming, lockout
from personnel.models import User
from tests import factories
from tests.stations.pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def cheap_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def later(as_):
    """A function that logs a person in who then does nothing for six minutes."""

    def log_in(person):
        person.set_password(factories.PASSWORD)
        person.save()
        client = as_(person)
        User.objects.filter(pk=person.pk).update(last_login=timezone.now() - timedelta(minutes=6))
        return client

    return log_in


def sent_again(answer) -> dict:
    """What the page that asks carries along, as a browser would send it."""
    page = answer.content.decode()
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page[page.index("<main") :])
    return {unescape(name): unescape(value) for name, value in pairs if name != "csrfmiddlewaretoken"}


def confirm(client, answer, password=factories.PASSWORD):
    return client.post(answer.request["PATH_INFO"], sent_again(answer) | {confirming.FIELD: password})


@pytest.fixture
def filled(db):
    period = factories.period()
    return factories.filled(factories.assessment(period))


def test_a_chief_who_logged_in_long_ago_submits_only_with_the_password(later, filled):
    client = later(factories.anybody("chief", filled.station))
    submit = reverse("assessments:submit", args=[filled.pk])
    asked = client.post(submit, {"round": filled.round, "declared": "on"})
    assert asked.status_code == 403
    assert "Confirm that it is you" in text(asked)
    filled.refresh_from_db()
    assert filled.state == "draft"

    assert confirm(client, asked, "wrong").status_code == 403
    assert confirm(client, asked).status_code == 302
    filled.refresh_from_db()
    assert filled.state == "submitted"


def test_a_clerk_with_the_right_password_still_does_not_submit(later, filled):
    client = later(factories.user("clerk", filled.station))
    submit = reverse("assessments:submit", args=[filled.pk])
    answer = client.post(submit, {"round": filled.round, "declared": "on", confirming.FIELD: factories.PASSWORD})
    assert answer.status_code == 403
    filled.refresh_from_db()
    assert filled.state == "draft"


@pytest.mark.parametrize("headers", [{"Accept": "application/json"}, {"HX-Request": "true"}])
def test_a_script_is_told_that_the_password_is_asked(later, filled, headers):
    client = later(factories.anybody("chief", filled.station))
    answer = client.post(
        reverse("assessments:submit", args=[filled.pk]), {"round": filled.round, "declared": "on"}, headers=headers
    )
    assert answer.status_code == 403
    assert "reauth" in answer.content.decode()


def test_nothing_that_was_typed_is_lost(later, secadmin, station):
    client = later(secadmin)
    name = '王 "内勤" <b>&'
    typed = {"username": "new.clerk", "name": name, "role": "clerk", "station": station.pk, "bureau": ""}
    asked = client.post(reverse("personnel:account_new"), typed)
    assert asked.status_code == 403
    assert not User.objects.filter(username="new.clerk").exists()
    assert confirm(client, asked).status_code == 200
    assert User.objects.get(username="new.clerk").name == name


def test_one_confirmation_lasts_five_minutes(later, secadmin, chief):
    client = later(secadmin)
    reset = reverse("personnel:account_password", args=[chief.pk])
    assert confirm(client, client.post(reset)).status_code == 200
    assert client.post(reset).status_code == 200
    session = client.session
    session["confirmed"] -= confirming.FRESH.total_seconds() + 1
    session.save()
    assert client.post(reset).status_code == 403


@pytest.mark.parametrize("name", ["account_edit", "account_password", "account_unlock"])
def test_whoever_keeps_accounts_confirms_each_kind_of_act(later, secadmin, chief, name):
    before = User.objects.values().get(pk=chief.pk)
    said = {} if name == "account_password" else {"reason": "核实"}
    assert later(secadmin).post(reverse(f"personnel:{name}", args=[chief.pk]), said).status_code == 403
    assert User.objects.values().get(pk=chief.pk) == before


def test_publishing_asks_for_the_password(later, filled):
    client = later(factories.anybody("reviewer", filled.bureau))
    publish = reverse("assessments:publish", args=[filled.period_id])
    assert client.get(publish).status_code == 200
    asked = client.post(publish, {"bureau": filled.bureau.code, "sure": "yes"})
    assert asked.status_code == 403
    assert sent_again(asked) == {"bureau": filled.bureau.code, "sure": "yes"}


def test_a_report_over_many_stations_asks_for_the_password(later, filled):
    client = later(factories.anybody("leader", filled.bureau))
    stations = [str(pk) for pk in filled.period.assessments.values_list("pk", flat=True)]
    asked = client.post(reverse("assessments:reports"), {"period": filled.period_id, "a": stations})
    assert asked.status_code == 403
    assert all(f'name="a" value="{pk}"' in text(asked) for pk in stations)
    assert not Report.objects.exists()


def test_wrong_confirmations_lock_the_account(later, secadmin, chief):
    client = later(secadmin)
    reset = reverse("personnel:account_password", args=[chief.pk])
    asked = client.post(reset)
    for number in range(lockout.TRIES):
        confirm(client, asked, f"wrong {number}")
    assert confirm(client, asked).status_code == 403
    assert lockout.lock_of(secadmin).is_held
    wrong = Event.objects.filter(action="account.wrong_password", chain=f"account:{secadmin.pk}", by=secadmin)
    assert wrong.count() == lockout.TRIES + 1
