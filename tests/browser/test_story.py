"""The whole job in a real browser and in Chinese: from the first figure to the paper, with a real queue and worker."""

import re

import pypdf
import pytest
from playwright.sync_api import expect

from assessments import scores
from assessments.models import Assessment, OfficialRank, Report, State
from personnel.roles import Role
from tests import factories
from tests.assessments import files
from tests.browser.people import Person, Reviewer, StationPerson, written

pytestmark = pytest.mark.browser

BLIND_SPOTS = "video.blind_spots"
SEAMLESS = "video.seamless"
PAPER_SECONDS = 180


@pytest.fixture
def county(transactional_db):
    """Three stations; 城关 still lacks one figure and one photo, 北社 and 故城 are confirmed."""
    bureau = factories.bureau("九所县公安局", name_en="Nine-Station County Bureau")
    factories.equipped(factories.chengguan(bureau), vehicle=1)
    factories.equipped(factories.beishe(bureau), vehicle=1)
    gucheng = factories.station("故城派出所", name_en="Gucheng", bureau=bureau, station_class="town", residents=26_295)
    factories.staffed(gucheng, 5)
    period = factories.period(bureau=bureau, edition=factories.edition(), name="2026年第三季度")
    first, *others = period.assessments.with_places().order_by("pk")
    _lacking(first, BLIND_SPOTS, SEAMLESS)
    for each in others:
        factories.confirmed(each, by=factories.anybody(Role.REVIEWER, bureau))
    return period


def _lacking(assessment, metric, criterion):
    """Everything answered and proved but this figure and the evidence of this criterion."""
    factories.answered(assessment, {"video.linked": 1})
    for missing in scores.missing(assessment):
        if missing["code"] in (metric, criterion):
            continue
        if missing["kind"] == "evidence":
            factories.evidence(assessment, missing["code"])
        else:
            factories.answered(assessment, {missing["code"]: 1})


@pytest.fixture
def arrives(new_context, live_server, county):
    def arrives(kind, role, place, name):
        return kind.arrives(new_context, live_server, role, place, name=name)

    return arrives


def test_a_quarter_from_the_first_figure_to_the_paper(county, arrives, start_worker, tmp_path):
    assessment = county.assessments.with_places().order_by("pk").first()
    bureau = county.bureau
    chief = arrives(StationPerson, Role.CHIEF, assessment.station, "李建国")
    reviewer = arrives(Reviewer, Role.REVIEWER, bureau, "王秀英")

    the_chief_fills_in(chief, written(tmp_path / "监控点位图.jpg", files.jpeg((640, 480))))
    the_chief_reads_what_the_load_costs(chief)
    the_chief_submits(chief, assessment)
    the_reviewer_changes_a_fact_and_returns_the_sheet(reviewer, assessment)
    the_chief_corrects_and_submits_again(chief, assessment)
    the_reviewer_confirms(reviewer, assessment)
    the_reviewer_publishes(reviewer, county)
    the_leader_reads_the_ranks(arrives(Person, Role.LEADER, bureau, "赵局长"))
    sysadmin = arrives(Person, Role.SYSADMIN, bureau, "孙管理")
    paper = the_administrator_fetches_the_paper(sysadmin, start_worker, tmp_path)
    the_paper_says_it(paper, county)


def the_chief_fills_in(chief, photo):
    """A figure moves points and rate and is saved by itself; a photo is added to its criterion."""
    chief.sees("城关派出所", "2026年第三季度").looks("story-home")
    chief.follows("继续填报").sees("监督与安防").looks()
    rate, points = chief.bar("现在提交得分率"), chief.bar("得分")
    before = rate.inner_text(), points.first.inner_text()
    chief.types(BLIND_SPOTS, "1").reads_saved(BLIND_SPOTS)
    expect(chief.worth(SEAMLESS)).to_have_text("5 / 6 分")
    expect(rate).not_to_have_text(before[0])
    expect(points.first).not_to_have_text(before[1])
    chief.uploads(SEAMLESS, photo)
    expect(chief.evidence(SEAMLESS)).to_contain_text("监控点位图.jpg")
    picture = chief.evidence(SEAMLESS).get_by_role("img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") == 320
    chief.looks("story-fill")


def the_chief_reads_what_the_load_costs(chief):
    """47,970 residents over 7 officers are 6,852.86 each; at 3,000 each 16 officers are needed, 9 more."""
    chief.follows("警力与队伍", within="#parts")
    why = chief.why("staffing.load")
    for words in ("6,852.86", "3,000", "增配 9 名民警"):
        expect(why).to_contain_text(words)
    expect(chief.worth("staffing.load")).to_have_text("0 / 5 分")
    chief.looks("story-staffing")


