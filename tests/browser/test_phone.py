"""The sheet on a phone held upright: typed, taken, carried, photographed and handed in with a finger alone."""

from datetime import date

import pytest
from playwright.sync_api import expect

from assessments.models import Assessment, Evidence, State
from tests import factories
from tests.assessments import files
from tests.browser.looking import ready
from tests.browser.people import StationPerson, written

OFFICERS, COLLEGE, SPOTS, SERVICE = "staff.officers", "staff.college", "video.blind_spots", "zones.service"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | PHONE


@pytest.fixture
def assessment(transactional_db):
    """城关 in the quarter after one with 13 blind spots; the 7 officers of the register have been cleared."""
    before = factories.filled(factories.assessment(), {SPOTS: 13, OFFICERS: 7})
    factories.published(before.period)
    day = {"starts_on": date(2026, 10, 1), "ends_on": date(2026, 12, 31), "name": "2026年第四季度"}
    place, edition = before.period.bureau, before.period.edition
    period = factories.period(bureau=place, edition=edition, previous=before.period, **day)
    return factories.answered(factories.assessment(period, before.station), {OFFICERS: None})


@pytest.fixture
def chief(page, live_server, assessment):
    return PhonePerson.holds(page, live_server, assessment.station)


class PhonePerson(StationPerson):
    """Taps, and looks whether each page fits the width of the phone."""

    @classmethod
    def holds(cls, page, server, station):
        factories.user("chief", station, username="chief", password=factories.PASSWORD)
        page.goto(f"{server.url}/login/")
        person = cls(page, server)
        page.fill("[name=username]", "chief")
        page.fill("[name=password]", factories.PASSWORD)
        return person.taps(page.locator("main [type=submit]"), "**/station/")

    def taps(self, target, leads: str = ""):
        target.tap()
        if leads:
            self.page.wait_for_url(leads)
        ready(self.page)
        assert self.page.evaluate("document.documentElement.scrollWidth") == PHONE["viewport"]["width"], self.page.url
        return self

    def link(self, name: str):
        return self.page.locator("main").get_by_role("link", name=name).first

    def button(self, name: str):
        return self.page.get_by_role("button", name=name, exact=True)


def test_a_quarter_with_a_finger_on_a_phone(chief, assessment, tmp_path):
    page = chief.page
    chief.taps(chief.link("继续填报"), "**/fill/**")
    chief.taps(page.locator("#parts").get_by_role("link", name="警力与队伍"), "**/staffing/")
    chief.taps(page.locator(f"[data-take='{OFFICERS}']")).keeps(OFFICERS, "7").reads_saved(OFFICERS)
    chief.taps(chief.field(COLLEGE)).field(COLLEGE).fill("5")
    chief.taps(page.locator("h1")).reads_saved(COLLEGE)
    chief.taps(chief.link("沿用"), "**/carry/**").taps(chief.button("沿用勾选项"), "**/check/")
    chief.taps(chief.link("“服务区”的佐证"), "**/fill/zones/**").keeps(SPOTS, "13")
    photo = written(tmp_path / "服务区.jpg", files.jpeg((480, 640)))
    with page.expect_file_chooser() as chooser:
        chief.taps(page.locator(f"label[for='camera-{SERVICE}']"))
    chooser.value.set_files(photo)
    expect(chief.evidence(SERVICE)).to_contain_text("服务区.jpg")
    assert Evidence.objects.get(assessment=assessment).criterion == SERVICE
    chief.taps(chief.link("检查与提交"), "**/check/").taps(page.get_by_role("checkbox", name="本表内容属实"))
    page.once("dialog", lambda dialog: dialog.accept())
    chief.taps(chief.button("提交"), "**/receipt/").sees("已提交")
    assert Assessment.objects.get(pk=assessment.pk).state == State.SUBMITTED
