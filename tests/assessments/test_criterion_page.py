"""The page of a criterion: its keys and its rule are written as they were typed, or shown again with what is wrong."""

import re

import pytest
from django.http import QueryDict
from django.urls import reverse

from assessments import drafting
from assessments.criterionpage import CriterionPage
from assessments.models import Draft
from assessments.scoring import editing
from assessments.scoring.reading import toml
from personnel.roles import Role
from tests import factories
from tests.contract.bodies import shown

LOAD = "staffing.load"


@pytest.fixture
def admin(db, client):
    user = factories.user(Role.SYSADMIN)
    client.force_login(user)
    return user


@pytest.fixture
def draft(admin):
    return drafting.copy(factories.tiny_edition(), code="county", version="1", by=admin)


def at(draft, name="criterion", *more) -> str:
    return reverse(f"assessments:draft_{name}", args=[draft.pk, *more])


def fields(client, address: str) -> dict:
    """What a browser would send of the page's form."""
    answer = client.get(address)
    assert answer.status_code == 200
    return shown(answer.content.decode(), address)


def rows(draft) -> dict:
    return {each["id"]: each for each in toml(Draft.objects.get(pk=draft.pk).text)["criterion"]}


def test_every_criterion_of_the_shipped_edition_comes_back_from_its_page_as_it_was(db):
    document = toml(factories.SHIPPED.read_text("utf-8"))
    for row in document["criterion"]:
        page = CriterionPage(document, row)
        data = QueryDict(mutable=True)
        for name, value in (page.form.initial | page.rule.fields).items():
            data.setlist(name, value) if isinstance(value, list) else data.update({name: value})
        page = CriterionPage(document, row, data)
        page.look()
        assert page.is_readable, (row["id"], page.form.errors, page.rule.errors)
        assert page.example.words
        values = {key: value for key, value in page.values().items() if value is not None}
        assert row | values == row | {"evidence": row.get("evidence", "optional")}


@pytest.mark.parametrize("id", ["zones.blind_spots", LOAD])
def test_a_page_that_is_sent_back_as_it_came_changes_nothing(client, draft, id):
    before = {each: row | {"evidence": row.get("evidence", "optional")} for each, row in rows(draft).items()}
    said = fields(client, at(draft, "criterion", id))
    answer = client.post(at(draft, "criterion", id), said)
    assert (answer.status_code, answer["Location"]) == (302, at(draft, "criterion", id))
    assert rows(draft)[id] == before[id]


def test_points_and_rule_are_written_as_they_were_typed(client, draft):
    said = fields(client, at(draft, "criterion", LOAD)) | {
        "points": "６.50",
        "rule.shape": "at_most",
        "rule.target.is": "number",
        "rule.target.number": "3,000",
        "do": "back",
    }
    assert client.post(at(draft, "criterion", LOAD), said)["Location"] == reverse("assessments:draft", args=[draft.pk])
    row = rows(draft)[LOAD]
    assert str(row["points"]) == "6.50"
    assert row["rule"] == {"at_most": {"of": "staff.residents_per_officer", "target": 3000}}


def test_what_is_mistyped_is_shown_again_with_each_error_at_its_field(client, draft):
    said = fields(client, at(draft, "criterion", LOAD))
    said |= {"title": "", "points": "五", "rule.shape": "at_most", "rule.of": "警察"}
    said |= {"rule.target.is": "number", "rule.target.number": "x9"}
    answer = client.post(at(draft, "criterion", LOAD), said)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert Draft.objects.get().revision == 1
    again = shown(page, at(draft, "criterion", LOAD))
    assert {name: again[name] for name in ("points", "rule.of", "rule.target.number")} == {
        "points": "五",
        "rule.of": "警察",
        "rule.target.number": "x9",
    }
    for field, what in (("rule.of", "没有指标“警察”"), ("rule.target.number", "“x9”不是数字")):
        assert re.search(f'id="error-{re.escape(field)}"[^>]*>[^<]*{what}', page), field


def test_what_the_engine_complains_about_is_saved_only_on_demand(client, draft):
    said = fields(client, at(draft, "criterion", LOAD))
    said |= {"rule.shape": "linear", "rule.zero_at": "5", "rule.full_at.is": "number", "rule.full_at.number": "5"}
    answer = client.post(at(draft, "criterion", LOAD), said)
    assert answer.status_code == 422
    assert re.search('id="error-rule.full_at"[^>]*>[^<]*5', answer.content.decode())
    assert client.post(at(draft, "criterion", LOAD), said | {"do": "anyway"}).status_code == 302
    assert [each.criterion for each in drafting.problems(Draft.objects.get()) if each.is_refused] == [LOAD]