def the_chief_submits(chief, assessment):
    chief.follows("检查与提交").sees("必填内容已齐全。").looks("story-check")
    chief.declares().agrees("提交").sees("已提交").looks()
    assert _state(assessment) == State.SUBMITTED


def the_reviewer_changes_a_fact_and_returns_the_sheet(reviewer, assessment):
    reviewer.opens("/desk/").sees("2026年第三季度").looks("story-desk")
    reviewer.follows("核查 城关派出所").looks("story-verify")
    title = "办案区无缝监控并联网"
    reviewer.changes(title, BLIND_SPOTS, "2", "现场查看，走廊拐角两处看不到。")
    expect(reviewer.card(title)).to_contain_text("现场查看，走廊拐角两处看不到。")
    reviewer.returns("监控盲区与现场不符。", {SEAMLESS: "请按现场核对盲区数并补拍照片。"})
    reviewer.sees("退回").looks()
    assert _state(assessment) == State.RETURNED


def the_chief_corrects_and_submits_again(chief, assessment):
    chief.opens("/station/").sees("监控盲区与现场不符。", "请按现场核对盲区数并补拍照片。").looks("story-returned")
    chief.follows("办案区无缝监控并联网").sees("请按现场核对盲区数并补拍照片。").looks()
    chief.types(BLIND_SPOTS, "2").reads_saved(BLIND_SPOTS)
    expect(chief.worth(SEAMLESS)).to_have_text("4 / 6 分")
    chief.follows("检查与提交").declares().agrees("提交").sees("已提交")
    assert _state(assessment) == State.SUBMITTED


def the_reviewer_confirms(reviewer, assessment):
    reviewer.opens("/desk/").follows("核查 城关派出所")
    reviewer.accepts_everything()
    reviewer.looks()
    reviewer.page.get_by_role("button", name="完成核查").click()
    reviewer.sees("核查已完成。").looks()
    reviewer.page.get_by_role("button", name="审定结果").click()
    reviewer.page.wait_for_url("**/desk/**")
    assert _state(assessment) == State.CONFIRMED


def the_reviewer_publishes(reviewer, county):
    reviewer.follows("预览并发布").sees("城关派出所", "北社派出所", "故城派出所").looks("story-publish")
    reviewer.page.check("[name=sure]")
    reviewer.agrees("发布九所县公安局的结果").looks()
    assert sorted(OfficialRank.objects.for_period(county).values_list("rank", flat=True)) == [1, 2, 3]


def the_leader_reads_the_ranks(leader):
    leader.sees("城关派出所", "北社派出所", "故城派出所").looks("story-ranking")
    ranks = leader.page.locator("td.rank-cell")
    expect(ranks).to_have_text(["1", "2", "3"])
    assert leader.page.locator("main form[method=post]").count() == 0


def the_administrator_fetches_the_paper(sysadmin, start_worker, folder):
    """Asked for while no worker runs, the report waits; then the page follows it to its end by itself."""
    sysadmin.follows("报告中心", within=".side-nav").looks()
    page = sysadmin.page
    page.locator("[data-all]").click()
    page.get_by_role("button", name="申请报告").click()
    row = page.locator(f"#report-{Report.objects.get(kind=Report.Kind.COMPARATIVE).pk}")
    expect(row).to_contain_text("排队中")
    expect(row.get_by_role("progressbar")).to_have_attribute("value", "0")
    start_worker()
    expect(row).to_contain_text("已完成", timeout=PAPER_SECONDS * 1000)
    sysadmin.looks("story-reports")
    with page.expect_download() as download:
        row.get_by_role("link", name="下载").click()
    paper = folder / "paper.pdf"
    download.value.save_as(paper)
    return pypdf.PdfReader(paper)


def the_paper_says_it(paper, county):
    """Stations, reasons, what the result stands on, and a number on every page after the cover."""
    pages = ["".join(page.extract_text().split()) for page in paper.pages]
    said = "".join(pages)
    for words in ("城关", "北社", "故城", "6,852.86", "9,052.75", "增配9名民警", county.edition.digest):
        assert words in said, words
    numbers = [re.search(rf"第(\d+)页[,，]?共{len(pages)}页", text) for text in pages]
    assert [int(found[1]) for found in numbers if found] == list(range(2, len(pages) + 1))


def _state(assessment) -> str:
    return Assessment.objects.values_list("state", flat=True).get(pk=assessment.pk)
