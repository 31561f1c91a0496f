"""The ranking page by page, in groups and within every bureau above them."""

from copy import deepcopy

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments import rankpage
from assessments.models import OfficialRank, Standing
from personnel.roles import Role
from tests import factories
from tests.shared import rows

from .sheets import text_of

pytestmark = pytest.mark.django_db


def a_published_city():
    """(city, period)"""
    city = a_city()
    period = factories.period(bureau=city)
    for spots, assessment in enumerate(period.assessments.with_places().order_by("station__pk")):
        factories.confirmed(factories.submitted(assessment, {"video.blind_spots": spots % 4}))
    factories.published(period)
    return city, period


def a_city():
    """A city of two counties with three stations each; 0 to 5 blind spots."""
    city = factories.bureau("市公安局", level="city")
    for name in ("甲县", "乙县"):
        county = factories.bureau(name, above=city)
        for number in "一二三":
            place = factories.station(f"{name}{number}所", bureau=county, residents=9000)
            factories.staffed(place, 3)
    return city


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    yield from rows(a_published_city, django_db_blocker)


@pytest.fixture
def city(made, db):
    return deepcopy(made[0])


@pytest.fixture
def period(made, db):
    return deepcopy(made[1])


@pytest.fixture
def leader(city, client):
    person = factories.user(Role.LEADER, city)
    client.force_login(person)
    return person


@pytest.fixture
def always_paged(monkeypatch):
    """Even the shortest ranking is cut into pages."""
    monkeypatch.setattr(rankpage, "WHOLE", 0)


def county(city, name):
    return type(city).objects.get(path__startswith=city.path, name=name)


def ranking(client, period, **words):
    return client.get(reverse("assessments:ranking_period", args=[period.pk]), words)


def walked(read, size) -> list:
    """All places, `size` at a time."""
    places, after = [], ""
    while True:
        page = read(rankpage.Wanted(after=after), size)
        assert len(page.places) <= size
        places += page.places
        if not page.next:
            return places
        after = page.next


@pytest.mark.parametrize("size", [1, 2, 5, 50])
def test_pages_of_groups_show_everybody_once_and_in_order(period, leader, always_paged, size):
    late = OfficialRank.objects.for_period(period).count()
    found = walked(lambda wanted, n: rankpage.of_groups(period, leader, wanted, n), size)
    assert len({place.pk for place in found}) == len(found) == late == 6
    assert [(p.group, p.rank) for p in found] == sorted((p.group, p.rank) for p in found)


def test_the_unranked_come_last_in_their_group_on_pages_too(always_paged):
    city = a_city()
    leader = factories.user(Role.LEADER, city)
    period = factories.period(bureau=city)
    first, second, *others = period.assessments.with_places().order_by("station__pk")
    for late in (first, second):
        factories.due(late)
    for each in others:
        factories.confirmed(each)
    from assessments import workflow

    workflow.publish(period.pk, bureau=city, by=factories.user(Role.REVIEWER, city))
    for size in (1, 2, 3, 50):
        found = walked(lambda wanted, n: rankpage.of_groups(period, leader, wanted, n), size)
        assert len({place.pk for place in found}) == 6
        places = [place.rank or 99 for place in found if place.group == found[0].group]
        assert places == sorted(places)


@pytest.mark.parametrize("size", [1, 2, 4, 50])
def test_pages_within_a_bureau_show_everybody_once_and_in_order(period, city, leader, always_paged, size):
    found = walked(lambda wanted, n: rankpage.within(period, city, leader, wanted, n), size)
    assert [place.rank for place in found] == [1, 1, 3, 3, 5, 6]  # equal rates share a place
    assert len({place.assessment_id for place in found}) == 6


def test_the_page_asks_for_stored_places_and_ranks_nobody(period, city, leader, client):
    ranking(client, period, within=city.code)
    for words in ({"within": city.code}, {}, {"within": county(city, "甲县").code}):
        with CaptureQueriesContext(connection) as asked:
            assert ranking(client, period, **words).status_code == 200
        sql = [query["sql"] for query in asked.captured_queries]
        assert len(sql) <= 14
        assert not [each for each in sql if "OVER (" in each or "OFFSET" in each]


