"""Who has only half logged in opens nothing, on no address of the product (T22, T31)."""

from copy import deepcopy

import pytest
from django.test import Client
from django.urls import reverse

from personnel import accounts
from personnel.middleware import OPEN, OPEN_TO_HALF, OWN_PASSWORD, SECOND_FACTOR
from personnel.models import User
from personnel.roles import Role
from stationstd.checks import PUBLIC
from tests.access.scene import build
from tests.access.test_matrix import ROUTES, arguments, visit
from tests.shared import rows

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    yield from rows(build, django_db_blocker)


@pytest.fixture
def scene(made, db):
    return deepcopy(made)


def sent_elsewhere(scene, role, client, *, but, to) -> dict:
    """The addresses of the product that do not send this client to `to`, with what they answered."""
    wrong = {}
    for route in ROUTES:
        if route.name not in but | PUBLIC:
            answer = visit(client, route, arguments(scene, route, "near", role))
            if (answer.status_code, answer.headers.get("Location")) != (302, to):
                wrong[route.name] = answer.status_code
    return wrong


def logged_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_after_a_reset_there_is_one_page_until_the_password_is_replaced(scene):
    person = scene.people[Role.CHIEF]
    accounts.reset_password(person, by=scene.people[Role.SECADMIN])
    client = logged_in(User.objects.get(pk=person.pk))
    assert sent_elsewhere(scene, Role.CHIEF, client, but=OPEN, to=reverse(OWN_PASSWORD)) == {}


def test_a_role_without_the_second_factor_it_needs_has_two(scene, settings):
    settings.SECOND_FACTOR_ROLES = [Role.REVIEWER]
    client = logged_in(scene.people[Role.REVIEWER])
    assert sent_elsewhere(scene, Role.REVIEWER, client, but=OPEN_TO_HALF, to=reverse(SECOND_FACTOR)) == {}


def test_a_session_that_has_not_shown_the_second_factor_is_a_stranger_s(scene):
    person = scene.people[Role.LEADER]
    User.objects.filter(pk=person.pk).update(certificate="4F3A CN=CA,O=ga")
    person.refresh_from_db()
    for route in ROUTES:
        if route.name not in PUBLIC:
            answer = visit(logged_in(person), route, arguments(scene, route, "near", Role.LEADER))
            assert (route.name, answer.status_code, answer.url.split("?")[0]) == (route.name, 302, reverse("login"))
