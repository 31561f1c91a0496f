"""异议: a chief objects to single criteria of what was verified, and another reviewer than the first answers."""

from copy import deepcopy
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments import answers, workflow
from assessments.models import Assessment, Layer, Objection, Score, State
from audit import verifying
from audit.models import Event
from personnel.roles import Role
from stationstd.refusals import Refused
from tests import factories
from tests.shared import rows

pytestmark = pytest.mark.django_db
SPOTS = "zones.blind_spots"
WHY = "后院两处盲区已于上月补装摄像机。"
ANSWER = "经现场复核，补装属实。"


class Bench:
    """城关, verified by one reviewer with two blind spots where it had said none; another reviewer may answer."""

    def __init__(self, days=3):
        self.bureau = factories.bureau()
        self.period = factories.period(bureau=self.bureau, objection_days=days)
        self.pk = factories.assessment(self.period).pk
        self.chief = factories.user(Role.CHIEF, self.assessment.station)
        self.first = factories.user(Role.REVIEWER, self.bureau, name="初核员")
        self.second = factories.user(Role.REVIEWER, self.bureau, name="复核员")
        facts = {"video.linked": 1, "video.blind_spots": 0}
        factories.submitted(self.assessment, facts, by=self.chief)
        factories.changed(self.assessment, "video.blind_spots", 2, by=self.first)
        factories.verified(self.assessment, by=self.first)

    @property
    def assessment(self) -> Assessment:
        return Assessment.objects.with_places().get(pk=self.pk)

    def objects(self, criterion=SPOTS, **words):
        said = {"ground": WHY, "round_": 1, "op_id": uuid4(), "by": self.chief} | words
        return workflow.object_to(self.pk, criterion, **said)

    def confirms(self):
        return workflow.confirm(self.pk, round_=1, by=self.first)

    def closes_window(self):
        Assessment.objects.filter(pk=self.pk).update(objection_until=timezone.now() - timedelta(seconds=1))

    @property
    def points(self) -> int:
        return Score.objects.get(assessment=self.pk, layer=Layer.VERIFIED).points[2]


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    yield from rows(Bench, django_db_blocker)


@pytest.fixture
def bench(made, db):
    return deepcopy(made)


def address(name, bench, *more):
    return reverse(f"assessments:{name}", args=[bench.pk, *more])


def filing(client, bench, **words):
    client.force_login(bench.chief)
    said = {"criterion": SPOTS, "ground": WHY, "round": 1, "op_id": str(uuid4())} | words
    return client.post(address("objection_file", bench), said)


def answering(client, bench, *, by=None, criterion=SPOTS, **words):
    client.force_login(by or bench.second)
    said = {"outcome": "upheld", "answer": ANSWER, "round": 1, "state.video.blind_spots": "self"} | words
    return client.post(address("objection", bench, criterion), {k: v for k, v in said.items() if v is not None})


def seen(response) -> str:
    return response.context["effect"].seen


def refused(act) -> Refused:
    with pytest.raises(Refused) as found:
        act()
    return found.value


# The window


def test_finishing_opens_a_window_of_as_many_days_as_the_period_gives(bench):
    left = bench.assessment.objection_until - timezone.now()
    assert timedelta(days=3) - timedelta(minutes=5) < left <= timedelta(days=3)


def test_a_period_without_objections_opens_none_and_can_be_confirmed_at_once():
    bench = Bench(days=0)
    assert bench.assessment.objection_until is None
    assert refused(bench.objects).status == 409
    assert bench.confirms().state == State.CONFIRMED


def test_nothing_is_confirmed_while_the_chief_may_still_object(bench):
    found = refused(bench.confirms)
    assert (found.status, found.code) == (409, "state")
    assert "异议" in str(found.message)
    bench.closes_window()
    assert bench.confirms().state == State.CONFIRMED


def test_nothing_is_confirmed_while_an_objection_waits(bench, client):
    bench.objects()
    bench.closes_window()
    client.force_login(bench.first)
    response = client.post(address("confirm", bench), {"round": 1})
    assert response.status_code == 409
    assert "监控盲区" in response.content.decode()
    assert bench.assessment.state == State.VERIFIED


