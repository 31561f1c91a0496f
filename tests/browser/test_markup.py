"""T12, T44 in a real browser: what people write is shown and never acts; numbers of people are asked about."""

from collections import defaultdict

import pytest
from django.conf import settings
from django.test import Client
from django.urls import resolve, reverse

from personnel.models import Training
from personnel.roles import Role
from tests import factories
from tests.browser.looking import ready
from tests.edges.crawler import own_pages
from tests.edges.payloads import MARKS
from tests.edges.scene import told
from tests.edges.standards import hostile
from tests.edges.test_logs import ID_NUMBER
from tests.edges.test_markup import written_over

# The pages on which most of what people write is shown, by the end of their addresses' names.
LOOKED_AT = {
    Role.CHIEF: ("home", "detail", "fill", "check", "registers", "zone", "training", "ranking_period"),
    Role.REVIEWER: ("desk", "verify", "vetoes", "publish", "comparison", "list"),
    Role.LEADER: ("ranking_period", "reports", "detail"),
    Role.SYSADMIN: ("organisation", "edition", "whatif_period"),
    Role.SECADMIN: ("accounts", "account_edit"),
    Role.AUDITOR: ("list",),
}
# Whatever a payload calls is there to be called.
COUNTS = "window.ran = []; for (const mark of {marks}) window[mark] = () => window.ran.push(mark);"


def signed_in(new_context, server, person, *, agrees: bool = False):
    """A window of somebody who has logged in already; `page.dialogs` are the questions of the browser."""
    client = Client()
    client.force_login(person)
    context = new_context()
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": server.url}])
    page = context.new_page()
    page.dialogs = []

    def note(dialog):
        page.dialogs.append(dialog.message)
        dialog.accept() if agrees else dialog.dismiss()

    page.on("dialog", note)
    return page


def addresses(scene, role) -> list[str]:
    names = {resolve(address).view_name: address for address in own_pages(scene, role, ("near autumn", "near old"))}
    return [address for name, address in names.items() if name.split(":")[-1] in LOOKED_AT[role]]


def test_what_people_write_never_acts(new_context, live_server):
    scene = told(hostile())
    written_over(0, defaultdict(int))
    for role, names in LOOKED_AT.items():
        page = signed_in(new_context, live_server, scene.people[role])
        page.add_init_script(COUNTS.format(marks=list(MARKS)))
        found = addresses(scene, role)
        assert len(found) >= len(names)
        for address in found:
            page.goto(live_server.url + address)
            ready(page)
            assert page.evaluate("window.ran") == [], address
            assert page.evaluate("document.querySelectorAll('x, iframe, base, [onclick], [onerror]').length") == 0
            if page.locator(".chart-canvas").count():
                page.locator(".chart-canvas").first.hover()
                assert page.evaluate("window.ran") == [], address
        assert page.dialogs == []


@pytest.mark.parametrize("keeps", [False, True])
def test_a_number_of_a_person_is_asked_about_before_it_is_sent(new_context, live_server, keeps):
    station = factories.station()
    page = signed_in(new_context, live_server, factories.user(Role.CHIEF, station), agrees=keeps)
    page.goto(live_server.url + reverse("personnel:training_new", args=[station.code]))
    ready(page)
    page.fill("[name=topic]", f"培训 {ID_NUMBER}")
    page.fill("[name=held_on]", "2026-08-05")
    page.fill("[name=days]", "1")
    page.fill("[name=participants]", "7")
    page.click("main .action-bar [type=submit]")
    if keeps:
        page.wait_for_url(lambda address: not address.endswith("/new/"))
    else:
        assert page.input_value("[name=topic]") == f"培训 {ID_NUMBER}"
    (asked,) = page.dialogs
    assert "身份证号" in asked
    assert Training.objects.count() == int(keeps)
