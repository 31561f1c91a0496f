"""What a quarter cost a station: minutes, facts changed, facts carried over."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse

from assessments import answers, burden, workflow
from assessments.models import AnswerChange, Evidence, Exemption, Layer, Remark, Submission
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


def clerks(assessment):
    return [factories.user(Role.CLERK, assessment.station) for _ in range(2)]


def test_two_people_at_once_count_both_and_nobody_for_the_other(period):
    """Both work for a minute side by side: two minutes. Then the one for 20 s while the other is away."""
    assessment = factories.assessment(period)
    one, other = clerks(assessment)
    typed(assessment, 0, 60, 600, 620, by=one)
    typed(assessment, 10, 70, by=other)
    assert cost(assessment).seconds == 60 + 60 + 120 + 20


def test_a_night_counts_as_two_minutes(period):
    assessment = factories.assessment(period)
    typed(assessment, 0, 30, 14 * 3600, 14 * 3600 + 10)
    assert cost(assessment).seconds == 30 + 120 + 10


def test_photos_words_and_requests_are_work_too(period):
    assessment = factories.assessment(period)
    chief = factories.anybody(Role.CHIEF, assessment.station)
    typed(assessment, 0)
    photo = factories.evidence(assessment, "zones.service", by=chief, added_at=NINE + timedelta(seconds=40))
    Evidence.objects.filter(pk=photo.pk).update(removed_by=chief, removed_at=NINE + timedelta(seconds=50))
    word = {"code": "college", "round": 1, "text": "借调。", "seen": "0" * 64, "by": chief}
    Remark.objects.create(assessment=assessment, at=NINE + timedelta(seconds=80), **word)
    asked = {"criterion": "zones.service", "round": 1, "reason": "无。", "by": chief, "op_id": uuid4()}
    Exemption.objects.create(assessment=assessment, at=NINE + timedelta(seconds=100), **asked)
    assert cost(assessment).seconds == 100
    assert cost(assessment).changed == 1


def test_between_handing_in_and_the_first_change_after_a_return_nobody_works(period):
    assessment = factories.assessment(period)
    chief = factories.anybody(Role.CHIEF, assessment.station)
    typed(assessment, 0, 30, by=chief)
    for round_, at in ((1, 50), (2, 1090)):
        when = NINE + timedelta(seconds=at)
        Submission.objects.create(assessment=assessment, round=round_, at=when, by=chief, digest="0" * 64)
    typed(assessment, 1000, 1060, by=chief, metric="video.linked")
    assert cost(assessment).seconds == 50 + 90
    assert cost(assessment).changed == 2


def test_an_offline_sheet_is_its_facts_and_no_time(period):
    """All of it comes in one act: how long it took is not known."""
    assessment = factories.assessment(period)
    chief = factories.anybody(Role.CHIEF, assessment.station)
    stands = answers.own_cells(assessment, Layer.SELF)
    entries = [
        workflow.Entry(metric, raw, False, stands.get(metric, answers.Cell()).version)
        for metric, raw in (("video.blind_spots", "2"), ("video.linked", "1"), ("staff.officers", "8"))
    ]
    before = cost(assessment)
    workflow.enter(assessment.pk, entries, round_=1, op_id=uuid4(), by=chief)
    after = cost(assessment)
    assert (after.seconds, after.changed) == (0, 3)
    assert after.carried == before.carried - 1


def test_what_was_carried_and_then_typed_is_changed_and_what_was_typed_and_then_taken_too(period):
    assessment = factories.assessment(period)
    before = cost(assessment)
    said = {"by": factories.anybody(Role.CHIEF, assessment.station)}
    factories.answered(assessment, {"staff.officers": 9}, **said)
    version = answers.cells(assessment)["staff.officers"].version
    workflow.take(assessment.pk, "staff.officers", version=version, op_id=uuid4(), **said)
    assert (cost(assessment).changed, cost(assessment).carried) == (1, before.carried - 1)


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


def test_no_page_tells_who_worked_when(leader, client, period):
    """Sums of a station: neither names nor times of those who filled it in."""
    assessment = factories.assessment(period)
    clerk = factories.user(Role.CLERK, assessment.station, name="赵内勤")
    factories.submitted(assessment)
    typed(assessment, 0, 60, by=clerk)
    for page in (reverse("assessments:burden"), reverse("assessments:detail", args=[assessment.pk])):
        assert "赵内勤" not in text_of(client.get(page))
    assert set(burden.Burden.__dataclass_fields__) == {"seconds", "changed", "carried"}


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


def test_what_all_sheets_cost_is_read_once_and_not_once_for_each():
    """485 sheets took half a minute while each looked through the facts of all: the page never came."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + burden._MEASURED, {"pks": [1, 2, 3], "longest": burden.LONGEST_PAUSE})
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "SubPlan" not in plan.replace("hashed SubPlan", "")