def test_a_chief_without_objection_closes_the_window_early(bench, client):
    client.force_login(bench.chief)
    for _twice in range(2):
        assert client.post(address("objection_none", bench), {"round": 1}).status_code == 302
    assert Event.objects.filter(action="objection.none").count() == 1
    assert refused(bench.objects).status == 409
    assert bench.confirms().state == State.CONFIRMED


def test_an_objection_that_comes_too_late_is_refused_by_the_databases_clock(bench):
    bench.closes_window()
    found = refused(bench.objects)
    assert (found.status, found.code) == (409, "deadline")
    assert not Objection.objects.exists()


@pytest.mark.parametrize("step", [factories.submitted, factories.returned])
def test_before_verification_is_finished_there_is_nothing_to_object_to(step):
    period = factories.period(objection_days=3)
    assessment = step(factories.assessment(period))
    chief = factories.user(Role.CHIEF, assessment.station)
    found = refused(
        lambda: workflow.object_to(assessment.pk, SPOTS, ground=WHY, round_=assessment.round, op_id=uuid4(), by=chief)
    )
    assert (found.status, found.code) == (409, "state")


# Objecting


def test_an_objection_is_kept_with_its_ground_and_stands_in_the_log(bench, client):
    assert filing(client, bench).status_code == 302
    made = Objection.objects.get()
    assert (made.criterion, made.ground, made.by, made.round, made.outcome) == (SPOTS, WHY, bench.chief, 1, "")
    event = Event.objects.get(action="objection.file")
    assert (event.reason, event.detail["criterion"], event.chain) == (WHY, SPOTS, f"assessment:{bench.pk}")


@pytest.mark.parametrize("words", [{"ground": " "}, {"criterion": ""}, {"criterion": "no.such"}])
def test_an_incomplete_objection_is_shown_again_with_what_was_typed(bench, client, words):
    response = filing(client, bench, **words)
    assert response.status_code == 400
    assert "ground" in words or WHY in response.content.decode()
    assert not Objection.objects.exists()


def test_the_same_objection_sent_twice_is_one(bench, client):
    op = str(uuid4())
    assert [filing(client, bench, op_id=op).status_code for _twice in range(2)] == [302, 302]
    assert Objection.objects.count() == 1
    assert Event.objects.filter(action="objection.file").count() == 1


def test_one_criterion_is_objected_to_once_a_round(bench):
    bench.objects()
    assert refused(bench.objects).status == 409
    bench.objects("zones.service")
    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.create(
            assessment=bench.assessment, round=1, criterion=SPOTS, ground=WHY, by=bench.chief, op_id=uuid4()
        )


@pytest.mark.parametrize(("lacking", "status"), [("round", 428), ("op_id", 428)])
def test_an_objection_without_round_or_op_id_is_refused(bench, client, lacking, status):
    client.force_login(bench.chief)
    said = {"criterion": SPOTS, "ground": WHY, "round": 1, "op_id": str(uuid4())}
    del said[lacking]
    assert client.post(address("objection_file", bench), said).status_code == status


def test_only_the_chief_objects(bench, client):
    for role, place in ((Role.CLERK, bench.assessment.station), (Role.REVIEWER, bench.bureau)):
        client.force_login(factories.user(role, place))
        assert client.post(address("objection_file", bench), {"round": 1}).status_code == 403
        assert client.post(address("objection_none", bench), {"round": 1}).status_code == 403
    client.force_login(factories.user(Role.CHIEF))
    assert client.post(address("objection_file", bench), {"round": 1, "op_id": str(uuid4())}).status_code == 404


def test_a_withdrawn_objection_stays_on_record_and_another_may_follow(bench, client):
    made = bench.objects()
    client.force_login(bench.chief)
    for _twice in range(2):
        response = client.post(address("objection_withdraw", bench), {"round": 1, "objection": made.pk})
        assert response.status_code == 302
    made.refresh_from_db()
    assert (made.outcome, made.decided_by) == ("withdrawn", bench.chief)
    assert Event.objects.filter(action="objection.withdraw").count() == 1
    bench.objects(ground="再次说明。")
    assert Objection.objects.count() == 2


