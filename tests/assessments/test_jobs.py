"""Jobs: asked for once, done once, whatever dies in between."""

import os
import pathlib
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Event

import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from assessments import jobs, sealed, tasks
from assessments.models import Job, Report
from assessments.reports import requesting
from personnel.models import User
from stationstd.celery import app as celery
from tests import factories
from tests.worker import ROOT, environment

NOBODY_LISTENS = "redis://127.0.0.1:1/0"


@pytest.fixture
def person(db):
    return factories.user("sysadmin")


@pytest.fixture
def job(person):
    return Job.objects.create(kind="report", key="one", created_by=person)


def lapse(job):
    """Its worker has not been heard of for longer than the lease."""
    Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))


def state(job):
    job.refresh_from_db()
    return job.state


def test_asking_twice_with_one_key_is_one_job(person):
    first, second = (jobs.ask("report", "same", by=person) for _ in range(2))
    assert first == second


def test_a_job_is_taken_by_one_worker_only(job):
    assert jobs.claim(job.pk) is not None
    assert jobs.claim(job.pk) is None


def test_a_job_of_a_dead_worker_is_taken_over(job):
    dead = jobs.claim(job.pk)
    lapse(job)
    living = jobs.claim(job.pk)
    assert living.attempts == 2
    with pytest.raises(jobs.LeaseLost):
        jobs.finish(dead)
    jobs.finish(living)
    assert state(job) == Job.State.DONE


def test_progress_renews_the_lease(job):
    held = jobs.claim(job.pk)
    lapse(job)
    jobs.advance(held, 40)
    assert jobs.claim(job.pk) is None
    job.refresh_from_db()
    assert job.progress == 40


def test_a_worker_without_the_lease_makes_no_progress(job):
    dead = jobs.claim(job.pk)
    lapse(job)
    jobs.claim(job.pk)
    with pytest.raises(jobs.LeaseLost):
        jobs.advance(dead, 99)


def test_a_finished_job_is_not_done_again(job):
    jobs.finish(jobs.claim(job.pk))
    assert jobs.claim(job.pk) is None
    assert jobs.sweep() == []


def test_a_poison_job_fails_after_three_attempts_and_says_so(person):
    poison = Job.objects.create(kind="nobody knows this kind", key="poison", created_by=person)
    for attempt in range(1, 5):
        if attempt <= jobs.MAX_ATTEMPTS:
            with pytest.raises(KeyError):
                tasks.run(poison.pk)
        else:
            tasks.run(poison.pk)
    assert state(poison) == Job.State.FAILED
    assert (poison.attempts, poison.error) == (3, "failed")
    assert poison.finished_at is not None


def test_a_job_that_kills_its_worker_fails_after_three_attempts(job):
    for _attempt in range(jobs.MAX_ATTEMPTS):
        assert jobs.claim(job.pk) is not None
        lapse(job)
    jobs.sweep()
    assert state(job) == Job.State.FAILED
    assert job.error == "worker_lost"


def test_an_attempt_that_cannot_end_better_is_the_last(job):
    with jobs.attempt(jobs.claim(job.pk)):
        raise jobs.Stopped("not_allowed", again=False)
    assert state(job) == Job.State.FAILED
    assert (job.attempts, job.error) == (1, "not_allowed")


def test_a_failed_job_can_be_tried_again(job):
    Job.objects.filter(pk=job.pk).update(state=Job.State.FAILED, attempts=3, error="failed")
    jobs.again(job)
    assert state(job) == Job.State.QUEUED
    assert (job.attempts, job.error) == (0, "")


def test_a_job_that_goes_on_is_not_begun_again(job):
    held = jobs.claim(job.pk)
    jobs.again(job)
    jobs.finish(held)
    assert state(job) == Job.State.DONE


def test_a_cancelled_job_is_not_taken(job):
    assert jobs.cancel(job)
    assert jobs.claim(job.pk) is None
    assert state(job) == Job.State.CANCELLED


def test_the_worker_of_a_cancelled_job_stops_and_registers_nothing(job):
    held = jobs.claim(job.pk)
    with jobs.attempt(held):
        jobs.cancel(job)
        jobs.advance(held, 50)
        pytest.fail("it went on")
    with pytest.raises(jobs.LeaseLost):
        jobs.finish(held)
    assert state(job) == Job.State.CANCELLED


def test_a_finished_job_is_not_cancelled(job):
    jobs.finish(jobs.claim(job.pk))
    assert not jobs.cancel(job)
    assert state(job) == Job.State.DONE


def queued(person, n):
    """`n` jobs that have waited since before the sweep's patience."""
    made = [Job.objects.create(kind="report", key=f"{person.pk}-{i}", created_by=person) for i in range(n)]
    Job.objects.filter(pk__in=[each.pk for each in made]).update(created_at=Now() - timedelta(minutes=1))
    return [each.pk for each in made]


