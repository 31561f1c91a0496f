"""T4: whoever adds a key to a request, anywhere, gets 400 and changes nothing. Walked from the table of routes."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from personnel.roles import Role
from stations.kinds import ROOMS_OF_ZONE
from stations.models import FunctionalZone, Station
from stationstd.checks import patterns
from tests.access.scene import picture
from tests.access.walk import ROUTES, arguments, rows, undone

from .bodies import shown, valid

FORGED = (
    "verified_score verified_by status station station_id cycle round submitted_at deadline weight max_score version "
    "is_locked reviewer_id created_by id pk"
).split()
NESTED = ("item.verified_score", "item[verified_score]", "form-0-id", "form-0-DELETE", "form-TOTAL_FORMS")
VIEWS = dict(patterns())
WRITES = [route for route in ROUTES if hasattr(VIEWS[route.name], "takes")]
FORM = "application/x-www-form-urlencoded"
SCRIPT, FRAGMENT = {"Accept": "application/json"}, {"HX-Request": "true"}


def walk(scene, logged_in):
    """(route, client of a role that may, address, what a browser would send) of every address that takes a POST."""
    for route in WRITES:
        role = next(role for role in Role if role in route.roles())
        client = logged_in[role]
        address = reverse(route.name, kwargs=arguments(scene, route, "near", role))
        yield route, client, address, valid(client, scene, route, role)


def exact(route) -> set[str]:
    """The keys that belong there, without those that are patterns."""
    keys = VIEWS[route.name].takes
    return {name for name in keys.names | keys.several if "*" not in name}


def test_an_address_takes_a_post_only_where_its_view_names_the_keys(scene, logged_in):
    """Every other answers 405; what a browser sends from the product's own pages is known everywhere."""
    closed = {route.name for route in ROUTES if route not in WRITES}
    for route in ROUTES:
        role = next(role for role in Role if role in route.roles())
        address = reverse(route.name, kwargs=arguments(scene, route, "near", role))
        if route.name in closed and logged_in[role].post(address).status_code == 405:
            closed.remove(route.name)
    assert closed == set()
    refused = {}
    for route, client, address, said in walk(scene, logged_in):
        with undone(client):
            answer = client.post(address, said)
        if answer.status_code in (405, 415) or "多余的字段" in answer.content.decode(errors="replace"):
            refused[route.name] = said
    assert refused == {}


def test_no_added_key_is_ignored_anywhere(scene, logged_in):
    """T4: each beside what belongs there; in turn a few of them alone."""
    before, taken = rows(), []
    for number, (route, client, address, said) in enumerate(walk(scene, logged_in)):
        keys = sorted({*FORGED, *NESTED} - exact(route))
        bodies = [urlencode({key: "1"}) for key in keys[number % 5 :: 5]]
        answers = [client.post(address, body, FORM, headers=SCRIPT) for body in bodies]
        answers += [client.post(address, said | {key: "1"}, headers=SCRIPT) for key in keys]
        taken += [(route.name, answer.content) for answer in answers if answer.status_code != 400]
    assert taken == []
    assert rows() == before


def test_no_key_comes_twice_in_the_address_as_a_file_or_in_another_language(scene, logged_in):
    """T4; a body that is no form is 415."""
    before, taken = rows(), []
    for route, client, address, said in walk(scene, logged_in):
        keys = VIEWS[route.name].takes
        plain = urlencode({key: value for key, value in said.items() if isinstance(value, str)})
        once = sorted(exact(route) - keys.several)[:3]
        bodies = [(address, f"{plain}&{key}=1&{key}=1") for key in once]
        bodies += [(f"{address}?{key}=1", plain) for key in ("verified_score", "version")]
        answers = [client.post(where, body, FORM, headers=SCRIPT) for where, body in bodies]
        answers.append(client.post(address, said | {"id": picture()}, headers=FRAGMENT))
        taken += [(route.name, answer.content) for answer in answers if answer.status_code != 400]
        for kind in ("application/json", "text/plain"):
            answer = client.post(address, '{"verified_score": 1}', kind, headers=SCRIPT)
            if (answer.status_code, answer.json().get("code")) != (415, "unsupported"):
                taken.append((route.name, kind, answer.status_code))
    assert taken == []
    assert rows() == before


# The one grid of rows


@pytest.fixture
def zone(scene, logged_in):
    """(client of the chief, address, what the page sends with two rooms)"""
    station = scene.people[Role.CHIEF].station
    made = FunctionalZone.objects.create(station=station, kind="service", boundaries=1, boundaries_controlled=1)
    for name in ("一", "二"):
        made.rooms.create(kind=ROOMS_OF_ZONE["service"][0], name=name)
    client = logged_in[Role.CHIEF]
    address = reverse("stations:zone", args=[station.code, "service"])
    said = shown(client.get(address).content.decode(), address)
    assert said["rooms-TOTAL_FORMS"] == "3"
    return client, address, said


FORGED_ROWS = (
    {"rooms-TOTAL_FORMS": "1000000000"},
    {"rooms-TOTAL_FORMS": "40"},
    {"rooms-TOTAL_FORMS": "2"},
    {"rooms-TOTAL_FORMS": "-1"},
    {"rooms-TOTAL_FORMS": "3.0"},
    {"rooms-0-id": "1"},
    {"rooms-0-zone": "1"},
    {"rooms-3-kind": "reception"},
    {"rooms-__prefix__-kind": "reception"},
    {"rooms--1-kind": "reception"},
    {"rooms-0-has_camera-x": "on"},
)


def test_a_forged_grid_changes_nothing(scene, zone):
    """T4; T3 for the rooms of another station, written and removed"""
    client, address, said = zone
    station = Station.objects.get(code=scene.objects["far"]["station"]["code"])
    foreign = FunctionalZone.objects.create(station=station, kind="service", boundaries=1, boundaries_controlled=1)
    theirs = foreign.rooms.create(kind=ROOMS_OF_ZONE["service"][0], name="别人的").pk
    before, taken = rows(), {}
    grabbed = {"rooms-0-room": str(theirs)}
    for forged in (*FORGED_ROWS, grabbed, grabbed | {"rooms-0-DELETE": "on"}):
        status = client.post(address, said | {"rooms-0-name": "改"} | forged).status_code
        if status != 400:
            taken[str(forged)] = status
    assert taken == {}
    assert rows() == before
    assert client.post(address, said | {"rooms-0-name": "改"}).status_code == 302
    assert rows() != before


def test_a_zero_byte_in_any_text_is_refused_in_words(scene, logged_in):
    """PostgreSQL takes none; a browser sends none, a script does."""
    wrong = {}
    for route, client, address, said in walk(scene, logged_in):
        texts = [name for name, value in said.items() if isinstance(value, str)]
        if not texts:
            continue
        with undone(client):
            answer = client.post(address, said | dict.fromkeys(texts, "a\0b"))
        if answer.status_code != 400 or "不能保存的字符" not in answer.content.decode(errors="replace"):
            wrong[route.name] = answer.status_code
    assert wrong == {}
