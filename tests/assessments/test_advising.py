"""What would win points: on the station's own page, and with the result."""

import pytest
from django.urls import reverse

from assessments import scores
from assessments.advising import Advised
from personnel.roles import Role
from tests import factories
from tests.assessments.sheets import text_of

pytestmark = pytest.mark.django_db
HOME = reverse("assessments:home")


@pytest.fixture
def chief(client, assessment):
    chief = factories.user(Role.CHIEF, assessment.station)
    client.force_login(chief)
    client.cookies["django_language"] = "en"
    return chief


def test_the_station_sees_its_cheapest_next_points_each_one_click_from_its_field(client, chief, assessment):
    factories.answered(assessment, {"video.blind_spots": 2}, by=chief)
    cheapest = text_of(client.get(HOME)).split("The cheapest next points")[1].split("What costs most points")[0]
    metric = assessment.period.edition.standard.metrics["video.blind_spots"]
    address = reverse("assessments:fill", args=[assessment.pk, metric.dimension])
    assert f"{address}#row-video.blind_spots" in cheapest
    assert "The station can change it" in cheapest
    assert "The bureau can change it" in cheapest


def test_before_submission_the_station_sees_what_is_in_its_own_hands(client, chief, assessment):
    factories.answered(assessment, {"video.blind_spots": 2}, by=chief)
    page = text_of(client.get(reverse("assessments:check", args=[assessment.pk])))
    own = page.split("What the station could still put right")[1].split("Please look")[0]
    assert "#row-video.blind_spots" in own
    assert "The bureau can change it" not in own


def test_what_nobody_answered_yet_is_no_advice(assessment):
    lines = Advised(scores.of_facts(assessment, {})).every
    assert lines == []


def test_advice_asks_the_database_nothing(assessment, django_assert_num_queries):
    evaluation = scores.of([factories.filled(assessment, {"video.blind_spots": 3})])
    with django_assert_num_queries(0):
        advised = Advised(evaluation)
        assert advised.cheapest
        assert advised.every
        assert advised.alone is advised.alone


def test_the_result_says_what_takes_the_station_to_the_next_grade(client, assessment):
    client.force_login(factories.user(Role.LEADER, assessment.bureau))
    client.cookies["django_language"] = "en"
    submitted = factories.submitted(assessment, {"video.blind_spots": 3, "staff.officers": 1, "staff.college": 1})
    page = text_of(client.get(reverse("assessments:detail", args=[submitted.pk])))
    assert "What would win points" in page
    assert "Whole sheet" in page
    assert "By the station alone" in page
