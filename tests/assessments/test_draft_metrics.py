"""The figures of a draft: a bureau makes its own, derives others from them, and takes out what nothing rests on."""

import pytest
from django.urls import reverse

from assessments import drafting
from assessments.forms.figures import Figures
from assessments.models import Draft
from assessments.registers import METRICS, facts
from assessments.scoring.reading import toml
from personnel.roles import Role
from tests import factories
from tests.contract.bodies import shown


@pytest.fixture
def draft(db, client):
    admin = factories.user(Role.SYSADMIN)
    client.force_login(admin)
    return drafting.copy(factories.tiny_edition(), code="county", version="1", by=admin)


def at(draft, name, *more) -> str:
    return reverse(f"assessments:draft_{name}", args=[draft.pk, *more])


def fields(client, address: str) -> dict:
    return shown(client.get(address).content.decode(), address)


def document() -> dict:
    return toml(Draft.objects.get().text)


@pytest.mark.parametrize("code", ["staff.officers", "zones.service", "staff.residents_per_officer"])
def test_a_figure_that_is_sent_back_as_it_came_stays_as_it_was(client, draft, code):
    before = document()
    said = fields(client, at(draft, "metric", code))
    if "formula" in said:  # what stands in a text area is not read here
        said["formula"] = before["derived"][code]["formula"]
    assert client.post(at(draft, "metric", code), said).status_code == 302
    assert document() == before


def test_a_figure_of_ones_own_is_made_used_and_taken_out(client, draft):
    said = fields(client, at(draft, "metric_new"))
    assert (said["code"], said["required"]) == ("local.n1", "on")
    said |= {"title": "走访户数", "title_en": "Households visited", "kind": "count", "high": "5,000"}
    answer = client.post(at(draft, "metric_new"), said)
    assert (answer.status_code, b"id_unit_error" in answer.content) == (422, True)
    assert client.post(at(draft, "metric_new"), said | {"unit": "户"}).status_code == 302
    made = {"kind": "count", "title": "走访户数", "title_en": "Households visited", "unit": "户"}
    assert document()["metric"]["local.n1"] == made | {"unit_en": "户", "high": 5000}
    assert client.post(at(draft, "metric_remove", "local.n1"), {"revision": "2"}).status_code == 302
    assert "local.n1" not in document()["metric"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"title": "行政拘留数"}, "title"),
        ({"code": "local.detentions"}, "title"),
        ({"code": "Local"}, "code"),
        ({"code": "staff.officers"}, "code"),
        ({"low": "5", "high": "1"}, "low"),
        ({"effort": "0"}, "effort"),
        ({"high": "多"}, "high"),
        ({"register": "on"}, "register"),
    ],
)
def test_what_is_wrong_with_a_figure_is_told_at_its_field(client, draft, typed, field):
    said = {"revision": "1", "code": "local.n1", "title": "走访", "title_en": "Visits", "kind": "yes_no"}
    said |= {"fixable_by": "station", "required": "on"}
    answer = client.post(at(draft, "metric_new"), said | typed)
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert Draft.objects.get().revision == 1


@pytest.mark.parametrize(
    ("formula", "status", "what"),
    [
        ("staff.officers / 2", 302, ""),
        ("staff.officers /", 422, "算式无法识别"),
        ("staff.officer / 2", 422, "是否为"),
        ("local.n1 + 1", 422, "没有指标"),
    ],
)
def test_a_formula_is_read_before_it_is_saved(client, draft, formula, status, what):
    said = {"revision": "1", "code": "local.n1", "title": "半数", "title_en": "Half", "kind": "number"}
    said |= {"unit": "人", "unit_en": "people", "formula": formula}
    answer = client.post(at(draft, "derived_new"), said)
    assert answer.status_code == status
    assert what in answer.content.decode()
    checked = client.post(at(draft, "derived_new"), said | {"do": "check", "revision": "1"}).content.decode()
    assert ("「民警」÷ 2" in checked.replace("」 ", "」")) == (formula == "staff.officers / 2")


def test_a_formula_does_not_rest_on_itself(client, draft):
    code = "staff.residents_per_officer"
    said = fields(client, at(draft, "metric", code)) | {"formula": f"{code} + 1"}
    answer = client.post(at(draft, "metric", code), said)
    assert answer.status_code == 422
    assert "算式循环引用了自身" in answer.content.decode()


def test_what_something_rests_on_stays(client, draft):
    for code in ("staff.officers", "zones.service", "staff.residents_per_officer"):
        assert client.post(at(draft, "metric_remove", code), {"revision": "1"}).status_code == 409
    assert Draft.objects.get().revision == 1


def test_the_list_says_which_criteria_rest_on_a_figure(client, draft):
    page = client.get(at(draft, "metrics")).content.decode()
    assert "每警人口" in page
    used = Figures(document()).used_by()
    assert "staffing.load" in [id for id, _title in used["staff.officers"]]
    assert set(document()["metric"]) <= Figures(document()).needed()


def test_the_registers_have_no_figure_that_the_list_does_not_know(db):
    station = factories.station(residents=47_970, households=11_935, has_own_premises=True)
    factories.equipped(factories.funded(factories.zoned(station), public_funds_yuan=2800), kit=4)
    assert set(facts([station], factories.edition().standard.in_force)[station.pk]) <= METRICS