def test_an_objection_of_another_assessment_is_not_found(bench, client):
    other = Bench()
    made = other.objects()
    client.force_login(bench.chief)
    assert client.post(address("objection_withdraw", bench), {"round": 1, "objection": made.pk}).status_code == 404


# Answering


def test_the_effect_is_shown_before_anything_is_decided(bench, client):
    bench.objects()
    response = answering(client, bench)
    assert response.status_code == 200
    effect = response.context["effect"]
    assert (effect.item.before, effect.item.after) == (50, 100)
    assert effect.total[1] - effect.total[0] == 50
    assert Objection.objects.get().is_open
    assert bench.points == 50


def test_an_upheld_objection_puts_the_stations_own_fact_back_and_scores_anew(bench, client):
    bench.objects()
    shown = seen(answering(client, bench))
    assert answering(client, bench, step="decide", seen=shown).status_code == 302
    made = Objection.objects.get()
    assert (made.outcome, made.answer, made.decided_by) == ("upheld", ANSWER, bench.second)
    assert (made.points_before, made.points_after, made.change) == (50, 100, 50)
    assert bench.points == 100
    assert answers.cells(bench.assessment, Layer.VERIFIED)["video.blind_spots"].value == 0
    event = Event.objects.get(action="objection.decide")
    assert (event.reason, event.detail["before"], event.detail["after"]) == (ANSWER, 50, 100)
    assert verifying.verify().is_whole
    bench.closes_window()
    assert bench.confirms().state == State.CONFIRMED


def test_an_upheld_objection_may_find_another_fact_than_either_said(bench, client):
    bench.objects()
    words = {"state.video.blind_spots": "answered", "value.video.blind_spots": "1"}
    shown = seen(answering(client, bench, **words))
    assert answering(client, bench, step="decide", seen=shown, **words).status_code == 302
    assert bench.points == 75


def test_a_dismissed_objection_changes_no_fact(bench, client):
    bench.objects()
    assert answering(client, bench, outcome="dismissed").status_code == 200
    assert Objection.objects.get().is_open
    assert answering(client, bench, outcome="dismissed", step="decide").status_code == 302
    made = Objection.objects.get()
    assert (made.outcome, made.change) == ("dismissed", None)
    assert bench.points == 50


def test_who_reviewed_the_criterion_does_not_answer_the_objection(bench, client):
    bench.objects()
    assert answering(client, bench, by=bench.first, step="decide", seen="50:100:0:0").status_code == 403
    client.force_login(bench.first)
    page = client.get(address("objection", bench, SPOTS))
    assert not page.context["may_answer"]
    assert Objection.objects.get().is_open


def test_a_reviewer_of_the_bureau_above_may_answer():
    city = factories.bureau("演示市公安局", level="city")
    county = factories.bureau(above=city)
    reviewer = factories.user(Role.REVIEWER, county)
    assessment = factories.verified(
        factories.assessment(factories.period(bureau=county, objection_days=3)), by=reviewer
    )
    chief = factories.user(Role.CHIEF, assessment.station)
    made = workflow.object_to(assessment.pk, SPOTS, ground=WHY, round_=1, op_id=uuid4(), by=chief)
    above = factories.user(Role.REVIEWER, city)
    said = {"outcome": "dismissed", "answer": ANSWER, "wanted": {}, "seen": None, "round_": 1}
    assert refused(lambda: workflow.decide_objection(assessment.pk, made.pk, **said, by=reviewer)).status == 403
    assert workflow.decide_objection(assessment.pk, made.pk, **said, by=above).decided_by == above


@pytest.mark.parametrize("words", [{"answer": " "}, {"outcome": ""}, {"outcome": "postponed"}])
def test_an_incomplete_answer_is_shown_again(bench, client, words):
    bench.objects()
    response = answering(client, bench, step="decide", seen="50:100:0:0", **words)
    assert response.status_code == 400
    assert "answer" in words or ANSWER in response.content.decode()
    assert Objection.objects.get().is_open


