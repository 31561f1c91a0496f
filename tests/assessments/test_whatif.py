"""A published quarter under another standard, beside the record and never over it."""

import csv
import re
from io import BytesIO, StringIO
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.urls import reverse

from assessments import drafting, editions, whatif
from assessments.forms.whatif import Proposal
from assessments.models import Edition, OfficialRank, Period, Score
from assessments.scoring import Standard
from audit.models import Event
from personnel.roles import Role
from stations.models import Station
from tests import factories

pytestmark = pytest.mark.django_db
TINY = Path(factories.TINY).read_text("utf-8")


@pytest.fixture(scope="module")
def quarter(django_db_setup, django_db_blocker):
    """Published once for this file; what a test adds is undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        period = factories.period()
        factories.published(period)
        yield period
        transaction.set_rollback(True)


@pytest.fixture
def published(quarter):
    """城关 (6,852.86 residents an officer, 7 officers) first; 北社 (9,052.75, 4 officers) second."""
    return Period.objects.select_related("edition", "bureau").get(pk=quarter.pk)


@pytest.fixture
def bureau(published):
    return published.bureau


def ask(client, period, **typed):
    """POST the page's form with some fields typed over; `points.x` stands for a name with a colon."""
    said = {"edition": period.edition_id, "base": period.edition_id} | typed
    return client.post(reverse("assessments:whatif_period", args=[period.pk]), said)


def names(lines) -> list[str]:
    return [line.place.assessment.station.name for line in lines]


def test_the_page_shows_the_figures_of_the_standard(reviewer, client, published):
    response = client.get(reverse("assessments:whatif_period", args=[published.pk]))
    fields = {field.name: field.now for field in response.context["proposal"].all_fields()}
    assert fields["points:staffing.load"] == "3"
    assert fields["norm:staff.residents_per_officer:default"] == "3000"
    assert fields["norm:staff.residents_per_officer:town"] == ""
    assert fields["rule:staffing.strength"] == 'at_least = { of = "staff.officers", target = 5 }'
    assert (fields["grade:good"], fields["minimum_share"]) == ("60", "60")
    assert "summary" not in response.context


def test_a_page_sent_back_as_it_came_changes_nothing(reviewer, client, published):
    page = client.get(reverse("assessments:whatif_period", args=[published.pk]))
    typed = {field.name: field.typed for field in page.context["proposal"].all_fields()}
    response = ask(client, published, **typed)
    assert response.context["proposal"].changes == []
    assert "summary" not in response.context


def test_without_a_page_of_its_own_the_newest_published_period_is_asked(reviewer, client, published):
    factories.period(bureau=published.bureau, name="2026年第四季度")
    response = client.get(reverse("assessments:whatif"))
    assert response.url == reverse("assessments:whatif_period", args=[published.pk])


def test_new_ranks_stand_beside_those_of_the_record(reviewer, client, published):
    # 5 officers are worth nothing when they are left out, and 北社 keeps to a norm of 9,053 residents an officer.
    typed = {"drop:staffing.strength": "1", "norm:staff.residents_per_officer:town": "9053"}
    response = ask(client, published, **typed)
    lines = response.context["lines"]
    assert names(lines) == ["北社派出所", "城关派出所"]
    assert [(line.old_rank, line.new_rank, line.places) for line in lines] == [(2, 1, 1), (1, 2, -1)]
    official = {r.assessment.station.name: r for r in OfficialRank.objects.with_places()}
    assert [(line.old_rank, line.old_rate) for line in lines] == [
        (official[name].rank, official[name].rate) for name in names(lines)
    ]
    assert [item.criterion.id for item in lines[0].items] == ["staffing.load", "staffing.strength"]
    assert lines[0].items[0].effect > 0
    assert response.context["agrees"]


def test_nothing_is_written_whatever_is_asked(reviewer, client, published):
    before = digests()
    ask(client, published, **{"points:staffing.load": "8"})
    ask(client, published, **{"points:staffing.load": "8", "export": "xlsx"})
    ask(client, published, **{"rule:staffing.load": "at_most = {"})
    assert digests() == before
    assert not Event.objects.filter(action__contains="whatif").exists()


def digests() -> dict[str, str]:
    """A digest of every table of the product but sessions."""
    with connection.cursor() as cursor:
        found = {}
        for table in sorted(set(connection.introspection.table_names()) - {"django_session"}):
            cursor.execute(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{table}\" t")
            found[table] = cursor.fetchone()[0]
    return found


