"""Every mistake that the editor refuses, made in a real browser by one person, and the words it is refused with."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from assessments import drafting
from assessments.models import Draft, Edition
from assessments.scoring import editing, forbidden
from assessments.scoring.reading import toml
from personnel.models import User
from personnel.roles import Role
from tests import factories
from tests.browser.looking import ready
from tests.browser.people import Person

pytestmark = pytest.mark.browser

# criterion, what is typed on its page, the field at which it is refused, words of the refusal
OF_RULES = (
    ("staffing.strength", {"rule.target.number": ""}, "rule.target.number", "请填写"),
    ("staffing.strength", {"rule.of": "警察"}, "rule.of", "没有指标“警察”"),
    ("staffing.strength", {"rule.of": ""}, "rule.of", "请填写"),
    ("staffing.strength", {"rule.target.number": "五"}, "rule.target.number", "“五”不是数字"),
    ("zones.blind_spots", {"rule.floor": "2"}, "rule.floor", "无分可扣"),
    ("zones.blind_spots", {"rule.each.0.metric": "", "rule.each.0.points": ""}, "rule.each.0.metric", "请填写"),
    (
        "staffing.load",
        {"rule.shape": "linear", "rule.zero_at": "5", "rule.full_at.is": "number", "rule.full_at.number": "5"},
        "rule.full_at",
        "不能与得 0 分的值相同",
    ),
    ("staffing.load", {"rule.shape": "imported", "rule.factor": "1"}, "rule.low", "请填写"),
)


class Author(Person):
    """A system administrator who makes mistakes."""

    draft: Draft

    def goes(self, name: str, *more, query: str = ""):
        return self.opens(reverse(f"assessments:{name}", args=[self.draft.pk, *more]) + query)

    def types(self, **fields: str):
        for name, text in fields.items():
            field = self.page.locator(f"main [name='{name}']").first
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(text)
            else:
                field.fill(text)
        return self

    def presses(self, button: str):
        """A button of this name, the last of several: the one in the bar at the foot."""
        self.page.get_by_role("button", name=button, exact=True).last.click()
        return self

    def reads(self, place: str, *words: str):
        for each in words:
            expect(self.page.locator(place)).to_contain_text(each)
        return self

    def document(self) -> dict:
        return toml(Draft.objects.get(pk=self.draft.pk).text)


@pytest.fixture
def author(transactional_db, new_context, live_server):
    bureau = factories.bureau()
    person = Author.arrives(new_context, live_server, Role.SYSADMIN, bureau, name="郑海")
    person.draft = drafting.copy(
        factories.tiny_edition(), code="county", version="1", by=User.objects.get(username=f"sysadmin.{bureau.pk}")
    )
    return person


def test_every_mistake_is_refused_with_its_place_and_its_rule(author):
    before = author.document()
    rules(author)
    bans(author)
    names_and_units(author)
    grids(author)
    too_many(author)
    assert author.document() == before
    sums_and_parents(author)
    two_tabs(author)
    publishing(author)


def rules(author):
    for criterion, typed, field, words in OF_RULES:
        author.goes("draft_criterion", criterion)
        if shape := typed.get("rule.shape"):
            author.types(**{"rule.shape": shape})
            expect(author.page.locator("#rule")).not_to_have_attribute("aria-busy", "true")
        author.types(**{key: text for key, text in typed.items() if key != "rule.shape"}).presses("保存")
        author.reads("#draft-refusal", "尚未保存").reads(f"[id='error-{field}']", words)
    author.goes("draft_criterion", "staffing.load").types(**{"rule.shape": "steps"})
    expect(author.page.locator("[name='rule.table.0.bound']")).to_be_visible()
    author.types(**{"rule.table.0.bound": "3000", "rule.table.0.points": "3", "rule.otherwise": "0"})
    author.page.get_by_role("button", name="增加一行").first.click()
    expect(author.page.locator("[name='rule.table.1.bound']")).to_be_focused()
    author.types(**{"rule.table.1.bound": "3000", "rule.table.1.points": "2"}).presses("保存")
    author.reads("[id='error-rule.table']", "同一界限出现两次")


def bans(author):
    author.goes("draft_criterion", "staffing.load")
    for ban in forbidden.shipped():
        author.types(title=ban.title.partition("、")[0]).presses("保存")
        author.reads("#id_title_error", "不得作为考核目标", ban.rule)
        ready(author.page)
    author.page.locator("details.rule-figure > summary").click()
    author.types(title="警务负荷", figure_title="逮捕人数", figure_kind="count", figure_unit="人")
    author.presses("列入指标清单")
    author.reads("#id_figure_title_error", "不得")
    author.page.click(".language button")
    ready(author.page)
    author.goes("draft_criterion", "staffing.load").types(title_en="Detentions").presses("Save")
    author.reads("#id_title_error", "This may not be a target", "art. 7")
    author.goes("draft_criterion", "staffing.load").types(**{"rule.of": "police"}).presses("Save")
    author.reads("[id='error-rule.of']", "There is no figure “police”")
    author.page.click(".language button")
    ready(author.page)


def names_and_units(author):
    author.goes("draft_section_new").types(code="zones", title="又一分区").presses("保存")
    author.reads("#draft-refusal", "“zones”已经存在")
    author.goes("draft_criterion_new", query="?section=zones")
    author.types(**{"id": "staffing.load", "title": "甲", "points": "1", "source": "细则"}).presses("保存")
    author.reads("#id_id_error", "“staffing.load”已经存在")
    author.goes("draft_metric_new").types(code="staff.officers", title="民警", kind="count").presses("保存")
    author.reads("#id_code_error", "已经存在").reads("#id_unit_error", "请填写")
    author.types(code="local.m1", unit="人", low="5", high="1").presses("保存").reads("#id_low_error", "下限高于上限")


def grids(author):
    """What a grid would be refused for is told when a cell is left, before anything is saved."""
    author.goes("draft_norms").types(**{"norm.0.default": ""})
    author.page.keyboard.press("Tab")
    author.reads("#draft-problems", "标准值").reads("#draft-problems", "没有类别")
    author.goes("draft_conditions").types(**{"gate.0.title": "有人", "gate.0.criterion": "nobody", "gate.0.from": "50"})
    author.types(**{"gate.0.caps": "poor", "veto.0.title": "事故", "veto.0.effect": "item", "veto.0.target": "nobody"})
    author.page.keyboard.press("Tab")
    author.reads("#problems-gate-0", "nobody").reads("#problems-veto-0", "nobody")
    author.reads("#draft-problems", "必备条件“有人”", "一票否决“事故”")
    author.looks("editor-conditions").goes("draft_checks").looks("editor-checks")
    author.types(**{"check.0.title": "不符", "check.0.holds": "「民警」 >= 「辅警」"})
    author.page.keyboard.press("Tab")
    author.reads("#check-0-holds-n", "没有指标“辅警”")


def too_many(author):
    author.goes("draft_library")
    for place in (0, 1):  # groups of 32 and 11, listed when they are opened
        author.page.locator("details.library-group").nth(place).locator("summary").click()
        expect(author.page.locator("details.library-group").nth(place).locator(".offer").last).to_be_visible()
    author.page.evaluate("[...document.querySelectorAll('[name=pick]:enabled')].slice(-31).forEach(b => b.click())")
    author.reads("[data-picked]", "已选 31 项").presses("加入草稿").reads("#draft-refusal", "草稿中同名的内容")
    author.page.check("[name=keeps]")
    author.presses("加入草稿").reads("#draft-refusal", "37 个项目")


def sums_and_parents(author):
    edition = Edition.objects.get()
    author.goes("draft_head").looks("editor-head").types(parent=str(edition.pk), points="11").presses("保存")
    author.page.wait_for_url(lambda url: url.endswith(f"drafts/{author.draft.pk}/"))
    author.reads("#draft-problems", "各项合计 10 分，不是 11 分").reads("#draft-sums", "差 1 分")
    author.goes("draft_publish")
    expect(author.page.get_by_role("button", name="永久发布")).to_have_count(0)
    author.sees("须先解决 1 个问题")
    author.goes("draft_head").types(points="10").presses("保存")
    author.goes("draft_criterion", "staffing.strength").types(**{"rule.target.number": "4"}).presses("保存")
    author.reads("#draft-problems", "警力不少于5人", "民警 4 人时，上级标准得 0/2，本标准得 2/2")
    author.types(**{"rule.target.number": "5"}).presses("保存").reads("#draft-problems", "可以发布")


def two_tabs(author):
    author.goes("draft_head")
    here, other = author.page, author.page.context.new_page()
    author.page = other
    author.goes("draft_head").types(title="先改的").presses("保存")
    other.wait_for_url(lambda url: "head" not in url)
    author.page = here
    author.types(title="后改的").presses("保存").reads("#draft-refusal", "郑海", "修改了本草稿")
    assert author.document()["title"] == "先改的"
    expect(here.locator("[name=title]")).to_have_value("后改的")
    author.presses("保存")
    here.wait_for_url(lambda url: "head" not in url)
    assert author.document()["title"] == "后改的"


def publishing(author):
    other = author.page.context.new_page()
    here, author.page = author.page, other
    author.goes("draft_head")
    author.page = here
    User.objects.filter(name="郑海").update(last_login=timezone.now() - timedelta(minutes=6))
    author.goes("draft_publish").presses("永久发布").sees("须再次输入密码")
    author.page.fill("#confirm_password", "falsch")
    author.presses("确认并继续").reads("#wrong", "密码不正确")
    assert Edition.objects.count() == 1
    author.page.fill("#confirm_password", factories.PASSWORD)
    author.presses("确认并继续")
    author.page.wait_for_url(re.compile(r"/editions/\d+/$"))
    author.goes("draft")
    assert re.search(r"/editions/\d+/$", author.page.url)
    expect(author.page.get_by_role("button", name="保存")).to_have_count(0)
    author.page = other
    author.types(title="发布后改的").presses("保存").sees("本草稿已发布，不再改动")
    assert editing.names(author.document(), "criterion")
    assert author.document()["title"] == "后改的"
