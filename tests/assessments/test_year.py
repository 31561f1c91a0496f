"""The year of published periods: figures, places, grades and triggers."""

from copy import deepcopy
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from personnel.roles import Role
from tests import factories
from tests.assessments import judged
from tests.shared import rows

pytestmark = pytest.mark.django_db
YEAR = reverse("assessments:year")


def quarter(bureau, year: int, number: int, edition, spots: tuple[int, ...]):
    """A published quarter; the n-th station has spots[n] blind spots, each a quarter point."""
    last = date(year, 3 * number, 28)
    period = factories.period(
        bureau=bureau,
        edition=edition,
        name=f"{year}年第{number}季度",
        name_en=f"{year} Q{number}",
        starts_on=date(year, 3 * number - 2, 1),
        ends_on=last,
    )
    for assessment, count in zip(period.assessments.with_places(), spots, strict=True):
        factories.confirmed(factories.submitted(assessment, {"video.blind_spots": count}))
    return factories.published(period)


def three_quarters():
    """城关 and 二道 alike but for blind spots, 北社 with 4 officers; two quarters of 2026 and one of 2025."""
    bureau = factories.bureau()
    factories.chengguan(bureau)
    factories.staffed(factories.station("二道派出所", bureau=bureau, residents=47_970), 7)
    factories.beishe(bureau)
    edition = judged.edition()
    quarter(bureau, 2025, 4, edition, (0, 1, 0))
    quarter(bureau, 2026, 1, edition, (0, 2, 0))
    return quarter(bureau, 2026, 2, edition, (2, 1, 0))


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    yield from rows(three_quarters, django_db_blocker)


@pytest.fixture
def history(made, db):
    return deepcopy(made)


@pytest.fixture
def bureau(request):
    """That of `history`, where a test has it; else a new one."""
    return request.getfixturevalue("history").bureau if "history" in request.fixturenames else factories.bureau()


def lines(response) -> list[tuple]:
    (group,) = response.context["groups"]
    return [(line.assessment.station.name, line.rank, line.figure, line.grade.code) for line in group.rows]


def test_periods_make_a_year_with_places_and_grades(client, bureau, history):
    client.force_login(factories.user(Role.LEADER, bureau))
    response = client.get(YEAR)
    assert lines(response) == [
        ("城关派出所", 1, 67_50, "good"),  # 70 and 65
        ("二道派出所", 2, 66_25, "good"),  # 65 and 67.5
        ("北社派出所", 3, 50_00, "poor"),
    ]
    page = response.content.decode()
    assert "各周期得分率的平均值" in page
    assert lines(client.get(YEAR, {"year": "2025"}))[0] == ("城关派出所", 1, 70_00, "good")
    assert client.get(YEAR, {"year": "2024"}).status_code == 404


def test_the_bureau_reads_what_the_history_sets_off(client, bureau, history):
    client.force_login(factories.user(Role.REVIEWER, bureau))
    response = client.get(YEAR)
    fired = {trigger.code: [line.assessment.station.name for line in hit] for trigger, hit in response.context["fired"]}
    assert fired == {"last": ["北社派出所"], "years": ["北社派出所"]}
    assert "末位：连续 2 年" in response.content.decode()
    fired = dict(client.get(YEAR, {"year": "2025"}).context["fired"])
    assert not any(fired.values())


def test_a_station_reads_the_year_of_its_bureau_without_the_list(client, bureau, history):
    elsewhere = factories.bureau("松桃公安局")
    quarter_of_others = factories.period(bureau=elsewhere, edition=judged.edition())
    factories.published(quarter_of_others)
    client.force_login(factories.anybody(Role.CHIEF, history.ranks.first().assessment.station))
    response = client.get(YEAR)
    assert (len(lines(response)), response.context["fired"]) == (3, [])


def test_a_year_costs_the_same_number_of_queries_however_many_periods(client, bureau, history):
    client.force_login(factories.user(Role.REVIEWER, bureau))
    client.get(YEAR)
    with CaptureQueriesContext(connection) as before:
        client.get(YEAR)
    quarter(bureau, 2026, 3, judged.edition(), (0, 0, 0))
    with CaptureQueriesContext(connection) as after:
        client.get(YEAR)
    assert len(after) == len(before)


def test_what_capped_a_period_caps_its_year(client, bureau):
    station = factories.staffed(factories.chengguan(bureau), 4)
    edition = judged.edition()
    quarter(bureau, 2026, 1, edition, (0,))
    factories.staffed(station, 7)
    client.force_login(factories.user(Role.LEADER, bureau))
    quarter(bureau, 2026, 2, edition, (0,))
    ((_, rank, figure, grade),) = lines(client.get(YEAR))
    assert (rank, figure, grade) == (1, 60_00, "poor")


def test_a_standard_without_a_year_says_so(client, bureau):
    client.force_login(factories.user(Role.REVIEWER, bureau))
    assert "这里显示年度汇总" in client.get(YEAR).content.decode()
    factories.published(factories.period(bureau=bureau))
    assert "本标准没有规定年度汇总" in client.get(YEAR).content.decode()
