"""Nothing that was typed is ever lost: no network, a killed tab, an ended session, two people, the keyboard alone."""

import time
from contextlib import suppress
from datetime import date

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Error, expect

from assessments import answers
from assessments.models import AnswerChange
from tests import factories
from tests.browser import hundred
from tests.browser.looking import assert_accessible, assert_fits, ready, shot, sign_in
from tests.browser.people import StationPerson

OFFICERS, RESIDENTS, COLLEGE = "staff.officers", "station.residents", "staff.college"
SERVICE, LINKED, SPOTS = "zones.service", "video.linked", "video.blind_spots"
NO_CONNECTION = r"ERR_INTERNET_DISCONNECTED|ERR_FAILED|htmx:(sendError|afterRequest)"
CUT = 30  # seconds without network
LOGGED_OUT = r"401 \(Unauthorized\)|htmx:responseError"

# Scrolling is smooth: the field gets there.
CLEAR = """id => {
  const [field, bar] = [document.getElementById(id), document.querySelector('.fill-foot')];
  return field.getBoundingClientRect().bottom <= bar.getBoundingClientRect().top && document.activeElement === field;
}"""


@pytest.fixture
def assessment(transactional_db):
    """城关: 47,970 residents and 7 officers in the register."""
    return factories.assessment()


def next_quarter(assessment):
    """The sheet of the quarter after this one, which is published with 13 blind spots."""
    factories.filled(assessment, {SPOTS: 13, LINKED: 1, OFFICERS: 7})
    factories.published(assessment.period)
    day = {"starts_on": date(2026, 10, 1), "ends_on": date(2026, 12, 31)}
    place, edition = assessment.period.bureau, assessment.period.edition
    period = factories.period(bureau=place, edition=edition, previous=assessment.period, name="本季", **day)
    return factories.assessment(period, assessment.station)


@pytest.fixture
def arrives(live_server, assessment):
    """A person of the station, logged in already, on a dimension."""

    def at(page, role="chief", dimension="staffing", sheet=assessment) -> StationPerson:
        name = f"{role}-{assessment.pk}"
        person = factories.user(role, assessment.station, username=name, password=factories.PASSWORD)
        client = Client()
        client.force_login(person)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        return StationPerson(page, live_server).opens(address(sheet, dimension))

    return at


def address(assessment, dimension="staffing"):
    return reverse("assessments:fill", args=[assessment.pk, dimension])


def stand(assessment, *metrics):
    cells = answers.cells(assessment)
    return [cells[metric].value if metric in cells else None for metric in metrics]


def overall(person):
    return person.page.locator("#saving")


def test_a_cut_and_a_killed_tab_in_the_middle_of_typing_lose_nothing(page, arrives, assessment, faults):
    faults.forgive(NO_CONNECTION)
    chief = arrives(page)
    context = page.context
    context.set_offline(True)
    chief.types(OFFICERS, "8").types(RESIDENTS, "47000")
    expect(chief.state(OFFICERS)).to_contain_text("等待网络")
    expect(overall(chief)).to_contain_text("等待网络：2 项")
    shot(page, "never-lost-offline")
    assert_accessible(page)
    chief.field(COLLEGE).fill("5")  # not even left the field
    page.close(run_before_unload=False)
    assert stand(assessment, OFFICERS, RESIDENTS) == [7, 47970]
    context.set_offline(False)
    again = StationPerson(context.new_page(), chief.server).opens(address(assessment))
    for metric, value in ((OFFICERS, "8"), (RESIDENTS, "47000"), (COLLEGE, "5")):
        again.keeps(metric, value).reads_saved(metric)
    assert stand(assessment, OFFICERS, RESIDENTS, COLLEGE) == [8, 47000, 5]
    expect(overall(again)).to_contain_text("全部已保存")
    assert again.page.evaluate("Object.keys(localStorage).filter(name => name.includes('.kept.'))") == []


@pytest.fixture
def long_sheet(assessment):
    """城关's sheet by a standard of a hundred figures, nothing answered yet."""
    edition = factories.edition_of(hundred.text())
    period = factories.period(bureau=assessment.bureau, edition=edition, name="百项", is_rehearsal=False)
    return factories.assessment(period, assessment.station)


