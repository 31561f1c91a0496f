"""What people type and attach by mistake or worse: said in Chinese at the field, and nothing typed is lost."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments import answers
from assessments.models import Evidence
from personnel.roles import Role
from tests import factories
from tests.assessments import files
from tests.assessments.test_answers import SHARE
from tests.browser.looking import ready
from tests.browser.people import StationPerson, written

pytestmark = pytest.mark.browser

OFFICERS = "staff.officers"
SEAMLESS = "video.seamless"
MB = 1024 * 1024
ROOM = 60  # characters a field takes; a browser cuts what is pasted


@pytest.fixture
def arrives(new_context, live_server, transactional_db):
    """A person of the station, signed in, on one dimension of its sheet."""

    def arrives(assessment, role=Role.CHIEF, dimension="staffing"):
        person = StationPerson.arrives(new_context, live_server, role, assessment.station)
        return person.opens(reverse("assessments:fill", args=[assessment.pk, dimension]))

    return arrives


@pytest.fixture
def assessment(transactional_db):
    """城关 with 7 officers."""
    return factories.assessment(factories.period(edition=factories.edition()))


NO_NUMBERS = [
    ("七个人", "“七个人”不是数字，请只填数字。"),
    ("-1", "不能小于 0 人。"),
    ("1" + 400 * "0", "数字太长，请检查位数。"),
    ("NaN", "“NaN”不是数字，请只填数字。"),
    ("7.5", "只能填整数：“7.5”带有小数。"),
]


def test_what_is_no_number_of_officers_is_refused_at_its_field(arrives, assessment):
    chief = arrives(assessment)
    for typed, words in NO_NUMBERS:
        chief.types(OFFICERS, typed).reads_refusal(OFFICERS, words).keeps(OFFICERS, typed[:ROOM])
    chief.looks()
    assert answers.cells(assessment)[OFFICERS].value == 7
    chief.types(OFFICERS, "8").reads_saved(OFFICERS)


def test_a_share_over_100_percent_is_refused_at_its_field(arrives, tmp_path):
    standard = tmp_path / "share.toml"
    standard.write_text(SHARE)
    bureau = factories.bureau()
    factories.station(bureau=bureau, station_class="town")
    assessment = factories.assessment(factories.period(bureau=bureau, edition=factories.edition(standard)))
    chief = arrives(assessment, dimension="one").types("cases.share", "100.5")
    chief.reads_refusal("cases.share", "不能大于 100").keeps("cases.share", "100.5")
    assert "cases.share" not in answers.cells(assessment)


@pytest.mark.parametrize(("choice", "ends_with"), [("用我的值", 8), ("用对方的值", 9)])
def test_whoever_is_later_sees_both_values_and_chooses(arrives, assessment, choice, ends_with):
    chief, clerk = arrives(assessment), arrives(assessment, Role.CLERK)
    clerk.types(OFFICERS, "9").reads_saved(OFFICERS)
    chief.types(OFFICERS, "8").reads_refusal(OFFICERS, "其间别人已保存为 9 人。").keeps(OFFICERS, "8").looks()
    chief.state(OFFICERS).get_by_role("button", name=choice).click()
    chief.keeps(OFFICERS, str(ends_with))
    expect(chief.state(OFFICERS)).not_to_contain_text("其间别人已保存")
    if ends_with == 8:
        chief.reads_saved(OFFICERS)
    assert answers.cells(assessment)[OFFICERS].value == ends_with


def test_a_period_that_closes_while_the_page_is_open_says_so(arrives, assessment):
    chief = arrives(assessment)
    factories.due(assessment)
    chief.types(OFFICERS, "8").reads_refusal(OFFICERS, "已过截止时间，没有任何改动。").keeps(OFFICERS, "8")
    assert answers.cells(assessment)[OFFICERS].value == 7
    chief.page.once("dialog", lambda dialog: dialog.accept())  # the page warns of the value that was not saved
    chief.page.reload()
    ready(chief.page)
    chief.sees("填报已截止。").looks()
    expect(chief.page.locator("main input:not([type=hidden])")).to_have_count(0)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("大照片.jpg", files.jpeg() + bytes(20 * MB), "“大照片.jpg”太大：20.0 MB，上限 10 MB。"),
        ("照片.jpg", b"MZ\x90\x00" + bytes(4096), "“照片.jpg”已损坏或与扩展名不符"),
        ("程序.exe", b"MZ\x90\x00" + bytes(4096), "“程序.exe”：只接受 JPEG、PNG 图片和 PDF 文件。"),
    ],
    ids=["a photo of 20 MB", "a renamed program", "a program"],
)
def test_what_is_no_evidence_is_refused_beside_its_criterion(arrives, assessment, tmp_path, name, content, words):
    chief = arrives(assessment, dimension="surveillance")
    chief.field("video.blind_spots").fill("很多")
    chief.uploads(SEAMLESS, written(tmp_path / name, content))
    expect(chief.evidence(SEAMLESS).get_by_role("alert")).to_contain_text(words)
    chief.keeps("video.blind_spots", "很多").looks()
    assert not Evidence.objects.filter(assessment=assessment).exists()
    chief.uploads(SEAMLESS, written(tmp_path / "现场.jpg", files.jpeg()))
    expect(chief.evidence(SEAMLESS).locator(".evidence-file")).to_have_count(1)
    expect(chief.evidence(SEAMLESS).get_by_role("alert")).to_have_count(0)
