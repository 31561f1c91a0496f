"""How the table of routes is walked: which arguments an address takes, who goes there, what is written."""

from contextlib import contextmanager
from typing import NamedTuple
from uuid import uuid4

from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver, reverse

from personnel.roles import Role

from .routes import TABLE
from .scene import LETTERS, MISSING


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
    with undone(client):
        return visit_for_good(client, route, values, method)


@contextmanager
def undone(client):
    """Whatever is sent inside leaves no trace, neither in the database nor with the client."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    client.cookies = cookies


def visit_for_good(client, route: Route, values: dict, method: str | None = None):
    return client.generic(method or route.method, reverse(route.name, kwargs=values))


def clients(scene):
    for role, person in scene.people.items():
        client = Client()
        client.force_login(person)
        yield role, client


# Sessions come and go with a login; the log says that evidence, reports or the log itself were read.
_MAY_GROW = {"django_session", "audit_event", "audit_chain"}


def rows() -> dict[str, str]:
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
