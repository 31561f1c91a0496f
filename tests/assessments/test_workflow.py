"""The whole state machine: what may be done when, and that a refused act changes nothing."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, connections
from django.utils import timezone

from assessments import answers, workflow
from assessments.models import (
    AnswerChange,
    Answers,
    Assessment,
    Layer,
    Publication,
    Returning,
    Review,
    Score,
    State,
    Submission,
)
from audit.models import Event
from personnel.roles import Role
from stationstd.refusals import Refused
from tests import factories

EVERYTHING = (AnswerChange, Answers, Assessment, Event, Publication, Returning, Review, Score, Submission)


class Bench:
    """One period with 城关 and 北社 and one person of each role that acts in it."""

    def __init__(self):
        self.bureau = factories.bureau()
        self.period = factories.period(bureau=self.bureau)
        self.pk = factories.assessment(self.period).pk
        self.chief = factories.user(Role.CHIEF, self.assessment.station)
        self.reviewer = factories.user(Role.REVIEWER, self.bureau)

    @property
    def assessment(self) -> Assessment:
        return Assessment.objects.with_places().get(pk=self.pk)

    def bring_to(self, state: str) -> None:
        steps = {
            State.DRAFT: lambda: None,
            State.SUBMITTED: lambda: factories.submitted(self.assessment),
            State.RETURNED: lambda: factories.returned(self.assessment),
            State.VERIFYING: lambda: factories.changed(self.assessment, "video.blind_spots", 1),
            State.VERIFIED: lambda: factories.verified(self.assessment),
            State.CONFIRMED: lambda: factories.confirmed(self.assessment),
            State.PUBLISHED: lambda: factories.published(self.period),
        }
        steps[state]()
        assert self.assessment.state == state

    def do(self, act: str):
        a = self.assessment
        every = [criterion.id for criterion in a.period.edition.standard.criteria]
        mine = answers.own_cells(a, Layer.SELF)
        upper = answers.own_cells(a, Layer.VERIFIED)
        round_ = {"round_": a.round, "by": self.reviewer}
        acts = {
            "save": lambda: workflow.save(
                a.pk,
                "video.linked",
                1,
                state="answered",
                version=mine["video.linked"].version if "video.linked" in mine else 0,
                op_id=uuid4(),
                by=self.chief,
            ),
            "submit": lambda: workflow.submit(a.pk, round_=a.round, by=self.chief),
            "change": lambda: workflow.change(
                a.pk,
                "video.linked",
                0,
                state="answered",
                reason="核查",
                version=upper["video.linked"].version if "video.linked" in upper else 0,
                round_=a.round,
                op_id=uuid4(),
                by=self.reviewer,
            ),
            "accept": lambda: workflow.accept(a.pk, every, **round_),
            "send_back": lambda: workflow.send_back(
                a.pk, reason="补正", items={}, due_at=timezone.now() + timedelta(days=1), **round_
            ),
            "finish": lambda: workflow.finish(a.pk, **round_),
            "confirm": lambda: workflow.confirm(a.pk, **round_),
        }
        return acts[act]()


def everything() -> list:
    return [list(model.objects.order_by("pk").values()) for model in EVERYTHING]


ALLOWED = {
    "save": {State.DRAFT, State.RETURNED},
    "submit": {State.DRAFT, State.RETURNED},
    "change": {State.SUBMITTED, State.VERIFYING},
    "accept": {State.SUBMITTED, State.VERIFYING},
    "send_back": {State.SUBMITTED, State.VERIFYING},
    "finish": {State.SUBMITTED, State.VERIFYING},
    "confirm": {State.VERIFIED},
}
WRONG = [(act, state) for act, states in ALLOWED.items() for state in State if state not in states]


@pytest.mark.django_db
@pytest.mark.parametrize(("act", "state"), WRONG, ids=lambda word: str(word))
def test_an_act_in_the_wrong_state_is_refused_and_changes_nothing(act, state):
    bench = Bench()
    bench.bring_to(state)
    before = everything()
    with pytest.raises(Refused) as refused:
        bench.do(act)
    assert (refused.value.status, refused.value.code) == (409, "state")
    assert everything() == before


@pytest.mark.django_db
def test_a_quarter_goes_from_draft_to_published_with_a_return_between():
    bench = Bench()
    seen = [bench.assessment.state]
    factories.filled(bench.assessment)
    for act in ("submit", "accept", "send_back", "save", "submit", "change", "accept", "finish", "confirm"):
        bench.do(act)
        seen.append(bench.assessment.state)
    factories.published(bench.period)
    seen.append(bench.assessment.state)
    assert seen == [
        State.DRAFT,
        State.SUBMITTED,
        State.VERIFYING,
        State.RETURNED,
        State.RETURNED,
        State.SUBMITTED,
        State.VERIFYING,
        State.VERIFYING,
        State.VERIFIED,
        State.CONFIRMED,
        State.PUBLISHED,
    ]
    assert bench.assessment.round == 2
    assert Submission.objects.filter(assessment=bench.pk).count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["submit", "accept", "send_back", "finish", "confirm"])
def test_an_act_meant_for_an_earlier_round_is_refused(act):
    bench = Bench()
    bench.bring_to(State.RETURNED)
    factories.submitted(bench.assessment)
    before = everything()
    earlier = {"pk": bench.pk, "round_": 1, "by": bench.chief if act == "submit" else bench.reviewer}
    more = {
        "accept": {"criteria": ["zones.service"]},
        "send_back": {"reason": "补正", "items": {}, "due_at": timezone.now() + timedelta(days=1)},
    }.get(act, {})
    with pytest.raises(Refused) as refused:
        getattr(workflow, act)(**earlier, **more)
    assert refused.value.status == 409
    assert everything() == before


@pytest.mark.django_db
def test_nothing_is_finished_while_a_criterion_was_not_looked_at():
    bench = Bench()
    bench.bring_to(State.VERIFYING)
    with pytest.raises(Refused) as refused:
        bench.do("finish")
    assert (refused.value.status, refused.value.code) == (409, "incomplete")
    assert "zones.service" in refused.value.context["criteria"]


@pytest.mark.django_db
def test_accepting_does_not_hide_that_a_fact_was_changed():
    bench = Bench()
    bench.bring_to(State.VERIFYING)
    bench.do("accept")
    outcomes = dict(Review.objects.values_list("criterion", "outcome"))
    assert outcomes["zones.blind_spots"] == "changed"
    assert outcomes["zones.service"] == "accepted"


@pytest.mark.django_db
@pytest.mark.parametrize("layer", [Layer.SELF, Layer.VERIFIED, Layer.CONFIRMED])
def test_every_stored_total_is_the_sum_of_its_items(layer):
    bench = Bench()
    factories.changed(bench.assessment, "video.blind_spots", 3)
    bench.bring_to(State.CONFIRMED)
    score = Score.objects.get(assessment=bench.pk, layer=layer)
    assert score.total == sum(points or 0 for points in score.points)


def in_parallel(*calls) -> list:
    """What each call gave, or the Refused it met, all begun at the same moment on connections of their own."""
    start, found = threading.Barrier(len(calls)), [None] * len(calls)

    def run(i, call):
        try:
            start.wait()
            found[i] = call()
        except Refused as refused:
            found[i] = refused
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(i, call)) for i, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.django_db(transaction=True)
def test_of_two_reviewers_who_change_one_fact_one_is_told():
    bench = Bench()
    factories.submitted(bench.assessment)
    people = [bench.reviewer, factories.user(Role.REVIEWER, bench.bureau)]

    def change(value, by):
        return lambda: workflow.change(
            bench.pk,
            "video.blind_spots",
            value,
            state="answered",
            reason="核查",
            version=0,
            round_=1,
            op_id=uuid4(),
            by=by,
        )

    found = in_parallel(change(2, people[0]), change(3, people[1]))
    (refused,) = [each for each in found if isinstance(each, Refused)]
    (won,) = [each for each in found if not isinstance(each, Refused)]
    assert (refused.status, refused.code) == (409, "stale")
    assert answers.cells(bench.assessment, Layer.VERIFIED)["video.blind_spots"].value == won[1].value
    assert AnswerChange.objects.filter(layer=Layer.VERIFIED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_results_published_twice_at_the_same_moment_are_published_once():
    bench = Bench()
    for assessment in bench.period.assessments.with_places():
        factories.confirmed(assessment)

    def publish():
        return workflow.publish(bench.period.pk, bureau=bench.bureau, by=bench.reviewer)

    found = in_parallel(publish, publish)
    assert sorted(type(each).__name__ for each in found) == ["Publication", "Refused"]
    assert Publication.objects.count() == 1
    assert Event.objects.filter(action="period.publish").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_change_and_a_return_at_the_same_moment_leave_no_change_behind_unseen():
    """Either the change came first and stands in the history, or the return did and the change was refused."""
    bench = Bench()
    factories.submitted(bench.assessment)
    a = bench.assessment

    def change():
        return workflow.change(
            a.pk,
            "video.blind_spots",
            2,
            state="answered",
            reason="核查",
            version=0,
            round_=1,
            op_id=uuid4(),
            by=bench.reviewer,
        )

    def send_back():
        due_at = timezone.now() + timedelta(days=1)
        return workflow.send_back(a.pk, reason="补正", items={}, due_at=due_at, round_=1, by=bench.reviewer)

    found = in_parallel(change, send_back)
    assert bench.assessment.state == State.RETURNED
    changed = AnswerChange.objects.filter(layer=Layer.VERIFIED).count()
    assert changed == (0 if isinstance(found[0], Refused) else 1)


@pytest.mark.django_db
def test_the_database_itself_knows_the_states():
    bench = Bench()
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="assessment_state_known"):
        cursor.execute("UPDATE assessments_assessment SET state = 'forgotten' WHERE id = %s", [bench.pk])
