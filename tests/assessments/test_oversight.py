"""The leader's list: every return, extension, correction and withdrawn veto with names, times and reasons."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments import oversight, workflow
from assessments.models import Assessment, Extension
from personnel.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def period(bureau):
    return factories.period(bureau=bureau, objection_days=0)


def page(client, **words):
    return client.get(reverse("assessments:oversight"), words)


def extended(assessment, by, reason="停电两天。") -> Extension:
    return Extension.objects.create(
        assessment=assessment,
        round=assessment.round,
        old_due_at=assessment.due_at,
        due_at=assessment.due_at + timedelta(days=2),
        reason=reason,
        by=by,
        op_id="00000000-0000-4000-8000-000000000001",
    )


def test_three_returns_are_shown_as_three_with_names_and_times(leader, client, period, bureau):
    """T19."""
    assessment = factories.assessment(period)
    people = [factories.user(Role.REVIEWER, bureau, name=name) for name in ("赵审", "钱审", "孙审")]
    for person in people:
        assessment = factories.returned(factories.submitted(assessment), reason=f"{person.name}退回。", by=person)
    answer = page(client)
    (line,) = answer.context["lines"]
    assert [(kind, count) for kind, count in line.counts] == [(oversight.Kind.RETURN.label, 3)]
    text = answer.content.decode()
    for entry, person in zip(line.entries, people, strict=True):
        assert (entry.by, entry.reason) == (person, f"{person.name}退回。")
        assert text.count(f"{person.name}退回。") == 1
        assert timezone.localtime(entry.at).strftime("%H:%M") in text
    assert [entry.ended is not None for entry in line.entries] == [True, True, False]


def test_extensions_corrections_and_withdrawn_vetoes_stand_beside_returns(leader, client, period, bureau):
    """T19 and T24."""
    first, second = period.assessments.with_places()
    one, other = (factories.user(Role.REVIEWER, bureau, name=name) for name in ("赵审", "钱审"))
    extended(first, one)
    factories.published(period, by=one)
    asked = workflow.request_reopening(second.pk, reason="核错。", round_=1, by=one)
    workflow.decline_reopening(second.pk, reopening=asked.pk, why="无误。", by=other)
    answer = page(client, period=period.pk)
    assert dict(answer.context["totals"]) == {
        oversight.Kind.RETURN.label: 0,
        oversight.Kind.EXTENSION.label: 1,
        oversight.Kind.REOPENING.label: 1,
        oversight.Kind.VETO.label: 0,
    }
    extension, reopening = (line.entries[0] for line in answer.context["lines"])
    assert extension.due - extension.was_due == timedelta(days=2)
    assert (reopening.by, reopening.other, reopening.reason) == (one, other, "核错。")
    for words in ("停电两天。", "核错。", "无误。", "钱审"):
        assert words in answer.content.decode()


def test_a_leader_sees_the_own_bureaus_stations_only(client, period):
    assessment = factories.returned(factories.assessment(period))
    client.force_login(factories.user(Role.LEADER, factories.bureau("别县")))
    assert page(client).context["period"] is None
    assert page(client, period=period.pk).status_code == 400
    assert not oversight.touched(period, factories.user(Role.LEADER, factories.bureau("又一县"))).exists()
    assert Assessment.objects.filter(pk=assessment.pk).exists()


def test_a_quiet_period_says_so(leader, client, period):
    assert page(client).context["lines"] == []


@pytest.mark.parametrize("asked", ["x", "-1", "1e3", "99999999999"])
def test_what_is_no_period_is_refused(leader, client, period, asked):
    assert page(client, period=asked).status_code == 400


def test_the_list_costs_the_same_number_of_queries_however_many_stations(
    leader, client, bureau, period, django_assert_max_num_queries
):
    for assessment in period.assessments.with_places():
        factories.returned(assessment)
    with django_assert_max_num_queries(25):
        page(client)
