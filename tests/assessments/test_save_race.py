"""Several people and requests at once: one effect each, none after the door is closed."""

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction

from assessments import answers, digests, workflow
from assessments.models import AnswerChange, Assessment, State, Submission
from stationstd.refusals import Refused
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
OFFICERS = "staff.officers"
AT_ONCE = 8


@pytest.fixture
def assessment():
    return factories.filled(factories.assessment(factories.period()))


@pytest.fixture
def chief(assessment):
    return factories.anybody("chief", assessment.station)


def outcome(act) -> str:
    """What became of one request on a connection of its own: "done", or the code of the refusal."""
    try:
        act()
    except Refused as refusal:
        return refusal.code
    finally:
        connections.close_all()
    return "done"


def together(acts) -> list[str]:
    """The outcomes of these acts, begun at the same moment."""
    acts = list(acts)
    start = threading.Barrier(len(acts))

    def run(act):
        start.wait()
        return outcome(act)

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def saving(assessment, chief, value, *, version, op_id=None):
    op_id = op_id or uuid4()
    return lambda: workflow.save(
        assessment.pk, OFFICERS, value, state="answered", version=version, op_id=op_id, by=chief
    )


def test_of_eight_saves_on_one_version_one_stands(assessment, chief):
    version = answers.cells(assessment)[OFFICERS].version
    results = together(saving(assessment, chief, 10 + i, version=version) for i in range(AT_ONCE))
    assert sorted(results) == ["done", *["stale"] * (AT_ONCE - 1)]
    assert answers.cells(assessment)[OFFICERS].version == version + 1


def test_one_request_sent_eight_times_at_once_takes_effect_once(assessment, chief):
    version, op_id = answers.cells(assessment)[OFFICERS].version, uuid4()
    results = together(saving(assessment, chief, 12, version=version, op_id=op_id) for _ in range(AT_ONCE))
    assert results == ["done"] * AT_ONCE
    assert AnswerChange.objects.filter(assessment=assessment, op_id=op_id).count() == 1
    assert answers.cells(assessment)[OFFICERS] == answers.Cell(12, "answered", "typed", version + 1)


def test_eight_people_on_eight_figures_lose_nothing(assessment, chief):
    stands = answers.cells(assessment)

    def save(metric):
        return lambda: workflow.save(
            assessment.pk, metric, 1, state="answered", version=stands[metric].version, op_id=uuid4(), by=chief
        )

    assert set(together(save(metric) for metric in stands)) == {"done"}
    after = answers.cells(assessment)
    assert {m: after[m].version for m in stands} == {m: stands[m].version + 1 for m in stands}


def test_what_is_submitted_among_saves_is_what_its_digest_says(assessment, chief):
    version = answers.cells(assessment)[OFFICERS].version
    acts = [saving(assessment, chief, 20 + i, version=version + i) for i in range(AT_ONCE - 1)]
    acts.append(lambda: workflow.submit(assessment.pk, round_=1, by=chief))
    results = together(acts)
    assert results[-1] == "done"
    assert set(results[:-1]) <= {"done", "stale", "state"}
    assessment.refresh_from_db()
    assert assessment.state == State.SUBMITTED
    assert Submission.objects.get(assessment=assessment).digest == digests.of_assessment(assessment)


def test_eight_clicks_on_submit_submit_once(assessment, chief):
    results = together((lambda: workflow.submit(assessment.pk, round_=1, by=chief)) for _ in range(AT_ONCE))
    assert sorted(results) == ["done", *["state"] * (AT_ONCE - 1)]
    assert Submission.objects.filter(assessment=assessment).count() == 1


def test_a_save_that_waited_past_the_due_time_is_refused(assessment, chief):
    """It arrives in time, waits for the row, and is judged by the clock of the moment it gets it."""
    before = answers.cells(assessment)[OFFICERS]
    late = saving(assessment, chief, 99, version=before.version)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Assessment.objects.select_for_update().get(pk=assessment.pk)
            waiting = pool.submit(outcome, late)
            _until_it_waits(waiting)
            factories.due(assessment)
        assert waiting.result() == "deadline"
    assert answers.cells(assessment)[OFFICERS] == before


def _until_it_waits(request) -> None:
    """Until another connection to this database waits for a row, or the request has come back without waiting."""
    waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with connection.cursor() as cursor:
        while not request.done():
            cursor.execute(f"SELECT pg_stat_clear_snapshot(), ({waits})")
            if cursor.fetchone()[1]:
                return
