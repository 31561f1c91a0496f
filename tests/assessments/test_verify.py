"""One station on one screen: accepting and changing."""

from copy import deepcopy
from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from assessments import answers
from assessments.models import AnswerChange, Layer, Review, Score, State
from audit.models import Event
from personnel.roles import Role
from tests import factories
from tests.shared import rows

pytestmark = pytest.mark.django_db
HX = {"HTTP_HX_REQUEST": "true"}


def handed_in():
    """城关, submitted: service zone yes, video yes, no blind spot, 47,970 people for 7 officers."""
    period = factories.period()
    facts = {"zones.service": 1, "video.linked": 1, "video.blind_spots": 0, "staff.college": 7}
    return factories.submitted(factories.assessment(period), facts)


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    yield from rows(handed_in, django_db_blocker)


@pytest.fixture
def reviewer(made, db, client):
    person = factories.user(Role.REVIEWER, made.bureau)
    client.force_login(person)
    return person


@pytest.fixture
def assessment(made, reviewer):
    return deepcopy(made)


def page(client, assessment):
    return client.get(reverse("assessments:verify", args=[assessment.pk]))


def accept(client, assessment, *criteria, **words):
    said = {"criterion": list(criteria), "round": assessment.round} | words
    return client.post(reverse("assessments:verify_accept", args=[assessment.pk]), said, **HX)


def change(client, assessment, metric, value, *, reason="现场核查", version=0, headers=HX, **words):
    based = {"version": version, "round": assessment.round, "op_id": str(uuid4())}
    said = {"metric": metric, "value": value, "reason": reason} | based | words
    return client.post(reverse("assessments:verify_change", args=[assessment.pk]), said, **headers)


def verified(assessment, metric):
    return answers.cells(assessment, Layer.VERIFIED)[metric]


def test_the_page_shows_every_criterion_with_self_and_verified_points(client, assessment):
    layered = page(client, assessment).context["layered"]
    assert [item.criterion.id for item in layered.items] == [c.id for c in layered.standard.criteria]
    assert all(item.difference == 0 for item in layered.items)


def test_the_register_and_the_load_of_chengguan_are_on_the_page(client, assessment):
    html = page(client, assessment).content.decode()
    assert "6,852.86" in html
    assert "47,970" in html


def test_a_register_that_says_something_else_is_marked(client, assessment):
    factories.staffed(assessment.station, 9)
    line = page(client, assessment).context["layered"].line("staff.officers")
    assert (line.self_cell.value, line.register, line.register_differs) == (7, 9, True)


def test_facts_of_an_open_assessment_are_not_shown(reviewer, client):
    autumn = {"starts_on": date(2026, 10, 1), "ends_on": date(2026, 12, 31)}
    draft = factories.assessment(factories.period(bureau=reviewer.bureau, **autumn))
    html = page(client, draft).content.decode()
    assert "47,970" not in html


def test_one_click_accepts_a_criterion(client, assessment, reviewer):
    response = accept(client, assessment, "zones.service")
    assert response.status_code == 200
    review = Review.objects.get(assessment=assessment)
    assert (review.criterion, review.outcome, review.by) == ("zones.service", "accepted", reviewer)
    assessment.refresh_from_db()
    assert (assessment.state, assessment.reviewer) == (State.VERIFYING, reviewer)


def test_all_that_is_left_of_a_dimension_is_accepted_at_once(client, assessment):
    response = accept(client, assessment, "zones.service", "zones.video_linked", "zones.blind_spots", dimension="zones")
    assert response.status_code == 200
    assert Review.objects.filter(outcome="accepted").count() == 3


def test_a_changed_fact_moves_points_and_is_remembered_with_its_reason(client, assessment, reviewer):
    response = change(client, assessment, "video.blind_spots", "2", reason="后院两处盲区")
    assert response.status_code == 200
    assert verified(assessment, "video.blind_spots").value == 2
    assert answers.cells(assessment)["video.blind_spots"].value == 0
    told = AnswerChange.objects.get(layer=Layer.VERIFIED)
    assert (told.new["v"], told.reason, told.by) == (2, "后院两处盲区", reviewer)
    # Two blind spots at a quarter point: half a point of one.
    score = Score.objects.get(assessment=assessment, layer=Layer.VERIFIED)
    assert score.points[2] == 50
    assert Event.objects.filter(action="assessment.change", reason="后院两处盲区").exists()


def test_a_change_shows_every_other_card_that_uses_the_fact(client, assessment):
    html = change(client, assessment, "staff.officers", "6", item="staffing.strength").content.decode()
    assert html.count("data-item") == 3  # load, strength and college all look at the officers
    assert html.index('id="item-5"') < html.index('id="item-4"')


def test_a_fact_can_be_declared_not_applicable(client, assessment):
    assert change(client, assessment, "station.residents", "", state="na", reason="景区,无常住人口").status_code == 200
    assert verified(assessment, "station.residents").state == "na"
    item = page(client, assessment).context["layered"].item("staffing.load")
    assert not item.applies


def test_a_change_can_be_withdrawn_with_a_reason(client, assessment):
    change(client, assessment, "video.blind_spots", "2")
    assert change(client, assessment, "video.blind_spots", "", state="self", version=1).status_code == 200
    assert verified(assessment, "video.blind_spots").value == 0


