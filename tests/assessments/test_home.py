"""本所首页: the quarter at a glance, the own results, and nobody else's."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.assessments.sheets import Counted, text_of

pytestmark = pytest.mark.django_db
HOME = reverse("assessments:home")


def home(client) -> str:
    return text_of(client.get(HOME))


def test_without_a_period_the_page_says_what_to_do_meanwhile(client):
    station = factories.station()
    client.force_login(factories.user("chief", station))
    client.cookies["django_language"] = "en"
    text = home(client)
    assert "No period is open" in text
    assert reverse("stations:registers", args=[station.code]) in text


def test_the_days_left_are_counted_by_the_calendar(client, chief, assessment):
    factories.due(assessment, timezone.now() + timedelta(days=5))
    assert "5 days left" in home(client)


def test_an_overdue_quarter_says_so(client, chief, assessment):
    factories.due(assessment)
    text = home(client)
    assert "overdue" in text
    assert "Continue filling in" not in text


def test_the_two_rates_are_named_apart(client, chief, assessment):
    """Known of 10 points: load 0 of 3, strength 2 of 2, college 1 of 1: so far 3 of 6, submitted now 3 of 10."""
    text = home(client)
    assert "50.00%" in text
    assert "30.00%" in text
    assert "answered items only" in text
    assert "unanswered items earn 0" in text


def test_continue_leads_to_the_first_dimension_that_misses_something(client, chief, assessment):
    zones = {"zones.service": 1, "video.linked": 1, "video.blind_spots": 0}
    assert reverse("assessments:fill", args=[assessment.pk, "zones"]) in home(client)
    factories.answered(assessment, zones | {"staff.officers": None}, by=chief)
    factories.evidence(assessment, "zones.service", by=chief)
    button = home(client).split("Continue filling in")[0].rsplit("<a ", 1)[1]
    assert reverse("assessments:fill", args=[assessment.pk, "staffing"]) in button


def test_what_costs_most_points_comes_first_with_its_remedy(client, chief, assessment):
    """Lost: load 3 of 3 before zone 2 of 2."""
    lost = home(client).split("What costs most points")[1]
    assert lost.index("Residents per officer") < lost.index("Service zone")
    assert "16 officers needed: 9 more win full points" in lost
    assert f"{reverse('assessments:fill', args=[assessment.pk, 'staffing'])}#c-staffing.load" in lost


def test_a_return_shows_the_general_and_the_single_reasons_newest_first(client, chief, assessment):
    assessment = factories.submitted(assessment, by=chief)
    assessment = factories.returned(assessment, reason="First return.", items={"staffing.load": "Count again."})
    factories.returned(factories.submitted(assessment, by=chief), reason="Second return.")
    text = home(client)
    assert text.index("Second return.") < text.index("First return.")
    assert "Count again." in text
    assert "#c-staffing.load" in text


def test_a_submitted_quarter_is_only_looked_at(client, chief, assessment):
    factories.submitted(assessment, by=chief)
    text = home(client)
    assert "Submitted" in text
    assert "Continue filling in" not in text


def test_own_results_stand_before_the_rank_and_only_once_published(client, chief, assessment):
    factories.confirmed(factories.submitted(assessment, by=chief))
    assert "No result has been published yet" in home(client)
    factories.published(assessment.period)
    text = home(client)
    assert text.index("Rate</th>") < text.index("Rank in group")
    assert "of 2" in text.split("Rank in group")[2]
    assert reverse("assessments:detail", args=[assessment.pk]) in text


def test_two_published_quarters_draw_the_own_way(client, chief, assessment):
    factories.published(assessment.period)
    later = factories.period(
        bureau=assessment.period.bureau,
        previous=assessment.period,
        starts_on=date(2026, 10, 1),
        ends_on=date(2026, 12, 31),
    )
    factories.published(later)
    text = home(client)
    assert 'data-chart="trend-option"' in text
    assert 'id="trend-option"' in text


def test_another_stations_points_are_nowhere_on_the_page(client, chief, assessment):
    other = assessment.period.assessments.exclude(pk=assessment.pk).get()
    factories.submitted(other)
    factories.published(assessment.period)
    text = home(client)
    assert other.station.name not in text
    assert f"/assessments/{other.pk}/" not in text


@pytest.mark.parametrize("role", ["reviewer", "leader", "sysadmin"])
def test_the_bureau_has_no_station_page(client, assessment, role):
    client.force_login(factories.user(role, assessment.bureau))
    assert client.get(HOME).status_code == 403


def test_the_page_takes_at_most_fourteen_statements(client, chief, assessment):
    home(client)
    with Counted() as counted:
        home(client)
    assert len(counted.own) <= 14, counted.own


def test_after_publication_the_own_result_stands_first(client):
    period = factories.period()
    station = period.assessments.first().station
    factories.published(period)
    client.force_login(factories.user("chief", station))
    client.cookies["django_language"] = "en"
    text = home(client)
    assert text.index('id="quarter"') < text.index("No period is open") < text.index("Our way over the quarters")
