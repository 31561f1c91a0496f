"""What a quarter cost a station: minutes, facts changed, facts carried over."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from assessments import burden
from assessments.models import AnswerChange, Layer, Submission
from personnel.roles import Role
from tests import factories
from tests.assessments.sheets import Counted, text_of

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 10, 8, 9, tzinfo=UTC)


@pytest.fixture
def period(bureau):
    return factories.period(bureau=bureau)


def typed(assessment, *seconds, by=None, metric="zones.service", origin="typed", layer=Layer.SELF):
    """One change at each of these seconds after nine."""
    for each in seconds:
        AnswerChange.objects.create(
            assessment=assessment,
            layer=layer,
            metric=metric,
            new={"v": 1, "s": "answered", "from": origin, "n": 1},
            by=by or factories.anybody(Role.CHIEF, assessment.station),
            at=NINE + timedelta(seconds=each),
            op_id=uuid4(),
        )


def cost(assessment) -> burden.Burden:
    return burden.of([assessment.pk])[assessment.pk]


def test_a_pause_counts_as_two_minutes_at_most(period):
    """30 s, then 10 minutes counted as 120 s, then 20 s: 170 s, three minutes."""
    assessment = factories.assessment(period)
    typed(assessment, 0, 30, 630, 650)
    assert cost(assessment).seconds == 170
    assert cost(assessment).minutes == 3


def test_the_submission_ends_the_last_pause(period):
    assessment = factories.assessment(period)
    typed(assessment, 0)
    Submission.objects.create(
        assessment=assessment,
        round=1,
        at=NINE + timedelta(seconds=50),
        by=factories.anybody(Role.CHIEF, assessment.station),
        digest="0" * 64,
    )
    assert cost(assessment).seconds == 50


def test_a_fact_typed_twice_is_one_and_what_the_register_said_is_carried(period):
    """Opened with what the registers know: `before` facts. One of them is then typed over."""
    assessment = factories.assessment(period)
    before = cost(assessment)
    assert (before.seconds, before.changed) == (0, 0)
    assert before.carried > 0
    factories.answered(assessment, {"staff.officers": 8, "zones.service": 1})
    factories.answered(assessment, {"staff.officers": 9})
    after = cost(assessment)
    assert after.changed == 2
    assert after.carried == before.carried - 1


def test_what_the_reviewer_changes_is_no_work_of_the_station(period):
    assessment = factories.assessment(period)
    reviewer = factories.anybody(Role.REVIEWER, assessment.bureau)
    typed(assessment, 0, 60, by=reviewer, origin="reviewer", layer=Layer.VERIFIED)
    assert (cost(assessment).seconds, cost(assessment).changed) == (0, 0)


def test_many_stations_are_one_query(period, django_assert_num_queries):
    first, second = period.assessments.order_by("pk")
    typed(first, 0, 60)
    typed(second, 0, 90)
    with django_assert_num_queries(1):
        found = burden.of([first.pk, second.pk])
    assert [found[first.pk].seconds, found[second.pk].seconds] == [60, 90]
    with django_assert_num_queries(0):
        assert burden.of([]) == {}


def test_the_middle_of_three_is_the_second():
    costs = [burden.Burden(60, 1, 9), burden.Burden(600, 5, 7), burden.Burden(180, 2, 8)]
    assert burden.middle(costs) == burden.Middle(count=3, minutes=3, changed=2, carried=8)
    assert burden.middle([]) is None


def test_the_leader_reads_medians_and_every_station_in_seven_statements(leader, client, period):
    first, _second = period.assessments.with_places().order_by("pk")
    factories.submitted(first)
    client.cookies["django_language"] = "en"
    client.get(reverse("assessments:burden"))
    with Counted() as counted:
        response = client.get(reverse("assessments:burden"))
    assert len(counted.own) <= 7, counted.own
    assert [row.assessment.pk for row in response.context["rows"]] == [first.pk]
    (quarter,) = response.context["quarters"]
    assert quarter.middle.count == 1
    assert quarter.middle.changed == cost(first).changed
    assert "How this is counted" in text_of(response)
    assert client.get(reverse("assessments:burden"), {"period": "0"}).status_code == 400


def test_a_bureau_reads_nothing_of_another_ones_stations(client, period):
    other = factories.bureau("晋东县公安局")
    factories.submitted(factories.assessment(period))
    client.force_login(factories.user("leader", other))
    assert client.get(reverse("assessments:burden")).context["period"] is None


def test_without_a_period_the_page_says_what_will_appear(leader, client):
    assert client.get(reverse("assessments:burden")).context["period"] is None


def test_the_chief_reads_it_on_the_home_page_and_on_the_result(client, period):
    assessment = factories.submitted(factories.assessment(period))
    client.force_login(factories.user("chief", assessment.station))
    client.cookies["django_language"] = "en"
    told = f"{cost(assessment).changed} facts changed, {cost(assessment).carried} carried over"
    assert told in text_of(client.get(reverse("assessments:home")))
    assert told in text_of(client.get(reverse("assessments:detail", args=[assessment.pk])))


def test_the_reviewer_reads_the_medians_on_the_desk(reviewer, client, period):
    assessment = factories.submitted(factories.assessment(period))
    client.cookies["django_language"] = "en"
    text = text_of(client.get(reverse("assessments:desk")))
    assert f"{cost(assessment).changed} facts changed" in text
    assert reverse("assessments:burden") in text