def test_a_third_job_of_one_person_waits_and_holds_up_nobody_else(person):
    """T41."""
    mine, theirs = queued(person, 3), queued(factories.user("sysadmin"), 1)
    first, _second = (jobs.claim(pk) for pk in mine[:2])
    assert jobs.claim(mine[2]) is None
    assert jobs.claim(theirs[0]) is not None
    jobs.finish(first)
    assert jobs.claim(mine[2]) is not None


def test_a_dead_worker_does_not_count_against_its_person(person):
    mine = queued(person, 3)
    for pk in mine[:2]:
        lapse(jobs.claim(pk))
    assert jobs.claim(mine[2]) is not None


@pytest.mark.parametrize("end", [jobs.finish, jobs.cancel, lambda job: jobs.fail(job, "failed")])
def test_when_a_job_ends_the_next_of_its_person_is_rung_for(
    person, end, monkeypatch, django_capture_on_commit_callbacks
):
    mine = queued(person, 3)
    held, _second = (jobs.claim(pk) for pk in mine[:2])
    rung = []
    monkeypatch.setattr(jobs, "ring", rung.append)
    with django_capture_on_commit_callbacks(execute=True):
        end(held)
    assert rung == mine[2:]


def test_the_sweep_rings_for_the_first_of_everybody_before_the_second_of_anybody(person, monkeypatch):
    monkeypatch.setattr(jobs, "ring", lambda pk: None)
    mine, theirs = queued(person, 5), queued(factories.user("sysadmin"), 1)
    assert jobs.sweep() == [mine[0], theirs[0], mine[1]]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_not_run_a_third_job_of_one_person(transactional_db):
    mine = queued(factories.user("sysadmin"), 6)

    def take(pk):
        try:
            return jobs.claim(pk) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as workers:
        assert sum(workers.map(take, mine)) == jobs.RUNNING_PER_PERSON


def test_a_message_that_names_no_row_does_nothing(job, caplog):
    """T40."""
    for forged in ("1 OR 1=1", None, [job.pk], {"pk": job.pk}, 10**12):
        tasks.run(forged)
    assert state(job) == Job.State.QUEUED
    assert len([line for line in caplog.records if "refused a job" in line.message]) == 4


HUNGRY = """
import django
django.setup()
from assessments import tasks
from assessments.reports import making
making.warm = lambda: None
tasks.warm()
b"x" * tasks.DATA_BYTES
"""