def test_half_a_minute_without_network_a_crash_and_an_ended_session_lose_nothing(page, arrives, long_sheet, faults):
    faults.forgive(NO_CONNECTION)
    chief, counts = arrives(page, dimension="place", sheet=long_sheet), iter(hundred.counts("place"))
    context, typed = page.context, {next(counts): "1"}
    for first in typed:
        chief.types(first, "1").reads_saved(first)
    context.set_offline(True)
    ends = time.monotonic() + CUT
    while time.monotonic() < ends:  # figures are typed and left, one is changed again
        typed |= {(code := next(counts)): str(10 + len(typed)), first: str(90 + len(typed))}
        for metric in (code, first):
            chief.types(metric, typed[metric])
        page.wait_for_timeout(CUT * 1000 / 20)
    typed[last := next(counts)] = "77"
    chief.field(last).press_sequentially(typed[last])  # not even left the field
    kill(page)
    Session.objects.all().delete()
    context.set_offline(False)
    assert stand(long_sheet, *typed) == [1, *(None for _each in list(typed)[1:])]
    again = StationPerson(context.new_page(), chief.server).opens(address(long_sheet, "place"))
    logs_in_again(again, long_sheet, "place")
    expect(overall(again)).to_contain_text("全部已保存", timeout=30_000)
    for metric, value in typed.items():
        again.keeps(metric, value).reads_saved(metric)
    assert stand(long_sheet, *typed) == [int(value) for value in typed.values()]
    changes = AnswerChange.objects.filter(assessment=long_sheet)
    assert sorted(changes.values_list("metric", flat=True)) == sorted([first, *typed])
    assert changes.values("op_id").distinct().count() == len(typed) + 1


def kill(page):
    """The process of the tab ends: no handler of its script runs any more."""
    with page.expect_event("crash"), suppress(Error):
        page.goto("chrome://crash")
    page.close()


def logs_in_again(person, sheet, dimension):
    person.page.fill("[name=username]", f"chief-{sheet.station.assessments.earliest('pk').pk}")
    person.page.fill("[name=password]", factories.PASSWORD)
    person.page.click("main [type=submit]")
    person.page.wait_for_url(f"**{address(sheet, dimension)}**")
    ready(person.page)


def test_what_arrived_though_its_answer_was_lost_with_the_tab_takes_effect_once(page, arrives, assessment, faults):
    faults.forgive(NO_CONNECTION)
    chief = arrives(page)

    def lose_the_answer(route):
        route.fetch()
        route.abort()

    page.route("**/save/", lose_the_answer)
    chief.types(OFFICERS, "8")
    expect(chief.state(OFFICERS)).to_contain_text("等待网络")
    assert stand(assessment, OFFICERS) == [8]
    page.close(run_before_unload=False)
    again = StationPerson(page.context.new_page(), chief.server).opens(address(assessment))
    again.reads_saved(OFFICERS).keeps(OFFICERS, "8")
    assert AnswerChange.objects.filter(assessment=assessment, metric=OFFICERS).count() == 1


def test_a_kept_value_is_never_put_over_a_newer_one(page, new_context, arrives, assessment, faults):
    faults.forgive(NO_CONNECTION)
    chief = arrives(page)
    page.context.set_offline(True)
    chief.types(OFFICERS, "8")
    page.close(run_before_unload=False)
    clerk = arrives(new_context().new_page(), "clerk")
    clerk.types(OFFICERS, "9").reads_saved(OFFICERS)
    page.context.set_offline(False)
    again = StationPerson(page.context.new_page(), chief.server).opens(address(assessment))
    expect(again.state(OFFICERS)).to_contain_text("别人已保存为 9")
    expect(overall(again)).to_contain_text("未保存：1 项")
    again.keeps(OFFICERS, "8")
    assert_accessible(again.page)
    assert stand(assessment, OFFICERS) == [9]
    again.field(OFFICERS).press("Tab")  # 估算, then the choice
    again.page.keyboard.press("Tab")
    again.page.keyboard.press("Enter")
    again.reads_saved(OFFICERS)
    assert stand(assessment, OFFICERS) == [8]


