"""Walk every address × role × own, foreign and missing object × method, and hold it against tests/access/routes.py."""

import re
from typing import NamedTuple
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver, reverse
from psycopg2 import sql

from personnel.roles import ACTS, Role
from stationstd.checks import patterns

from .routes import TABLE
from .scene import LETTERS, MISSING, build

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class Route(NamedTuple):
    name: str
    method: str
    kind: str
    allowed: str
    answer: int

    def roles(self) -> set[str]:
        return set(Role) if self.allowed in "*!" else {LETTERS[letter] for letter in self.allowed}


ROUTES = [
    Route(name, method, kind, allowed, int(answer))
    for name, method, kind, allowed, answer in (line.split() for line in TABLE.strip().splitlines()[1:])
]
WITH_OBJECT = [route for route in ROUTES if route.kind != "-"]


@pytest.fixture
def scene(db):
    return build()


def arguments(scene, route: Route, place: str, role: str) -> dict:
    """The URL's own arguments for one thing of this place that this role may see."""
    given = {} if route.kind == "-" else scene.objects["near" if place == "missing" else place][kind_for(route, role)]
    values = {name: given[name] for name in parameters(route.name) if name in given}
    if place == "missing":
        values |= {name: nowhere(name, values[name], route) for name in ("pk", "code", "period") if name in values}
    return values


def kind_for(route: Route, role: str) -> str:
    """Of a report the one this role asked for; of evidence the bureau sees what has been handed in."""
    if route.kind == "report":
        return f"report {role if role in route.roles() else 'reviewer'}"
    return "handed in" if route.kind == "evidence" and role in ("reviewer", "leader") else route.kind


def nowhere(name: str, value, route: Route):
    """An argument of the right shape that names nothing."""
    if name == "code":
        return "nowhere"
    return uuid4() if not isinstance(value, int) else MISSING


def parameters(name: str) -> list[str]:
    """The names in the route's pattern."""
    *namespaces, last = name.split(":")
    resolver = get_resolver()
    for namespace in namespaces:
        resolver = resolver.namespace_dict[namespace][1]
    return resolver.reverse_dict.getlist(last)[0][0][0][1]


def visit(client, route: Route, values: dict, method: str | None = None):
    """The answer; what the request wrote is undone, a logout too."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        response = visit_for_good(client, route, values, method)
        transaction.set_rollback(True)
    client.cookies = cookies
    return response


def visit_for_good(client, route: Route, values: dict, method: str | None = None):
    return client.generic(method or route.method, reverse(route.name, kwargs=values))


def clients(scene):
    for role, person in scene.people.items():
        client = Client()
        client.force_login(person)
        yield role, client


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
                if got != 405 and route.name != "login":  # whoever is logged in is sent on from there
                    wrong[role.value, route.name, method] = got
    assert wrong == {}


def test_a_leader_changes_nothing_whatever_he_sends(scene):
    client = Client()
    client.force_login(scene.people[Role.LEADER])
    allowed = {"logout", "language", "personnel:own_password", "personnel:second_factor_begin", "assessments:reports"}
    allowed |= {"assessments:report_retry", "assessments:report_cancel"}
    before = _rows()
    for route in ROUTES:
        if route.name not in allowed:
            for method in ("POST", "PUT", "PATCH", "DELETE"):
                visit_for_good(client, route, arguments(scene, route, "near", Role.LEADER), method)
    assert _rows() == before


def test_looking_at_every_page_writes_nothing_but_what_was_read(scene):
    logged_in = list(clients(scene))
    before = _rows()
    for role, client in logged_in:
        for route in ROUTES:
            if route.method == "GET":
                visit_for_good(client, route, arguments(scene, route, "near", role))
    assert _rows() == before


# Sessions come and go with a login; the log says that evidence, reports or the log itself were read.
_MAY_GROW = {"django_session", "audit_event", "audit_chain"}


_DIGEST = sql.SQL("SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) FROM {} t")


def _rows() -> dict[str, str]:
    """A digest of every table but those that a reader may add to."""
    tables = sorted(set(connection.introspection.table_names()) - _MAY_GROW)
    with connection.cursor() as cursor:
        found = {}
        for table in tables:
            cursor.execute(
                f'SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), %s)) FROM "{table}" t', [""]
            )
            found[table] = cursor.fetchone()[0]
    return found


def test_every_act_of_the_role_table_is_asked_for_by_some_view():
    asked = {view.act for _name, view in patterns() if hasattr(view, "act")}
    inside_acts = {"evidence.add"}
    assert set(ACTS) == asked | inside_acts
