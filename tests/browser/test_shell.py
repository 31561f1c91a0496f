"""The frame of every page in a real browser: login, menu, keyboard, language, errors."""

import re

import pytest
from playwright.sync_api import expect

from personnel.roles import Role
from tests import factories
from tests.browser.looking import assert_accessible, assert_fits, ready, shot, sign_in


@pytest.fixture
def reviewer(transactional_db):
    bureau = factories.bureau("科尔沁右翼中旗公安局", name_en="Horqin Right Middle Banner Bureau")
    return factories.user(Role.REVIEWER, bureau, username="reviewer", name="王建国", password=factories.PASSWORD)


@pytest.fixture
def missing(page, live_server, reviewer):
    """The reviewer on a page that always exists: the one that says there is no such page."""
    sign_in(page, live_server, "reviewer", factories.PASSWORD)
    page.goto(f"{live_server.url}/nowhere/")
    return ready(page)


def test_the_login_page_fits_and_is_accessible_in_both_languages(page, live_server, transactional_db):
    for language, shown in (("zh-hans", "zh"), ("en", "en")):
        page.goto(f"{live_server.url}/login/")
        if page.get_attribute("html", "lang") != language:
            page.click(".language button")
        ready(page)
        expect(page.locator("html")).to_have_attribute("lang", language)
        assert_accessible(page)
        assert_fits(page)
        shot(page, f"login-{shown}")


def test_a_wrong_password_keeps_the_name_and_says_so(page, live_server, reviewer):
    page.goto(f"{live_server.url}/login/")
    ready(page)
    page.fill("[name=username]", "reviewer")
    page.fill("[name=password]", "wrong")
    page.press("[name=password]", "Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("[name=username]")).to_have_value("reviewer")
    expect(page.locator("[name=password]")).to_have_value("")
    assert_accessible(page)


def test_the_frame_fits_and_is_accessible(missing):
    assert_accessible(missing)
    assert_fits(missing)
    shot(missing, "not-found")


def test_the_first_tab_skips_to_the_content(missing):
    missing.keyboard.press("Tab")
    missing.keyboard.press("Enter")
    expect(missing.locator("#content")).to_be_focused()


def test_the_menu_opens_and_closes_by_keyboard_on_a_phone(missing):
    missing.set_viewport_size({"width": 390, "height": 844})
    menu = missing.locator("#navigation")
    expect(menu).not_to_be_visible()
    missing.focus(".topbar-menu")
    missing.keyboard.press("Enter")
    expect(menu).to_have_class(re.compile(r"\bshow\b(?!ing)"))
    expect(menu.get_by_role("link").first).to_be_visible()
    assert_accessible(missing)
    missing.keyboard.press("Escape")
    expect(menu).not_to_be_visible()


def test_the_person_s_menu_names_the_place_and_logs_out(missing, live_server):
    missing.click(".topbar-user")
    expect(missing.locator(".topbar .dropdown-header")).to_contain_text("科尔沁右翼中旗公安局")
    assert_accessible(missing)
    missing.click("form[action='/logout/'] button")
    missing.wait_for_url(f"{live_server.url}/login/")
    missing.go_back()
    expect(missing.locator("main")).to_be_visible()
    expect(missing.locator(".topbar-user")).to_have_count(0)


def test_a_refused_part_of_a_page_becomes_a_notice(missing, live_server):
    missing.evaluate(
        """() => {
            const button = document.createElement("button");
            button.id = "probe"; button.textContent = "probe";
            button.setAttribute("hx-post", "/language/");
            button.setAttribute("hx-vals", '{"code": "xx"}');
            document.querySelector("main").append(button);
            htmx.process(button);
        }"""
    )
    missing.click("#probe")
    expect(missing.locator("#notices [data-code=invalid]")).to_be_visible()
    expect(missing.locator("#probe")).to_have_text("probe")
    missing.click("#notices .btn-close")
    expect(missing.locator("#notices .alert")).to_have_count(0)


def test_a_server_that_does_not_answer_is_said_in_words(missing, faults):
    faults.forgive(r"Failed to load resource|htmx:(sendError|afterRequest)")  # the answer is cut off on purpose
    missing.route("**/desk/", lambda route: route.abort())
    missing.evaluate("() => htmx.ajax('GET', '/desk/', 'main').catch(() => null)")
    expect(missing.locator("#notices .alert")).to_be_visible()
