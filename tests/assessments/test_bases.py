"""Earlier facts, own claims and dates, from the form to the publication."""

from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse

from assessments import digests, ranking, runs, scores, workflow
from assessments.layered import Layered
from assessments.models import AnswerChange, Answers, Assessment, Layer, Publication, RunScore, Score
from assessments.periods import a_year_before
from assessments.sheet import Sheet
from personnel.roles import Role
from tests import factories

from .sheets import page, save, text_of

pytestmark = pytest.mark.django_db
STANDARD = Path(__file__).parents[1] / "looking-back-standard.toml"
VISITS = {"visits.done": 80, "visits.due": 100}


@pytest.fixture
def bureau():
    """One bureau with one station, 城关."""
    bureau = factories.bureau()
    factories.chengguan(bureau)
    return bureau


def quarter(bureau, year: int, month: int = 7, **fields):
    first = date(year, month, 1)
    dates = {"starts_on": first, "ends_on": date(year, month + 2, 30), "edition": factories.edition(STANDARD)}
    return factories.period(bureau=bureau, name=f"{year}-{month}", **dates | fields)


def published(period, facts):
    factories.confirmed(factories.submitted(factories.assessment(period), facts))
    workflow.publish(period.pk, bureau=period.bureau, by=factories.anybody(Role.REVIEWER, period.bureau))
    return period


@pytest.fixture
def now(bureau):
    """The open quarter: 80 % visited the quarter before; 20 and 10 thefts one and two years before."""
    two = published(quarter(bureau, 2024), VISITS | {"alarms.theft": 10})
    one = published(quarter(bureau, 2025, year_before=two), VISITS | {"alarms.theft": 20})
    before = published(quarter(bureau, 2026, 4), VISITS | {"alarms.theft": 5})
    return quarter(bureau, 2026, previous=before, year_before=one)


FACTS = {"visits.done": 95, "visits.due": 100, "alarms.theft": 12, "title.until": 20261231}


@pytest.fixture
def confirmed(now):
    """It claimed 95 visits, of which the reviewer found 84."""
    assessment = factories.submitted(factories.assessment(now), FACTS)
    return factories.confirmed(factories.changed(assessment, "visits.done", 84))


def points(assessment, layer) -> dict:
    score = Score.objects.get(assessment=assessment, layer=layer)
    standard = assessment.period.edition.standard
    return {criterion.id: earned for criterion, earned in zip(standard.criteria, score.points, strict=True)}


# 5 + 84 % − 80 % = 9; 8 thefts fewer than 20 earn 4, capped at 2; 3 fewer than 15 earn 1.5; the title is worth 6;
# 95 claimed of 84 found take 2; 84 of 100 earn 3.36 of 4.
CONFIRMED = {
    "visits.growth": 900,
    "theft.year": 200,
    "theft.mean": 150,
    "title": 600,
    "honest": -200,
    "visits.all": 336,
}
# As claimed: 5 + 95 % − 80 % is capped at 10, no claim is wrong against itself, 95 of 100 earn 3.8 of 4.
CLAIMED = CONFIRMED | {"visits.growth": 1000, "honest": 0, "visits.all": 380}


def test_rules_that_look_back_earn_what_a_pocket_calculator_says(confirmed):
    assert points(confirmed, Layer.SELF) == CLAIMED
    assert points(confirmed, Layer.VERIFIED) == CONFIRMED
    assert points(confirmed, Layer.CONFIRMED) == CONFIRMED


def test_a_run_from_vectors_looks_back_as_the_record_does(confirmed):
    runs.score(confirmed.period)
    assert RunScore.objects.get(assessment=confirmed, layer="confirmed").points == list(CONFIRMED.values())
    runs.score(confirmed.period, Layer.SELF)
    assert RunScore.objects.get(assessment=confirmed, layer="self").points == list(CLAIMED.values())


def test_the_page_being_filled_in_looks_back_too(now):
    assessment = factories.answered(factories.assessment(now), FACTS)
    assert Sheet.of(assessment).evaluation.scores.points[0].tolist() == list(CLAIMED.values())


def test_without_an_earlier_period_the_criterion_does_not_apply(bureau):
    assessment = factories.submitted(factories.assessment(quarter(bureau, 2026)), FACTS)
    found = points(assessment, Layer.SELF)
    assert [found[c] for c in ("visits.growth", "theft.year", "theft.mean")] == [None, None, None]


def test_a_station_that_never_handed_in_has_no_base(bureau):
    before = quarter(bureau, 2026, 4)
    late = factories.due(factories.answered(factories.assessment(before), VISITS))
    workflow.publish(before.pk, bureau=bureau, by=factories.anybody(Role.REVIEWER, bureau))
    assert not Score.objects.filter(assessment=late).exists()
    assessment = factories.submitted(factories.assessment(quarter(bureau, 2026, previous=before)), FACTS)
    assert points(assessment, Layer.SELF)["visits.growth"] is None


