"""The bureau's pages in a real browser: keys, refusals in place, returning, publishing, comparing."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments import answers
from assessments.models import Assessment, Layer, OfficialRank, Review, State
from personnel.roles import Role
from tests import factories
from tests.browser.looking import assert_accessible, assert_fits, ready, shot, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def period(transactional_db):
    """城关 and 北社 submitted, with a published period before."""
    bureau = factories.bureau(name="九所县公安局")
    factories.chengguan(bureau), factories.beishe(bureau)
    before = factories.period(bureau=bureau, name="2026年第二季度")
    factories.published(before)
    period = factories.period(bureau=bureau, previous=before, name="2026年第三季度")
    for assessment in period.assessments.with_places():
        factories.submitted(assessment)
    return period


@pytest.fixture
def enter(page, live_server):
    """Sign in once as a role of this place, then open pages."""
    known = set()

    def at(role, place, name, *args, query=""):
        if role not in known:
            known.add(role)
            factories.user(role, place, username=role.value, password=factories.PASSWORD)
            sign_in(page, live_server, role.value, factories.PASSWORD)
        page.goto(live_server.url + reverse(name, args=args) + query)
        return ready(page)

    return at


def test_every_page_of_the_reviewer_fits_and_is_accessible(enter, period):
    assessment = factories.changed(factories.assessment(period), "video.blind_spots", 2)
    previous = period.previous.assessments.all()
    chosen = "?" + "&".join(f"a={each.pk}" for each in previous)
    pages = [
        ("assessments:desk", [], ""),
        ("assessments:verify", [assessment.pk], ""),
        ("assessments:detail", [assessment.pk], ""),
        ("assessments:publish", [period.pk], ""),
        ("assessments:ranking", [], ""),
        ("assessments:comparison", [period.previous_id], chosen),
        ("assessments:comparison", [period.previous_id], ""),
    ]
    for number, (name, args, query) in enumerate(pages):
        page = enter(Role.REVIEWER, period.bureau, name, *args, query=query)
        assert_fits(page)
        assert_accessible(page)
        shot(page, f"bureau-{number}-{name.split(':')[1]}", full_page=True)


def test_a_reviewer_works_by_keyboard_alone(enter, period):
    assessment = factories.assessment(period)
    page = enter(Role.REVIEWER, period.bureau, "assessments:verify", assessment.pk)
    page.keyboard.press("j")
    expect(page.locator("#item-1")).to_be_focused()
    page.keyboard.press("a")
    expect(page.locator("#item-1")).to_have_attribute("data-stage", "accepted")
    expect(page.locator("#item-2")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("#item-1")).to_be_focused()
    page.keyboard.press("n")
    expect(page.locator("#item-2")).to_be_focused()
    assert Review.objects.get(assessment=assessment).outcome == Review.Outcome.ACCEPTED


def test_the_keys_can_be_switched_off(enter, period):
    page = enter(Role.REVIEWER, period.bureau, "assessments:verify", factories.assessment(period).pk)
    page.uncheck("#keys")
    page.locator("h1").click()
    page.keyboard.press("j")
    expect(page.locator("#item-1")).not_to_be_focused()


def test_a_refused_change_is_told_at_the_fact_and_keeps_what_was_typed(enter, period):
    assessment = factories.assessment(period)
    page = enter(Role.REVIEWER, period.bureau, "assessments:verify", assessment.pk)
    fact = page.locator("form:has([name=metric][value='staff.officers'])").first
    card = page.locator("[data-item]").filter(has=fact).first
    card.locator("details.v-change").filter(has=fact).locator("summary").click()
    fact.locator("[name=value]").fill("sechs")
    fact.locator("[name=reason]").fill("现场点名六人")
    fact.locator("[type=submit]").click()
    expect(card.locator("[role=alert]")).to_be_visible()
    expect(fact.locator("[name=value]")).to_have_value("sechs")
    expect(fact.locator("[name=reason]")).to_have_value("现场点名六人")
    expect(fact.locator("[name=value]")).to_be_focused()
    fact.locator("[name=value]").fill("6")
    fact.locator("[type=submit]").click()
    expect(card).to_have_attribute("data-stage", "changed")
    assert answers.cells(assessment, Layer.VERIFIED)["staff.officers"].value == 6
    assert page.locator("[data-item][data-stage=changed]").count() > 1  # every card that uses the officers


def test_a_station_is_returned_from_the_dialog(enter, period):
    assessment = factories.assessment(period)
    page = enter(Role.REVIEWER, period.bureau, "assessments:verify", assessment.pk)
    page.click("[data-bs-target='#return']")
    dialog = page.locator("#return")
    dialog.locator("[name=reason]").fill("照片看不清")
    dialog.locator("[name^='item.']").first.fill("请补拍")
    dialog.locator("[type=submit]").click()
    page.wait_for_url("**/desk/**")
    assessment.refresh_from_db()
    assert (assessment.state, assessment.round) == (State.RETURNED, 2)


def test_a_period_goes_from_the_desk_to_its_ranking(enter, period):
    first, second = Assessment.objects.for_period(period).with_places()
    factories.confirmed(second)
    page = enter(Role.REVIEWER, period.bureau, "assessments:verify", first.pk)
    while page.locator(".v-part-head form").count():
        parts = page.locator(".v-part-head form")
        left = parts.count()
        parts.first.locator("button").click()
        expect(parts).to_have_count(left - 1)
    page.click("#bar form[action$='/verified/'] button")
    page.click("#bar form[action$='/confirm/'] button")
    page.wait_for_url("**/desk/**")
    page.click(f"a[href$='/periods/{period.pk}/publish/']")
    page.check("[name=sure]")
    page.on("dialog", lambda dialog: dialog.accept())
    page.click(".publish-act [type=submit]")
    page.wait_for_url(f"**/ranking/{period.pk}/")
    assert OfficialRank.objects.for_period(period).count() == 2
    for box in page.locator("[name=a]").all():
        box.check()
    page.click("[form=compare]")
    page.wait_for_url("**/comparison/**")
    expect(page.locator("svg").first).to_be_visible()


def test_a_leader_reads_and_has_nothing_to_press(enter, period):
    page = enter(Role.LEADER, period.bureau, "assessments:detail", factories.assessment(period).pk)
    assert page.locator("main form").count() == 0
    assert_accessible(page)
