"""T19, T24: one station's due time moves only forward, by a reviewer, with a reason that everybody concerned reads."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.models import Extension, State
from audit.models import Event
from personnel.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db
WHY = "所里停电两天，系统无法登录。"


@pytest.fixture
def assessment(reviewer):
    return factories.assessment(factories.period(bureau=reviewer.bureau))


def in_days(days):
    return timezone.localtime(timezone.now() + timedelta(days=days)).replace(second=0, microsecond=0)


def extend(client, assessment, to=None, **words):
    said = {
        "reason": WHY,
        "due_at": (to or in_days(10)).strftime("%Y-%m-%dT%H:%M"),
        "round": assessment.round,
        "op_id": str(uuid4()),
    }
    return client.post(reverse("assessments:extend", args=[assessment.pk]), said | words)


def due(assessment):
    assessment.refresh_from_db()
    return assessment.due_at


def test_an_extension_moves_the_due_time_and_is_kept_with_who_when_and_why(client, assessment, reviewer):
    before = due(assessment)
    assert extend(client, assessment, in_days(10)).status_code == 302
    extension = Extension.objects.get(assessment=assessment)
    assert (extension.old_due_at, extension.due_at, extension.reason) == (before, in_days(10), WHY)
    assert (extension.by, extension.round) == (reviewer, 1)
    assert due(assessment) == in_days(10)
    event = Event.objects.get(action="assessment.extend")
    assert (event.reason, event.by_id, event.chain) == (WHY, reviewer.pk, f"assessment:{assessment.pk}")
    assert event.detail["old"] == before.isoformat()


def test_a_late_station_fills_in_again_after_an_extension(client, assessment):
    chief = factories.user(Role.CHIEF, assessment.station)
    factories.filled(assessment, by=chief)
    factories.due(assessment)
    assert extend(client, assessment).status_code == 302
    assert factories.submitted(factories.Assessment.objects.with_places().get(pk=assessment.pk), by=chief).submitted_at


def test_the_station_reads_until_when_by_whom_and_why(client, assessment, reviewer):
    extend(client, assessment)
    client.force_login(factories.user(Role.CLERK, assessment.station))
    for name, args in (("home", []), ("fill", [assessment.pk, "zones"]), ("detail", [assessment.pk])):
        html = client.get(reverse(f"assessments:{name}", args=args)).content.decode()
        assert WHY in html, name
        assert reviewer.name in html, name


def test_the_bureau_reads_it_beside_the_returns(client, assessment):
    extend(client, assessment)
    assert WHY in client.get(reverse("assessments:verify", args=[assessment.pk])).content.decode()
    factories.submitted(assessment)
    assert WHY in client.get(reverse("assessments:verify", args=[assessment.pk])).content.decode()


@pytest.mark.parametrize(
    "words", [{"reason": " "}, {"due_at": ""}, {"due_at": "morgen"}, {"due_at": "2020-01-01T08:00"}]
)
def test_an_incomplete_extension_is_shown_again_with_what_was_typed(client, assessment, words):
    before = due(assessment)
    response = extend(client, assessment, **words)
    assert response.status_code == 400
    assert "reason" in words or WHY in response.content.decode()
    assert due(assessment) == before
    assert not Extension.objects.exists()


@pytest.mark.parametrize("slip", ["9999-12-31T23:59", "2926-12-01T18:00", "0026-12-01T18:00"])
def test_a_slip_in_the_year_is_refused_and_the_page_goes_on(client, assessment, slip):
    """Three days after the last day of the calendar is no day: the form could never be shown again."""
    before = due(assessment)
    answer = extend(client, assessment, due_at=slip)
    assert answer.status_code == 400
    assert "2099-12-31" in answer.content.decode()
    assert due(assessment) == before


def test_a_due_time_never_moves_back(client, assessment):
    before = due(assessment)
    response = extend(client, assessment, in_days(2))
    assert response.status_code == 400
    assert response.context["form"].errors["due_at"]
    assert due(assessment) == before


def test_the_same_extension_sent_twice_takes_effect_once(client, assessment):
    op = str(uuid4())
    assert [extend(client, assessment, op_id=op).status_code for _twice in range(2)] == [302, 302]
    assert Extension.objects.count() == 1
    assert Event.objects.filter(action="assessment.extend").count() == 1


@pytest.mark.parametrize("lacking", ["round", "op_id"])
def test_an_extension_without_round_or_op_id_is_refused(client, assessment, lacking):
    said = {"reason": WHY, "due_at": "2099-01-01T08:00", "round": "1", "op_id": str(uuid4())}
    del said[lacking]
    assert client.post(reverse("assessments:extend", args=[assessment.pk]), said).status_code == 428


def test_an_extension_meant_for_an_earlier_round_is_refused(client, assessment):
    factories.returned(assessment)
    assert extend(client, assessment).status_code == 409
    assert not Extension.objects.exists()


@pytest.mark.parametrize("step", [factories.submitted, factories.verified, factories.confirmed])
def test_what_has_been_handed_in_is_not_extended(client, assessment, step):
    step(assessment)
    assert extend(client, assessment).status_code == 409
    assert not Extension.objects.exists()


def test_after_publication_nobody_is_given_more_time(client, reviewer, assessment):
    factories.published(assessment.period)
    assert extend(client, assessment).status_code == 409


@pytest.mark.parametrize("role", [Role.CHIEF, Role.CLERK, Role.LEADER, Role.SYSADMIN])
def test_only_a_reviewer_extends(client, assessment, role):
    place = assessment.station if role in (Role.CHIEF, Role.CLERK) else assessment.bureau
    client.force_login(factories.user(role, place))
    assert extend(client, assessment).status_code == 403


def test_a_reviewer_elsewhere_finds_nothing_to_extend(client, assessment):
    client.force_login(factories.user(Role.REVIEWER))
    assert extend(client, assessment).status_code == 404


def test_the_database_itself_keeps_an_extension_as_it_is(client, assessment):
    extend(client, assessment)
    for sql in ("UPDATE assessments_extension SET reason = 'x'", "DELETE FROM assessments_extension"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_the_due_time_of_an_open_period_is_not_moved_by_the_system_administrator(client, assessment):
    period = assessment.period
    client.force_login(factories.user(Role.SYSADMIN, period.bureau))
    address = reverse("assessments:period_edit", args=[period.pk])
    said = {
        "bureau": period.bureau_id,
        "name": period.name,
        "name_en": "",
        "starts_on": "2026-07-01",
        "ends_on": "2026-09-30",
        "due_at": "2099-01-01T08:00",
        "edition": period.edition_id,
        "grouping": "bureau",
        "objection_days": "3",
        "previous": "",
        "year_before": "",
    }
    before = due(assessment)
    assert client.post(address, said).status_code == 409
    period.refresh_from_db()
    assert due(assessment) == period.due_at == before
    assert assessment.state == State.DRAFT
