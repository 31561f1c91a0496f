"""The printed logins work and nobody else's do."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.management import call_command

from assessments.demo.people import LOGINS
from personnel.models import User
from personnel.roles import Role
from stations.models import Bureau

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("login", LOGINS, ids=lambda login: login.username)
def test_everybody_printed_can_log_in(client, login):
    assert client.login(username=login.username, password=login.password)


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("login", LOGINS, ids=lambda login: login.username)
def test_a_demo_password_passes_the_rules_for_passwords(login):
    validate_password(login.password, User.objects.get(username=login.username))


@pytest.mark.usefixtures("demo")
def test_every_station_has_a_chief_and_only_those_of_the_story_have_a_password():
    chiefs = User.objects.filter(role=Role.CHIEF)

    assert chiefs.count() == 56
    assert sorted(c.station.code for c in chiefs if c.has_usable_password()) == ["JS01", "JS02", "JS03", "JS04"]


@pytest.mark.usefixtures("demo")
def test_every_role_can_be_tried():
    assert {login.role for login in LOGINS} == set(Role)


@pytest.mark.usefixtures("demo")
def test_the_table_of_logins_names_everybody_with_password_and_place():
    printed = StringIO()
    call_command("demo_logins", stdout=printed)

    for login in LOGINS:
        assert f"{login.username} " in printed.getvalue()
        assert f" {login.password} " in printed.getvalue()
    assert "城关派出所 Chengguan Station" in printed.getvalue()


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_both_readmes_have_the_logins(name):
    text = (Path(settings.BASE_DIR) / name).read_text("utf-8")

    assert all(f"`{login.username}`" in text and f"`{login.password}`" in text for login in LOGINS)


@pytest.mark.usefixtures("demo")
def test_loading_again_does_nothing():
    before = User.objects.count(), Bureau.objects.count()
    said = StringIO()
    call_command("load_demo", stdout=said)

    assert "nothing was loaded" in said.getvalue()
    assert (User.objects.count(), Bureau.objects.count()) == before
