"""Correcting a published result: asked by one person, decided by another, published anew as a new version."""

from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

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
from personnel.models import User
from personnel.roles import Role
from stationstd.refusals import Refused
from tests import factories
from tests.assessments import judged

pytestmark = pytest.mark.django_db
BLIND_SPOTS = "video.blind_spots"


@pytest.fixture
def colleague(bureau):
    return factories.user(Role.REVIEWER, bureau, name="复核员")


@pytest.fixture
def period(bureau):
    """城关 and 北社 published."""
    period = factories.period(bureau=bureau, objection_days=0)
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


def page(client, name, assessment, **said):
    address = reverse(f"assessments:{name}", args=[assessment.pk])
    return client.post(address, said) if said else client.get(address)


def test_two_people_correct_a_result_through_the_pages(reviewer, colleague, client, first, bureau):
    assert page(client, "reopening_request", first, reason="盲区核错。", round=first.round).status_code == 302
    reopening = Reopening.objects.get()
    assert page(client, "reopening_approve", first, reopening=reopening.pk).status_code == 403
    client.force_login(colleague)
    assert page(client, "reopening", first).context["waiting"] == reopening
    answer = page(client, "reopening_approve", first, reopening=reopening.pk)
    assert (answer.status_code, answer.url) == (302, reverse("assessments:verify", args=[first.pk]))
    corrected(Assessment.objects.with_places().get(pk=first.pk), reviewer)
    address = reverse("assessments:publish", args=[first.period_id])
    preview = client.get(address).context
    assert (preview["is_new"], preview["former"].version, [r.pk for r in preview["reopenings"]]) == (
        True,
        1,
        [reopening.pk],
    )
    assert client.post(address, {"bureau": bureau.code, "sure": "yes"}).status_code == 302
    assert Publication.objects.newest().get().version == 2
    actions = list(
        Event.objects.filter(action__startswith="reopening")
        .order_by("pk")
        .values_list("action", "by__username", "reason")
    )
    assert actions == [
        ("reopening.request", reviewer.username, "盲区核错。"),
        ("reopening.approve", colleague.username, "盲区核错。"),
    ]


def test_approving_asks_for_the_password_again(reviewer, colleague, client, first):
    reopening = requested(first, reviewer)
    client.force_login(colleague)
    User.objects.filter(pk=colleague.pk).update(last_login=timezone.now() - timedelta(minutes=6))
    answer = page(client, "reopening_approve", first, reopening=reopening.pk)
    assert (answer.status_code, Reopening.objects.get().is_undecided) == (403, True)


def test_a_declined_request_changes_nothing_and_may_be_followed_by_another(reviewer, colleague, client, first):
    reopening = requested(first, reviewer)
    client.force_login(colleague)
    assert page(client, "reopening_decline", first, reopening=reopening.pk, why=" ").status_code == 400
    assert page(client, "reopening_decline", first, reopening=reopening.pk, why="核查无误。").status_code == 302
    assert page(client, "reopening_approve", first, reopening=reopening.pk).status_code == 409
    assert Assessment.objects.get(pk=first.pk).state == State.PUBLISHED
    assert requested(first, reviewer).is_undecided


@pytest.mark.parametrize(
    ("said", "status"),
    [({"reason": "", "round": 1}, 400), ({"reason": "错。"}, 428), ({"reason": "错。", "round": 7}, 409)],
)
def test_a_request_needs_a_reason_and_the_present_round(reviewer, client, first, said, status):
    assert page(client, "reopening_request", first, **said).status_code == status
    assert not Reopening.objects.exists()


def test_one_request_at_a_time(reviewer, colleague, client, first):
    requested(first, reviewer)
    assert page(client, "reopening_request", first, reason="又。", round=first.round).status_code == 409
    assert Reopening.objects.count() == 1


def test_only_published_results_of_stations_that_handed_in_can_be_corrected(reviewer, client, bureau):
    period = factories.period(bureau=bureau)
    confirmed, late = period.assessments.with_places()
    factories.confirmed(confirmed)
    assert page(client, "reopening_request", confirmed, reason="错。", round=1).status_code == 409
    factories.due(late)
    workflow.publish(period.pk, bureau=bureau, by=reviewer)
    assert page(client, "reopening_request", late, reason="错。", round=1).status_code == 409


def test_a_reviewer_of_the_bureau_above_may_decide_and_one_beside_may_not(client):
    city = factories.bureau("市公安局", level="city")
    county, other = factories.bureau("甲县", above=city), factories.bureau("乙县", above=city)
    factories.chengguan(county)
    period = factories.period(bureau=county)
    factories.published(period)
    assessment = factories.assessment(period)
    reopening = requested(assessment, factories.user(Role.REVIEWER, county))
    client.force_login(factories.user(Role.REVIEWER, other))
    assert page(client, "reopening_approve", assessment, reopening=reopening.pk).status_code == 404
    client.force_login(factories.user(Role.REVIEWER, city))
    assert page(client, "reopening_approve", assessment, reopening=reopening.pk).status_code == 302


