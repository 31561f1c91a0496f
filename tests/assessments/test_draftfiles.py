"""Standards as files on the web: exported as they are, brought in after a dry run that tells everything at once."""

from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments import bookfile, drafting, importing
from assessments.models import Draft, Edition, Period
from assessments.scoring.book import reading
from assessments.scoring.reading import toml
from assessments.scoring.tablewords import Words
from tests import factories
from tests.contract.bodies import shown

from . import paper_scheme

pytestmark = pytest.mark.django_db
IMPORT, TAKE = "assessments:draft_import", "assessments:draft_take"


@pytest.fixture
def admin(db):
    return factories.user("sysadmin")


@pytest.fixture
def draft(admin):
    return drafting.copy(factories.edition(), code="county", version="1", by=admin)


@pytest.fixture
def person(client, admin):
    client.force_login(admin)
    return client


def sent(client, content: bytes, name: str, address: str = "", lang: str = "zh-hans"):
    client.cookies["django_language"] = lang
    return client.post(address or reverse(IMPORT), {"file": SimpleUploadedFile(name, content)})


def lines(answer) -> list[str]:
    return [f"{each.where}｜{each.value}｜{each.what}" for each in answer.context["lines"]]


def took(client, answer, **typed):
    """The confirmation that the dry run's own form sends."""
    said = shown(answer.content.decode(), reverse(TAKE))
    return client.post(reverse(TAKE), said | typed)


def back(answer) -> dict:
    return reading.read(bookfile.read(answer.content, "t.xlsx", Words("en")), importing.class_names()).document


def test_what_is_exported_is_the_standard_again(person, draft):
    edition = Edition.objects.get()
    assert back(person.get(reverse("assessments:edition_xlsx", args=[edition.pk]))) == toml(edition.text)
    assert back(person.get(reverse("assessments:draft_export_xlsx", args=[draft.pk]))) == toml(draft.text)
    text = person.get(reverse("assessments:edition_toml", args=[edition.pk]))
    assert (text.content.decode(), text["Content-Disposition"]) == (
        edition.text,
        f'attachment; filename="{edition.code}-{edition.version}.toml"',
    )
    assert person.get(reverse("assessments:draft_export_toml", args=[draft.pk])).content.decode() == draft.text


def test_a_paper_scheme_of_thirty_rows_becomes_a_standard_that_a_period_uses(person, admin):
    """The officer's case, from the sheet as typed to the period, without a file of ours."""
    answer = sent(person, paper_scheme.book(), "考核细则.xlsx")
    brought = answer.context["brought"]
    assert (answer.status_code, brought.criteria, brought.points) == (200, 30, 100)
    assert [line for line in brought.lines if line.is_refused] == []
    assert Draft.objects.count() == 0
    assert answer.context["form"]["title"].value() == "××县公安局派出所考核评分细则"
    took(person, answer, code="county", version="2027.1", in_force="2027-01-01")
    draft = Draft.objects.get()
    edition = drafting.publish(draft.pk, draft.revision, by=admin)
    standard = edition.standard
    assert [section.title for section in standard.dimensions] == list(paper_scheme.SCHEME)
    assert (len(standard.criteria), standard.full, len(standard.grades)) == (30, 100_00, 5)
    period = factories.period(bureau=admin.bureau, edition=edition)
    assert Period.objects.get(pk=period.pk).edition.code == "county"


MISTAKES = {
    (2, "分值"): "三分",
    (3, "计分方式"): "对不对",
    (4, "指标"): "自有办公楼",
    (5, "序号"): 4,
    (6, "参数"): "目标:6",
    (7, "依据"): None,
    (9, "指标"): "new: 拘留人数（人）",
    (11, "参数"): "分档=95:3、90:2、80:4；其余=0",
    (13, "指标"): "new: 警民恳谈",
}
SAID = {
    "zh-hans": [
        "评分细则，第 4 行 D 列（分值）｜三分｜不是数字",
        "评分细则，第 5 行 E 列（计分方式）｜对不对｜没有这种计分方式",
        "评分细则，第 6 行 F 列（指标）｜自有办公楼｜没有这个指标，是否指“自有办公用房”",
        "评分细则，第 7 行 A 列（序号）｜4｜与第 6 行重复",
        "评分细则，第 8 行 G 列（参数）｜目标:6｜应写成“选项=值”",
        "评分细则，第 9 行 I 列（依据）｜｜缺少",
        "评分细则，第 11 行 F 列｜｜禁用指标",
        "评分细则，第 15 行 F 列（指标）｜警民恳谈｜新建指标没有写单位",
    ],
    "en": [
        "评分细则, row 4, column D (分值)｜三分｜is not a number",
        "评分细则, row 11, column F｜｜forbidden metric",
    ],
}


@pytest.mark.parametrize("lang", SAID)
def test_every_mistake_is_told_at_once_by_row_and_column_in_the_readers_language(person, lang):
    answer = sent(person, paper_scheme.book(MISTAKES), "细则.xlsx", lang=lang)
    told = lines(answer)
    assert [said for said in SAID[lang] if not any(each.startswith(said) for each in told)] == []
    assert unescape(answer.content.decode()).count("评分细则") >= len(MISTAKES)
    assert Draft.objects.count() == 0