@pytest.mark.parametrize("value", ["", "zwei", "-1", "201"])
def test_a_value_that_is_none_is_refused_and_the_answer_is_kept(bench, client, value):
    bench.objects()
    words = {"state.video.blind_spots": "answered", "value.video.blind_spots": value}
    response = answering(client, bench, **words)
    assert response.status_code == 400
    assert ANSWER in response.content.decode()


def test_upholding_without_a_corrected_fact_is_refused(bench, client):
    bench.objects()
    assert answering(client, bench, **{"state.video.blind_spots": "verified"}).status_code == 400


def test_an_effect_that_was_not_shown_is_not_decided(bench, client):
    bench.objects()
    response = answering(client, bench, step="decide", seen="50:75:1:2")
    assert response.status_code == 409
    assert response.context["effect"].item.after == 100
    assert answering(client, bench, step="decide").status_code == 428
    assert Objection.objects.get().is_open


def test_an_answer_is_given_once(bench, client):
    bench.objects()
    for _twice in range(2):
        assert answering(client, bench, outcome="dismissed", step="decide").status_code == 302
    assert Event.objects.filter(action="objection.decide").count() == 1
    assert answering(client, bench, outcome="dismissed", answer="另一答复", step="decide").status_code == 409
    assert answering(client, bench, step="decide", seen="50:100:0:0").status_code == 409


@pytest.mark.parametrize("name", ["value.staff.officers", "state.no.such", "points", "verified"])
def test_a_figure_of_another_criterion_is_refused_in_an_answer(bench, client, name):
    bench.objects()
    assert answering(client, bench, **{name: "1"}).status_code == 400


def test_an_answer_meant_for_another_round_is_refused(bench, client):
    bench.objects()
    assert answering(client, bench, round="2", outcome="dismissed", step="decide").status_code == 409
    assert answering(client, bench, round=None).status_code == 428


# What people read


def test_the_station_reads_window_and_answer_on_its_pages(bench, client):
    bench.objects()
    answering(client, bench, outcome="dismissed", step="decide")
    client.force_login(bench.chief)
    for page in (reverse("assessments:home"), address("detail", bench), address("objections", bench)):
        html = client.get(page).content.decode()
        assert WHY in html, page
        assert ANSWER in html, page
        assert "所长可在" in html, page


def test_the_reviewers_find_what_waits_in_one_list_and_on_the_desk(bench, client):
    bench.objects()
    client.force_login(bench.second)
    assert address("objection", bench, SPOTS) in client.get(reverse("assessments:objections_inbox")).content.decode()
    assert client.get(reverse("assessments:desk")).context["objections"] == 1
    client.force_login(bench.first)
    html = client.get(reverse("assessments:objections_inbox")).content.decode()
    assert address("objection", bench, SPOTS) not in html
    assert WHY in html


def test_what_other_bureaus_are_told_is_not_shown(bench, client):
    bench.objects()
    client.force_login(factories.user(Role.REVIEWER))
    assert WHY not in client.get(reverse("assessments:objections_inbox")).content.decode()
    assert client.get(address("objections", bench)).status_code == 404


def test_the_lists_ask_no_more_for_more_objections(bench, client, django_assert_max_num_queries):
    for criterion in (SPOTS, "zones.service", "staffing.load", "staffing.strength"):
        bench.objects(criterion)
    client.force_login(bench.second)
    with django_assert_max_num_queries(12):
        client.get(reverse("assessments:objections_inbox"))


def test_text_of_a_chief_is_shown_as_text(bench, client):
    bench.objects(ground="<script>alert(1)</script>")
    client.force_login(bench.second)
    for page in (address("objection", bench, SPOTS), address("objections", bench), address("detail", bench)):
        html = client.get(page).content.decode()
        assert "<script>alert(1)" not in html
        assert "&lt;script&gt;alert(1)" in html


def test_what_was_objected_to_already_is_not_offered_again(bench, client):
    bench.objects()
    client.force_login(bench.chief)
    offered = dict(client.get(address("objections", bench)).context["form"].fields["criterion"].choices)
    assert SPOTS not in offered
    assert "zones.service" in offered
    html = client.get(address("detail", bench)).content.decode()
    assert "?criterion=zones.service" in html
    assert f"?criterion={SPOTS}" not in html
