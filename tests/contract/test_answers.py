"""The answers every address gives alike, to pages, fragments and scripts: walked from the table of routes."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from personnel.roles import Role
from stationstd.checks import PUBLIC
from tests.access.walk import ROUTES, WITH_OBJECT, arguments, rows, undone

from .racing import SCRIPT

FORM = "application/x-www-form-urlencoded"
NO_NUMBERS = ("-1", "0", "1e3", "9" * 30, "abc", str(uuid4()))
NO_NAMES = ("1", "-1", str(uuid4()), "00000000-0000-0000-0000-00000000000g")


def role_of(route) -> Role:
    return next(role for role in Role if role in route.roles())


def test_an_identifier_of_any_shape_that_names_nothing_is_the_same_404(scene, logged_in):
    """T3: negative, huge, of another type; a script reads the same bytes as for what is somebody else's."""
    wrong = []
    for route in (route for route in WITH_OBJECT if "pk" in arguments(scene, route, "near", role_of(route))):
        client, values = logged_in[role_of(route)], arguments(scene, route, "near", role_of(route))
        address = reverse(route.name, kwargs=values)
        missing = reverse(route.name, kwargs=arguments(scene, route, "missing", role_of(route)))
        expected = client.generic(route.method, missing, headers=SCRIPT)
        for odd in NO_NUMBERS if isinstance(values["pk"], int) else NO_NAMES:
            forged = address.replace(f"/{values['pk']}/", f"/{odd}/", 1)
            got = client.generic(route.method, forged, headers=SCRIPT)
            if (got.status_code, got.content) != (404, expected.content):
                wrong.append((route.name, odd, got.status_code))
    assert wrong == []


def test_a_script_is_told_in_one_word_what_was_refused(scene, logged_in):
    """401 for a stranger, 403 for another role, 405 for another method; htmx is told where to log in."""
    wrong = []
    for route in ROUTES:
        address = reverse(route.name, kwargs=arguments(scene, route, "near", role_of(route)))
        if route.name not in PUBLIC:
            told = Client().generic(route.method, address, headers=SCRIPT)
            part = Client().generic(route.method, address, headers={"HX-Request": "true"})
            wrong += (
                [(route.name, told.status_code)] if (told.status_code, told.json()) != (401, {"code": "login"}) else []
            )
            wrong += [(route.name, "htmx")] if (part.status_code, "HX-Redirect" in part.headers) != (401, True) else []
        other = next((role for role in Role if role not in route.roles()), None)
        if other:
            told = logged_in[other].generic(route.method, address, headers=SCRIPT)
            wrong += [(route.name, other)] if (told.status_code, told.json()["code"]) != (403, "forbidden") else []
        told = logged_in[role_of(route)].patch(address, headers=SCRIPT)
        if not route.name.startswith("login"):  # whoever is logged in is sent on from there
            known = (told.status_code, told.get("Allow") is not None) == (405, True)
            wrong += [] if known and told.json() == {"code": "method"} else [(route.name, "PATCH", told.status_code)]
    assert wrong == []


def test_no_header_and_no_body_turns_a_look_into_an_act(scene, logged_in):
    """T20, T32: X-HTTP-Method-Override, _method and a GET with a body do nothing that a look does not do."""
    before, wrong, client = rows(), [], logged_in[Role.LEADER]
    disguise = {"X-HTTP-Method-Override": "POST", "X-HTTP-Method": "POST", "X-Method-Override": "DELETE"}
    for route in (route for route in ROUTES if Role.LEADER in route.roles()):
        values = arguments(scene, route, "near", Role.LEADER)
        with undone(client):
            address = reverse(route.name, kwargs=values)
            got = client.generic("GET", address, b"_method=POST&verified_score=1", FORM, headers=disguise)
        if got.status_code != (405 if route.method == "POST" else route.answer):
            wrong.append((route.name, got.status_code))
    assert wrong == []
    assert rows() == before


@pytest.fixture
def saving(scene):
    return reverse("assessments:save", args=[scene.objects["near"]["assessment"]["pk"]])


def test_what_is_too_much_is_413_before_anybody_reads_it(saving, logged_in):
    client, before = logged_in[Role.CHIEF], rows()
    announced = client.generic("POST", saving, b"", FORM, headers=SCRIPT, CONTENT_LENGTH=str(25 * 1024**2 + 1))
    assert (announced.status_code, announced.json()["code"]) == (413, "too_large")
    long = client.post(saving, f"value={'1' * (2 * 1024**2)}", FORM, headers=SCRIPT)
    assert (long.status_code, long.json()) == (413, {"code": "too_large"})
    assert client.post(saving, f"value={'1' * (2 * 1024**2)}", FORM).status_code == 413
    many = client.post(saving, "&".join(f"k{n}=1" for n in range(501)), FORM, headers=SCRIPT)
    assert (many.status_code, many.json()) == (400, {"code": "invalid"})
    assert rows() == before


def test_a_form_that_breaks_off_is_400_and_not_500(saving, logged_in):
    kind = "multipart/form-data; boundary=x"
    for body in (b"--x\r\nContent-Disposition: form-data", b"--y\r\n\r\n", b"", b"\xff\xfe"):
        assert logged_in[Role.CHIEF].generic("POST", saving, body, kind, headers=SCRIPT).status_code == 400
