"""Published stations side by side."""

import re
from copy import deepcopy

import pytest
from django.urls import reverse

from assessments.models import Period, Report, Score
from personnel.roles import Role
from tests import factories
from tests.shared import rows

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    yield from rows(factories.published_quarter, django_db_blocker)


@pytest.fixture
def period(made, db):
    """城关 and 北社, published."""
    return deepcopy(made)


def thirty_one() -> Period:
    """So many stations, published: one more than can be compared."""
    bureau = factories.bureau()
    for number in range(31):
        factories.station(f"第{number}派出所", bureau=bureau, residents=3000)
    made = factories.period(bureau=bureau)
    factories.published(made)
    return made


@pytest.fixture(scope="module")
def crowd(django_db_setup, django_db_blocker):
    yield from rows(thirty_one, django_db_blocker)


@pytest.fixture
def bureau(request):
    """That of the published period in hand; a new one for a test that asks for none."""
    period = next((name for name in ("period", "crowd") if name in request.fixturenames), None)
    return request.getfixturevalue(period).bureau if period else factories.bureau()


def compare(client, period, chosen=(), **words):
    address = reverse("assessments:comparison", args=[period.pk])
    return client.get(address, {"a": [getattr(each, "pk", each) for each in chosen]} | words)


def both(period):
    return list(period.assessments.order_by("station__pk"))


def test_two_stations_stand_side_by_side_with_their_reasons(leader, client, period):
    response = compare(client, period, both(period))
    html = response.content.decode()
    assert response.status_code == 200
    assert "6,852.86" in html
    assert "9,052.75" in html
    assert "16" in html  # officers that 城关 needs


def test_the_figures_are_the_published_ones(leader, client, period):
    compared = compare(client, period, both(period)).context["compared"]
    for column, station in enumerate(compared.stations):
        stored = Score.objects.get(assessment=station.assessment, layer="confirmed")
        assert [row.cells[column].points for row in compared.rows] == stored.points
        for row in compared.rows:
            cell = row.cells[column]
            if cell.explanation:
                assert round(cell.explanation.points * 100) == cell.points


def test_the_criteria_can_be_ordered_by_difference(leader, client, bureau):
    period = factories.period(bureau=bureau)
    for assessment, spots in zip(period.assessments.with_places().order_by("station__pk"), (0, 4), strict=True):
        factories.submitted(assessment, {"video.blind_spots": spots, "staff.college": 0})
    factories.published(period)
    first = compare(client, period, both(period), order="difference").context["rows"][0]
    assert first.spread == max(row.spread for row in compare(client, period, both(period)).context["rows"])
    assert first.spread > 0


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_stations_get_a_page_that_says_what_to_do(leader, client, period, count):
    response = compare(client, period, both(period)[:count])
    assert response.status_code == 200
    assert "compared" not in response.context


def test_more_than_thirty_stations_get_a_message(leader, client, crowd):
    response = compare(client, crowd, both(crowd))
    assert response.status_code == 200
    assert "compared" not in response.context
    assert "31" in response.content.decode()


def test_thirty_stations_cost_no_more_queries_than_two(leader, client, crowd, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        response = compare(client, crowd, both(crowd)[:30])
    assert len(response.context["compared"].stations) == 30


def test_one_station_out_of_sight_hides_the_whole_page(leader, client, period):
    other = factories.period(bureau=factories.bureau("别县"))
    factories.published(other)
    assert compare(client, period, [both(period)[0], both(other)[0]]).status_code == 404


def test_an_unpublished_assessment_is_not_there(leader, client, bureau):
    period = factories.period(bureau=bureau)
    for assessment in period.assessments.with_places():
        factories.confirmed(assessment)
    assert compare(client, period, both(period)).status_code == 404


@pytest.mark.parametrize("word", ["1e3", "-1", "x", "٣", "99999999999999999999"])
def test_what_is_no_number_is_refused(leader, client, period, word):
    assert compare(client, period, [word]).status_code == 400


def test_an_unknown_order_is_refused(leader, client, period):
    assert compare(client, period, both(period), order="rate").status_code == 400


def test_a_station_named_twice_stands_once(leader, client, period):
    first, second = both(period)
    response = compare(client, period, [first, second, first])
    assert len(response.context["compared"].stations) == 2


@pytest.mark.parametrize("role", [Role.CHIEF, Role.CLERK])
def test_a_station_compares_nobody(client, period, role):
    client.force_login(factories.user(role, both(period)[0].station))
    assert compare(client, period, both(period)).status_code == 403


def test_the_page_asks_for_the_comparative_report(leader, client, period):
    html = compare(client, period, both(period)).content.decode()
    assert f'action="{reverse("assessments:reports")}"' in html
    assert html.count('type="hidden" name="a"') == 2


def test_the_report_of_the_compared_stations_is_queued(leader, client, period):
    html = compare(client, period, both(period)).content.decode()
    form = html[html.index(f'action="{reverse("assessments:reports")}"') :]
    fields = re.findall(
        r'type="hidden" name="(kind|period|language|op_id|a)" value="([^"]+)"', form[: form.index("</form>")]
    )
    said = {name: [value for key, value in fields if key == name] for name, _value in fields}
    assert client.post(reverse("assessments:reports"), said).status_code == 302
    report = Report.objects.get(requested_by=leader)
    assert set(report.assessments.all()) == set(both(period))
