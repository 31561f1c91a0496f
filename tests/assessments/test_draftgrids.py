"""Norms, grades, gates, vetoes, the year, coefficients and cross-checks of a draft, changed in their grids."""

from decimal import Decimal

import pytest
from django.urls import reverse

from assessments import drafting
from assessments.forms import grids
from assessments.forms.grids import Grids
from assessments.models import Draft
from assessments.scoring.book.cells import same
from assessments.scoring.reading import toml
from tests import factories

CLASSES = {"urban": "城区所", "county_town": "城关所", "town": "乡镇所", "rural": "农村所", "scenic": "景区所"}
PAGES = {"norms": grids.NORMS, "conditions": grids.CONDITIONS, "checks": grids.CHECKS}


@pytest.fixture
def admin(db):
    return factories.user("sysadmin")


@pytest.fixture
def draft(admin):
    return drafting.copy(factories.edition(), code="county", version="1", by=admin)


@pytest.fixture
def at(client, admin, draft):
    client.force_login(admin)
    return lambda name: reverse(f"assessments:draft_{name}", args=[draft.pk])


def sent(name: str, text: str, **changes) -> dict[str, str]:
    """What the page's form would send as it stands, with changes; "." is written __ in their names."""
    shown = Grids(PAGES[name], toml(text), CLASSES)
    said = {each.name: each.text for grid in shown.grids for line in grid.lines for each in line.fields}
    said |= {f"{grid.table}.{line.number}.was": line.was for grid in shown.grids for line in grid.lines}
    return said | {"revision": "1"} | {key.replace("__", "."): value for key, value in changes.items()}


def document() -> dict:
    return toml(Draft.objects.get().text)


@pytest.mark.parametrize("name", PAGES)
def test_a_grid_saved_as_it_stands_changes_nothing(client, at, draft, name):
    assert client.post(at(name), sent(name, draft.text)).status_code == 302
    assert same(document(), toml(draft.text))


def test_a_norm_is_changed_for_one_class_and_by_size_for_another(client, at, draft):
    row = list(toml(draft.text)["norm"]).index("staff.officers")
    residents = toml(draft.text)["metric"]["station.residents"]["title"]
    changes = {f"norm__{row}__town": "12", f"norm__{row}__rural": f"按{residents}：0→5、30000→8"}
    assert client.post(at("norms"), sent("norms", draft.text, **changes)).status_code == 302
    norm = document()["norm"]["staff.officers"]
    assert norm["town"] == 12
    assert norm["rural"] == {"by": "station.residents", "table": [[0, 5], [30000, 8]]}


def test_a_cell_that_cannot_be_read_is_shown_again_with_what_was_typed(client, at, draft):
    answer = client.post(at("norms"), sent("norms", draft.text, norm__0__town="很多"))
    assert answer.status_code == 422
    assert 'value="很多"' in answer.content.decode()
    assert "不是标准值" in answer.content.decode()
    assert Draft.objects.get().revision == 1


def test_a_new_grade_finds_its_place_and_a_code(client, at, draft):
    row = len(toml(draft.text)["grade"])
    said = sent("conditions", draft.text, **{f"grade__{row}__title": "示范", f"grade__{row}__from": "98.5"})
    assert client.post(at("conditions"), said).status_code == 302
    first = document()["grade"][0]
    assert first == {"title": "示范", "title_en": "示范", "from": Decimal("98.5"), "code": "grade1"}


def test_an_emptied_row_is_gone_and_the_others_keep_what_has_no_column(client, at, draft):
    gone = {key: "" for key in sent("conditions", draft.text) if key.startswith("veto.0.") and not key.endswith("was")}
    said = sent("conditions", draft.text) | gone
    before = toml(draft.text)["veto"]
    assert client.post(at("conditions"), said).status_code == 302
    assert document()["veto"] == before[1:]


def test_somebody_quicker_is_told_and_nothing_typed_is_lost(client, at, draft, admin):
    drafting.change(draft.pk, 1, lambda d: d.update(title="别人改的"), by=admin)
    answer = client.post(at("norms"), sent("norms", draft.text, norm__0__town="17"))
    assert answer.status_code == 409
    assert 'value="17"' in answer.content.decode()


@pytest.mark.parametrize("name", ["norm.0.nobody", "norm.x.town", "norm.999.town", "gate.0.met"])
def test_an_unknown_field_is_refused(client, at, draft, name):
    assert client.post(at("norms"), sent("norms", draft.text) | {name: "1"}).status_code == 400


def test_a_published_norm_is_taken_over_with_one_click(client, at, draft):
    answer = client.get(at("norms"))
    norm = next(norm for norm, _values, _figure in answer.context["offers"] if norm.metric == "staff.officers")
    taken = client.post(at("norm_take"), {"revision": "1", "published": norm.code})
    assert taken.status_code == 302
    known = {kind: value for kind, value in norm.values.items() if kind in (*CLASSES, "default")}
    assert known.items() <= document()["norm"]["staff.officers"].items()
    assert client.post(at("norm_take"), {"revision": "2", "published": "nobody"}).status_code == 400


def typed_check(text: str, **cells) -> dict[str, str]:
    """The page of cross-checks with one more row."""
    row = len(toml(text).get("check", ()))
    return sent("checks", text, **{f"check.{row}.{key}": value for key, value in cells.items()})


def test_a_cross_check_is_written_with_the_names_of_its_figures(client, at, draft):
    titles = {code: row["title"] for code, row in toml(draft.text)["metric"].items()}
    holds = f"「{titles['staff.college']}」 <= “{titles['staff.officers']}”"
    said = typed_check(draft.text, title="学历不符", holds=holds, severity="warning", applies_to="urban、rural")
    assert client.post(at("checks"), said).status_code == 302
    assert document()["check"][-1] == {
        "title": "学历不符",
        "title_en": "学历不符",
        "holds": "staff.college <= staff.officers",
        "severity": "warning",
        "applies_to": ["urban", "rural"],
        "code": "check1",
    }
    page = client.get(at("checks")).content.decode()
    assert f"「{titles['staff.college']}」 &lt;= 「{titles['staff.officers']}」" in page


def test_a_name_that_no_figure_has_is_told_at_the_formula(client, at, draft):
    answer = client.post(at("checks"), typed_check(draft.text, title="甲", holds="「没有的数」 > 1", severity="error"))
    assert answer.status_code == 422
    assert "没有指标“没有的数”。" in answer.content.decode()
    assert "「没有的数」 &gt; 1" in answer.content.decode()


def test_a_grid_that_is_only_looked_at_tells_its_problems_beside_the_row_and_writes_nothing(client, at, draft):
    said = typed_check(draft.text, title="甲", holds="staff.nobody > 1") | {"do": "look"}
    answer = client.post(at("checks"), said)
    line = answer.context["grids"][0].lines[-2]
    assert (answer.status_code, Draft.objects.get().revision) == (200, 1)
    assert line.problems == ["应满足的关系：没有指标 'staff.nobody'", "缺少“不符时”"]
    assert any(each.problem.place.startswith("check check1") for each in answer.context["problems"])


def test_a_standard_without_checks_shows_what_it_is_asked_all_the_same(client, admin):
    plain = drafting.copy(factories.tiny_edition(), code="county", version="2", by=admin)
    client.force_login(admin)
    page = client.get(reverse("assessments:draft_checks", args=[plain.pk]))
    assert page.context["generic"] == ["“大专以上民警”一般不多于“民警”"]
