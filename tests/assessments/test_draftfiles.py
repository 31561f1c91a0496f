"""Standards as files on the web: exported as they are, brought in after a dry run that tells everything at once."""

from html import unescape
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from assessments import bookfile, drafting, exporting, importing
from assessments.models import Draft, Edition, Period
from assessments.scoring.book import reading
from assessments.scoring.reading import toml
from assessments.scoring.tablewords import Words
from tests import factories
from tests.contract.bodies import shown
from tests.edges import test_workbooks as workbooks

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
        "评分细则，第 11 行 F 列（指标）｜new: 拘留人数（人）｜禁用指标",
        "评分细则，第 15 行 F 列（指标）｜警民恳谈｜新建指标没有写单位",
    ],
    "en": [
        "评分细则, row 4, column D (分值)｜三分｜is not a number",
        "评分细则, row 11, column F (指标)｜new: 拘留人数（人）｜forbidden metric",
    ],
}


@pytest.mark.parametrize("lang", SAID)
def test_every_mistake_is_told_at_once_by_row_and_column_in_the_readers_language(person, lang):
    answer = sent(person, paper_scheme.book(MISTAKES), "细则.xlsx", lang=lang)
    told = lines(answer)
    assert [said for said in SAID[lang] if not any(each.startswith(said) for each in told)] == []
    assert unescape(answer.content.decode()).count("评分细则") >= len(MISTAKES)
    assert Draft.objects.count() == 0


def test_a_file_with_problems_may_be_begun_and_goes_on_telling_them(person):
    """Cells that nobody can read are left blank; what the standard is refused for stays to be mended."""
    answer = sent(person, paper_scheme.book(MISTAKES), "细则.xlsx")
    assert answer.context["brought"].lost == 5
    assert took(person, answer).status_code == 302
    draft = Draft.objects.get()
    assert "points" not in toml(draft.text)["criterion"][1]
    assert any("detention" in each.what or "拘留" in each.what for each in drafting.problems(draft))


def test_points_that_do_not_sum_are_told_at_the_sum_of_the_paper(person):
    told = lines(sent(person, paper_scheme.book({(1, "分值"): 6}), "细则.xlsx"))
    assert any(each.startswith("评分细则，第 33 行 D 列（分值）｜100｜") for each in told)


def test_a_dry_run_over_a_draft_counts_what_is_different_and_is_confirmed_once(person, draft, admin):
    """The first sheet alone changes the criteria and keeps norms, grades and what has no column."""
    address = reverse("assessments:draft_files", args=[draft.pk])
    document = toml(draft.text)
    first = document["criterion"][0]
    rows = [
        ["考核内容", "分值", "计分方式", "指标"],
        [first["title"], 10, "清单", "服务区、办案区"],
        ["新增项", 5, "有无", "new: 台账（是/否）"],
    ]
    answer = sent(person, paper_scheme.of_rows(rows), "改.xlsx", address)
    difference = answer.context["difference"]
    assert (difference.added, difference.removed, difference.changed) == (1, 29, 1)
    assert Draft.objects.get(pk=draft.pk).revision == 1
    take = reverse("assessments:draft_replace", args=[draft.pk])
    said = shown(answer.content.decode(), take)
    assert person.post(take, said).status_code == 302
    changed = toml(Draft.objects.get(pk=draft.pk).text)
    assert changed["grade"] == document["grade"]
    assert changed["criterion"][0] | {"points": 10} == {**first, "points": 10, "rule": changed["criterion"][0]["rule"]}
    assert changed["criterion"][0]["rule"] == {"checklist": {"items": ["zones.service", "zones.case_handling"]}}
    assert person.post(take, said).status_code == 409


