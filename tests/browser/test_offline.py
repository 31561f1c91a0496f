"""A chief without a network: the sheet goes along as a workbook, is filled in, comes back and is looked at."""

from openpyxl import load_workbook
from playwright.sync_api import expect

from assessments import answers
from assessments.models import AnswerChange
from personnel.roles import Role
from tests import factories
from tests.assessments.test_offline import ESTIMATED, cell
from tests.browser.people import StationPerson

OFFICERS, RESIDENTS, LINKED, SPOTS = "staff.officers", "station.residents", "video.linked", "video.blind_spots"
RETURNED = {"zones.blind_spots": "请补正。", "staffing.load": "请核对人数。"}


class Away(StationPerson):
    """A chief with the page of the offline sheet open."""

    def downloads(self, folder):
        with self.page.expect_download() as download:
            self.page.get_by_role("link", name="下载填报表").click()
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        return path

    def brings(self, path):
        self.page.set_input_files("[name=file]", path)
        self.page.get_by_role("button", name="查看改动").click()
        self.page.wait_for_selector("#difference")
        return self

    def turns_to_the_file(self):
        """From the sheet to the page of its file."""
        self.page.get_by_role("button", name="打印").click()
        return self.follows("离线填报表")

    def line(self, words: str):
        """The line of this figure, in whatever group."""
        return self.page.locator(".offline-lines tr", has_text=words)


def filled(path, values: dict, estimated=()):
    """What an office program would save: values typed, some marked as estimates."""
    book = load_workbook(path)
    for metric, value in values.items():
        cell(book, metric).value = value
    for metric in estimated:
        cell(book, metric, ESTIMATED).value = "是"
    book.save(path)
    return path


def stands(assessment, metric):
    return answers.cells(assessment)[metric].value


def test_the_sheet_is_taken_along_and_brought_back_cell_by_cell(new_context, live_server, transactional_db, tmp_path):
    assessment = factories.assessment()
    chief = Away.arrives(new_context, live_server, Role.CHIEF, assessment.station, name="李建国")
    factories.filled(assessment, {LINKED: 1, OFFICERS: 7, SPOTS: 4, RESIDENTS: 47_970})
    assessment = factories.returned(assessment, items=RETURNED)
    chief.opens("/station/").follows("离线填报表").looks("offline")
    path = chief.downloads(tmp_path)
    assert path.suffix == ".xlsx"

    somebody_else_goes_on_meanwhile(chief)
    filled(path, {OFFICERS: 9, RESIDENTS: 48_000, SPOTS: 300, LINKED: "否"}, estimated=[RESIDENTS])
    chief.turns_to_the_file().brings(path)
    the_difference_is_shown_before_anything_is_written(chief, assessment)
    chief.page.get_by_role("button", name="写入所选").click()
    chief.sees("已写入 2 项", "9 人", "48,000 人").looks("offline-written")
    assert (stands(assessment, OFFICERS), stands(assessment, LINKED), stands(assessment, SPOTS)) == (9, 1, 4)
    it_is_on_the_sheet_and_in_the_record(chief, assessment)

    chief.turns_to_the_file().brings(filled(path, {SPOTS: 3, LINKED: "是"}))
    chief.page.get_by_role("button", name="写入所选").click()
    chief.sees("已写入 1 项")
    before = AnswerChange.objects.count()
    chief.brings(path).sees("文件中没有改动")
    expect(chief.page.get_by_role("button", name="写入所选")).to_have_count(0)
    chief.looks("offline-nothing")
    assert AnswerChange.objects.count() == before


def somebody_else_goes_on_meanwhile(chief):
    """In the browser, while the file is on its way."""
    chief.follows("返回填报").follows("警力与队伍", within=".fill")
    chief.types(OFFICERS, "8").reads_saved(OFFICERS)


def the_difference_is_shown_before_anything_is_written(chief, assessment):
    chief.sees("尚未写入")
    expect(chief.line("监控盲区")).to_contain_text("不能大于 200")
    expect(chief.line("视频接入")).to_contain_text("县局没有退回本项")
    expect(chief.line("辖区人口").first).to_contain_text("估算")
    expect(chief.page.locator("section", has_text="期间他人已修改")).to_contain_text("8 人")
    chief.looks("offline-difference")
    assert stands(assessment, RESIDENTS) == 47_970
    chief.page.get_by_role("button", name="写入所选").click()  # the browser asks for the choice first
    expect(chief.line("民警").locator("input[type=radio]:invalid").first).to_be_visible()
    chief.page.get_by_role("radio", name="用文件中的").check()


def it_is_on_the_sheet_and_in_the_record(chief, assessment):
    chief.follows("返回填报").follows("警力与队伍", within=".fill")
    chief.keeps(OFFICERS, "9").keeps(RESIDENTS, "48000")
    found = AnswerChange.objects.filter(assessment=assessment, metric=OFFICERS).order_by("pk")
    assert [answers.Cell.of(each.new).value for each in found] == [7, 8, 9]
    assert {each.by.role for each in found} == {Role.CHIEF}
