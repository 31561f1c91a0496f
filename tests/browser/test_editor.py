"""A standard written from scratch in a real browser: indicators, points, a problem, its mending, publishing."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments import drafting
from assessments.models import Draft, Edition
from assessments.scoring import editing, library
from assessments.scoring.reading import toml
from personnel.roles import Role
from tests import factories
from tests.browser.people import Person

pytestmark = pytest.mark.browser

PICKED = ("party.meetings", "party.theme_days", "party.duties")
HEAD = {"code": "county", "version": "2027.1", "title": "县局考评标准", "title_en": "County standard", "points": "10"}


class Author(Person):
    """A system administrator who writes a standard."""

    def types(self, **fields: str):
        for name, text in fields.items():
            self.page.fill(f"[id=id_{name}]", text)
        return self

    def presses(self, button: str):
        self.page.get_by_role("button", name=button, exact=True).click()
        return self

    def gives(self, criterion: str, points: str):
        """Types points and saves by Enter, which stays on the page."""
        field = self.page.locator(f"[id='p-{criterion}']")
        field.fill(points)
        field.press("Enter")
        return self

    def reads(self, place: str, words: str):
        expect(self.page.locator(place)).to_contain_text(words)
        return self


@pytest.fixture
def author(transactional_db, new_context, live_server):
    return Author.arrives(new_context, live_server, Role.SYSADMIN, factories.bureau(), name="郑海")


def test_a_standard_is_composed_from_scratch_and_published(author):
    author.opens(reverse("assessments:editions")).follows("新建标准").types(**HEAD).presses("建立草稿")
    author.sees("草稿中还没有内容").looks("editor-empty")
    draft = Draft.objects.get()
    author.follows("从指标库选取").page.select_option("[name=group]", "party")
    author.presses("查询")
    for id in PICKED:
        author.page.check(f"[id='pick-{id}']")
    author.sees("已选 3 项").looks("editor-library").presses("加入草稿").sees("已加入 3 个项目", "已在草稿中")

    author.follows("项目", within=".draft-tabs").reads("#draft-problems", "不是 10 分").looks("editor-outline")
    address = author.page.url
    author.gives(PICKED[0], "5").gives(PICKED[1], "3")  # the second while the first is on its way
    author.reads("#draft-sums", "差 1 分")
    author.gives(PICKED[2], "viel").reads("#draft-refusal", "尚未保存")
    author.gives(PICKED[2], "2").reads("#draft-sums", "与设定一致").reads("#draft-problems", "可以发布")
    down = author.page.locator(f"[id='down-{PICKED[0]}']")
    down.focus()
    author.page.keyboard.press("Enter")
    expect(author.page.locator(".outline-row h3").first).to_contain_text("1.1 " + _title(PICKED[1]))
    expect(down).to_be_focused()
    assert author.page.url == address
    assert editing.names(_document(draft), "criterion") == [PICKED[1], PICKED[0], PICKED[2]]

    drafting.change(
        draft.pk, Draft.objects.get().revision, lambda found: None, by=factories.user("sysadmin", draft.bureau)
    )
    author.gives(PICKED[0], "4").reads("#draft-refusal", "修改了本草稿").reads(f"[id='c-{PICKED[0]}']", "5 分")
    expect(author.page.locator(f"[id='p-{PICKED[0]}']")).to_have_value("4")

    author.follows("发布", within=".draft-tabs").sees("版本一经发布").looks("editor-publish").presses("永久发布")
    author.page.wait_for_url(lambda url: "drafts" not in url)
    author.sees("县局考评标准", "5 分", "已发布").looks("editor-edition")
    assert Edition.objects.get().code == "county"


def _document(draft) -> dict:
    return toml(Draft.objects.get(pk=draft.pk).text)


def _title(id: str) -> str:
    return library.shipped().indicators[id].criterion.title
