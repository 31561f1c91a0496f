"""T37, T38: what stands behind the question mark chooses among what the page offers, and leads nowhere else."""

import re
from copy import deepcopy
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from personnel.roles import Role
from tests import factories
from tests.access.scene import build
from tests.access.test_matrix import ROUTES, arguments
from tests.shared import rows

from .crawler import as_person

INJECTIONS = (
    "password",
    "-station__people__password",
    "id; DROP TABLE personnel_user--",
    "' OR 1=1 --",
    "(SELECT pg_sleep(9))",
    "__class__",
    "1e9",
    "-1",
    "９９９９９９９９９９９９９９",
    "9" * 30,
    "%s%n",
)
# What a page knows: (role, page, key). Any other word is refused in words, or names nothing that is there.
KNOWN = (
    ("reviewer", "assessments:desk", "sort"),
    ("reviewer", "assessments:desk", "state"),
    ("reviewer", "assessments:desk", "period"),
    ("reviewer", "assessments:publish", "bureau"),
    ("leader", "assessments:ranking_period", "sort"),
    ("leader", "assessments:ranking_period", "within"),
    ("leader", "assessments:ranking_period", "show"),
    ("leader", "assessments:ranking_period", "after"),
    ("leader", "assessments:comparison", "order"),
    ("leader", "assessments:comparison", "a"),
    ("leader", "assessments:reports", "period"),
    ("leader", "assessments:reports", "a"),
    ("leader", "assessments:year", "year"),
    ("sysadmin", "stations:organisation", "bureau"),
    ("secadmin", "personnel:accounts", "role"),
    ("secadmin", "personnel:accounts", "active"),
    ("auditor", "audit:list", "action"),
    ("auditor", "audit:list", "since"),
)
UNKNOWN = {
    "name__regex": ".*",
    "_connector": "OR 1=1) OR (1=1",
    "_negated": "1",
    "station__people__password__startswith": "a",
    "ordering": "password",
    "o": "-1",
    "fields": "password",
    "format": "json",
}
# What differs between any two answers: nonces, tokens, numbers of operations, and links that keep the question.
_DIFFERS = re.compile(r'nonce="[^"]*"|"[A-Za-z0-9]{64}"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}')


def published():
    """As in tests/access; the quarter is published, so that there is something to sort."""
    scene = build()
    period = factories.period(bureau=scene.people[Role.REVIEWER].bureau)
    factories.published(period)
    scene.objects["near"]["period"] = {"pk": period.pk, "period": period.pk}
    return scene


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    yield from rows(published, django_db_blocker)


@pytest.fixture
def scene(made, db):
    return deepcopy(made)


def _address(scene, name: str, role: str) -> str:
    route = next(route for route in ROUTES if route.name == name)
    return reverse(name, kwargs=arguments(scene, route, "near", role))


def test_a_word_the_page_does_not_offer_is_refused_in_words(scene):
    wrong = {}
    for role, name, key in KNOWN:
        client = as_person(scene.people[role])
        address = _address(scene, name, role)
        for value in INJECTIONS:
            answer = client.get(address, {key: value})
            said = re.search(r'data-code="(invalid|not_found)"|is-invalid|invalid-feedback', answer.content.decode())
            if answer.status_code not in (400, 404, 422) or not said:
                wrong[name, key, value] = answer.status_code
    assert wrong == {}


def test_a_word_no_page_knows_changes_nothing(scene):
    """Nothing of the address goes into a query but what the page reads by name."""
    clients, wrong = {role: as_person(person) for role, person in scene.people.items()}, {}
    for route in ROUTES:
        if route.method == "GET" and route.name not in ("login", "audit:list"):
            role = next(role for role in clients if role in route.roles())
            address = reverse(route.name, kwargs=arguments(scene, route, "near", role))
            plain, asked = clients[role].get(address), clients[role].get(address, UNKNOWN)
            if plain.status_code != asked.status_code or _told(plain) != _told(asked):
                wrong[route.name] = asked.status_code
    assert wrong == {}


def _told(answer) -> str:
    """The page's own words, without what keeps its address."""
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return ""
    page = re.sub(r"<[^>]*>", " ", re.sub(r"(?s)^.*?<main", "<main", answer.content.decode()))
    return _DIFFERS.sub("", page)


def test_a_search_takes_signs_as_letters(scene):
    client = as_person(scene.people[Role.REVIEWER])
    for words in ("%", "_", "\\", "'", '"', "' OR '1'='1", "城%关", "(", "[a-z]", "*"):
        page = client.get("/stations/", {"q": words})
        assert page.status_code == 200
        assert "城关派出所" not in re.sub(r"<[^>]*>", "", page.content.decode().split("<main")[1]), words


AWAY = (
    "//evil.test",
    "///evil.test",
    "https:evil.test",
    "https:///evil.test",
    "http://testserver@evil.test/",
    "http://testserver.evil.test/",
    "/\\evil.test",
    "\\\\evil.test",
    "/\t/evil.test",
    "/%09/evil.test",
    "/%0d%0aLocation: https://evil.test",
    "/\r\nLocation: https://evil.test",
    "javascript:alert(1)",
    "data:text/html,x",
    " //evil.test",
    "\x01//evil.test",
    "/..//evil.test",
)


def _stays(location: str) -> bool:
    """Whether a browser stays on this host; it drops tabs and line ends and takes \\ for /."""
    seen = re.sub("[\t\r\n]", "", location).strip().replace("\\", "/")
    whole = urlsplit(urljoin("http://testserver/x/", seen))
    return whole.scheme == "http" and whole.netloc == "testserver"


@pytest.mark.parametrize("away", AWAY)
def test_no_next_leads_away(db, away):
    client = Client()
    person = factories.user("auditor", username="auditor", password=factories.PASSWORD)
    login = client.post(f"{reverse('login')}", {"username": "auditor", "password": factories.PASSWORD, "next": away})
    answers = [login, client.get(reverse("login"), {"next": away})]
    answers.append(client.post(reverse("language"), {"code": "en", "next": away}))
    answers.append(client.post(reverse("login"), {"username": person.username, "password": "x", "next": away}))
    answers.append(client.post(f"/nothing/{away}"))
    stranger = Client()
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{away}"}
    answers.append(stranger.get("/ranking/", headers=headers))
    for answer in answers:
        for name in ("Location", "HX-Redirect"):
            assert _stays(answer.headers.get(name, "/")), (away, answer.headers[name])
            assert "\n" not in answer.headers.get(name, "")
        page = answer.content.decode()
        links = re.findall(r'(?:href|action|value)="([^"]*evil[^"]*)"', page)
        assert all(_stays(link) for link in links if not link.startswith("javascript")) or 'name="next"' in page


@pytest.mark.parametrize("away", [word for word in AWAY if "\r" not in word and "\x01" not in word])
def test_the_way_back_from_a_refusal_stays_here(db, away):
    client = as_person(factories.user("chief"))
    page = client.get("/desk/", headers={"Referer": away}).content.decode()
    links = re.findall(r'class="btn[^"]*" href="([^"]*)"', page)
    assert links
    assert all(_stays(link) for link in links)