def test_what_is_wrong_is_told_line_by_line_and_what_was_typed_stays(reviewer, client, published):
    typed = {
        "points:staffing.load": "drei",
        "rule:staffing.college": "ratio = [",
        "norm:staff.residents_per_officer:town": "x",
    }
    context = ask(client, published, **typed).context
    assert len(context["problems"]) == 3
    assert "summary" not in context
    assert {f.name: f.typed for f in context["proposal"].all_fields() if f.wrong} == typed


def test_what_the_reader_of_standards_refuses_is_told_too(reviewer, client, published):
    context = ask(
        client, published, **{"rule:staffing.strength": 'at_least = { of = "staff.officer", target = 5 }'}
    ).context
    assert any("staff.officers" in line for line in context["problems"])


@pytest.mark.parametrize(
    "typed", [{"points:staffing.load": "-1"}, {"draft": "a = ["}, {"draft": "section = 3"}, {"minimum_share": "500"}]
)
def test_what_the_reader_of_standards_refuses_is_told_in_chinese(reviewer, client, published, typed):
    client.cookies["django_language"] = "zh-hans"
    lines = ask(client, published, **typed).context["problems"]
    assert lines
    assert all(re.search("[\u4e00-\u9fff]", line) for line in lines)


def test_another_edition_is_held_against_the_record(reviewer, client, published):
    text = (
        TINY.replace('version = "2026"', 'version = "2027"')
        .replace("points = 3", "points = 1")
        .replace("points = 10", "points = 8")
    )
    edition, _created = editions.load(text)
    response = ask(client, published, edition=edition.pk)
    assert response.context["source"].edition == edition
    assert {item.criterion.id for line in response.context["lines"] for item in line.items} == {"staffing.load"}


def test_a_draft_that_is_no_edition_yet_is_held_against_the_record(reviewer, client, published):
    draft = TINY.replace('version = "2026"', 'version = "draft"').replace("default = 3000", "default = 9053")
    context = ask(client, published, draft=draft, **{"points:staffing.load": "nothing that counts"}).context
    assert context["standard"].version == "draft"
    assert {item.criterion.id for line in context["lines"] for item in line.items} == {"staffing.load"}
    (problem,) = ask(client, published, draft="code = ").context["problems"]
    assert "不是有效的 TOML" in problem
    assert not Edition.objects.filter(version="draft").exists()


def test_a_draft_of_the_editor_is_a_choice_beside_the_editions(client, published, bureau):
    admin = factories.user("sysadmin", bureau)
    draft = drafting.copy(published.edition, code="county", version="1", by=admin)
    client.force_login(admin)
    chosen = f"draft:{draft.pk}"
    answer = ask(client, published, edition=chosen, base=f"{chosen}:1", **{"points:staffing.load": "8"})
    assert answer.context["standard"].code == "county"
    assert f'<option value="{chosen}" selected>' in answer.content.decode()
    assert len(names(answer.context["lines"])) == 2


def test_a_draft_may_take_means_and_tell_finer_rates(reviewer, client, published):
    head = 'points = 10\nrollup = "geometric"\nrate_decimals = 3'
    context = ask(client, published, draft=TINY.replace("points = 10", head, 1)).context
    assert context["problems"] == []
    assert [line.new_rank for line in context["lines"]] == [1, 2]
    assert all(item.effect is None for line in context["lines"] for item in line.items)


def test_what_another_edition_asks_for_and_nobody_was_asked_is_named(reviewer, client, published):
    more = """
[metric."dogs.present"]
kind = "yes_no"
title = "警犬"
title_en = "Dogs"

[[criterion]]
id = "dogs"
section = "staffing"
title = "警犬"
title_en = "Dogs"
points = 1
source = "(A9)"
rule.yes_no = { of = "dogs.present" }
"""
    text = TINY.replace('version = "2026"', 'version = "2027"').replace("points = 10\n", "points = 11\n") + more
    edition, _created = editions.load(text)
    response = ask(client, published, edition=edition.pk)
    assert response.context["unasked"] == "警犬"
    assert "警犬" in response.content.decode()


def test_a_standard_that_does_not_know_a_class_is_refused_in_words(reviewer, client, published):
    text = TINY.replace('version = "2026"', 'version = "2027"').replace('"county_town", ', "")
    edition, _created = editions.load(text)
    (problem,) = ask(client, published, edition=edition.pk).context["problems"]
    assert "county_town" in problem


