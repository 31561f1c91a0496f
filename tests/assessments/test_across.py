"""A quarter under another edition than the one before: changes of rates rest on what measures the same in both."""

import uuid
from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from assessments.models import OfficialRank
from assessments.reports import context, page, requesting
from personnel.roles import Role
from tests import factories
from tests.assessments.sheets import text_of

pytestmark = pytest.mark.django_db
ANEW = {
    'version = "2026"': 'version = "2027"',
    # Renamed and worth a point more; the load has a new norm and is worth a point less.
    'id = "zones.service"': 'id = "zones.hall"\ncontinues = "zones.service"',
    'title_en = "Service zone"\npoints = 2': 'title_en = "Service zone"\npoints = 3',
    'title_en = "Residents per officer"\npoints = 3': 'title_en = "Residents per officer"\npoints = 2',
    "default = 3000": "default = 5000",
}
ALL_NEW = {'version = "2026"': 'version = "2028"', 'id = "': 'id = "new.'}
SAID = "按 5 个同口径项目比较"


def edition(changes: dict[str, str], more=""):
    text = factories.TINY.read_text("utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return factories.edition_of(text + more)


def quarter(bureau, facts: dict, **fields):
    """城关 has these facts, 北社 always the same."""
    period = factories.period(bureau=bureau, **fields)
    own = {"zones.service": 1, "video.linked": 1, "video.blind_spots": 0}
    for assessment, given in zip(period.assessments.with_places(), (facts, {"video.blind_spots": 2}), strict=True):
        factories.confirmed(factories.submitted(assessment, own | given))
    return period


@pytest.fixture
def before(bureau):
    period = quarter(bureau, {}, starts_on=date(2026, 4, 1), ends_on=date(2026, 6, 30))
    factories.published(period)
    return period


@pytest.fixture
def now(bureau, before):
    """城关 has lost its service zone; the year is the mean of its quarters."""
    anew = edition(ANEW, '\n[year]\nrollup = "mean"\nmissing = "skip"\n')
    return quarter(bureau, {"zones.service": 0}, edition=anew, previous=before)


def gained(period) -> dict[str, tuple]:
    ranks = OfficialRank.objects.filter(publication__period=period).select_related("assessment__station")
    return {rank.assessment.station.name: (rank.change, rank.rate_change) for rank in ranks}


def test_a_change_of_edition_is_no_change_of_rate(client, reviewer, now):
    """By the naive difference 北社 would have won ten points by doing what it did, and 城关 would have lost twenty."""
    assert SAID in text_of(client.get(reverse("assessments:publish", args=[now.pk])))
    factories.published(now)
    # 3 + 1 + 1 + 2 + 1 points of today measure what was measured: 城关 had all of them and has 5 of 8.
    assert gained(now) == {"城关派出所": (-1, -3750), "北社派出所": (1, 0)}


def test_every_page_with_a_change_says_what_it_rests_on(client, reviewer, now):
    factories.published(now)
    first = factories.assessment(now)
    ranking = reverse("assessments:ranking_period", args=[now.pk])
    for address in (ranking, reverse("assessments:detail", args=[first.pk])):
        assert SAID in text_of(client.get(address)), address
    assert "与上一期有 5 个同口径项目" in text_of(client.get(reverse("assessments:year")))
    heads = next(load_workbook(BytesIO(client.get(ranking, {"export": "xlsx"}).content)).active.values)
    assert "得分率增减（5 个同口径项目） (%)" in heads
    person = factories.user(Role.SYSADMIN, now.bureau)
    report = requesting.request(now, list(now.assessments.all()), language="zh-hans", op_id=uuid.uuid4(), by=person)
    assert SAID in page.html(context.of(report))


def test_a_station_sees_two_lines_and_the_note_on_its_way(client, now):
    factories.published(now)
    client.force_login(factories.user(Role.CHIEF, factories.assessment(now).station))
    response = client.get(reverse("assessments:home"))
    assert f"{now.name} · 标准已换版，{SAID}" in text_of(response)
    assert [line["name"] for line in response.context["chart"]["series"]] == ["标准 2026 版", "标准 2027 版"]
    assert "-37.50" in text_of(response)


def test_nothing_is_compared_where_nothing_measures_the_same(client, reviewer, bureau, before):
    period = quarter(bureau, {}, edition=edition(ALL_NEW), previous=before)
    factories.published(period)
    assert {change for _place, change in gained(period).values()} == {None}
    ranking = text_of(client.get(reverse("assessments:ranking_period", args=[period.pk])))
    assert "没有同口径项目，得分率不作比较" in ranking
