"""Periods: laid out by the system administrator, opened once, fixed afterwards."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, Period
from audit.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    place = factories.bureau()
    factories.chengguan(place), factories.beishe(place)
    return place


@pytest.fixture
def sysadmin(county):
    return factories.user("sysadmin", county)


@pytest.fixture
def admin(client, sysadmin):
    client.force_login(sysadmin)
    return client


@pytest.fixture
def words(county):
    """What the form sends for a good period."""
    return {
        "bureau": county.pk,
        "name": "2026年第四季度",
        "name_en": "2026 Q4",
        "starts_on": "2026-10-01",
        "ends_on": "2026-12-31",
        "due_at": (timezone.now() + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M"),
        "edition": factories.tiny_edition().pk,
        "grouping": "bureau",
        "objection_days": "3",
        "previous": "",
    }


def new(client, words):
    return client.post(reverse("assessments:period_new"), words)


def test_a_period_has_free_dates(admin, words, sysadmin):
    answer = new(admin, words | {"starts_on": "2026-10-08", "ends_on": "2026-11-19"})
    period = Period.objects.get()
    assert answer.status_code == 302
    assert (period.starts_on, period.ends_on) == (date(2026, 10, 8), date(2026, 11, 19))
    assert period.opened_at is None
    assert Event.objects.get(action="period.save").by == sysadmin


def test_a_period_cannot_end_before_it_begins(admin, words):
    answer = new(admin, words | {"ends_on": "2026-09-30"})
    assert answer.status_code == 422
    assert not Period.objects.exists()


def test_a_period_cannot_be_due_in_the_past(admin, words):
    answer = new(admin, words | {"due_at": "2026-01-01T12:00"})
    assert answer.status_code == 422
    assert "due_at" in answer.context["form"].errors


def test_the_name_of_a_period_is_used_once_in_a_bureau(admin, words):
    new(admin, words)
    assert new(admin, words).status_code == 422
    assert Period.objects.count() == 1


def test_the_previous_period_must_lie_before(admin, words, county):
    factories.period(bureau=county, open=False, starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 31))
    answer = new(admin, words | {"previous": Period.objects.get().pk})
    assert "previous" in answer.context["form"].errors


def test_the_previous_period_must_be_of_the_same_bureau(admin, words, county):
    town = factories.bureau("乡公安局", above=county)
    other = factories.period(bureau=town, open=False, starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 31))
    answer = new(admin, words | {"previous": other.pk})
    assert "previous" in answer.context["form"].errors


def test_a_bureau_elsewhere_cannot_be_chosen(admin, words):
    answer = new(admin, words | {"bureau": factories.bureau("别处").pk})
    assert answer.status_code == 422
    assert not Period.objects.exists()


def test_dates_can_be_changed_until_the_period_opens(admin, words, county):
    period = factories.period(bureau=county, open=False)
    answer = admin.post(reverse("assessments:period_edit", args=[period.pk]), words)
    period.refresh_from_db()
    assert answer.status_code == 302
    assert period.starts_on == date(2026, 10, 1)


def test_nothing_can_be_changed_after_opening(admin, words, county):
    period = factories.period(bureau=county)
    answer = admin.post(reverse("assessments:period_edit", args=[period.pk]), words)
    period.refresh_from_db()
    assert answer.status_code == 409
    assert period.starts_on == date(2026, 7, 1)


def test_opening_gives_every_station_its_sheet(admin, county):
    period = factories.period(bureau=county, open=False)
    answer = admin.post(reverse("assessments:period_open", args=[period.pk]), follow=True)
    assert answer.status_code == 200
    assert Assessment.objects.for_period(period).count() == 2


def test_a_period_opens_once(admin, county):
    period = factories.period(bureau=county)
    assert admin.post(reverse("assessments:period_open", args=[period.pk])).status_code == 409
    assert Assessment.objects.for_period(period).count() == 2


def test_a_period_whose_due_time_has_passed_does_not_open(admin, county):
    period = factories.period(bureau=county, open=False, due_at=timezone.now() - timedelta(minutes=1))
    assert admin.post(reverse("assessments:period_open", args=[period.pk])).status_code == 409
    assert not Assessment.objects.exists()


def test_opening_needs_a_post(admin, county):
    period = factories.period(bureau=county, open=False)
    assert admin.get(reverse("assessments:period_open", args=[period.pk])).status_code == 405


def test_an_open_period_is_shown_to_be_read(admin, county):
    period = factories.period(bureau=county)
    page = admin.get(reverse("assessments:period_edit", args=[period.pk]))
    assert page.status_code == 200
    assert '<form method="post" novalidate' not in page.content.decode()


def test_the_list_says_how_far_the_stations_are(admin, county):
    period = factories.period(bureau=county)
    factories.submitted(factories.assessment(period))
    listed = admin.get(reverse("assessments:periods")).context["periods"]
    assert [(each.stations, each.handed_in, each.published) for each in listed] == [(2, 1, 0)]


def test_the_list_costs_the_same_for_many_periods(admin, county):
    admin.get(reverse("assessments:periods"))  # the session settles
    costs = []
    for n in (1, 5):
        for i in range(n):
            factories.period(bureau=county, open=False, name=f"第{n}.{i}期")
        with CaptureQueriesContext(connection) as queries:
            admin.get(reverse("assessments:periods"))
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 8


def test_without_a_standard_the_page_says_what_to_do(admin):
    assert "load_standard" in admin.get(reverse("assessments:periods")).content.decode()


def test_a_period_of_another_bureau_is_not_found(admin):
    foreign = factories.period(bureau=factories.bureau("别处"), open=False)
    for name in ("period_edit", "period_open"):
        assert admin.post(reverse(f"assessments:{name}", args=[foreign.pk])).status_code == 404


@pytest.mark.parametrize("role", ["chief", "clerk", "reviewer", "leader", "secadmin", "auditor"])
def test_only_the_system_administrator_lays_out_periods(role, client, county):
    client.force_login(factories.user(role))
    assert client.get(reverse("assessments:periods")).status_code == 403
    assert client.get(reverse("assessments:period_new")).status_code == 403


@pytest.mark.parametrize(("days", "status"), [("0", 302), ("30", 302), ("31", 422), ("-1", 422), ("", 422)])
def test_a_period_says_for_how_many_days_a_chief_may_object(admin, words, days, status):
    assert new(admin, words | {"objection_days": days}).status_code == status
    assert Period.objects.count() == (status == 302)
