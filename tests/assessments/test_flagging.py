"""What stands out, on the pages: the reviewer's, the desk, the result, and the station's own before it submits."""

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments import flagging, scores
from assessments.answers import Cell
from assessments.demo.pictures import CAPTION
from assessments.models import Answers, Assessment, Evidence, Layer, Score, State
from personnel.roles import Role
from tests import factories
from tests.assessments.sheets import Counted

pytestmark = pytest.mark.django_db
FACTS = {"zones.service": 1, "video.linked": 1, "video.blind_spots": 2, "station.residents": 47_970, "staff.college": 7}
LONG = "我所对监控盲区逐一排查，安装摄像头三处，已全部接入县局监控中心并安排专人每日查看。"


@pytest.fixture
def county():
    return factories.bureau()


@pytest.fixture
def reviewer(county, client):
    person = factories.user(Role.REVIEWER, county)
    client.force_login(person)
    return person


def sheet(period, station, blind_spots, state):
    """An assessment as the workflow leaves it, without walking through each of its acts."""
    places = {"bureau": station.bureau, "station_class": station.station_class, "group": station.bureau.code}
    when = {"due_at": period.due_at, "submitted_at": period.due_at}
    made = Assessment.objects.create(period=period, station=station, state=state, **places, **when)
    metrics = period.edition.standard.metrics
    facts = FACTS | {"staff.officers": 7, "video.blind_spots": blind_spots}
    for dimension in {metric.dimension for metric in metrics.values()}:
        here = {
            m: Cell(v, "answered", "typed", 1).as_json() for m, v in facts.items() if metrics[m].dimension == dimension
        }
        Answers.objects.create(assessment=made, layer=Layer.SELF, dimension=dimension, facts=here, version=1)
    for layer in Layer if state == State.PUBLISHED else [Layer.SELF]:
        scores.record([made], layer)
    return made


def quarters(county, values, *, stations=1):
    """Periods in a row with these numbers of blind spots, all published but the last, which is submitted."""
    places = [factories.chengguan(county) for _ in range(stations)]
    period = None
    for i, value in enumerate(values):
        period = factories.period(bureau=county, previous=period, open=False, opened_at=timezone.now())
        for station in places:
            sheet(period, station, value, State.SUBMITTED if i == len(values) - 1 else State.PUBLISHED)
    return period


def assessment_of(period):
    return period.assessments.with_places().order_by("pk")[0]


def kinds(notes):
    return [(note.flag.kind, note.flag.metric or note.flag.criterion) for note in notes]


def page(client, name, assessment):
    return client.get(reverse(f"assessments:{name}", args=[assessment.pk]))


@pytest.fixture
def odd(county):
    """城关, whose blind spots were 2 for four quarters and are 60 now."""
    return assessment_of(quarters(county, [2, 2, 2, 2, 60]))


def test_a_figure_off_the_past_is_shown_at_its_item_and_in_the_list_on_top(odd, reviewer, client):
    response = page(client, "verify", odd)
    layered = response.context["layered"]
    assert ("past", "video.blind_spots") in kinds(layered.notes)
    assert ("past", "video.blind_spots") in kinds(layered.item("zones.blind_spots").notes)
    html = response.content.decode()
    assert html.count("监控盲区本期 60 处，本所此前 4 期的中位数为 2 处") == 2


def test_the_note_stays_at_the_item_after_it_was_accepted(odd, reviewer, client):
    said = {"criterion": ["zones.blind_spots"], "round": odd.round}
    response = client.post(reverse("assessments:verify_accept", args=[odd.pk]), said, HTTP_HX_REQUEST="true")
    assert "本所此前 4 期的中位数为 2 处" in response.content.decode()


def test_the_desk_tells_the_kinds_and_shows_those_worth_a_look(odd, reviewer, client):
    response = client.get(reverse("assessments:desk"), {"state": "flagged"})
    (row,) = response.context["rows"]
    assert row.assessment == odd
    assert ("与本所往期差异大", 1) in row.flags
    assert "与本所往期差异大" in response.content.decode()


def test_the_desk_takes_as_many_statements_for_five_stations_as_for_one(client):
    def statements(stations):
        period = quarters(factories.bureau(), [2, 2], stations=stations)
        client.force_login(factories.user(Role.REVIEWER, period.bureau))
        with Counted() as counted:
            client.get(reverse("assessments:desk"), {"period": period.pk})
        return len(counted.own)

    assert statements(1) == statements(5)


def test_flags_of_one_assessment_take_six_statements(odd, reviewer):
    factories.evidence(odd, "zones.service")
    with Counted() as counted:
        flagging.of(odd, reviewer)
    assert len(counted.own) == 6


def test_the_result_shows_it_to_the_bureau_and_not_to_the_station(odd, reviewer, client):
    assert "本所此前 4 期的中位数" in page(client, "detail", odd).content.decode()
    client.force_login(factories.user(Role.LEADER, odd.bureau))
    assert "本所此前 4 期的中位数" in page(client, "detail", odd).content.decode()
    client.force_login(factories.user(Role.CHIEF, odd.station))
    assert "本所此前 4 期的中位数" not in page(client, "detail", odd).content.decode()


def test_looking_changes_no_point_and_stores_nothing(odd, reviewer, client):
    before = list(Score.objects.order_by("pk").values())
    page(client, "verify", odd)
    client.get(reverse("assessments:desk"))
    assert list(Score.objects.order_by("pk").values()) == before


