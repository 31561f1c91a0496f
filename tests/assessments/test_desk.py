"""The reviewer's desk."""

import pytest
from django.urls import reverse

from assessments.models import State
from personnel.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def period(bureau):
    return factories.period(bureau=bureau)


def desk(client, **words):
    return client.get(reverse("assessments:desk"), words)


def stations(response):
    return [row.assessment.station.name for row in response.context["rows"]]


def test_the_desk_without_a_period_says_what_will_appear(reviewer, client):
    response = desk(client)
    assert response.status_code == 200
    assert response.context["period"] is None


def test_a_submitted_station_is_to_be_verified_next(reviewer, period, client):
    factories.submitted(factories.assessment(period))
    actions = {row.assessment.state: row.action for row in desk(client).context["rows"]}
    assert actions == {State.SUBMITTED: "verify", State.DRAFT: "wait"}


def test_tiles_count_every_state_and_who_is_late(reviewer, period, client):
    first = factories.assessment(period)
    factories.due(first)
    tiles = {code: count for code, _label, count in desk(client).context["tiles"]}
    assert tiles == {"": 2, "draft": 2, "late": 1}


def test_a_tile_shows_only_its_stations(reviewer, period, client):
    late = factories.due(factories.assessment(period))
    assert stations(desk(client, state="late")) == [late.station.name]


def test_the_self_assessed_rate_is_shown_from_submission_on(reviewer, period, client):
    factories.submitted(factories.assessment(period))
    rates = {row.assessment.state: row.self_rate for row in desk(client).context["rows"]}
    assert rates[State.DRAFT] is None
    assert rates[State.SUBMITTED] > 0


def test_the_table_sorts_both_ways_by_a_known_key(reviewer, period, client):
    there, back = stations(desk(client, sort="station")), stations(desk(client, sort="-station"))
    assert there == back[::-1]
    assert len(there) == 2


@pytest.mark.parametrize(
    "words",
    [
        {"sort": "password"},
        {"sort": "station__people__password"},
        {"state": "draft' or 1=1"},
        {"period": "1; drop"},
    ],
)
def test_an_unknown_word_in_the_address_is_refused(reviewer, period, client, words):
    assert desk(client, **words).status_code == 400


def test_a_period_of_another_bureau_is_not_there(reviewer, period, client):
    elsewhere = factories.period(bureau=factories.bureau("别县公安局"))
    assert desk(client, period=elsewhere.pk).status_code == 404


def test_a_reviewer_sees_stations_below_the_own_bureau_only(client):
    city = factories.bureau("市公安局", level="city")
    county, sister = factories.bureau("甲县", above=city), factories.bureau("乙县", above=city)
    mine, other = factories.station("甲所", bureau=county), factories.station("乙所", bureau=sister)
    factories.period(bureau=city)
    client.force_login(factories.user(Role.REVIEWER, county))
    page = desk(client)
    assert stations(page) == [mine.name]
    assert other.name not in page.content.decode()


def test_a_return_is_counted_on_the_desk(reviewer, period, client):
    factories.returned(factories.assessment(period))
    assert [row.returns for row in desk(client, state="returned").context["rows"]] == [1]


def test_publishing_waits_for_stations_that_are_not_finished(reviewer, period, client):
    first, second = period.assessments.with_places()
    factories.confirmed(first)
    assert desk(client).context["waiting"] == 1
    factories.due(second)
    assert desk(client).context["waiting"] == 0


@pytest.mark.parametrize("role", [r for r in Role if r != Role.REVIEWER])
def test_only_a_reviewer_has_a_desk(role, client):
    client.force_login(factories.user(role))
    assert desk(client).status_code == 403


def test_the_desk_asks_no_more_of_the_database_for_more_stations(
    reviewer, bureau, client, django_assert_max_num_queries
):
    for number in range(12):
        factories.station(f"第{number}派出所", bureau=bureau)
    period = factories.period(bureau=bureau)
    for assessment in period.assessments.with_places()[:4]:
        factories.submitted(assessment)
    with django_assert_max_num_queries(14):
        assert len(desk(client).context["rows"]) == 12
