"""Every page of the product in a real browser, as somebody who uses it, with content on it, in both languages.

The pages are those of the table of addresses (tests/access/routes.py): a new one is looked at without being named here.
"""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import TimeoutError

from personnel.roles import Role
from tests.access.scene import LETTERS
from tests.access.walk import ROUTES, Route, arguments
from tests.browser.looking import inaccessible, ready, too_wide
from tests.edges.crawler import Page, as_person, get
from tests.edges.scene import told

PLACES = ("near", "near old", "near autumn")  # a quarter that runs, one that is published, one that went to and fro
LANGUAGES = ("zh-hans", "en")
# No pages here: some lead on to others, a code is asked between two halves of a login, evidence of the scene is
# pictures, and a worker makes the files.
ELSEWHERE = {
    "home",
    "login_code",
    "assessments:whatif",
    "assessments:edition_differences",
    "assessments:evidence_page",
    "assessments:receipt_file",
    "assessments:report_file",
}


class Look(NamedTuple):
    route: str
    role: str | None
    address: str
    status: int


def looks(scene) -> Iterator[Look]:
    """For each page its address as the first role of its row, at the place of the scene where there is most on it."""
    people = {role: as_person(person) for role, person in scene.people.items()} | {None: Client()}
    for route in (each for each in ROUTES if each.method == "GET" and each.name not in ELSEWHERE):
        role = None if route.allowed == "!" else Role.CHIEF if route.allowed == "*" else LETTERS[route.allowed[0]]
        pages = [get(people[role], address) for address in _addresses(scene, route, role)]
        most = max(pages, key=_size)
        if most.status != 200 or (most.is_html and "<html" in most.html):  # the rest are files, and parts of a page
            yield Look(route.name, role, most.url, most.status)


def _addresses(scene, route: Route, role) -> list[str]:
    return list(
        dict.fromkeys(
            reverse(route.name, kwargs=arguments(scene, route, place, role or Role.CHIEF)) for place in PLACES
        )
    )


def _size(page: Page) -> int:
    return len(page.body) if page.status == 200 else -page.status


@pytest.fixture
def scene(transactional_db):
    return told()


def test_every_page_is_accessible_and_fits_in_both_languages(scene, new_context, live_server, faults):
    seen = list(looks(scene))
    assert {look.route: look.status for look in seen if look.status != 200} == {}
    wrong = []
    for role, of_role in _by_role(seen).items():
        page = _window(new_context, live_server, scene.people.get(role))
        for language in LANGUAGES:
            _speak(page, live_server, language)
            for look in of_role:
                found = _wrong(page, live_server.url + look.address) + faults.seen
                faults.seen.clear()
                wrong += [f"{look.route} for {look.role} in {language}: {each}" for each in found]
    assert not wrong, "\n".join(wrong)


def _wrong(page, address: str) -> list[str]:
    page.goto(address)
    try:
        ready(page)
    except TimeoutError as error:
        return [f"its scripts do not get ready: {error}"]
    return too_wide(page) + inaccessible(page)


def _by_role(found: list[Look]) -> dict[str | None, list[Look]]:
    held: dict[str | None, list[Look]] = {}
    for look in found:
        held.setdefault(look.role, []).append(look)
    return held


def _window(new_context, server, person):
    """A window of this person, logged in already; of nobody where there is none."""
    context = new_context()
    if person is not None:
        client = Client()
        client.force_login(person)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": server.url}])
    return context.new_page()


def _speak(page, server, language: str) -> None:
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": server.url}])
