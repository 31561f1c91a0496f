"""T32: another site can neither make somebody's browser write nor put the product into a frame."""

import json
from copy import deepcopy

import pytest
from django.test import Client

from personnel.roles import Role
from tests.access.scene import build
from tests.access.test_matrix import ROUTES, arguments, visit
from tests.shared import rows

TOKEN = "a" * 32
OTHER = "b" * 32
_FORM = "application/x-www-form-urlencoded"
_BODY = f"csrfmiddlewaretoken={TOKEN}".encode()


def forged(method: str) -> dict[str, dict]:
    """What a page of another site could make a browser send, by name."""
    sent = {"method": method, "content_type": _FORM}
    return {
        "no token": sent | {"data": b""},
        "a wrong token": sent | {"data": f"csrfmiddlewaretoken={OTHER}".encode()},
        "the token of another session": sent | {"data": b"", "headers": {"X-CSRFToken": OTHER}},
        "a foreign origin": sent | {"data": _BODY, "headers": {"Origin": "https://evil.test"}},
        "no origin": sent | {"data": _BODY, "headers": {"Origin": "null"}},
        "a foreign page": sent | {"data": _BODY, "secure": True, "headers": {"Referer": "https://evil.test/x"}},
        "no page": sent | {"data": _BODY, "secure": True},
        "text that is JSON": {
            "method": method,
            "data": json.dumps({"csrfmiddlewaretoken": TOKEN}).encode(),
            "content_type": "text/plain",
        },
    }


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    yield from rows(build, django_db_blocker)


@pytest.fixture
def scene(made, db):
    return deepcopy(made)


class Browser(Client):
    """One that has the cookie of a token and is asked for it, unlike Django's test client."""

    def __init__(self, person):
        super().__init__(enforce_csrf_checks=True)
        self.force_login(person)
        self.cookies["csrftoken"] = TOKEN
        self.sent: dict = {}

    def generic(self, method, path, *_arguments, **_options):
        return super().generic(method, path, **{name: value for name, value in self.sent.items() if name != "method"})


def _writer(scene, route):
    """Somebody who may do it."""
    return next(person for role, person in scene.people.items() if role in route.roles())


def test_no_write_is_done_without_the_token_of_the_own_session(scene):
    browsers = {person.pk: Browser(person) for person in scene.people.values()}
    wrong = {}
    for route in ROUTES:
        person = _writer(scene, route)
        browser, values = browsers[person.pk], arguments(scene, route, "near", person.role)
        for method in ("POST", "DELETE") if route.method == "POST" else ("POST",):
            ways = forged(method)
            for name, sent in ways.items() if method == "POST" else [("no token", ways["no token"])]:
                browser.sent = sent | {"headers": sent.get("headers", {}) | {"Accept": "application/json"}}
                answer = visit(browser, route, values, method)
                if answer.status_code != 403 or answer.json()["code"] != "csrf":
                    wrong[route.name, method, name] = answer.status_code
    assert wrong == {}


def test_it_is_the_token_that_is_missed(scene):
    """The probe itself: with the token the same request gets through."""
    browser = Browser(scene.people[Role.CHIEF])
    browser.sent = {"data": _BODY + b"&code=en&next=/", "content_type": _FORM}
    assert browser.generic("POST", "/language/").status_code == 302


def test_a_login_cannot_be_forged_either(db):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/login/", {"username": "x", "password": "y"}).status_code == 403