def test_only_movers_and_one_group_can_be_shown(reviewer, client, published):
    both = {"drop:staffing.strength": "1", "norm:staff.residents_per_officer:town": "9053"}
    none = {"grade:good": "61"}
    assert len(ask(client, published, movers="1", **both).context["lines"]) == 2
    assert len(ask(client, published, **none).context["lines"]) == 2
    assert ask(client, published, movers="1", **none).context["lines"] == []
    assert ask(client, published, group="nowhere", **both).context["lines"] == []


def test_pages_keep_what_was_typed(reviewer, client, published, monkeypatch):
    monkeypatch.setattr("assessments.views.whatif._PAGE", 1)
    first = ask(client, published, **{"points:staffing.load": "8"}).context
    second = ask(client, published, page="2", **{"points:staffing.load": "8"}).context
    assert (len(first["lines"]), len(second["lines"])) == (1, 1)
    assert names(first["lines"]) != names(second["lines"])
    assert second["proposal"].changes == first["proposal"].changes != []


def test_more_stations_than_a_request_can_score_are_refused_in_words(reviewer, client, published, monkeypatch):
    monkeypatch.setattr(whatif, "LARGEST", 1)
    response = ask(client, published, **{"points:staffing.load": "8"})
    assert response.status_code == 200
    assert "manage.py whatif" in response.content.decode()
    assert "lines" not in response.context


FORMULAS = ["=1+1", "+1", "-1", "@SUM(1)", '=HYPERLINK("http://x")']


@pytest.mark.parametrize("name", FORMULAS)
def test_the_workbook_has_no_formula_whatever_people_typed(reviewer, client, published, name):
    Station.objects.filter(bureau=published.bureau).update(name=name)
    response = ask(client, published, **{"points:staffing.load": "8", "export": "xlsx"})
    with ZipFile(BytesIO(response.content)) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        strings = book.read("xl/sharedStrings.xml").decode()
    assert len(sheets) == 3
    assert not any("<f>" in sheet or "hyperlink" in sheet for sheet in sheets)
    assert escape(name, {'"': "&quot;"}) in strings or name in strings
    assert "staffing" not in re.sub("<[^>]*>", "", sheets[0])


def test_the_changed_standard_can_be_taken_as_a_file(reviewer, client, published):
    response = ask(client, published, **{"points:staffing.load": "8", "export": "toml"})
    standard = Standard.loads(response.content.decode())
    assert (standard.criterion("staffing.load").points, standard.full) == (8, 1500)


def test_a_county_sees_its_own_stations_only_even_where_groups_cross_counties(client):
    city = factories.bureau("市公安局", level="city")
    counties = [factories.bureau(name, above=city) for name in ("甲县", "乙县")]
    for county in counties:
        factories.chengguan(county)
    period = factories.period(bureau=city, grouping="class")
    factories.published(period, bureau=city)
    client.force_login(factories.user(Role.REVIEWER, counties[0]))
    context = ask(client, period, **{"points:staffing.load": "8"}).context
    assert [line.place.assessment.bureau for line in context["lines"]] == [counties[0]]
    assert context["summary"].stations == 1
    assert context["lines"][0].new_rank == 1


def test_a_period_out_of_reach_does_not_exist(client, published):
    client.force_login(factories.user(Role.REVIEWER, factories.bureau("别县")))
    assert ask(client, published).status_code == 404
    assert client.get(reverse("assessments:whatif_period", args=[published.pk])).status_code == 404


@pytest.mark.parametrize(("role", "status"), [(Role.LEADER, 200), (Role.SYSADMIN, 200), (Role.CHIEF, 403)])
def test_bureau_staff_may_ask_and_stations_may_not(client, published, bureau, role, status):
    place = published.assessments.first().station if role == Role.CHIEF else bureau
    client.force_login(factories.user(role, place))
    assert ask(client, published).status_code == status


@pytest.mark.parametrize("edition", ["x", "-1", "9" * 12])
def test_an_edition_that_is_no_number_is_refused(reviewer, client, published, edition):
    assert ask(client, published, edition=edition).status_code == 400


def test_an_edition_that_is_not_there_is_not_found(reviewer, client, published):
    assert ask(client, published, edition=99_999_999).status_code == 404


