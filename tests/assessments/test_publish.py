"""The preview of a publication, and the act."""

from copy import deepcopy

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from assessments import replaying, workflow
from assessments.models import Assessment, Grouping, OfficialRank, Publication, Score, State
from audit.models import Event
from personnel.roles import Role
from stationstd.refusals import Refused
from tests import factories
from tests.shared import rows

pytestmark = pytest.mark.django_db


def confirmed_quarter():
    """城关 and 北社 confirmed; neither has been published."""
    period = factories.period()
    for assessment in period.assessments.with_places():
        factories.confirmed(assessment)
    return period


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    yield from rows(confirmed_quarter, django_db_blocker)


@pytest.fixture
def ready(made, db):
    return deepcopy(made)


@pytest.fixture
def bureau(request):
    """That of `ready`, where a test has it; else a new one."""
    return request.getfixturevalue("ready").bureau if "ready" in request.fixturenames else factories.bureau()


def preview(client, period, **words):
    return client.get(reverse("assessments:publish", args=[period.pk]), words)


def publish(client, period, bureau, **words):
    said = {"bureau": bureau.code, "sure": "yes"} | words
    return client.post(reverse("assessments:publish", args=[period.pk]), said)


def test_the_preview_shows_the_ranks_to_be_and_writes_nothing(reviewer, client, ready):
    response = preview(client, ready)
    (group,) = response.context["groups"]
    assert response.context["is_ready"]
    assert [row.rank for row in group.rows] == [1, 2]
    assert not Publication.objects.exists()
    assert not Assessment.objects.filter(state=State.PUBLISHED).exists()


def test_the_preview_names_who_is_not_finished(reviewer, client, bureau):
    period = factories.period(bureau=bureau)
    factories.submitted(factories.assessment(period))
    context = preview(client, period).context
    assert (len(context["waiting"]), context["is_ready"]) == (2, False)


def test_publishing_stores_ranks_and_leads_to_the_ranking(reviewer, client, ready, bureau):
    response = publish(client, ready, bureau)
    assert response.status_code == 302
    assert response.url == reverse("assessments:ranking_period", args=[ready.pk])
    assert OfficialRank.objects.count() == 2
    assert set(ready.assessments.values_list("state", flat=True)) == {State.PUBLISHED}
    assert Event.objects.filter(action="period.publish").count() == 1


def test_a_late_station_is_listed_without_a_rank(reviewer, client, bureau):
    period = factories.period(bureau=bureau)
    first, second = period.assessments.with_places()
    factories.confirmed(first)
    factories.due(second)
    assert publish(client, period, bureau).status_code == 302
    late = OfficialRank.objects.get(assessment=second)
    assert (late.rank, late.unranked) == (None, "not_submitted")


def test_nothing_is_published_while_a_station_may_still_submit(reviewer, client, bureau):
    period = factories.period(bureau=bureau)
    factories.confirmed(factories.assessment(period))
    assert publish(client, period, bureau).status_code == 409
    assert not Publication.objects.exists()


def test_nothing_is_published_while_a_result_is_not_confirmed(reviewer, client, bureau):
    period = factories.period(bureau=bureau)
    first, second = period.assessments.with_places()
    factories.confirmed(first)
    factories.verified(second)
    assert publish(client, period, bureau).status_code == 409
    assert not Publication.objects.exists()


def test_publishing_asks_once_more(reviewer, client, ready, bureau):
    assert publish(client, ready, bureau, sure="").status_code == 400
    assert not Publication.objects.exists()


def test_publishing_a_second_time_is_refused(reviewer, client, ready, bureau):
    publish(client, ready, bureau)
    assert publish(client, ready, bureau).status_code == 409
    assert Publication.objects.count() == 1


def test_a_bureau_below_one_that_was_published_is_refused(client):
    city = factories.bureau("市公安局", level="city")
    county = factories.bureau("甲县", above=city)
    factories.chengguan(county)
    period = factories.period(bureau=city)
    factories.confirmed(factories.assessment(period))
    workflow.publish(period.pk, bureau=city, by=factories.user(Role.REVIEWER, city))
    with pytest.raises(Refused) as refused:
        workflow.publish(period.pk, bureau=county, by=factories.user(Role.REVIEWER, county))
    assert refused.value.status == 409
    assert Publication.objects.count() == 1


