"""What a request for not applicable lifts meanwhile: nothing of it is required, what is not answered earns nothing."""

from uuid import uuid4

import pytest
from django.urls import reverse

from assessments import scores, workflow
from assessments.models import Exemption, State
from assessments.sheet import Sheet, surroundings
from stationstd.refusals import Refused
from tests import factories
from tests.assessments.sheets import page, text_of

pytestmark = pytest.mark.django_db
ITEM, FACT = "zones.video_linked", "video.linked"
WITH_PHOTO, ITS_FACT = "zones.service", "zones.service"
WHY = "本所在县局院内，无单独线路。"


@pytest.fixture
def reviewer(assessment):
    return factories.user("reviewer", assessment.bureau)


def ask(assessment, by, criterion=ITEM) -> Exemption:
    said = {"reason": WHY, "round_": assessment.round, "op_id": uuid4(), "by": by}
    return workflow.request_exemption(assessment.pk, criterion, **said)


def missing(assessment) -> set[str]:
    return {item["code"] for item in scores.missing(assessment)}


def all_but(assessment, *codes, by) -> None:
    """Answer what is required, without these figures and their evidence."""
    standard = assessment.period.edition.standard
    plain = {code: 1 for code, m in standard.metrics.items() if m.required and code not in codes}
    plain["staff.officers"] = 10
    factories.answered(assessment, plain, by=by)
    for criterion in standard.criteria:
        if criterion.evidence == "required" and not set(criterion.metrics) & set(codes):
            factories.evidence(assessment, criterion.id, by=by)


def handed_in(assessment, chief):
    """Asked for one item, of which nothing is answered, and submitted."""
    made = ask(assessment, chief)
    all_but(assessment, FACT, by=chief)
    workflow.submit(assessment.pk, round_=1, by=chief)
    assessment.refresh_from_db()
    return assessment, made


def decide(assessment, made, reviewer, *, why="") -> None:
    said = {"round_": assessment.round, "by": reviewer}
    if why:
        workflow.decline_exemption(assessment.pk, made.pk, why=why, **said)
    else:
        workflow.approve_exemption(assessment.pk, made.pk, **said)


def test_nobody_is_kept_from_handing_in_by_what_the_station_says_it_does_not_have(client, chief, assessment):
    assert {FACT, ITS_FACT} <= missing(assessment)
    before = Sheet.of(assessment).progress.due
    ask(assessment, chief)
    ask(assessment, chief, WITH_PHOTO)
    assert missing(assessment).isdisjoint({FACT, ITS_FACT, WITH_PHOTO})
    assert Sheet.of(assessment).progress.due == before - 3
    all_but(assessment, FACT, ITS_FACT, by=chief)
    assert Sheet.of(assessment).progress.percent == 100
    checked = text_of(client.get(reverse("assessments:check", args=[assessment.pk])))
    assert "Not required for submitting; what is not answered earns 0 until the reviewer approves." in checked
    said = {"round": 1, "declared": "on"}
    assert client.post(reverse("assessments:submit", args=[assessment.pk]), said).status_code == 302
    assessment.refresh_from_db()
    assert assessment.state == State.SUBMITTED


def test_a_save_counts_what_is_required_as_the_page_does(chief, assessment):
    ask(assessment, chief)
    said = {"state": "answered", "version": 0, "op_id": uuid4(), "by": chief}
    saved = workflow.save(assessment.pk, "video.blind_spots", 2, **said)
    assert saved.lifted == {ITEM}
    sheet = Sheet(saved.assessment, saved.facts, [], attached=saved.evidence, lifted=saved.lifted)
    assert sheet.progress == Sheet.of(assessment).progress


def test_what_is_around_a_page_says_the_same_as_the_database(chief, reviewer, assessment):
    assessment, made = handed_in(assessment, chief)
    for decided in (False, True):
        if decided:
            decide(assessment, made, reviewer, why="已有线路。")
        around = surroundings(assessment, with_registers=False)
        assert Sheet.of(assessment, around).lifted == Sheet.of(assessment).lifted == (set() if decided else {ITEM})
    back = factories.returned(assessment, items={"staffing.load": "请核对。"}, by=reviewer)
    around = surroundings(back, with_registers=False)
    assert Sheet.of(back, around).lifted == Sheet.of(back).lifted
    assert "staffing.load" not in Sheet.of(back).lifted


