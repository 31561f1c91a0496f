"""The sheet in a real browser: saving by itself, two people, no connection, the keyboard alone, photos."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments import answers
from assessments.models import AnswerChange, Evidence
from tests import factories
from tests.assessments import files
from tests.browser.looking import assert_accessible, assert_fits, ready, shot, sign_in

OFFICERS = "staff.officers"
NO_CONNECTION = r"ERR_INTERNET_DISCONNECTED|ERR_FAILED|htmx:(sendError|afterRequest)"


@pytest.fixture
def assessment(transactional_db):
    """城关, its register filled: 47,970 residents, 7 officers."""
    return factories.assessment(factories.period(edition=factories.edition()))


@pytest.fixture
def open_sheet(live_server, assessment):
    def at(page, role, dimension="staffing"):
        name = f"{role}-{assessment.pk}"
        factories.user(role, assessment.station, username=name, password=factories.PASSWORD)
        page.context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
        sign_in(page, live_server, name, factories.PASSWORD)
        page.goto(live_server.url + reverse("assessments:fill", args=[assessment.pk, dimension]))
        return ready(page)

    return at


def field(page, metric=OFFICERS):
    return page.locator(f"[id='f-{metric}']")


def state(page, metric=OFFICERS):
    return page.locator(f"[id='state-{metric}']")


def stands(assessment, metric=OFFICERS):
    return answers.cells(assessment)[metric].value


def test_points_move_while_typing_and_stay_after_leaving_the_field(page, open_sheet, assessment):
    open_sheet(page, "chief")
    field(page).fill("16")
    expect(page.locator("[id='worth-staffing.load']")).to_have_text("5 / 5 points")
    assert stands(assessment) == 7
    field(page).press("Tab")
    expect(state(page)).to_contain_text("Saved")
    expect(page.locator("[id='why-staffing.load']")).to_contain_text("2,998.13")
    assert stands(assessment) == 16


def test_what_is_typed_is_saved_after_a_pause(page, open_sheet, assessment):
    open_sheet(page, "chief")
    field(page).fill("8")
    expect(state(page)).to_contain_text("Saved")
    assert stands(assessment) == 8


def test_the_keyboard_alone_fills_the_page(page, open_sheet, assessment):
    open_sheet(page, "chief")
    field(page).focus()
    for typed in ("8", "47000", "11000"):
        page.keyboard.press("Control+A")
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
    for metric in (OFFICERS, "station.residents", "station.households"):
        expect(state(page, metric)).to_contain_text("Saved")
    assert [stands(assessment, m) for m in (OFFICERS, "station.residents", "station.households")] == [8, 47000, 11000]


def test_a_wrong_number_stays_in_its_field_with_the_reason(page, open_sheet, assessment):
    open_sheet(page, "chief")
    field(page).fill("seven")
    field(page).press("Tab")
    expect(state(page)).to_contain_text("is not a number")
    expect(field(page)).to_have_value("seven")
    expect(field(page)).to_have_attribute("aria-invalid", "true")
    assert stands(assessment) == 7
    field(page).fill("9")
    field(page).press("Tab")
    expect(state(page)).to_contain_text("Saved")


@pytest.mark.parametrize(("choice", "ends_with"), [("mine", 8), ("theirs", 9)])
def test_two_people_on_one_field_choose_and_nothing_is_lost_silently(
    page, new_context, open_sheet, assessment, choice, ends_with
):
    open_sheet(page, "chief")
    second = open_sheet(new_context().new_page(), "clerk")
    field(second).fill("9")
    field(second).press("Tab")
    expect(state(second)).to_contain_text("Saved")
    field(page).fill("8")
    field(page).press("Tab")
    expect(state(page)).to_contain_text("Somebody else saved 9 officers meanwhile.")
    expect(field(page)).to_have_value("8")
    shot(page, "fill-stale")
    page.locator(f"[data-keep={choice}]").click()
    expect(field(page)).to_have_value(str(ends_with))
    if choice == "mine":
        expect(state(page)).to_contain_text("Saved")
    assert stands(assessment) == ends_with


def test_without_a_connection_the_value_waits_and_arrives_once(page, open_sheet, assessment, faults):
    faults.forgive(NO_CONNECTION)  # the connection is cut on purpose
    open_sheet(page, "chief")
    page.context.set_offline(True)
    field(page).fill("8")
    field(page).press("Tab")
    expect(state(page)).to_contain_text("Waiting for the network.")
    expect(field(page)).to_have_value("8")
    page.context.set_offline(False)
    expect(state(page)).to_contain_text("Saved", timeout=15_000)
    assert AnswerChange.objects.filter(assessment=assessment, metric=OFFICERS).count() == 1


def test_an_answer_lost_on_the_way_back_is_asked_for_again_and_takes_effect_once(page, open_sheet, assessment, faults):
    faults.forgive(NO_CONNECTION)  # the first answer is thrown away on purpose
    open_sheet(page, "chief")
    thrown = []

    def lose_the_first_answer(route):
        if thrown:
            route.continue_()
        else:
            thrown.append(route.fetch().status)
            route.abort()

    page.route(re.compile(r"/save/$"), lose_the_first_answer)
    field(page).fill("8")
    field(page).press("Tab")
    expect(state(page)).to_contain_text("Saved", timeout=15_000)
    assert thrown == [200]
    assert answers.cells(assessment)[OFFICERS].version == 2


def test_the_registers_value_comes_back_in_one_click(page, open_sheet, assessment):
    factories.answered(assessment, {OFFICERS: 9})
    open_sheet(page, "chief")
    page.locator(f"[data-take='{OFFICERS}']").click()
    expect(field(page)).to_have_value("7")
    expect(page.locator(f"[data-take='{OFFICERS}']")).to_be_hidden()
    assert stands(assessment) == 7


def test_photos_are_added_several_at_once_and_the_bad_one_is_named(page, open_sheet, assessment):
    open_sheet(page, "chief", "surveillance")
    block = page.locator("[id='evidence-video.seamless']")
    field(page, "video.blind_spots").fill("3")
    chosen = [("甲.jpg", files.jpeg()), ("evil.jpg", b"MZ" * 200), ("乙.png", files.png())]
    page.set_input_files(
        "[id='files-video.seamless']",
        [{"name": name, "mimeType": "image/jpeg", "buffer": content} for name, content in chosen],
    )
    expect(block.locator(".evidence-file")).to_have_count(2)
    expect(block.locator(".evidence-problem")).to_contain_text("evil.jpg")
    expect(field(page, "video.blind_spots")).to_have_value("3")
    page.on("dialog", lambda dialog: dialog.accept())
    block.get_by_role("button", name="Remove 甲.jpg").click()
    expect(block.locator(".evidence-file")).to_have_count(1)
    assert Evidence.objects.present().filter(assessment=assessment).count() == 1


@pytest.mark.parametrize("dimension", ["zones", "staffing", "surveillance", "funding", "equipment"])
def test_every_dimension_fits_and_is_accessible(page, open_sheet, dimension):
    open_sheet(page, "chief", dimension)
    assert_fits(page)
    assert_accessible(page)
    shot(page, f"fill-{dimension}", full_page=True)


def test_home_and_check_fit_and_are_accessible(page, live_server, open_sheet, assessment):
    open_sheet(page, "chief")
    for name, more in (("assessments:home", []), ("assessments:check", [assessment.pk])):
        page.goto(live_server.url + reverse(name, args=more))
        ready(page)
        assert_fits(page)
        assert_accessible(page)
        shot(page, name.replace(":", "-"), full_page=True)