def test_after_an_ended_session_the_login_leads_back_to_the_field_and_what_was_typed(page, arrives, assessment, faults):
    faults.forgive(LOGGED_OUT)
    chief = arrives(page)
    Session.objects.all().delete()
    chief.types(OFFICERS, "8").types(RESIDENTS, "47000")
    expect(chief.state(RESIDENTS)).to_contain_text("您已退出登录")
    expect(overall(chief)).to_contain_text("等待登录：2 项")
    shot(page, "never-lost-login")
    chief.state(OFFICERS).get_by_role("link").click()
    page.wait_for_url("**/login/**")
    ready(page)
    page.fill("[name=username]", f"chief-{assessment.pk}")
    page.fill("[name=password]", factories.PASSWORD)
    page.click("main [type=submit]")
    page.wait_for_url(f"**{address(assessment)}**")
    chief.reads_saved(OFFICERS).reads_saved(RESIDENTS).keeps(OFFICERS, "8")
    expect(chief.field(OFFICERS)).to_be_focused()
    assert stand(assessment, OFFICERS, RESIDENTS) == [8, 47000]


def test_words_of_explanation_outlive_the_session_and_go_once_the_server_has_them(page, arrives, assessment):
    factories.filled(assessment, {OFFICERS: 7, COLLEGE: 9})
    chief, word = arrives(page), "两名民警在外所帮助工作。"
    chief.opens(reverse("assessments:check", args=[assessment.pk]))
    page.locator(".explain textarea").fill(word)
    Session.objects.all().delete()
    page.locator(".explain [type=submit]").click()
    page.wait_for_url("**/login/**")
    page.fill("[name=username]", f"chief-{assessment.pk}")
    page.fill("[name=password]", factories.PASSWORD)
    page.click("main [type=submit]")
    page.wait_for_url("**/check/")
    expect(page.locator(".explain textarea")).to_have_value(word)
    page.locator(".explain [type=submit]").click()
    expect(page.locator(".conflicts")).to_contain_text("已说明")
    assert page.evaluate("Object.keys(localStorage).filter(name => name.includes('.kept.'))") == []


def test_a_login_in_another_window_sends_what_waits_and_never_under_another_name(page, arrives, assessment, faults):
    faults.forgive(LOGGED_OUT)
    chief = arrives(page)
    factories.user("clerk", assessment.station, username="clerk", password=factories.PASSWORD)
    Session.objects.all().delete()
    chief.types(OFFICERS, "8")
    expect(chief.state(OFFICERS)).to_contain_text("您已退出登录")
    window = page.context.new_page()
    for name, words, stands in (("clerk", "已由他人登录", 7), (f"chief-{assessment.pk}", "已保存", 8)):
        page.context.clear_cookies()
        sign_in(window, chief.server, name, factories.PASSWORD)
        page.evaluate("window.dispatchEvent(new Event('focus'))")
        expect(chief.state(OFFICERS)).to_contain_text(words)
        assert stand(assessment, OFFICERS) == [stands]


def test_logging_out_and_another_persons_login_leave_nothing_in_the_browser(page, arrives, assessment, faults):
    faults.forgive(NO_CONNECTION)
    chief = arrives(page)
    page.route("**/save/", lambda route: route.abort())
    chief.types(OFFICERS, "8")
    expect(chief.state(OFFICERS)).to_contain_text("等待网络")
    chief.page.evaluate("localStorage.setItem('stationstd.kept.0.1.staff.officers', '{}')")
    kept = "Object.keys(localStorage).filter(name => name.startsWith('stationstd.kept.')).length"
    home = StationPerson(page.context.new_page(), chief.server).opens("/station/")
    expect(home.page.locator("#kept")).to_contain_text("警力与队伍 (1)")
    assert home.page.evaluate(kept) == 1  # another person's is gone
    factories.due(assessment)
    home.opens(address(assessment))
    expect(home.page.locator("#kept")).to_contain_text("民警: 8")  # too late to be sent, and said
    questions = []
    home.page.on("dialog", lambda dialog: (questions.append(dialog.message), dialog.accept()))
    home.page.click(".topbar-user")
    home.page.click("form[action='/logout/'] button")
    home.page.wait_for_url("**/login/")
    assert "未发送" in questions[0]
    assert home.page.evaluate(kept) == 0


