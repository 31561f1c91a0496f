"""Walk every address × role × own, foreign and missing object × method, and hold it against tests/access/routes.py."""

import re
from copy import deepcopy

import pytest
from django.test import Client

from personnel.roles import ACTS, Role
from stationstd.checks import patterns
from tests.shared import rows as shared_rows

from .scene import build
from .walk import ROUTES, WITH_OBJECT, arguments, clients, rows, visit, visit_for_good


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    yield from shared_rows(build, django_db_blocker)


@pytest.fixture
def scene(made, db):
    return deepcopy(made)


def test_every_address_of_the_product_stands_in_the_table_once():
    known = [route.name for route in ROUTES]
    assert sorted(known) == sorted({name for name, _view in patterns()})


def test_each_role_gets_what_the_table_says_for_its_own_things(scene):
    wrong = {}
    for role, client in clients(scene):
        for route in ROUTES:
            got = visit(client, route, arguments(scene, route, "near", role)).status_code
            if got != (route.answer if role in route.roles() else 403):
                wrong[role.value, route.name] = got
    assert wrong == {}


@pytest.mark.parametrize("place", ["far", "missing"])
def test_what_is_out_of_reach_looks_like_what_does_not_exist(scene, place):
    wrong = {}
    for role, client in clients(scene):
        for route in WITH_OBJECT:
            # Accounts have no place and editions belong to everybody: only a missing one is out of reach.
            where = "missing" if route.kind in ("account", "edition") else place
            got = visit(client, route, arguments(scene, route, where, role)).status_code
            if got != (404 if role in route.roles() else 403):
                wrong[role.value, route.name] = got
    assert wrong == {}


def test_a_foreign_thing_and_a_missing_one_are_answered_with_the_same_page(scene):
    client = Client()
    client.force_login(scene.people[Role.CHIEF])
    for route in WITH_OBJECT:
        if Role.CHIEF in route.roles() and route.kind not in ("edition", "account"):
            foreign = visit(client, route, arguments(scene, route, "far", Role.CHIEF))
            missing = visit(client, route, arguments(scene, route, "missing", Role.CHIEF))
            assert _without_token(foreign) == _without_token(missing), route.name


_DIFFERS = re.compile("csrf|nonce|next", re.IGNORECASE)


def _without_token(response) -> list[str]:
    """The page's lines but for those that differ between any two answers."""
    lines = response.content.decode().splitlines()
    return [line for line in lines if not _DIFFERS.search(line)]


def test_a_stranger_is_sent_to_the_login_and_learns_nothing(scene):
    wrong = {}
    for route in ROUTES:
        for place in ("near", "missing"):
            got = visit(Client(), route, arguments(scene, route, place, "chief")).status_code
            if got != _OPEN.get(route.name, 302):
                wrong[place, route.name] = got
    assert wrong == {}


_OPEN = {"login": 200, "language": 400, "healthz": 200, "readyz": 200}


def test_no_method_does_what_the_page_is_not_for(scene):
    wrong = {}
    for role, client in clients(scene):
        for route in ROUTES:
            others = {"PUT", "PATCH", "DELETE"} | ({"GET"} if route.method == "POST" else set())
            for method in others if role in route.roles() else ():
                got = visit(client, route, arguments(scene, route, "near", role), method).status_code
                if got != 405 and route.name not in ("login", "login_code"):  # who is logged in is sent on from there
                    wrong[role.value, route.name, method] = got
    assert wrong == {}


def test_a_leader_changes_nothing_whatever_he_sends(scene):
    client = Client()
    client.force_login(scene.people[Role.LEADER])
    allowed = {"logout", "language", "personnel:own_password", "personnel:second_factor_begin", "assessments:reports"}
    allowed |= {"assessments:report_retry", "assessments:report_cancel"}
    before = rows()
    for route in ROUTES:
        if route.name not in allowed:
            for method in ("POST", "PUT", "PATCH", "DELETE"):
                visit_for_good(client, route, arguments(scene, route, "near", Role.LEADER), method)
    assert rows() == before


def test_looking_at_every_page_writes_nothing_but_what_was_read(scene):
    logged_in = list(clients(scene))
    before = rows()
    for role, client in logged_in:
        for route in ROUTES:
            if route.method == "GET":
                visit_for_good(client, route, arguments(scene, route, "near", role))
    assert rows() == before


def test_every_act_of_the_role_table_is_asked_for_by_some_view():
    asked = {view.act for _name, view in patterns() if hasattr(view, "act")}
    inside_acts = {"evidence.add"}
    assert set(ACTS) == asked | inside_acts
