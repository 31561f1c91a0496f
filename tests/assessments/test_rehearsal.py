"""A rehearsal (试运行) is worked through like any period, gives nobody a place and counts nowhere else."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from assessments import replaying, runs, years
from assessments.models import Assessment, Layer, OfficialRank, Period, Publication, RunScore, Score, Standing
from assessments.periods import a_year_before
from tests import factories

pytestmark = pytest.mark.django_db

_BEFORE = {"name": "2026年第二季度", "starts_on": date(2026, 4, 1), "ends_on": date(2026, 6, 30)}


@pytest.fixture
def county():
    place = factories.bureau()
    factories.chengguan(place), factories.beishe(place)
    return place


@pytest.fixture
def rehearsed(county):
    """A published rehearsal of two stations, after a real period that was published."""
    before = factories.period(bureau=county, **_BEFORE)
    factories.published(before)
    period = factories.period(bureau=county, is_rehearsal=True, previous=before)
    factories.published(period)
    return period


def get(client, name, *args, **words):
    return client.get(reverse(f"assessments:{name}", args=args), words)


def test_scores_are_published_nobody_has_a_place_and_a_replay_gives_the_same(rehearsed):
    places = OfficialRank.objects.for_period(rehearsed)
    assert {(place.rank, place.change, place.rate_change, place.unranked) for place in places} == {
        (None, None, None, "rehearsal")
    }
    assert all(place.rate is not None for place in places)
    assert Score.objects.for_period(rehearsed).layer(Layer.CONFIRMED).count() == 2
    assert not Standing.objects.for_period(rehearsed).exists()
    publication = Publication.objects.select_related("period__edition", "bureau").get(period=rehearsed)
    assert list(replaying.differences(publication)) == []


def test_a_run_over_a_rehearsal_places_nobody(county):
    period = factories.period(bureau=county, is_rehearsal=True)
    for assessment in Assessment.objects.for_period(period):
        factories.confirmed(assessment)
    assert runs.score(period) == (2, 0)
    assert set(RunScore.objects.values_list("rank", "change")) == {(None, None)}


def test_the_station_sees_its_scores_and_no_step_on_its_way(client, rehearsed):
    assessment = Assessment.objects.for_period(rehearsed).first()
    client.force_login(factories.user("chief", assessment.station))
    for page in (get(client, "detail", assessment.pk), get(client, "ranking_period", rehearsed.pk)):
        text = page.content.decode()
        assert page.status_code == 200
        assert "试运行" in text
        assert "组内名次" not in text
    results = get(client, "home").context["results"]
    assert [result.assessment.period for result in results] == [rehearsed.previous]


def test_a_running_quarter_stands_before_a_rehearsal(client, county):
    real = factories.period(bureau=county)
    rehearsal = factories.period(
        bureau=county, name="试", is_rehearsal=True, starts_on=date(2026, 8, 1), ends_on=date(2026, 9, 30)
    )
    client.force_login(factories.user("chief", Assessment.objects.first().station))
    context = get(client, "home").context
    assert context["assessment"].period == real
    assert [each.period for each in context["others"]] == [rehearsal]


def test_it_is_left_out_of_ranking_year_comparison_what_if_and_reports(client, rehearsed):
    leader = factories.user("leader", rehearsed.bureau)
    client.force_login(leader)
    real = rehearsed.previous
    assert years.periods_of(leader) == [real]
    assert get(client, "ranking").context["period"] == real
    assert list(get(client, "ranking").context["periods"]) == [real]
    assert get(client, "whatif_period", real.pk).context["periods"] == [real]
    assert get(client, "reports").context["periods"] == [real]
    assert not Assessment.objects.comparable_by(leader).for_period(rehearsed).exists()
    assert get(client, "support", rehearsed.pk).context["rows"] == []


def test_what_would_be_published_has_no_ranks(client, county):
    period = factories.period(bureau=county, is_rehearsal=True)
    for assessment in Assessment.objects.for_period(period):
        factories.confirmed(assessment)
    client.force_login(factories.user("reviewer", county))
    page = get(client, "publish", period.pk)
    assert {row.rank for group in page.context["groups"] for row in group.rows} == {None}
    assert "名次" not in page.content.decode().split("<main", 1)[1]


def test_no_period_is_compared_with_a_rehearsal(county):
    rehearsal = factories.period(bureau=county, open=False, is_rehearsal=True, **_BEFORE)
    for earlier in ("previous", "year_before"):
        with pytest.raises(DatabaseError), transaction.atomic():
            factories.period(bureau=county, open=False, **{earlier: rehearsal})
    assert a_year_before(county, rehearsal.starts_on + timedelta(days=365)) is None


def test_what_another_period_is_compared_with_cannot_become_a_rehearsal(county):
    before = factories.period(bureau=county, open=False, **_BEFORE)
    factories.period(bureau=county, open=False, previous=before)
    with pytest.raises(DatabaseError), transaction.atomic():
        Period.objects.filter(pk=before.pk).update(is_rehearsal=True)
