"""Correcting a published result: asked by one person, decided by another, published anew as a new version."""

from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from assessments import answers, workflow
from assessments.models import (
    Answers,
    Assessment,
    Layer,
    OfficialRank,
    PastScore,
    Publication,
    Reopening,
    Score,
    Standing,
    State,
)
from audit import roles, rows
from audit.models import Event
from personnel.roles import Role
from stationstd.refusals import Refused
from tests import factories

pytestmark = pytest.mark.django_db
BLIND_SPOTS = "video.blind_spots"


@pytest.fixture
def colleague(bureau):
    return factories.user(Role.REVIEWER, bureau, name="复核员")


@pytest.fixture
def period(bureau):
    """城关 and 北社 published."""
    period = factories.period(bureau=bureau)
    factories.published(period)
    return period


@pytest.fixture
def first(period):
    """The station in front."""
    return Assessment.objects.for_period(period).with_places().get(official_rank__rank=1)


def requested(assessment, by, reason="监控盲区核错了。") -> Reopening:
    return workflow.request_reopening(assessment.pk, reason=reason, round_=assessment.round, by=by)


def reopened(assessment, by, colleague) -> Assessment:
    reopening = requested(assessment, by)
    workflow.approve_reopening(assessment.pk, reopening=reopening.pk, by=colleague)
    return Assessment.objects.with_places().get(pk=assessment.pk)


def corrected(assessment, by, value=9) -> Assessment:
    """The fact changed, verification closed, the result confirmed again."""
    factories.changed(assessment, BLIND_SPOTS, value, by=by)
    workflow.finish(assessment.pk, round_=assessment.round, by=by)
    workflow.confirm(assessment.pk, round_=assessment.round, by=by)
    return Assessment.objects.with_places().get(pk=assessment.pk)


def replay() -> list[str]:
    said = StringIO()
    call_command("replay", stdout=said)
    return said.getvalue().splitlines()


def published_figures(assessment) -> tuple:
    score = Score.objects.layer(Layer.CONFIRMED).get(assessment=assessment)
    place = OfficialRank.objects.for_period(assessment.period).get(assessment=assessment)
    return score.total, score.points, score.facts_digest, place.rate, place.rank, place.publication.version


def test_whoever_asked_cannot_decide(reviewer, first):
    """T15: the same person asks and approves: 403."""
    reopening = requested(first, reviewer)
    for act, words in ((workflow.approve_reopening, {}), (workflow.decline_reopening, {"why": "不必。"})):
        with pytest.raises(PermissionDenied):
            act(first.pk, reopening=reopening.pk, by=reviewer, **words)
    assert Reopening.objects.get().is_undecided


def test_the_database_itself_refuses_a_decision_by_whoever_asked(reviewer, first):
    reopening = requested(first, reviewer)
    with pytest.raises(DatabaseError), transaction.atomic():
        Reopening.objects.filter(pk=reopening.pk).update(
            decision="approved", decided_by=reviewer, decided_at=reopening.at
        )


def test_an_approved_reopening_takes_one_assessment_back_to_verification(reviewer, colleague, first):
    before = published_figures(first)
    again = reopened(first, reviewer, colleague)
    assert (again.state, again.round, again.is_being_corrected) == (State.VERIFYING, first.round + 1, True)
    assert published_figures(again) == before
    others = Assessment.objects.for_period(first.period).exclude(pk=first.pk)
    assert set(others.values_list("state", flat=True)) == {State.PUBLISHED}


def test_nothing_has_to_be_accepted_anew_unless_its_facts_change(reviewer, colleague, first):
    again = reopened(first, reviewer, colleague)
    workflow.finish(again.pk, round_=again.round, by=reviewer)
    assert Assessment.objects.get(pk=again.pk).state == State.VERIFIED


def test_what_was_published_counts_until_the_bureau_publishes_anew(reviewer, colleague, first):
    before, facts = published_figures(first), answers.stored([first.pk], Layer.CONFIRMED)
    again = corrected(reopened(first, reviewer, colleague), reviewer)
    assert again.state == State.CONFIRMED
    assert published_figures(again) == before
    assert answers.stored([first.pk], Layer.CONFIRMED) == facts
    assert answers.cells(again, Layer.VERIFIED)[BLIND_SPOTS].value == 9
    assert all("the same" in line for line in replay())


def test_publishing_anew_makes_a_version_with_ranks_of_the_whole_group(reviewer, colleague, first, bureau):
    before = published_figures(first)
    again = corrected(reopened(first, reviewer, colleague), reviewer)
    publication = workflow.publish(first.period_id, bureau=bureau, by=reviewer)
    total, _points, _digest, rate, rank, version = published_figures(again)
    assert (publication.version, version) == (2, 2)
    assert (total < before[0], rate < before[3], rank) == (True, True, 1)
    assert list(OfficialRank.objects.for_period(first.period).values_list("rank", flat=True).order_by("rank")) == [1, 2]
    places = Standing.objects.for_period(first.period).final().filter(bureau=bureau)
    assert {p.assessment_id: p.rank for p in places} == {
        r.assessment_id: r.rank for r in OfficialRank.objects.for_period(first.period)
    }
    assert not Answers.objects.filter(layer=Layer.CONFIRMED).exists()


def test_the_former_version_stays_with_ranks_scores_and_digest(reviewer, colleague, first, bureau):
    total, points, digest, rate, rank, _version = published_figures(first)
    former = Publication.objects.get()
    frozen = former.digest
    corrected(reopened(first, reviewer, colleague), reviewer)
    workflow.publish(first.period_id, bureau=bureau, by=reviewer)
    former.refresh_from_db()
    place = former.ranks.get(assessment=first)
    kept = PastScore.objects.get(publication=former, assessment=first)
    assert (former.digest, place.rate, place.rank) == (frozen, rate, rank)
    assert (kept.total, kept.points, kept.facts_digest) == (total, points, digest)
    reopening = Reopening.objects.get()
    assert (reopening.publication, reopening.led_to.version) == (former, 2)
    with pytest.raises(DatabaseError), transaction.atomic():
        PastScore.objects.update(total=0)


def test_every_version_is_replayed(reviewer, colleague, first, bureau):
    for value in (9, 3):
        again = Assessment.objects.with_places().get(pk=first.pk)
        corrected(reopened(again, reviewer, colleague), reviewer, value)
        workflow.publish(first.period_id, bureau=bureau, by=reviewer)
    lines = replay()
    assert len(lines) == 3
    assert all("2 stations, the same" in line for line in lines)
    assert ["(2)" in line for line in lines] == [False, True, False]


def test_a_former_version_that_somebody_changed_is_named(reviewer, colleague, first, bureau):
    corrected(reopened(first, reviewer, colleague), reviewer)
    workflow.publish(first.period_id, bureau=bureau, by=reviewer)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE assessments_pastscore SET total = total + 1 WHERE assessment_id = %s", [first.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")
    with pytest.raises(Exception, match="1 stored figures"):
        replay()
