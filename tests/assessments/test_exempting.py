"""A station asks that a criterion is not applicable; until the reviewer decides it counts as it stands."""

from uuid import uuid4

import pytest
from django.urls import reverse

from assessments import scores, workflow
from assessments.models import Exemption, State
from stationstd.refusals import Refused
from tests import factories
from tests.assessments.sheets import page, text_of

pytestmark = pytest.mark.django_db
ITEM = "zones.video_linked"


@pytest.fixture
def chief(client, assessment):
    chief = factories.user("chief", assessment.station, name="王所长")
    client.force_login(chief)
    client.cookies["django_language"] = "en"
    return chief


@pytest.fixture
def reviewer(assessment):
    return factories.user("reviewer", assessment.bureau)


def ask(assessment, by, criterion=ITEM, reason="本所在县局院内，无单独线路。", op_id=None):
    said = {"reason": reason, "round_": assessment.round, "op_id": op_id or uuid4(), "by": by}
    return workflow.request_exemption(assessment.pk, criterion, **said)


def applies(assessment, criterion=ITEM) -> bool:
    found = scores.of([assessment], "verified")
    return bool(found.scores.applicable[0, found.standard.place(criterion)])


def post(client, assessment, name, **said):
    said = {"round": assessment.round} | said
    return client.post(reverse(f"assessments:exemption_{name}", args=[assessment.pk]), said)


def test_a_request_is_asked_once_seen_on_the_form_and_taken_back(client, chief, assessment):
    op_id = uuid4()
    for _ in range(2):
        asked = post(client, assessment, "ask", criterion=ITEM, reason="无单独线路。", op_id=op_id)
        assert asked.url.endswith(f"#c-{ITEM}")
    made = Exemption.objects.get()
    with pytest.raises(Refused, match="state"):
        ask(assessment, chief)
    assert "It counts as it stands until the reviewer decides." in text_of(client.get(page(assessment, "zones")))
    for _ in range(2):
        assert post(client, assessment, "withdraw", exemption=made.pk).status_code == 302
    made.refresh_from_db()
    assert made.outcome == "withdrawn"
    ask(assessment, chief)


def test_an_approved_request_leaves_the_criterion_out_with_the_stations_reason(client, chief, reviewer, assessment):
    made = ask(assessment, chief)
    assessment = factories.submitted(assessment, by=chief)
    assert applies(assessment)
    client.force_login(reviewer)
    client.cookies["django_language"] = "en"
    assert made.reason in text_of(client.get(reverse("assessments:verify", args=[assessment.pk])))
    criteria = [c.id for c in assessment.period.edition.standard.criteria]
    workflow.accept(assessment.pk, criteria, round_=1, by=reviewer)
    with pytest.raises(Refused, match="incomplete"):
        workflow.finish(assessment.pk, round_=1, by=reviewer)
    assert post(client, assessment, "approve", exemption=made.pk).url.endswith("#item-2")
    assert not applies(assessment)
    assert assessment.reviews.get(criterion=ITEM).reason == made.reason
    assert post(client, assessment, "approve", exemption=made.pk).status_code == 409
    workflow.finish(assessment.pk, round_=1, by=reviewer)


def test_a_declined_request_has_a_reason_that_the_station_reads(client, chief, reviewer, assessment):
    made = ask(assessment, chief)
    assessment = factories.submitted(assessment, by=chief)
    client.force_login(reviewer)
    assert post(client, assessment, "decline", exemption=made.pk, why=" ").status_code == 400
    assert post(client, assessment, "decline", exemption=made.pk, why="已有线路图。").status_code == 302
    assert applies(assessment)
    client.force_login(chief)
    assert "已有线路图。" in text_of(client.get(page(assessment, "zones")))


def test_what_the_bureau_has_decided_is_not_taken_back_after_a_return(client, chief, reviewer, assessment):
    """Its word and its reason stay on record."""
    made = ask(assessment, chief)
    assessment = factories.submitted(assessment, by=chief)
    workflow.decline_exemption(assessment.pk, made.pk, why="已有线路图。", round_=1, by=reviewer)
    assessment = factories.returned(assessment)
    assert post(client, assessment, "withdraw", exemption=made.pk).status_code == 409
    made.refresh_from_db()
    assert (made.outcome, made.decided_why, made.decided_by) == ("declined", "已有线路图。", reviewer)


def test_a_criterion_whose_facts_others_look_at_is_not_left_out_by_the_way(chief, reviewer, assessment):
    made = ask(assessment, chief, "staffing.strength")
    assessment = factories.submitted(assessment, by=chief)
    with pytest.raises(Refused, match="state"):
        workflow.approve_exemption(assessment.pk, made.pk, round_=1, by=reviewer)
    made.refresh_from_db()
    assert made.is_undecided
    assert applies(assessment, "staffing.strength")


def test_nobody_decides_what_the_same_person_asked(chief, assessment):
    """T17: whatever the role is since."""
    made = ask(assessment, chief)
    assessment = factories.submitted(assessment, by=factories.user("chief", assessment.station))
    chief.role, chief.station, chief.bureau = "reviewer", None, assessment.bureau
    chief.save()
    with pytest.raises(Refused, match="conflict"):
        workflow.approve_exemption(assessment.pk, made.pk, round_=1, by=chief)


def test_what_cannot_be_filled_in_cannot_be_asked(chief, assessment):
    with pytest.raises(Refused, match="invalid"):
        ask(assessment, chief, "no.such")
    with pytest.raises(Refused, match="invalid"):
        ask(assessment, chief, reason=" ")
    assessment = factories.submitted(assessment, by=chief)
    with pytest.raises(Refused, match="state"):
        ask(assessment, chief)
    back = factories.returned(assessment, items={"staffing.load": "请核对。"})
    assert back.state == State.RETURNED
    with pytest.raises(Refused, match="locked"):
        ask(back, chief)
