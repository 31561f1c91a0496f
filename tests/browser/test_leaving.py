"""Coming with a second factor and leaving without a trace, in a real browser (T31)."""

import pytest
from playwright.sync_api import expect

from personnel.roles import Role
from tests import factories
from tests.browser.looking import assert_accessible, assert_fits, ready, sign_in
from tests.personnel.phone import Phone


@pytest.fixture
def chief(transactional_db):
    return factories.user(Role.CHIEF, username="chief", name="王建国", password=factories.PASSWORD)


def looks(page):
    ready(page)
    assert_accessible(page)
    assert_fits(page)


def test_back_after_logout_shows_nothing_of_the_person(page, live_server, chief):
    sign_in(page, live_server, "chief", factories.PASSWORD)
    page.goto(f"{live_server.url}/stations/")
    expect(page.locator("body")).to_contain_text("王建国")
    page.click(".topbar-user")
    page.click("form[action='/logout/'] button")
    page.wait_for_url("**/login/")
    for _step in range(2):
        page.go_back()
        ready(page)
        expect(page.locator("#id_password")).to_be_visible()
        expect(page.locator("body")).not_to_contain_text("王建国")
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    assert "王建国" not in kept
    assert "session" not in kept


def test_a_second_factor_is_set_up_by_its_typed_key_and_asked_at_the_next_login(page, live_server, chief):
    sign_in(page, live_server, "chief", factories.PASSWORD)
    page.goto(f"{live_server.url}/account/second-factor/")
    looks(page)
    page.click("main button[type=submit]")
    looks(page)
    phone = Phone(page.inner_text("output.one-time"))
    assert page.evaluate("document.querySelector('.factor-picture').naturalWidth") > 100
    page.fill("#id_code", phone.code(-1))
    page.click("main button[type=submit]")
    expect(page.locator(".alert-success")).to_be_visible()
    page.click(".topbar-user")
    page.click("form[action='/logout/'] button")
    page.fill("[name=username]", "chief")
    page.fill("[name=password]", factories.PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/login/code/")
    looks(page)
    page.fill("#id_code", phone.code())
    page.click("main button[type=submit]")
    expect(page.locator(".topbar-user")).to_be_visible()
