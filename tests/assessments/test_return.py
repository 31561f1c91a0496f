"""Sending an assessment back to its station."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments import answers
from assessments.models import Layer, Returning, Review, State
from personnel.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(client):
    person = factories.user(Role.REVIEWER, factories.bureau(), name="考评员张")
    client.force_login(person)
    return person


@pytest.fixture
def assessment(reviewer):
    return factories.submitted(factories.assessment(factories.period(bureau=reviewer.bureau)))


def in_days(days):
    return timezone.localtime(timezone.now() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def send_back(client, assessment, **words):
    said = {"reason": "照片看不清", "due_at": in_days(3), "round": assessment.round} | words
    return client.post(reverse("assessments:send_back", args=[assessment.pk]), said)


def test_a_return_opens_the_next_round_with_reasons_and_a_new_due_time(client, assessment, reviewer):
    response = send_back(client, assessment, **{"item.zones.service": "请补拍服务区照片"})
    assert response.status_code == 302
    before = assessment.round
    assessment.refresh_from_db()
    assert (assessment.state, assessment.round) == (State.RETURNED, before + 1)
    returning = Returning.objects.get(assessment=assessment)
    assert (returning.reason, returning.by, returning.due_at) == ("照片看不清", reviewer, assessment.due_at)
    review = Review.objects.get(assessment=assessment)
    assert (review.criterion, review.outcome, review.reason) == ("zones.service", "returned", "请补拍服务区照片")


def test_what_was_changed_in_a_returned_criterion_is_withdrawn(client, assessment):
    factories.changed(assessment, "zones.service", 0)
    send_back(client, assessment, **{"item.zones.service": "请补拍"})
    assert answers.cells(assessment, Layer.VERIFIED)["zones.service"].value == 1


@pytest.mark.parametrize(
    "words",
    [{"reason": " "}, {"due_at": "gestern"}, {"due_at": ""}, {"due_at": "2020-01-01T08:00"}],
)
def test_an_incomplete_return_is_shown_again_with_what_was_typed(client, assessment, words):
    response = send_back(client, assessment, **({"item.zones.service": "请补拍服务区"} | words))
    assert response.status_code == 400
    html = response.content.decode()
    assert "请补拍服务区" in html
    assert "reason" in words or "照片看不清" in html
    assessment.refresh_from_db()
    assert assessment.state == State.SUBMITTED
    assert not Returning.objects.exists()


def test_a_return_without_its_round_is_refused(client, assessment):
    said = {"reason": "照片看不清", "due_at": in_days(3)}
    response = client.post(reverse("assessments:send_back", args=[assessment.pk]), said)
    assert response.status_code == 428


def test_a_return_of_an_earlier_round_is_refused(client, assessment):
    factories.returned(assessment)
    again = factories.submitted(factories.Assessment.objects.with_places().get(pk=assessment.pk))
    response = send_back(client, again, round=1)
    assert response.status_code == 409
    assert Returning.objects.count() == 1


@pytest.mark.parametrize("name", ["state", "item.no.such", "verified", "deadline"])
def test_an_unknown_word_in_a_return_is_refused(client, assessment, name):
    assert send_back(client, assessment, **{name: "x"}).status_code == 400
    assert not Returning.objects.exists()


@pytest.mark.parametrize("role", [Role.CHIEF, Role.LEADER])
def test_only_a_reviewer_sends_back(client, assessment, role):
    place = assessment.station if role == Role.CHIEF else assessment.bureau
    client.force_login(factories.user(role, place))
    assert send_back(client, assessment).status_code == 403


def test_a_reviewer_elsewhere_finds_nothing_to_return(client, assessment):
    client.force_login(factories.user(Role.REVIEWER))
    assert send_back(client, assessment).status_code == 404


def test_three_returns_are_seen_with_names_and_times_by_the_leader(client, assessment, reviewer):
    for number in range(3):
        factories.returned(assessment, by=reviewer, reason=f"第{number + 1}次退回")
        assessment = factories.submitted(factories.Assessment.objects.with_places().get(pk=assessment.pk))
    client.force_login(factories.user(Role.LEADER, assessment.bureau))
    html = client.get(reverse("assessments:detail", args=[assessment.pk])).content.decode()
    assert all(f"第{number}次退回" in html for number in (1, 2, 3))
    assert html.count("考评员张") >= 3


def test_a_returned_station_is_still_shown_to_the_bureau_without_its_facts(client, assessment, reviewer):
    factories.returned(assessment, reason="请核对人口数")
    html = client.get(reverse("assessments:detail", args=[assessment.pk])).content.decode()
    assert "请核对人口数" in html
    assert "47,970" not in html
