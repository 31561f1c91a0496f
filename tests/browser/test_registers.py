"""Registers, places, accounts and the log in a real browser: typing, adding a room, two people, both sizes."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from personnel.roles import Role
from stations.models import Room, Station
from tests import factories
from tests.browser.looking import assert_accessible, assert_fits, ready, shot, sign_in

SAVE = ".action-bar [type=submit]"
PAGES = {
    Role.CHIEF: [
        ("stations:registers", ["CG01"]),
        ("stations:profile", ["CG01"]),
        ("stations:zone", ["CG01", "case_handling"]),
        ("stations:equipment", ["CG01"]),
        ("stations:funding", ["CG01"]),
        ("personnel:staffing", ["CG01"]),
        ("personnel:training", ["CG01"]),
        ("personnel:training_new", ["CG01"]),
        ("personnel:register_history", ["CG01"]),
        ("personnel:registers_on", ["CG01"]),
        ("assessments:register_import", ["CG01", "zones"]),
        ("personnel:own_password", []),
    ],
    Role.REVIEWER: [("stations:list", []), ("stations:zone", ["CG01", "case_handling"])],
    Role.SYSADMIN: [
        ("stations:organisation", []),
        ("stations:station_new", []),
        ("stations:station_edit", ["CG01"]),
        ("stations:bureau_new", []),
    ],
    Role.SECADMIN: [("personnel:accounts", []), ("personnel:account_new", [])],
    Role.AUDITOR: [("audit:list", []), ("audit:verifications", [])],
}


@pytest.fixture
def station(transactional_db):
    station = factories.station(code="CG01", residents=47_970)
    factories.equipped(factories.funded(factories.zoned(station), public_funds_yuan=2800), kit=4)
    return station


@pytest.fixture
def enter(page, live_server, station):
    """Sign in as a role of this place and open a page."""

    def at(role, name, *more):
        if not factories.User.objects.filter(username=role).exists():
            place = station if role in (Role.CHIEF, Role.CLERK) else station.bureau
            factories.user(role, place, username=str(role.value), password=factories.PASSWORD)
            sign_in(page, live_server, role.value, factories.PASSWORD)
        page.goto(live_server.url + reverse(name, args=more))
        return ready(page)

    return at


@pytest.mark.parametrize("role", PAGES)
def test_every_page_fits_and_is_accessible(enter, role):
    for name, more in PAGES[role]:
        page = enter(role, name, *more)
        assert_fits(page)
        assert_accessible(page)
        shot(page, f"{name.replace(':', '-')}-{role.value}", full_page=True)


def test_the_chief_adds_a_room_and_removes_another(enter, station):
    page = enter(Role.CHIEF, "stations:zone", "CG01", "service")
    before = Room.objects.filter(zone__station=station).count()
    page.click("#add-room")
    page.click("#add-room")
    page.select_option("[name=rooms-5-kind]", "mediation")
    page.fill("[name=rooms-5-name]", "调解二室")
    page.check("[name=rooms-5-has_camera]")
    page.check("[name=rooms-0-DELETE]")
    page.click(SAVE)
    expect(page.locator(".alert-success")).to_be_visible()
    assert Room.objects.filter(zone__station=station).count() == before
    assert Room.objects.get(name="调解二室").has_camera


def test_a_wrong_number_stays_in_its_field_with_the_reason_below(enter, station):
    page = enter(Role.CHIEF, "stations:profile", "CG01")
    page.fill("[name=residents]", "四万")
    page.fill("[name=households]", "11935")
    page.click(SAVE)
    expect(page.locator("[name=residents]")).to_have_value("四万")
    expect(page.locator("[name=residents]")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#div_id_residents .invalid-feedback")).to_be_visible()
    expect(page.locator("[name=households]")).to_have_value("11935")
    assert_accessible(page)


def test_a_second_person_is_shown_both_values_and_decides(enter, station):
    page = enter(Role.CHIEF, "stations:profile", "CG01")
    page.fill("[name=residents]", "50000")
    Station.objects.filter(pk=station.pk).update(residents=48_000)  # somebody else's save
    page.click(SAVE)
    expect(page.locator("#conflict")).to_contain_text("48000")
    expect(page.locator("#conflict")).to_contain_text("50000")
    expect(page.locator("[name=residents]")).to_have_value("50000")
    assert_accessible(page)
    assert_fits(page)
    page.click(SAVE)
    expect(page.locator(".alert-success")).to_be_visible()
    station.refresh_from_db()
    assert station.residents == 50_000


def test_leaving_with_unsaved_values_asks_first(enter):
    page = enter(Role.CHIEF, "stations:profile", "CG01")
    asked = []

    def stay(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.fill("[name=residents]", "5")
    page.click(".action-bar a")
    expect(page.locator("[name=residents]")).to_have_value("5")
    assert asked == ["beforeunload"]


def test_the_role_decides_which_place_is_asked(enter):
    page = enter(Role.SECADMIN, "personnel:account_new")
    expect(page.locator("[name=station]")).to_be_hidden()
    expect(page.locator("[name=bureau]")).to_be_hidden()
    page.select_option("[name=role]", "chief")
    expect(page.locator("[name=station]")).to_be_visible()
    page.select_option("[name=role]", "leader")
    expect(page.locator("[name=station]")).to_be_hidden()
    expect(page.locator("[name=bureau]")).to_be_visible()