def test_a_change_without_a_reason_is_refused_and_the_number_is_kept(client, assessment):
    response = change(client, assessment, "video.blind_spots", "13", reason="  ")
    assert response.status_code == 400
    assert 'value="13"' in response.content.decode()
    assert not AnswerChange.objects.filter(layer=Layer.VERIFIED).exists()


@pytest.mark.parametrize("value", ["zwei", "-1", "1e400", "NaN", "2.5", "201", ""])
def test_a_value_that_is_none_is_refused_and_the_reason_is_kept(client, assessment, value):
    response = change(client, assessment, "video.blind_spots", value, reason="数了两遍")
    assert response.status_code == 400
    assert "数了两遍" in response.content.decode()
    assert not AnswerChange.objects.filter(layer=Layer.VERIFIED).exists()


def test_a_stale_change_shows_what_stands_there_and_keeps_the_reason(client, assessment):
    factories.changed(assessment, "video.blind_spots", 1)
    response = change(client, assessment, "video.blind_spots", "3", reason="我数了三处")
    assert response.status_code == 409
    html = response.content.decode()
    assert "我数了三处" in html
    assert 'name="version" value="1"' in html
    assert verified(assessment, "video.blind_spots").value == 1


def test_the_same_change_sent_twice_takes_effect_once(client, assessment):
    op = str(uuid4())
    for _twice in range(2):
        assert change(client, assessment, "video.blind_spots", "2", op_id=op).status_code == 200
    assert AnswerChange.objects.filter(layer=Layer.VERIFIED).count() == 1


@pytest.mark.parametrize("lacking", ["version", "round", "op_id"])
def test_a_change_without_version_round_or_op_id_is_refused(client, assessment, lacking):
    said = {"metric": "video.blind_spots", "value": "2", "reason": "x", "version": "0", "op_id": str(uuid4())}
    said["round"] = "1"
    del said[lacking]
    assert client.post(reverse("assessments:verify_change", args=[assessment.pk]), said).status_code == 428


def test_a_page_from_before_a_return_changes_nothing(client, assessment):
    """T6: the station says another figure by now, of which that page knows nothing."""
    old = assessment.round
    back = factories.returned(assessment, items={"zones.blind_spots": "请核对。"})
    again = factories.submitted(back, {"video.blind_spots": 5})
    refused = change(client, again, "video.blind_spots", "2", round=old)
    assert refused.status_code == 409
    assert 'value="2"' in refused.content.decode()
    assert not AnswerChange.objects.filter(layer=Layer.VERIFIED).exists()
    assert change(client, again, "video.blind_spots", "2").status_code == 200


@pytest.mark.parametrize("extra", ["verified_score", "state_id", "by", "item.verified_score", "points"])
def test_an_unknown_word_in_a_change_is_refused(client, assessment, extra):
    assert change(client, assessment, "video.blind_spots", "2", **{extra: "1"}).status_code == 400
    assert not AnswerChange.objects.filter(layer=Layer.VERIFIED).exists()


def test_an_unknown_figure_is_refused(client, assessment):
    assert change(client, assessment, "case.clearup_rate", "2").status_code == 400


def test_a_reviewer_of_another_bureau_finds_nothing(client, assessment):
    client.force_login(factories.user(Role.REVIEWER))
    assert page(client, assessment).status_code == 404
    assert accept(client, assessment, "zones.service").status_code == 404
    assert change(client, assessment, "video.blind_spots", "2").status_code == 404


@pytest.mark.parametrize("role", [Role.CHIEF, Role.CLERK])
def test_the_station_cannot_verify_itself(client, assessment, role):
    client.force_login(factories.user(role, assessment.station))
    assert page(client, assessment).status_code == 403
    assert change(client, assessment, "video.blind_spots", "0").status_code == 403


def test_a_leader_only_reads(client, assessment):
    client.force_login(factories.user(Role.LEADER, assessment.bureau))
    assert page(client, assessment).status_code == 403
    assert change(client, assessment, "video.blind_spots", "0").status_code == 403
    assert client.get(reverse("assessments:detail", args=[assessment.pk])).status_code == 200


def test_finishing_waits_until_everything_was_looked_at(client, assessment):
    address = reverse("assessments:finish_verifying", args=[assessment.pk])
    assert client.post(address, {"round": assessment.round}).status_code == 409
    every = [criterion.id for criterion in assessment.period.edition.standard.criteria]
    accept(client, assessment, *every)
    assert client.post(address, {"round": assessment.round}).status_code == 302
    assessment.refresh_from_db()
    assert assessment.state == State.VERIFIED


def test_a_change_without_scripts_leads_back_to_the_page(client, assessment):
    response = change(client, assessment, "video.blind_spots", "2", headers={})
    assert response.status_code == 302
    assert response.url == reverse("assessments:verify", args=[assessment.pk])


def test_text_of_a_reviewer_is_shown_as_text(client, assessment):
    change(client, assessment, "video.blind_spots", "2", reason="<script>alert(1)</script>")
    html = page(client, assessment).content.decode()
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_the_page_asks_no_more_than_it_must(client, assessment, django_assert_max_num_queries):
    factories.changed(assessment, "video.blind_spots", 2)
    with django_assert_max_num_queries(26):
        page(client, assessment)
