"""After a return only what was returned, or what the station has changed since, has to be accepted anew."""

import pytest
from django.urls import reverse

from assessments import workflow
from assessments.models import Assessment, Evidence, Review, State
from assessments.workflow.verifying import unreviewed
from audit.models import Event
from personnel.roles import Role
from stationstd.refusals import Refused
from tests import factories

pytestmark = pytest.mark.django_db
ALL = ["zones.service", "zones.video_linked", "zones.blind_spots", "staffing.load", "staffing.strength"]
ALL += ["staffing.college"]


@pytest.fixture
def assessment(reviewer):
    """Handed in, one fact changed by the reviewer, everything else accepted."""
    facts = {"video.linked": 1, "video.blind_spots": 0, "staff.college": 7}
    handed_in = factories.submitted(factories.assessment(factories.period(bureau=reviewer.bureau)), facts)
    factories.changed(handed_in, "video.blind_spots", 2, by=reviewer)
    workflow.accept(handed_in.pk, ALL, round_=1, by=reviewer)
    return handed_in


def again(assessment):
    return Assessment.objects.with_places().get(pk=assessment.pk)


def back(assessment, *items):
    return factories.returned(again(assessment), items=dict.fromkeys(items, "请补正。"))


def left(assessment):
    return unreviewed(again(assessment))


def test_only_the_returned_criterion_has_to_be_accepted_anew(assessment):
    factories.submitted(back(assessment, "zones.service"))
    assert left(assessment) == ["zones.service"]


def test_what_holds_is_shown_with_the_round_and_the_person_it_is_from(assessment, client, reviewer):
    factories.submitted(back(assessment, "zones.service"))
    review = Review.objects.get(assessment=assessment, round=2, criterion="zones.video_linked")
    first = Review.objects.get(assessment=assessment, round=1, criterion="zones.video_linked")
    assert (review.outcome, review.by, review.at, review.carried_from) == ("accepted", reviewer, first.at, 1)
    page = client.get(reverse("assessments:verify", args=[assessment.pk]))
    html = page.content.decode()
    assert html.count("第 1 轮已认可") == 4
    assert html.count("第 1 轮已改动") == 1
    assert page.context["layered"].reviewed == 5


def test_a_fact_that_the_station_changed_since_is_looked_at_anew_wherever_it_counts(assessment):
    factories.submitted(back(assessment, "staffing.load"), {"staff.officers": 8})
    assert left(assessment) == ["staffing.load", "staffing.strength", "staffing.college"]


def test_a_fact_changed_and_changed_back_needs_no_second_look(assessment):
    returned = back(assessment, "staffing.load")
    factories.answered(returned, {"staff.officers": 8})
    factories.submitted(again(assessment), {"staff.officers": 7})
    assert left(assessment) == ["staffing.load"]


def test_new_evidence_asks_for_a_new_look_and_so_does_evidence_taken_away(assessment):
    returned = back(assessment, "staffing.load")
    factories.evidence(returned, "zones.video_linked")
    Evidence.objects.present().filter(assessment=returned, criterion="zones.service").delete()
    factories.evidence(returned, "zones.service")
    factories.submitted(returned)
    assert left(assessment) == ["zones.service", "zones.video_linked", "staffing.load"]


def test_the_stations_own_fact_under_a_change_counts_though_the_change_hides_it(assessment):
    """The whole sheet came back, no criterion by name: nothing is locked, and what was accepted holds."""
    factories.submitted(back(assessment), {"video.blind_spots": 1})
    assert left(assessment) == ["zones.blind_spots"]


def test_a_change_that_a_return_withdrew_holds_nowhere(assessment):
    """The officers count for three criteria; returning one of them withdraws the change in all."""
    factories.changed(again(assessment), "staff.officers", 6)
    factories.submitted(back(assessment, "staffing.strength"))
    assert left(assessment) == ["staffing.load", "staffing.strength", "staffing.college"]


def test_what_holds_goes_on_holding_over_several_rounds(assessment, reviewer):
    second = factories.submitted(back(assessment, "zones.service"))
    workflow.accept(second.pk, ["zones.service"], round_=2, by=reviewer)
    factories.submitted(back(second, "staffing.load"))
    assert left(assessment) == ["staffing.load"]
    rounds = dict(Review.objects.filter(assessment=assessment, round=3).values_list("criterion", "carried_from"))
    assert (rounds["zones.video_linked"], rounds["zones.service"]) == (1, 2)


def test_a_return_without_criteria_asks_only_for_what_has_changed(assessment):
    factories.submitted(back(assessment))
    assert left(assessment) == []


def test_what_holds_can_be_finished_at_once_and_the_log_says_what_held(assessment, reviewer):
    factories.submitted(back(assessment))
    workflow.finish(assessment.pk, round_=2, by=reviewer)
    assert again(assessment).state == State.VERIFIED
    event = Event.objects.filter(action="assessment.submit").latest("pk")
    assert event.detail["still_accepted"] == sorted(ALL)


def test_finishing_still_waits_for_what_was_returned(assessment, reviewer):
    factories.submitted(back(assessment, "zones.service"))
    with pytest.raises(Refused) as refused:
        workflow.finish(assessment.pk, round_=2, by=reviewer)
    assert refused.value.context["criteria"] == ["zones.service"]


def test_a_second_reviewer_may_look_anew_at_what_holds(assessment):
    factories.submitted(back(assessment, "zones.service"))
    other = factories.user(Role.REVIEWER, assessment.bureau)
    workflow.accept(assessment.pk, ["zones.video_linked"], round_=2, by=other)
    review = Review.objects.get(assessment=assessment, round=2, criterion="zones.video_linked")
    assert (review.by, review.carried_from) == (other, None)


def test_evidence_that_is_described_otherwise_since_is_looked_at_anew(assessment):
    """The whole came back: a photo that was accepted says another thing by now."""
    whole = back(assessment)
    photo = Evidence.objects.present().get(assessment=whole, criterion="zones.service")
    workflow.change_evidence(photo.pk, {"caption": "整改后"}, by=factories.anybody(Role.CHIEF, whole.station))
    factories.submitted(whole)
    assert left(assessment) == ["zones.service"]