def test_a_station_sees_its_own_odd_figure_before_it_submits(county, client):
    last = quarters(county, [2, 2, 2, 2, 2]).previous
    now = factories.period(bureau=county, previous=last)
    draft = factories.answered(assessment_of(now), {"video.blind_spots": 60})
    client.force_login(factories.user(Role.CLERK, draft.station))
    response = page(client, "check", draft)
    (told,) = response.context["notes"]
    assert kinds([told["note"]]) == [("past", "video.blind_spots")]
    html = response.content.decode()
    assert "确实如此可照常提交" in html
    assert reverse("assessments:fill", args=[draft.pk, "zones"]) + "#row-video.blind_spots" in html


def test_an_open_sheet_is_flagged_for_nobody_else(odd, reviewer):
    factories.returned(odd, by=reviewer)
    odd.refresh_from_db()
    assert odd.state == State.RETURNED
    assert flagging.of(odd, reviewer) == []
    assert flagging.kinds([odd]) == {}


def test_a_first_period_has_nothing_to_tell_its_station(county):
    draft = factories.assessment(factories.period(bureau=county))
    assert flagging.own(draft, {}) == []


def same_file(one, other, criterion="zones.service"):
    mine = Evidence.objects.get(assessment=one, criterion=criterion)
    Evidence.objects.filter(assessment=other, criterion=criterion).update(digest=mine.digest)


def test_the_same_file_at_two_stations_is_named_with_the_other_one(county, reviewer):
    drafts = factories.period(bureau=county).assessments.with_places()
    first, second = (factories.submitted(draft, FACTS | {"staff.officers": 7}) for draft in drafts)
    same_file(first, second)
    (note,) = [note for note in flagging.of(first, reviewer) if note.flag.kind == "file"]
    assert second.station.name in note.said.why
    assert note.item == "zones.service"


def test_a_station_out_of_sight_is_compared_with_by_nobody(client):
    city = factories.bureau("市公安局", level="city")
    mine, other = (factories.bureau(name, above=city) for name in ("甲县", "乙县"))
    factories.chengguan(mine), factories.beishe(other)
    period = factories.period(bureau=city)
    drafts = period.assessments.with_places().order_by("station__code")
    first, second = (factories.submitted(draft, {"video.blind_spots": 2}) for draft in drafts)
    same_file(first, second)
    seen = flagging.of(first, factories.user(Role.REVIEWER, mine))
    assert "file" not in [note.flag.kind for note in seen]
    assert "file" in [note.flag.kind for note in flagging.of(first, factories.user(Role.REVIEWER, city))]


def test_a_caption_of_an_earlier_period_is_recognised(county, reviewer):
    last = quarters(county, [2, 3])
    for period in (last.previous, last):
        factories.evidence(assessment_of(period), "zones.service", caption=LONG)
    (note,) = [note for note in flagging.of(assessment_of(last), reviewer) if note.flag.kind == "text"]
    assert last.previous.name in note.said.why
    assert LONG in note.said.why


def test_own_points_far_above_the_verified_ones_are_told(county, reviewer):
    assessment = factories.submitted(assessment_of(factories.period(bureau=county)), FACTS)
    assert flagging.of(assessment, reviewer) == []
    changed = factories.changed(assessment, "zones.service", 0, by=reviewer)
    assert kinds(flagging.of(changed, reviewer)) == [("above", "zones.service"), ("above", "")]


def test_a_jump_without_a_new_file_asks_for_one(county, reviewer):
    factories.chengguan(county)
    first = factories.period(bureau=county)
    factories.submitted(assessment_of(first), FACTS | {"zones.service": 0})
    factories.published(first)
    second = factories.period(bureau=county, previous=first)
    now = factories.submitted(assessment_of(second), FACTS)
    assert ("jump", "zones.service") not in kinds(flagging.of(now, reviewer))
    same_file(assessment_of(first), now)
    assert ("jump", "zones.service") in kinds(flagging.of(now, reviewer))


def test_too_many_stations_are_left_to_their_own_pages(odd, reviewer, client, monkeypatch):
    monkeypatch.setattr(flagging, "MOST", 0)
    assert flagging.kinds([odd]) is None
    response = client.get(reverse("assessments:desk"))
    assert response.context["too_many_for_flags"]
    assert "可在各所的核查页查看" in response.content.decode()


def test_the_ranking_shows_those_worth_a_look_to_the_bureau_that_asks(county, client):
    factories.chengguan(county), factories.beishe(county)
    period = factories.period(bureau=county)
    drafts = period.assessments.with_places().order_by("pk")
    first, second = (factories.submitted(draft, {"video.blind_spots": 2}) for draft in drafts)
    factories.changed(first, "zones.service", 0)
    factories.published(period)
    client.force_login(factories.user(Role.LEADER, county))
    address = reverse("assessments:ranking_period", args=[period.pk])
    html = client.get(address, {"show": "flagged"}).content.decode()
    assert "自评明显偏高" in html
    assert (first.station.name in html, second.station.name in html) == (True, False)
    assert second.station.name in client.get(address).content.decode()
    for role, place in ((Role.CHIEF, first.station), (Role.SYSADMIN, county)):
        client.force_login(factories.user(role, place))
        assert client.get(address, {"show": "flagged"}).status_code == 400


def test_the_demo_pictures_caption_is_too_short_to_be_a_repetition():
    assert len(CAPTION) < flagging.limits().text_length
