"""Periods: laid out by the system administrator, opened once, fixed afterwards."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments import nextperiod, publicity
from assessments.models import Assessment, Period, Publication
from audit.models import Event
from stations.models import Station
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
        "publicity_days": "5",
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


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2100-01-01", "9999-12-31"])
def test_a_period_lies_in_this_century(admin, words, day):
    """A year back and a period on are reckoned from its days, and the calendar has an end."""
    for name in ("starts_on", "ends_on", "due_at"):
        answer = new(admin, words | {name: f"{day}T18:00" if name == "due_at" else day})
        assert answer.status_code == 422
        assert "2000-01-01" in str(answer.context["form"].errors[name])


def test_the_name_of_a_period_is_used_once_in_a_bureau(admin, words):
    new(admin, words)
    answer = new(admin, words)
    assert answer.status_code == 422
    assert "已有同名的考评周期" in answer.content.decode()
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


@pytest.mark.parametrize("what", ["objection_days", "publicity_days"])
@pytest.mark.parametrize(("days", "status"), [("0", 302), ("30", 302), ("31", 422), ("-1", 422), ("", 422)])
def test_a_period_says_for_how_many_days_a_chief_may_object_and_results_are_put_up(admin, words, what, days, status):
    assert new(admin, words | {what: days}).status_code == status
    assert Period.objects.count() == (status == 302)


def test_a_rehearsal_is_said_so_and_is_no_choice_as_an_earlier_period(admin, words):
    assert new(admin, words | {"is_rehearsal": "on"}).status_code == 302
    period = Period.objects.get()
    assert period.is_rehearsal
    assert "试运行" in admin.get(reverse("assessments:periods")).content.decode()
    later = {"name": "次", "starts_on": "2027-01-01", "ends_on": "2027-03-31", "previous": period.pk}
    assert "previous" in new(admin, words | later).context["form"].errors


def test_what_another_period_is_compared_with_cannot_become_a_rehearsal(admin, words, county):
    before = factories.period(bureau=county, open=False, starts_on=date(2026, 7, 1), ends_on=date(2026, 9, 30))
    new(admin, words | {"previous": before.pk})
    answer = admin.post(reverse("assessments:period_edit", args=[before.pk]), words | {"is_rehearsal": "on"})
    assert "is_rehearsal" in answer.context["form"].errors


def test_the_newest_standard_is_offered_first(admin, county):
    old, young = factories.tiny_edition(), factories.edition()
    Period.objects.all().delete()
    assert young.published_at > old.published_at
    offered = admin.get(reverse("assessments:period_new")).context["form"].fields["edition"].queryset
    assert list(offered) == [young, old]


@pytest.mark.parametrize(("asked", "is_old"), [("{old}", True), ("0", False), ("", False)])
def test_a_new_period_is_begun_from_the_page_of_an_edition(admin, county, asked, is_old):
    old, young = factories.tiny_edition(), factories.edition()
    query = f"?edition={asked.format(old=old.pk)}" if asked else ""
    address = reverse("assessments:period_new") + query
    assert admin.get(address).context["form"].initial["edition"] == (old if is_old else young).pk
    assert address in admin.get(reverse("assessments:edition", args=[old.pk])).content.decode() or not is_old


def test_copying_a_period_proposes_the_next(admin, words, county):
    new(admin, words | {"name": "2026年第四季度", "objection_days": "7", "publicity_days": "9", "grouping": "class"})
    period = Period.objects.get()
    form = admin.get(reverse("assessments:period_copy", args=[period.pk])).context["form"]
    proposed = form.initial
    assert (proposed["name"], proposed["name_en"]) == ("2027年第一季度", "2027 Q1")
    assert (proposed["starts_on"], proposed["ends_on"]) == (date(2027, 1, 1), date(2027, 3, 31))
    assert (proposed["grouping"], proposed["objection_days"], proposed["publicity_days"]) == ("class", 7, 9)
    assert (proposed["edition"], proposed["previous"]) == (period.edition_id, period.pk)
    sent = {name: "" if value is None else value for name, value in proposed.items()}
    sent["due_at"] = timezone.localtime(proposed["due_at"]).strftime("%Y-%m-%dT%H:%M")
    assert new(admin, sent).status_code == 302
    assert Period.objects.count() == 2


@pytest.mark.parametrize(
    ("first", "last", "name", "then"),
    [
        (date(2025, 12, 21), date(2026, 3, 20), "2026年第一季度", (date(2026, 3, 21), date(2026, 6, 20))),
        (date(2026, 1, 1), date(2026, 12, 31), "2026年度", (date(2027, 1, 1), date(2027, 12, 31))),
        (date(2026, 7, 1), date(2026, 12, 31), "2026年下半年", (date(2027, 1, 1), date(2027, 6, 30))),
        (date(2026, 12, 1), date(2026, 12, 31), "2026年12月", (date(2027, 1, 1), date(2027, 1, 31))),
        (date(2026, 10, 8), date(2026, 11, 19), "专项", (date(2026, 11, 20), date(2027, 1, 1))),
    ],
)
def test_the_next_period_spans_as_much_and_counts_on(county, first, last, name, then):
    period = factories.period(bureau=county, open=False, starts_on=first, ends_on=last, name=name)
    proposed = nextperiod.after(period)
    names = {"2026年第一季度": "2026年第二季度", "2026年度": "2027年度", "2026年下半年": "2027年上半年"}
    names |= {"2026年12月": "2027年1月", "专项": "2026-11-20 – 2027-01-01"}
    assert (proposed["starts_on"], proposed["ends_on"]) == then
    assert proposed["name"] == names[name]


def test_a_rehearsal_is_followed_by_a_real_period_with_its_own_one_before(county):
    spring = {"name": "前", "starts_on": date(2026, 1, 1), "ends_on": date(2026, 3, 31)}
    before = factories.period(bureau=county, open=False, **spring)
    proposed = nextperiod.after(factories.period(bureau=county, open=False, is_rehearsal=True, previous=before))
    assert proposed["previous"] == before.pk
    assert "is_rehearsal" not in proposed


def _publish_earlier(publication, days):
    """As if it had been published so many days ago: the database itself lets nobody say so."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        Publication.objects.filter(pk=publication.pk).update(published_at=timezone.now() - timedelta(days=days))
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_publicity_runs_by_the_clock_of_the_database(client, county, sysadmin):
    """The day of the publication is not counted; the last day is one of publicity to its end."""
    period = factories.period(bureau=county, publicity_days=5)
    publication = factories.published(period)
    chief, assessment = factories.user("chief", Station.objects.first()), Assessment.objects.first()
    pages = [(chief, "ranking_period", period), (chief, "detail", assessment), (sysadmin, "period_edit", period)]
    pages += [(factories.user("reviewer", county), "publish", period)]
    for days, is_running in [(0, True), (5, True), (6, False)]:
        _publish_earlier(publication, days)
        for user, name, thing in pages:
            client.force_login(user)
            text = client.get(reverse(f"assessments:{name}", args=[thing.pk])).content.decode()
            assert ("公示中，至" in text) == is_running, (name, days)
    client.force_login(sysadmin)
    assert "公示中" not in client.get(reverse("assessments:periods")).content.decode()


@pytest.mark.parametrize("fields", [{"publicity_days": 0}, {"is_rehearsal": True}])
def test_without_days_and_in_a_rehearsal_nothing_is_put_up(county, fields):
    period = factories.period(bureau=county, open=False, **fields)
    assert publicity.until(period, timezone.now(), timezone.now()) is None