def test_a_report_that_wants_too_much_memory_is_refused_it():
    ended = subprocess.run(
        [sys.executable, "-c", HUNGRY],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.stderr.strip().splitlines()[-1] == "MemoryError"


@pytest.mark.parametrize(
    ("fault", "code"), [(MemoryError(), "too_large"), (SoftTimeLimitExceeded(), "too_long"), (OSError(), "failed")]
)
def test_the_owner_is_told_what_the_attempts_failed_of(job, monkeypatch, fault, code):
    def fail(job):
        raise fault

    monkeypatch.setitem(tasks._WORK, "report", fail)
    for _attempt in range(jobs.MAX_ATTEMPTS):
        with suppress(OSError):
            tasks.run(job.pk)
    assert (state(job), job.attempts, job.error) == (Job.State.FAILED, jobs.MAX_ATTEMPTS, code)


def test_celery_is_set_as_the_design_says():
    """What 3.5 of the design fixes; behaviour under it is tested with real workers below and in tests/resilience."""
    conf = celery.conf
    assert (conf.task_serializer, conf.accept_content) == ("json", ["json"])
    assert (conf.task_acks_late, conf.task_reject_on_worker_lost) == (True, False)
    assert (conf.worker_prefetch_multiplier, conf.task_ignore_result) == (1, True)
    assert (conf.task_time_limit, conf.task_soft_time_limit) == (120, 100)
    assert (conf.worker_max_tasks_per_child, conf.worker_soft_shutdown_timeout) == (50, 30)
    assert conf.worker_max_memory_per_child <= 1_500_000
    places = (conf.broker_transport_options, conf.result_backend_transport_options)
    assert {place["visibility_timeout"] for place in places} == {3600}
    assert conf.visibility_timeout == 3600
    assert conf.broker_connection_retry_on_startup
    assert conf.worker_proc_alive_timeout >= 60


@pytest.fixture
def published(transactional_db):
    period = factories.period()
    factories.published(period)
    return period


@pytest.fixture
def published_once(db):
    period = factories.period()
    factories.published(period)
    return period


def request(period, person=None):
    person = person or factories.user("sysadmin", period.bureau)
    return requesting.request(period, list(period.assessments.all()), language="zh-hans", op_id=uuid.uuid4(), by=person)


def wait_for(worker, report, done, *, seconds=60):
    """Wait until `done(job)`; the worker's own end would fail the test at once."""
    for _ in range(seconds * 10):
        job = Job.objects.get(pk=report.job_id)
        if done(job):
            return job
        assert worker.process.poll() is None, worker.log.read_text()[-3000:]
        wait_a_moment()
    raise AssertionError(f"{job.state} {job.progress} {job.error}\n{worker.log.read_text()[-3000:]}")


def wait_a_moment():
    Event().wait(0.1)


@pytest.mark.django_db
@pytest.mark.parametrize("loss", [{"role": "auditor", "bureau": None}, {"is_active": False}, {"bureau": "elsewhere"}])
def test_who_may_not_have_the_report_any_more_gets_none(published_once, loss):
    """T40: what the account may do is read again when the report is made; who rang has no say."""
    report = request(published_once)
    if loss.get("bureau"):
        loss = {"bureau": factories.bureau("别处")}
    User.objects.filter(pk=report.requested_by_id).update(**loss)
    tasks.run(report.job_id)
    job = Job.objects.get(pk=report.job_id)
    assert (job.state, job.attempts, job.error) == (Job.State.FAILED, 1, "not_allowed")


class Touch:
    """Unpickled, it leaves a file behind."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return pathlib.Path.touch, (self.path,)


def forged(task, arguments, **how):
    """A message as somebody puts it into the queue who has found Redis open."""
    with celery.connection_for_write() as broker, broker.Producer() as producer:
        headers = {"task": task, "id": str(uuid.uuid4()), "lang": "py", "argsrepr": "", "kwargsrepr": ""}
        producer.publish((arguments, {}, {}), routing_key="celery", headers=headers, **how)


@pytest.mark.django_db(transaction=True)
def test_a_worker_renders_what_was_asked_for_whatever_else_is_put_into_its_queue(published, celery_worker, tmp_path):
    """T40."""
    canary, ordinary = tmp_path / "executed", "assessments.tasks.run"
    report = request(published)
    forged(ordinary, [Touch(canary)], serializer="pickle")
    forged("os.system", [f"touch {canary}"], serializer="json")
    forged("celery.backend_cleanup", [], serializer="json")
    forged(ordinary, [f"{report.job_id}; DROP TABLE assessments_job"], serializer="json")
    job = wait_for(celery_worker, request(published, report.requested_by), lambda job: job.state == Job.State.DONE)
    assert (job.attempts, job.progress) == (1, 100)
    report.refresh_from_db()
    assert report.pages > 5
    assert sealed.reports.unseal(report.digest).startswith(b"%PDF-1.7")
    assert len(sealed.reports.unseal(report.digest)) == report.size
    said = celery_worker.log.read_text()
    for refusal in ("Refusing to deserialize", "unregistered task of type 'os.system'", "refused a job"):
        assert refusal in said
    assert not canary.exists()


@pytest.mark.django_db(transaction=True)
def test_a_report_is_made_once_although_its_worker_is_killed_in_the_middle(published, start_worker, monkeypatch):
    monkeypatch.setenv("JOB_LEASE_SECONDS", "3")
    doomed = start_worker()
    with transaction.atomic():
        report = request(published)
        # Holding the row keeps the worker between writing the file and registering it.
    with transaction.atomic():
        Report.objects.select_for_update().get(pk=report.pk)
        wait_for(doomed, report, lambda job: job.progress >= 95)
        doomed.kill()
    report.refresh_from_db()
    assert report.digest == ""
    heir = start_worker()
    for _ in range(600):
        jobs.sweep()
        if Job.objects.get(pk=report.job_id).state == Job.State.DONE:
            break
        wait_a_moment()
    job = wait_for(heir, report, lambda job: job.state == Job.State.DONE)
    report.refresh_from_db()
    assert job.attempts == 2
    written = [path.name for path in (settings.VAR / "files" / "reports").rglob("*") if path.is_file()]
    assert written.count(report.digest) == 1


ASK = """
import sys, django
django.setup()
from django.conf import settings
from django.test import Client
from django.urls import reverse
from personnel.models import User

client = Client()
client.force_login(User.objects.get(username=sys.argv[1]))
words = {"period": sys.argv[2], "a": sys.argv[4:], "language": "zh-hans", "op_id": sys.argv[3]}
print(client.post(reverse("assessments:reports"), words).status_code)
"""


@pytest.mark.django_db(transaction=True)
def test_without_redis_the_request_is_answered_and_the_report_made_later(published, start_worker):
    person = factories.user("sysadmin", published.bureau)
    stations = [str(each.pk) for each in published.assessments.all()]
    answer = subprocess.run(
        [sys.executable, "-c", ASK, person.username, str(published.pk), str(uuid.uuid4()), *stations],
        env=environment() | {"REDIS_URL": NOBODY_LISTENS},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert answer.stdout.strip() == "302", answer.stderr[-3000:]
    report = Report.objects.get()
    assert Job.objects.get(pk=report.job_id).state == Job.State.QUEUED
    worker = start_worker()
    Job.objects.update(created_at=Now() - timedelta(minutes=1))
    assert jobs.sweep() == [report.job_id]
    wait_for(worker, report, lambda job: job.state == Job.State.DONE)