def test_the_page_asks_the_database_twenty_times_at_most(reviewer, client, published, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        ask(client, published, **{"points:staffing.load": "8"})


def test_more_stations_need_no_more_queries(published, django_assert_num_queries):
    every = list(whatif.places(published.publications.all()))
    for some in (every[:1], every):
        with django_assert_num_queries(2):
            whatif.under(whatif.record(published, some), Standard.loads(TINY))


def test_a_record_that_no_longer_agrees_with_its_facts_is_told(reviewer, client, published):
    Score.objects.filter(layer="confirmed").update(grade="poor")
    assert not ask(client, published, **{"points:staffing.load": "8"}).context["agrees"]


def test_what_rules_look_back_at_is_read_for_the_other_standard(reviewer, client, published):
    later = factories.period(bureau=published.bureau, previous=published)
    factories.published(later)
    rule = (
        'versus_past = { of = "staff.officers", base = "before", change = "units", better = "higher", '
        "start = 1, each = 1, floor = 0, cap = 2 }"
    )
    context = ask(client, later, **{"rule:staffing.strength": rule}).context
    found = {(item.criterion.id, item.after) for line in context["lines"] for item in line.items}
    assert found == {("staffing.strength", 100)}


@pytest.mark.parametrize("path", [factories.TINY, factories.SHIPPED])
def test_every_field_of_a_standard_can_be_typed_as_it_stands(path):
    text = Path(path).read_text("utf-8")
    proposal = Proposal(text, {})
    same = Proposal(text, {field.name: f" {field.now}" for field in proposal.all_fields()})
    assert (same.changes, same.problems) == ([], [])


@pytest.mark.parametrize("typed", ["８", "8.0", " 8 ", "8.00"])
def test_numbers_are_read_as_people_type_them(typed):
    (change,) = Proposal(TINY, {"points:staffing.load": typed}).changes
    assert change.points == 8


@pytest.mark.parametrize("typed", ["", "1e5x", "1_0", "NaN", "inf", "9" * 40, "1e999999999", "1e-999999999", "1e16"])
def test_what_is_no_number_is_refused(typed):
    proposal = Proposal(TINY, {"points:staffing.load": typed})
    assert proposal.changes == []
    assert len(proposal.problems) == 1


def test_a_norm_may_be_typed_as_the_standard_writes_it():
    typed = '{ by = "station.residents", table = [[0, 3000], [40000, 2000]] }'
    proposal = Proposal(TINY, {"norm:staff.residents_per_officer:town": typed})
    assert Standard.loads(proposal.new_text()).norms["staff.residents_per_officer"]["town"]


@pytest.mark.parametrize(
    "typed", ["1\npoints = 3", "[", '"x', "{ a" + ".a" * 9000 + " = 1 }", "1e-999999999", "1" * 20_001]
)
def test_a_norm_that_is_more_than_a_value_is_refused(typed):
    assert len(Proposal(TINY, {"norm:staff.residents_per_officer:town": typed}).problems) == 1


def run(*arguments) -> str:
    said = StringIO()
    call_command("whatif", *map(str, arguments), stdout=said)
    return said.getvalue()


def test_the_command_writes_every_station_of_a_period(published, tmp_path):
    (tmp_path / "other.toml").write_text(TINY.replace("default = 3000", "default = 9053"), "utf-8")
    said = run(published.pk, tmp_path / "other.toml", "--out", tmp_path / "out.csv")
    heads, *rows = csv.reader((tmp_path / "out.csv").read_text("utf-8-sig").splitlines())
    assert "2 stations: 0 with another place" in said
    assert [row[4:6] for row in rows] == [["1", "1"], ["2", "2"]]
    assert all("staffing.load 0/3 → 3/3" in row[-1] for row in rows)
    assert len(heads) == len(rows[0])


@pytest.mark.parametrize("kind", ["nothing published", "no period", "no class", "no standard"])
def test_the_command_says_what_is_wrong_and_writes_nothing(kind, published, tmp_path):
    (tmp_path / "other.toml").write_text(TINY.replace('"county_town", ', "") if kind == "no class" else TINY, "utf-8")
    number = {"nothing published": factories.period().pk, "no period": 99_999_999}.get(kind, published.pk)
    standard = tmp_path / ("none.toml" if kind == "no standard" else "other.toml")
    with pytest.raises(CommandError):
        run(number, standard, "--out", tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()