def test_a_detention_count_is_refused_with_the_rule_that_bans_it(client, draft):
    said = fields(client, at(draft, "criterion", LOAD)) | {"title": "行政拘留数", "do": "anyway"}
    answer = client.post(at(draft, "criterion", LOAD), said)
    assert answer.status_code == 422
    assert "第七条" in answer.content.decode()
    figure = {"figure_title": "行政拘留人数", "figure_title_en": "Cases", "figure_kind": "count", "do": "figure"}
    answer = client.post(
        at(draft, "criterion", LOAD), said | figure | {"figure_unit": "人", "figure_unit_en": "people"}
    )
    assert answer.status_code == 422
    assert "第七条" in answer.content.decode()
    assert Draft.objects.get().revision == 1


def test_a_new_criterion_with_a_figure_of_its_own(client, draft):
    address = f"{at(draft, 'criterion_new')}?section=staffing"
    said = fields(client, address)
    assert (said["id"], said["section"]) == ("staffing.n1", "staffing")
    said |= {
        "title": "群众走访",
        "title_en": "Visits",
        "source": "县局方案第三条",
        "points": "2",
        "rule.shape": "ratio",
    }
    figure = {"figure_title": "走访户数", "figure_title_en": "Households visited", "figure_kind": "count"}
    answer = client.post(
        address.partition("?")[0], said | figure | {"do": "figure", "figure_unit": "户", "figure_unit_en": "households"}
    )
    again = shown(answer.content.decode(), address.partition("?")[0])
    assert (again["title"], again["revision"], again["figure_title"]) == ("群众走访", "2", "")
    said = again | {"rule.of": "走访户数", "rule.to.number": "200"}
    assert client.post(address.partition("?")[0], said).status_code == 302
    assert rows(draft)["staffing.n1"]["rule"] == {"ratio": {"of": "local.n1", "to": 200}}


def test_rows_are_added_and_moved_without_writing(client, draft):
    address = at(draft, "criterion", "zones.service")
    said = fields(client, address) | {"rule.shape": "checklist", "rule.items.0": "zones.service"}
    answer = client.post(address, said | {"rule.items.1": "video.linked", "do": "down rule.items.0"})
    again = shown(answer.content.decode(), address)
    assert (again["rule.items.0"], again["rule.items.1"]) == (
        "视频接入县局监控中心 · video.linked",
        "设有服务区 · zones.service",
    )
    answer = client.post(address, again | {"do": "add rule.items"})
    assert 'name="rule.items.2"' in answer.content.decode()
    assert client.post(address, again | {"do": "wipe rule.items.0"}).status_code == 400
    assert Draft.objects.get().revision == 1


def test_somebody_was_quicker(client, draft, admin):
    said = fields(client, at(draft, "criterion", LOAD)) | {"title": "我的标题"}
    drafting.change(draft.pk, 1, lambda d: editing.change(d, "criterion", LOAD, {"points": 7}), by=admin)
    answer = client.post(at(draft, "criterion", LOAD), said)
    again = shown(answer.content.decode(), at(draft, "criterion", LOAD))
    assert (answer.status_code, again["revision"], again["title"]) == (409, "2", "我的标题")
    assert client.post(at(draft, "criterion", LOAD), again).status_code == 302


def test_the_preview_says_the_rule_in_words_and_gives_points(client, draft):
    said = fields(client, at(draft, "criterion", LOAD))
    said |= {"criterion": LOAD, "rule.shape": "at_most", "rule.target.is": "number", "rule.target.number": "3000"}
    del said["revision"]
    answer = client.post(at(draft, "rule_preview"), said | {"try.staff.residents_per_officer": "3001"})
    page = answer.content.decode()
    assert "≤ 3,000" in page
    assert "得 0 分（满分 3）" in page
    assert "<html" not in page
    assert client.post(at(draft, "rule_preview"), said | {"rule.nothing": "1"}).status_code == 400


def test_a_rule_can_be_written_as_text(client, draft):
    said = fields(client, at(draft, "criterion", LOAD)) | {"rule_as_text": "on"}
    answer = client.post(at(draft, "criterion", LOAD), said | {"rule_text": "yes_no = {"})
    assert answer.status_code == 422
    text = 'yes_no = { of = "zones.service" }'
    assert client.post(at(draft, "criterion", LOAD), said | {"rule_text": text}).status_code == 302
    assert rows(draft)[LOAD]["rule"] == {"yes_no": {"of": "zones.service"}}