@pytest.fixture
def counties():
    """A city with 甲县 and 乙县, a station each, all confirmed; 甲县 has published."""
    city = factories.bureau("市公安局", level="city")
    one, other = factories.bureau("甲县", above=city), factories.bureau("乙县", above=city)
    factories.chengguan(one), factories.beishe(other)
    period = factories.period(bureau=city)
    for assessment in period.assessments.with_places():
        factories.confirmed(assessment)
    workflow.publish(period.pk, bureau=one, by=factories.user(Role.REVIEWER, one, name="甲县考评员"))
    return period, city, one, other


def test_the_city_publishes_what_no_county_has_published(client, counties):
    period, city, one, other = counties
    client.force_login(factories.user(Role.REVIEWER, city))
    context = preview(client, period).context
    assert [each.bureau for each in context["publications"]] == [one]
    assert (context["covered"], context["total"], context["is_ready"]) == ([other], 1, True)
    assert "甲县考评员" in preview(client, period).content.decode()
    assert publish(client, period, city).status_code == 302
    ranks = OfficialRank.objects.for_period(period)
    assert {rank.group: (rank.publication.bureau, rank.rank, rank.group_size) for rank in ranks} == {
        one.code: (one, 1, 1),
        other.code: (city, 1, 1),
    }
    assert publish(client, period, city).status_code == 409
    assert publish(client, period, other).status_code == 409


def test_a_county_published_by_the_city_is_told_so(client, counties):
    period, city, _one, other = counties
    workflow.publish(period.pk, bureau=city, by=factories.user(Role.REVIEWER, city))
    client.force_login(factories.user(Role.REVIEWER, other))
    context = preview(client, period).context
    assert (context["is_new"], context["total"]) == (False, 0)
    assert [each.bureau for each in context["publications"]] == [city]


def test_what_is_published_of_the_rest_is_replayed(counties):
    period, city, *_counties = counties
    publication = workflow.publish(period.pk, bureau=city, by=factories.user(Role.REVIEWER, city))
    assert list(replaying.differences(publication)) == []
    assert list(replaying.standings(period)) == []


def test_a_county_cannot_publish_where_groups_cross_counties(client):
    city = factories.bureau("市公安局", level="city")
    county = factories.bureau("甲县", above=city)
    factories.chengguan(county)
    period = factories.period(bureau=city, grouping=Grouping.CLASS)
    factories.confirmed(factories.assessment(period))
    client.force_login(factories.user(Role.REVIEWER, county))
    assert publish(client, period, county).status_code == 409
    assert preview(client, period).context["must_be_above"]


def test_a_reviewer_publishes_only_below_the_own_bureau(client, ready, bureau):
    other = factories.bureau("别县")
    factories.period(bureau=other)
    client.force_login(factories.user(Role.REVIEWER, other))
    assert preview(client, ready).status_code == 404
    assert publish(client, ready, bureau).status_code == 404
    assert not Publication.objects.exists()


def test_another_bureaus_code_is_refused(reviewer, client, ready):
    assert publish(client, ready, factories.bureau("别县")).status_code == 400


@pytest.mark.parametrize("role", [Role.CHIEF, Role.LEADER, Role.SYSADMIN])
def test_only_a_reviewer_publishes(client, ready, bureau, role):
    place = bureau if role != Role.CHIEF else ready.assessments.first().station
    client.force_login(factories.user(role, place))
    assert preview(client, ready).status_code == 403
    assert publish(client, ready, bureau).status_code == 403
    assert not Publication.objects.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE assessments_officialrank SET rank = 1",
        "DELETE FROM assessments_officialrank",
        "UPDATE assessments_publication SET digest = repeat('0', 64)",
        "DELETE FROM assessments_publication",
        "UPDATE assessments_answerchange SET reason = 'x'",
        "UPDATE assessments_submission SET digest = repeat('0', 64)",
    ],
)
def test_what_was_published_cannot_be_changed_by_sql(ready, bureau, statement):
    factories.published(ready)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_published_totals_are_the_sums_of_their_items_and_of_their_dimensions(ready):
    factories.published(ready)
    for score in Score.objects.filter(assessment__period=ready, layer="confirmed"):
        assert score.total == sum(points or 0 for points in score.points)
        assert score.total == sum(earned for earned, _offered in score.sections.values())
        assert score.offered_total == sum(full or 0 for full in score.offered)


def test_a_place_is_not_compared_with_one_in_another_group(bureau, reviewer, ready):
    workflow.publish(ready.pk, bureau=bureau, by=reviewer)
    later = factories.period(bureau=bureau, previous=ready, grouping=Grouping.BUREAU_CLASS)
    factories.published(later)
    ranks = OfficialRank.objects.for_period(later)
    assert {(rank.change, rank.rate_change) for rank in ranks} == {(None, 0)}