def test_two_people_on_two_dimensions_and_two_tabs_of_one_do_not_meet(page, new_context, arrives, assessment):
    chief, clerk = arrives(page), arrives(new_context().new_page(), "clerk", "zones")
    tab = StationPerson(page.context.new_page(), chief.server).opens(address(assessment))
    chief.types(OFFICERS, "8")
    clerk.types(SPOTS, "4")
    tab.types(RESIDENTS, "47000")
    chief.reads_saved(OFFICERS)
    clerk.reads_saved(SPOTS)
    tab.reads_saved(RESIDENTS)
    assert stand(assessment, OFFICERS, RESIDENTS, SPOTS) == [8, 47000, 4]
    tab.types(OFFICERS, "9")
    expect(tab.state(OFFICERS)).to_contain_text("别人已保存为 8")


def test_a_quarter_by_keyboard_alone(page, arrives, assessment):
    chief = arrives(page, dimension="zones")
    keys = page.keyboard
    page.goto(chief.server.url + address(assessment, "zones") + "#first")
    ready(page)
    keys.press("?")
    expect(page.get_by_role("dialog", name="键盘填报")).to_be_visible()
    assert_accessible(page)
    shot(page, "never-lost-keys")
    keys.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.locator(f"[name='{SERVICE}']").first.focus()
    keys.press("n")
    keys.press("Enter")
    keys.press("1")
    keys.press("Enter")
    keys.type("7")
    keys.press("Shift+Enter")
    keys.press("0")
    keys.press("Control+s")
    expect(overall(chief)).to_contain_text("全部已保存")
    expect(page.locator("#spoken")).to_contain_text("全部已保存")
    assert stand(assessment, SERVICE, LINKED, SPOTS) == [0, 0, 7]
    keys.press("Alt+PageDown")
    page.wait_for_url(f"**{address(assessment)}#first")
    ready(page)
    chief.field(RESIDENTS).focus()
    for _figure in range(2):
        keys.press("Enter")  # what stands in the next field is selected: typing replaces it
    keys.type("5")
    keys.press("Enter")
    expect(page.locator(".fill-next a[rel=next]")).to_be_focused()
    keys.press("Enter")
    page.wait_for_url("**/check/")
    assert stand(assessment, COLLEGE) == [5]


def test_the_focused_field_stands_clear_of_the_bar(page, arrives):
    chief = arrives(page)
    page.set_viewport_size({"width": 390, "height": 500})
    for metric in (OFFICERS, RESIDENTS, COLLEGE):
        chief.field(metric).focus()
        page.wait_for_function(CLEAR, arg=f"f-{metric}", timeout=5000)


def test_unchanged_figures_are_carried_forward_and_the_sheet_prints(page, arrives, assessment):
    assessment = next_quarter(assessment)
    chief = arrives(page, dimension="zones", sheet=assessment).follows("沿用不变项")
    shot(page, "carry")
    assert_fits(page)
    assert_accessible(page)
    page.get_by_role("button", name="沿用勾选项").press("Enter")
    page.wait_for_url(f"**{address(assessment, 'zones')}")
    chief.sees("已沿用").keeps(SPOTS, "13")
    assert stand(assessment, SPOTS, LINKED) == [13, 1]
    for name, words in (("blank", "☐ 是"), ("filled", "服务区")):
        chief.opens(reverse(f"assessments:paper_{name}", args=[assessment.pk]))
        expect(page.locator("body")).to_contain_text(words)
        assert_fits(page)
        assert_accessible(page)
        shot(page, f"paper-{name}")
        page.pdf(path=f"test-results/paper-{name}.pdf", prefer_css_page_size=True)