def test_what_was_signed_for_another_person_or_draft_is_not_taken(person, draft, client):
    answer = sent(person, paper_scheme.book(), "细则.xlsx")
    payload = shown(answer.content.decode(), reverse(TAKE))["payload"]
    take = reverse("assessments:draft_replace", args=[draft.pk])
    assert person.post(take, {"payload": payload, "revision": 1}).status_code == 400
    assert person.post(take, {"payload": payload[:-3] + "xyz", "revision": 1}).status_code == 400
    client.force_login(factories.user("sysadmin", factories.bureau("另一个局")))
    assert client.post(reverse(TAKE), {"payload": payload, "code": "x"}).status_code == 400
    assert Draft.objects.count() == 1


def test_a_toml_file_comes_in_as_it_is_written(person, admin):
    text = "# a remark\n" + factories.tiny_edition().text
    answer = sent(person, text.encode(), "t.toml")
    assert answer.context["brought"].refused == 0
    took(person, answer, version="9")
    draft = Draft.objects.get()
    assert toml(draft.text) == toml(text) | {"version": "9"}


BAD_FILES = {
    "another kind": ("a.docx", b"PK", 415),
    "too large": ("a.xlsx", b"0" * (importing.LARGEST_FILE + 1), 413),
    "no workbook": ("a.xlsx", b"PK\x03\x04 nothing", 422),
    "no text": ("a.toml", b"\xff\xfe\x00", 422),
    "no TOML": ("a.toml", b"= 1", 422),
    "no standard": ("a.toml", b'criterion = "x"', 422),
    "no heads": ("a.xlsx", paper_scheme.of_rows([["甲", "乙"], [1, 2]]), 422),
    "macros": ("a.xlsx", workbooks.made({"xl/vbaProject.bin": b"\xd0\xcf"}), 422),
    "links": ("a.xlsx", workbooks.made({"xl/externalLinks/externalLink1.xml": "<x/>"}), 422),
    "a bomb": ("a.xlsx", workbooks.made({workbooks.SHEET: workbooks.sheet(workbooks.text("A" * 40_000_000))}), 422),
    "entities": (
        "a.xlsx",
        workbooks.made({workbooks.SHEET: workbooks.sheet(workbooks.text("&e;"), '<!DOCTYPE x [<!ENTITY e "x">]>')}),
        422,
    ),
    "rows": ("a.xlsx", paper_scheme.of_rows([["考核内容", "分值"], *[["项", 1]] * 3_000]), 422),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_file_that_is_no_standard_or_made_to_harm_is_refused_in_one_line(person, kind):
    """T34 to T36."""
    name, content, status = BAD_FILES[kind]
    answer = sent(person, content, name, lang="en")
    assert (answer.status_code, Draft.objects.count()) == (status, 0)
    assert answer.context["refusal"].message


def test_a_number_without_end_is_told_at_its_cell(person):
    """A spreadsheet cannot make one, a program can."""
    made, out = paper_scheme.of_rows([["考核内容", "分值"], ["四区分设", 4]]), BytesIO()
    with ZipFile(BytesIO(made)) as old, ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<v>4</v>", b"<v>1e400</v>"))
    lines = sent(person, out.getvalue(), "a.xlsx").context["lines"]
    assert any(line.value == "inf" and "不是数字" in line.what for line in lines)


def test_a_slip_in_a_toml_file_is_told_in_chinese_with_line_and_column(person):
    answer = sent(person, b'code = "a"\ntitle = "\xe7\x94\xb2\n', "a.toml")
    assert "第 2 行第 11 列：引号在这一行没有合上" in answer.context["refusal"].message


def test_the_empty_workbook_can_be_brought_in_as_it_is(person):
    """Its example is not read; what a person fills in below would be."""
    content = person.get(reverse("assessments:draft_template")).content
    found = reading.read(bookfile.read(content, "t.xlsx", Words("en")), importing.class_names())
    assert (found.document.get("criterion"), found.faults, found.ignored) == (None, [], [])


def test_a_workbook_is_a_standard_for_the_command_too(tmp_path, draft):
    path = tmp_path / "t.xlsx"
    path.write_bytes(exporting.xlsx_of_draft(draft))
    call_command("load_standard", str(path), stdout=StringIO())
    assert toml(Edition.objects.get(code="county").text) == toml(draft.text)