def test_a_fact_that_another_criterion_asks_for_stays_required(chief, assessment):
    factories.answered(assessment, {"staff.officers": None}, by=chief)
    ask(assessment, chief, "staffing.strength")
    assert "staff.officers" in missing(assessment)


def test_meanwhile_it_is_not_answered_and_earns_nothing(chief, assessment):
    """Asking raises no rate: it leaves the denominator only once it is approved."""
    before = Sheet.of(assessment)
    ask(assessment, chief)
    after = Sheet.of(assessment)
    assert (after.so_far, after.if_now, after.offered) == (before.so_far, before.if_now, before.offered)


def test_taken_back_it_is_required_at_once(chief, assessment):
    made = ask(assessment, chief)
    workflow.withdraw_exemption(assessment.pk, made.pk, round_=1, by=chief)
    assert FACT in missing(assessment)


def test_a_declined_request_that_came_back_has_to_be_filled_in(client, chief, reviewer, assessment):
    assessment, made = handed_in(assessment, chief)
    client.force_login(reviewer)
    client.cookies["django_language"] = "en"
    address = reverse("assessments:verify", args=[assessment.pk])
    assert "the station need not give its facts and evidence" in text_of(client.get(address))
    decide(assessment, made, reviewer, why="已有线路。")
    assert "unless you return this item to the station" in text_of(client.get(address))
    back = factories.returned(assessment, items={ITEM: "请填写。"}, by=reviewer)
    assert missing(back) == {FACT}
    client.force_login(chief)
    client.cookies["django_language"] = "en"
    assert "It counts and has to be filled in before you submit." in text_of(client.get(page(back, "zones")))
    with pytest.raises(Refused, match="incomplete"):
        workflow.submit(back.pk, round_=2, by=chief)
    factories.answered(back, {FACT: 1}, by=chief)
    workflow.submit(back.pk, round_=2, by=chief)


def test_a_declined_request_that_did_not_come_back_keeps_nobody_from_handing_in_again(chief, reviewer, assessment):
    """Its facts are locked: they count as not answered, and are not asked for."""
    assessment, made = handed_in(assessment, chief)
    decide(assessment, made, reviewer, why="已有线路。")
    back = factories.returned(assessment, items={"staffing.load": "请核对。"}, by=reviewer)
    assert missing(back) == set()
    workflow.submit(back.pk, round_=2, by=chief)


def test_what_could_not_be_filled_in_is_not_taken_back(chief, reviewer, assessment):
    assessment, made = handed_in(assessment, chief)
    back = factories.returned(assessment, items={"staffing.load": "请核对。"}, by=reviewer)
    with pytest.raises(Refused, match="locked"):
        workflow.withdraw_exemption(back.pk, made.pk, round_=2, by=chief)
    workflow.submit(back.pk, round_=2, by=chief)


def test_what_was_approved_is_not_asked_for_in_a_later_round(chief, reviewer, assessment):
    assessment, made = handed_in(assessment, chief)
    decide(assessment, made, reviewer)
    back = factories.returned(assessment, by=reviewer)
    assert missing(back) == set()
    with pytest.raises(Refused, match="state"):
        ask(back, chief)
    workflow.submit(back.pk, round_=2, by=chief)


def test_an_approved_item_that_is_returned_by_name_counts_again(chief, reviewer, assessment):
    assessment, made = handed_in(assessment, chief)
    decide(assessment, made, reviewer)
    back = factories.returned(assessment, items={ITEM: "现已联网，请填写。"}, by=reviewer)
    made.refresh_from_db()
    assert (made.outcome, made.decided_why, made.decided_by) == ("declined", "现已联网，请填写。", reviewer)
    assert missing(back) == {FACT}


def test_two_criteria_that_share_a_fact_can_both_be_left_out(chief, reviewer, assessment):
    first, second = ask(assessment, chief, "staffing.college"), ask(assessment, chief, "staffing.load")
    third = ask(assessment, chief, "staffing.strength")
    assessment = factories.submitted(assessment, by=chief)
    for made in (first, second, third):
        decide(assessment, made, reviewer)
    found = scores.of([assessment], "verified")
    left_out = {"staffing.college", "staffing.load", "staffing.strength"}
    assert {c.id for c, here in zip(found.standard.criteria, found.scores.applicable[0], strict=True) if not here} == (
        left_out
    )
