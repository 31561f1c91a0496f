"""Standards: taken into use once, read by everybody who works with them."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments import editions, outline
from assessments.models import Edition
from assessments.scoring import StandardError
from audit.models import Event
from personnel.roles import Role
from stationstd.refusals import Refused
from tests import factories
from tests.assessments import judged

pytestmark = pytest.mark.django_db


@pytest.fixture
def text():
    return factories.TINY.read_text("utf-8")


def test_a_standard_is_taken_into_use_with_its_digest(text):
    edition, created = editions.load(text)
    assert created
    assert edition.code == "tiny"
    assert edition.digest == edition.standard.digest
    assert Event.objects.get(action="edition.load").detail["digest"] == edition.digest


def test_loading_the_same_text_again_changes_nothing(text):
    first, _created = editions.load(text)
    again, created = editions.load(text)
    assert again == first
    assert not created
    assert Event.objects.filter(action="edition.load").count() == 1


def test_another_text_under_the_same_version_is_refused(text):
    editions.load(text)
    with pytest.raises(Refused) as refusal:
        editions.load(text.replace("points = 10", "points = 10 # changed"))
    assert refusal.value.status == 409
    assert Edition.objects.count() == 1


def test_a_broken_standard_names_every_problem(text):
    broken = text.replace('"zones.service" }', '"zones.servise" }').replace('kind = "yes_no"', 'kind = "yes_nо"')
    with pytest.raises(StandardError) as problems:
        editions.load(broken, "broken.toml")
    assert len(str(problems.value).splitlines()) >= 3
    assert not Edition.objects.exists()


def test_rates_finer_than_the_store_keeps_are_refused(text):
    with pytest.raises(StandardError, match=r"tiny\.toml: rate_decimals: rates are stored with 2 decimals, not 3"):
        editions.load("rate_decimals = 3\n" + text, "tiny.toml")
    edition, _created = editions.load("rate_decimals = 1\n" + text)
    assert edition.standard.rate_decimals == 1


def test_the_database_refuses_to_change_an_edition(text):
    edition, _created = editions.load(text)
    with pytest.raises(DatabaseError), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(text="")


def test_the_command_loads_a_file(text, tmp_path, capsys):
    file = tmp_path / "tiny.toml"
    file.write_text(text, "utf-8")
    call_command("load_standard", str(file))
    call_command("load_standard", str(file))
    said = capsys.readouterr().out
    assert "Loaded tiny 2026" in said
    assert "Already there: tiny 2026" in said


def test_the_command_prints_what_is_wrong(text, tmp_path):
    file = tmp_path / "broken.toml"
    file.write_text(text.replace('of = "zones.service"', 'of = "zones.servise"'), "utf-8")
    with pytest.raises(CommandError, match=r"broken\.toml.*zones\.servise.*zones\.service"):
        call_command("load_standard", str(file))


def test_the_command_says_when_there_is_no_such_file(tmp_path):
    with pytest.raises(CommandError, match=r"nowhere\.toml"):
        call_command("load_standard", str(tmp_path / "nowhere.toml"))


def test_the_outline_tells_rule_and_norm_of_every_criterion():
    chapters = outline.of(factories.tiny_edition(), "en")
    lines = {line.criterion.id: line for chapter in chapters for line in chapter.lines}
    assert len(lines) == 6
    assert all(line.rules for line in lines.values())
    assert "3,000" in lines["staffing.load"].norms[0].text
    assert lines["staffing.load"].absent == ("scenic",)


@pytest.mark.parametrize("role", ["chief", "clerk", "reviewer", "leader", "sysadmin"])
def test_everybody_who_works_with_a_standard_can_read_it(role, client):
    edition = factories.edition()
    client.force_login(factories.user(role))
    listed = client.get(reverse("assessments:editions")).content.decode()
    assert edition.title in listed
    page = client.get(reverse("assessments:edition", args=[edition.pk])).content.decode()
    for criterion in edition.standard.criteria:
        assert criterion.title in page
    assert "3,000" in page


def test_the_page_of_an_edition_costs_the_same_however_many_criteria(client):
    client.force_login(factories.user("leader"))
    client.get(reverse("assessments:editions"))  # the session settles
    costs = []
    for edition in (factories.tiny_edition(), factories.edition()):
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("assessments:edition", args=[edition.pk]))
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 8


def test_an_edition_that_is_not_there_is_not_found(client):
    client.force_login(factories.user("leader"))
    assert client.get(reverse("assessments:edition", args=[999])).status_code == 404


def test_gates_vetoes_shares_and_the_year_are_read_with_their_conditions(client):
    edition = judged.edition("0.25")
    client.force_login(factories.user(Role.CHIEF))
    page = client.get(reverse("assessments:edition", args=[edition.pk])).content.decode()
    for words in ("民警 ≥ 5", "最高不达标", "“功能分区”不得分", "监控盲区 &gt; 9", "由人决定", "25%"):
        assert words in page, words
    assert "末位：全年累计 2 次" in page


def shipped(name: str) -> Edition:
    return editions.load((factories.SHIPPED.parent / name).read_text("utf-8"))[0]


def test_an_edition_can_be_read_as_one_class_is_asked(client):
    """T30: a rural chief sees the criteria, norms and points of rural stations and no others."""
    edition = factories.edition()
    client.force_login(factories.user("chief"))
    page = client.get(reverse("assessments:edition", args=[edition.pk]), {"class": "scenic"}).content.decode()
    assert edition.standard.criterion("staffing.strength").title in page
    assert edition.standard.criterion("staffing.load").title not in page
    assert "考评 28 项，满分 93 分" in page


def test_a_class_that_the_edition_does_not_have_is_not_found(client):
    edition = factories.tiny_edition()
    client.force_login(factories.user("leader"))
    assert client.get(reverse("assessments:edition", args=[edition.pk]), {"class": "moon"}).status_code == 404


def test_a_variant_counts_the_points_that_do_not_apply_and_are_given():
    edition = shipped("yearly-grade-2027.toml")
    variant = outline.variant(edition, "en", "scenic")
    assert (variant.asked, variant.full, variant.given) == (27, 100_00, 10_00)
    assert variant.chapters[0].number == "2"
    rural = outline.variant(edition, "en", "rural")
    strength = next(line for line in rural.chapters[-1].lines if line.criterion.id == "staffing.strength")
    assert [norm.text for norm in strength.norms] == ["≥ 5 officers"]


def test_the_lists_of_a_checklist_are_told_by_class():
    edition = shipped("core-2027.toml")
    lines = {line.criterion.id: line for chapter in outline.of(edition, "en") for line in chapter.lines}
    teams = lines["deployment.teams"].items
    assert [each.classes for each in teams] == [("urban",), ("county_town", "town"), ("rural",)]
    assert [len(each.text.split(", ")) for each in teams[:2]] == [4, 3]
    assert not lines["staffing.load"].items
