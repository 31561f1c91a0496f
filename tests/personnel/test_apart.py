"""Roles that exclude each other, people who are never deleted (T17, T20, T23, T25)."""

import uuid
from itertools import combinations

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import translation

from assessments.reports import context, page, requesting
from audit.models import Event
from personnel import accounts
from personnel.models import User
from personnel.roles import ACTS, ADMINISTRATORS, Role
from tests import factories
from tests.stations.pages import text

pytestmark = pytest.mark.django_db
BUSINESS = sorted(set(Role) - set(ADMINISTRATORS))
# 三员 exclude each other and every business role; whoever reviews does not hand in, whoever leads does neither.
FORBIDDEN = [*combinations(ADMINISTRATORS, 2), *((a, b) for a in ADMINISTRATORS for b in BUSINESS)]
DECIDING = {"assessment.verify", "assessment.return", "assessment.confirm", "period.publish", "veto.decide"}
FILLING = {"assessment.fill", "assessment.submit", "registers.edit", "evidence.add"}


@pytest.mark.parametrize(("one", "other"), FORBIDDEN)
def test_two_roles_that_exclude_each_other_cannot_meet_in_one_account(as_, secadmin, one, other):
    account = factories.user(one)
    place = {"station": factories.station().pk, "bureau": factories.bureau().pk}
    values = {"name": account.name, "role": [one, other], "is_active": "on", "reason": "兼任"} | place
    as_(secadmin).post(reverse("personnel:account_edit", args=[account.pk]), values)
    account.refresh_from_db()
    may = {act for act in ACTS if account.may(act)}
    assert may in ({act for act in ACTS if one in ACTS[act]}, {act for act in ACTS if other in ACTS[act]})
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=account.pk).update(role=f"{one},{other}"[:10])


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_no_administrator_fills_or_decides_anything(role):
    assert not {act for act in DECIDING | FILLING if role in ACTS[act]}


def test_nobody_who_fills_decides_and_a_leader_does_neither():
    for role in (Role.CHIEF, Role.CLERK):
        assert not {act for act in DECIDING if role in ACTS[act]}
    assert not {act for act in FILLING if Role.REVIEWER in ACTS[act]}
    assert not {act for act in DECIDING | FILLING if Role.LEADER in ACTS[act]}


def test_an_account_with_a_history_cannot_be_deleted_even_by_code(as_, secadmin, chief):
    values = {"name": chief.name, "role": "chief", "station": chief.station_id, "bureau": "", "reason": "离任"}
    as_(secadmin).post(reverse("personnel:account_edit", args=[chief.pk]), values)
    chief.refresh_from_db()
    assert not chief.is_active
    assert Event.objects.filter(action="account.change", by=secadmin, reason="离任").exists()
    with pytest.raises(ProtectedError):
        secadmin.delete()


def test_names_of_people_who_are_gone_stay_in_the_log_and_on_reports(as_, secadmin):
    period = factories.period()
    factories.published(period)
    chief = User.objects.filter(role=Role.CHIEF).first()
    asked = factories.user("sysadmin", period.bureau, name="孙系统")
    report = requesting.request(
        period, list(period.assessments.all()), language="zh-hans", op_id=uuid.uuid4(), by=asked
    )
    for person in (chief, asked):
        person.is_active = False
        accounts.change(person, by=secadmin, reason="离任")

    with translation.override("zh-hans"):
        assert "孙系统" in page.html(context.of(report))
    handed_in = as_(factories.user("auditor")).get(reverse("audit:list"), {"action": "assessment.submit"})
    assert f'{chief.name} <span class="text-secondary">{chief.username}' in text(handed_in)