def test_what_was_looked_at_is_frozen_with_the_publication_and_moves_nothing_later(confirmed, now):
    publication = workflow.publish(now.pk, bureau=now.bureau, by=factories.anybody(Role.REVIEWER, now.bureau))
    code = confirmed.station.code
    assert publication.past == {
        "before": {"metrics": ["visits.done", "visits.due"], "stations": {code: [80, 100]}},
        "year_before": {"metrics": ["alarms.theft"], "stations": {code: [20]}},
        "two_years_before": {"metrics": ["alarms.theft"], "stations": {code: [10]}},
    }
    assert publication.claims == {"metrics": ["visits.done"], "stations": {code: [95]}}
    Answers.objects.exclude(assessment=confirmed).update(facts={})  # behind the product's back
    assessment = Assessment.objects.with_places().get(pk=confirmed.pk)
    again = scores.of([assessment], Layer.CONFIRMED, best=publication.bests)
    assert again.scores.points[0].tolist() == list(CONFIRMED.values())
    assert Layered(assessment).total == sum(CONFIRMED.values())
    assert Layered(assessment).self_total == sum(CLAIMED.values())
    stored = Publication.objects.get(pk=publication.pk)
    assert {name: getattr(stored, name) for name in ("past", "claims")} == {
        "past": publication.past,
        "claims": publication.claims,
    }


def test_the_digest_of_a_publication_covers_what_was_looked_at(confirmed, now):
    members = list(ranking.members(now, now.bureau))
    computed = ranking.compute(now, members)
    assert computed.frozen()["past"]["before"]["stations"]
    before = digests.of_json(computed.frozen())
    Answers.objects.filter(assessment__period=now.previous).update(facts={})
    assert digests.of_json(ranking.compute(now, members).frozen()) != before


def test_the_result_says_what_it_was_compared_with(confirmed, now, client):
    workflow.publish(now.pk, bureau=now.bureau, by=factories.anybody(Role.REVIEWER, now.bureau))
    client.force_login(factories.anybody(Role.CHIEF, confirmed.station))
    html = text_of(client.get(reverse("assessments:detail", args=[confirmed.pk])))
    for word in ("80", "15", "95", "2026-12-31"):
        assert word in html


# Dates


@pytest.fixture
def open_one(bureau, client):
    assessment = factories.assessment(quarter(bureau, 2026))
    client.force_login(factories.anybody(Role.CHIEF, assessment.station))
    return assessment


def test_a_date_is_asked_as_a_date_and_stored_as_a_number(open_one, client):
    assert 'type="date" name="title.until"' in text_of(client.get(page(open_one, "work"))).replace("\n", " ")
    response = save(client, open_one, "title.until", "2026-12-31", version=0)
    assert response.status_code == 200
    assert 'data-value="2026-12-31"' in text_of(response)
    assert AnswerChange.objects.get().new["v"] == 20261231
    assert 'value="2026-12-31"' in text_of(client.get(page(open_one, "work")))


@pytest.mark.parametrize("typed", ["2026-02-30", "tomorrow", "31.12.2026", "20260231", "不适用", "1700-01-01"])
def test_what_is_no_day_is_refused_at_its_field(open_one, client, typed):
    assert save(client, open_one, "title.until", typed, version=0).status_code == 400
    assert not AnswerChange.objects.exists()


@pytest.mark.parametrize("typed", ["20261231", "2026/12/31", "2026年12月31日", "２０２６-１２-３１"])
def test_other_ways_to_write_a_day_are_understood(open_one, client, typed):
    assert save(client, open_one, "title.until", typed, version=0).status_code == 200
    assert AnswerChange.objects.get().new["v"] == 20261231


def test_a_date_can_be_cleared(open_one, client):
    save(client, open_one, "title.until", "2026-12-31", version=0)
    assert save(client, open_one, "title.until", "", version=1).status_code == 200


def test_the_reviewer_changes_a_date_as_a_date(open_one, client):
    assessment = factories.submitted(open_one, FACTS)
    client.force_login(factories.anybody(Role.REVIEWER, assessment.bureau))
    html = text_of(client.get(reverse("assessments:verify", args=[assessment.pk])))
    assert 'type="date" max="9999-12-31" autocomplete="off" name="value"' in html
    assert "20,261,231" not in html


# The period a year before


def test_a_new_period_finds_the_one_a_year_before_by_its_dates(bureau):
    one = quarter(bureau, 2025, open=False)
    quarter(bureau, 2025, 4, open=False)
    assert a_year_before(bureau, date(2026, 7, 1)) == one
    assert a_year_before(bureau, date(2026, 7, 10)) == one
    assert a_year_before(bureau, date(2026, 8, 1)) is None
    assert a_year_before(factories.bureau("别县"), date(2026, 7, 1)) is None