def test_a_leader_chooses_the_city_or_one_of_its_counties(period, city, leader, client):
    response = ranking(client, period, within=city.code)
    assert [bureau.name for bureau in response.context["levels"]] == ["市公安局", "甲县", "乙县"]
    (group,) = response.context["groups"]
    assert group.name == "市公安局"
    assert [row.place.rank for row in group.rows] == [1, 1, 3, 3, 5, 6]
    (group,) = ranking(client, period, within=county(city, "乙县").code).context["groups"]
    assert [row.place.rank for row in group.rows] == [1, 2, 3]


def test_a_county_sees_its_own_stations_with_their_places_in_the_city(period, city, client):
    client.force_login(factories.user(Role.LEADER, county(city, "乙县")))
    html = ranking(client, period, within=city.code)
    (group,) = html.context["groups"]
    assert [row.place.rank for row in group.rows] == [1, 3, 6]
    assert {row.place.of for row in group.rows} == {6}
    assert "甲县一所" not in text_of(html)


def test_a_chief_sees_the_own_bureaus_places_in_the_city(period, city, client):
    client.force_login(factories.user(Role.CHIEF, period.assessments.filter(bureau__name="甲县").first().station))
    response = ranking(client, period, within=city.code)
    assert [bureau.name for bureau in response.context["levels"]] == ["市公安局", "甲县"]
    assert "乙县一所" not in text_of(response)


@pytest.mark.parametrize("words", [{"within": "B-unknown"}, {"after": "x"}, {"after": "999999999"}, {"after": "1.2"}])
def test_what_the_page_does_not_offer_is_refused(period, leader, client, words):
    assert ranking(client, period, **words).status_code == 400


def test_a_bureau_elsewhere_is_not_offered(period, leader, client):
    other = factories.bureau("别市", level="city")
    assert ranking(client, period, within=other.code).status_code == 400


def test_places_that_are_not_final_are_shown_to_nobody(client):
    from assessments import runs

    city = a_city()
    client.force_login(factories.user(Role.LEADER, city))
    period = factories.period(bureau=city)
    for assessment in period.assessments.with_places():
        factories.confirmed(assessment)
    runs.score(period)
    assert Standing.objects.for_period(period).exists()
    assert ranking(client, period).context["levels"] == []
    assert ranking(client, period, within=city.code).status_code == 400


def test_a_long_ranking_is_led_through_page_by_page(period, city, leader, client, always_paged, monkeypatch):
    monkeypatch.setattr(rankpage, "SIZE", 4)
    first = ranking(client, period, within=city.code)
    assert "after=" + first.context["page"].next in text_of(first)
    assert first.context["weakest"] == []
    last = ranking(client, period, within=city.code, after=first.context["page"].next)
    assert [row.place.rank for group in last.context["groups"] for row in group.rows] == [5, 6]
    assert last.context["page"].next == ""
    assert ranking(client, period).context["sort"] is None  # only a whole ranking is sorted another way


def test_a_ranking_that_is_not_long_stands_on_one_page_and_is_sorted_by_any_column(period, city, leader, client):
    response = ranking(client, period, within=city.code, sort="station")
    assert response.context["page"].is_whole
    codes = [row.assessment.station.code for group in response.context["groups"] for row in group.rows]
    assert codes == sorted(codes)


def test_a_workbook_has_all_pages_and_never_half_of_them(period, city, leader, client, always_paged, monkeypatch):
    monkeypatch.setattr(rankpage, "SIZE", 2)
    assert ranking(client, period, within=city.code, export="xlsx").status_code == 200
    monkeypatch.setattr(rankpage, "MOST", 3)
    assert ranking(client, period, export="xlsx").status_code == 413


def test_a_list_of_too_many_bureaus_is_not_offered(period, leader, client, monkeypatch):
    assert [bureau.name for bureau in ranking(client, period).context["bureaus"]] == ["甲县", "乙县"]
    monkeypatch.setattr(rankpage, "CHOICES", 1)
    assert ranking(client, period).context["bureaus"] == []
