"""A register goes out as a workbook and comes back: what does not fit in red, what fits looked at and saved."""

from datetime import timedelta

from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import expect

from personnel.models import Staffing
from personnel.roles import Role
from tests import factories
from tests.browser.people import Person

RED = "FFFFC7CE"


class Keeper(Person):
    """A chief who keeps the registers in an office program."""

    def takes(self, folder, role: str, name: str):
        """The file behind this link or button."""
        with self.page.expect_download() as download:
            self.page.get_by_role(role, name=name).click()
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        return path

    def brings(self, path):
        self.page.set_input_files("[name=file]", path)
        self.page.get_by_role("button", name="检查文件").click()
        self.page.wait_for_selector("main .alert:not(#kept)")
        return self


def typed(path, values: dict):
    """What an office program would save of these rows, found by their names."""
    book = load_workbook(path)
    for name, value in values.items():
        _cell(book, name).value = value
    book.save(path)
    return path


def _cell(book, name: str):
    return next(row[1] for row in book.active.iter_rows() if row[0].value == name)


def test_a_register_is_kept_in_a_workbook(new_context, live_server, transactional_db, tmp_path):
    station = factories.staffed(factories.station(code="CG01"), 7, auxiliaries=10)
    chief = Keeper.arrives(new_context, live_server, Role.CHIEF, station, name="李建国")
    chief.opens("/stations/CG01/").follows("警力").follows("XLSX").looks("register-book")
    path = chief.takes(tmp_path, "link", "下载表格")

    typed(path, {"民警": "八", "辅警": 14, "40 岁以下": 8})
    chief.brings(path).sees("尚未保存").looks("register-book-errors")
    marked = chief.takes(tmp_path, "button", "下载标红的表格")
    what_does_not_fit_is_red_with_a_remark(marked)
    assert Staffing.objects.get().auxiliaries == 10

    chief.brings(typed(marked, {"民警": 8, "大专及以上": 8})).sees("尚未保存", "辅警", "14")
    chief.looks("register-book-changes")
    chief.page.get_by_role("button", name="写入台账").click()
    chief.sees("已采用 4 项").looks()
    row = Staffing.objects.get()
    assert (row.officers, row.auxiliaries, row.age_under_40) == (8, 14, 8)

    chief.follows("修改记录").sees("李建国", "10 → 14", "7 → 8").looks("register-book-history")
    chief.follows("按日期查看")
    the_day_says_how_it_stood(chief)


def what_does_not_fit_is_red_with_a_remark(path):
    book = load_workbook(path)
    bad, good = _cell(book, "民警"), _cell(book, "辅警")
    assert book.active.sheet_properties.pageSetUpPr.fitToPage
    assert (bad.value, bad.fill.fgColor.rgb) == ("八", RED)
    assert bad.comment.text
    assert (good.value, good.comment) == (14, None)


def the_day_says_how_it_stood(chief):
    officers = chief.page.locator("dt:text-is('民警') + dd")
    expect(officers).to_have_text("8")
    chief.page.fill("[name=day]", str(timezone.localdate() - timedelta(days=1)))
    chief.page.get_by_role("button", name="查看").click()
    expect(officers).to_have_text("7")
    chief.looks("register-as-of")