def test_after_publication_every_act_of_the_bureau_is_refused(reviewer, client, first):
    """T15: after publication 409."""
    round_, before = first.round, published_figures(first)
    said = {"metric": BLIND_SPOTS, "value": "9", "reason": "改。", "version": 0, "op_id": uuid4(), "round": round_}
    assert page(client, "verify_change", first, **said).status_code == 409
    assert page(client, "verify_accept", first, criterion="zones.blind_spots", round=round_).status_code == 409
    assert page(client, "finish_verifying", first, round=round_).status_code == 409
    assert page(client, "confirm", first, round=round_).status_code == 409
    assert published_figures(first) == before


def test_a_result_that_is_being_corrected_is_not_returned_to_the_station(reviewer, colleague, first):
    again = reopened(first, reviewer, colleague)
    with pytest.raises(Refused) as refused:
        factories.returned(again, by=reviewer)
    assert refused.value.status == 409


def test_nothing_is_published_anew_before_the_correction_is_confirmed(reviewer, colleague, first, bureau):
    reopened(first, reviewer, colleague)
    with pytest.raises(Refused) as refused:
        workflow.publish(first.period_id, bureau=bureau, by=reviewer)
    assert refused.value.code == "incomplete"


def test_the_application_cannot_write_facts_or_scores_of_a_published_result(first):
    """T15: SQL as the application's role."""
    roles.settle()
    for statement in (
        "UPDATE assessments_answers SET facts = '{}' WHERE assessment_id = %s",
        "DELETE FROM assessments_answers WHERE assessment_id = %s",
        "UPDATE assessments_score SET rate = 10000 WHERE assessment_id = %s",
        "DELETE FROM assessments_officialrank WHERE assessment_id = %s",
    ):
        with connection.cursor() as cursor, transaction.atomic():
            cursor.execute(f"SET LOCAL ROLE {roles.APP}")
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(statement, [first.pk])
            cursor.execute("RESET ROLE")


def test_the_application_corrects_and_publishes_anew_with_its_own_role(reviewer, colleague, first, bureau):
    roles.settle()
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {roles.APP}")
        corrected(reopened(first, reviewer, colleague), reviewer)
        publication = workflow.publish(first.period_id, bureau=bureau, by=reviewer)
        cursor.execute("RESET ROLE")
    assert publication.version == 2


def test_what_the_owner_writes_is_named_by_the_log(reviewer, colleague, first, bureau):
    corrected(reopened(first, reviewer, colleague), reviewer)
    workflow.publish(first.period_id, bureau=bureau, by=reviewer)
    assert list(rows.broken()) == []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE assessments_score SET rate = 1 WHERE assessment_id = %s AND layer = 'confirmed'", [first.pk]
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
    (named,) = rows.broken()
    assert "rate" in str(named)


def test_the_station_reads_old_and_new_figures_and_the_reason(reviewer, colleague, client, first, bureau):
    old = published_figures(first)
    again = reopened(first, reviewer, colleague)
    chief = factories.user(Role.CHIEF, first.station)
    client.force_login(chief)
    assert "监控盲区核错了。" in page(client, "detail", first).content.decode()
    corrected(again, reviewer)
    workflow.publish(first.period_id, bureau=bureau, by=reviewer)
    newest, oldest = page(client, "detail", first).context["versions"]
    assert (oldest.place.rate, newest.place.rate) == (old[3], published_figures(first)[3])
    assert [each.reason for each in newest.reasons] == ["监控盲区核错了。"]
    assert [(each.criterion.id, each.before > each.after) for each in newest.changed] == [("zones.blind_spots", True)]
    client.force_login(factories.user(Role.LEADER, bureau))
    shown = client.get(reverse("assessments:versions", args=[first.period_id]))
    assert "监控盲区核错了。" in shown.content.decode()
    (lineage,) = shown.context["shown"]
    assert [line.moved for line in lineage["lines"]].count(True) == 1


def test_a_veto_imposed_during_a_correction_counts_once_it_is_published(reviewer, colleague, bureau):
    """Until then the published grade and points stay; the former version is replayed without it."""
    period = factories.period(bureau=bureau, edition=judged.edition(), objection_days=0)
    factories.published(period)
    first = factories.assessment(period)
    before = published_figures(first)
    again = reopened(first, reviewer, colleague)
    said = {
        "reason": "泄密。",
        "day": timezone.localdate(),
        "approver": "局党委",
        "evidence": "",
        "round_": again.round,
    }
    workflow.impose(again.pk, "leak", **said, by=reviewer)
    workflow.finish(again.pk, round_=again.round, by=reviewer)
    workflow.confirm(again.pk, round_=again.round, by=reviewer)
    assert published_figures(first) == before
    assert [line.endswith(")") and "the same" in line for line in replay()] == [True]
    workflow.publish(period.pk, bureau=bureau, by=reviewer)
    assert published_figures(first)[0] < before[0]
    assert ["the same" in line for line in replay()] == [True, True]
