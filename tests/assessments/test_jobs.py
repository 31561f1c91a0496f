"""Jobs: asked for once, done once, whatever dies in between."""

import subprocess
import sys
import uuid
from datetime import timedelta
from threading import Event

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from assessments import jobs, sealed, tasks
from assessments.models import Job, Report
from assessments.reports import requesting
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


def test_a_failed_job_can_be_tried_again(job):
    Job.objects.filter(pk=job.pk).update(state=Job.State.FAILED, attempts=3, error="failed")
    jobs.retry(job)
    assert state(job) == Job.State.QUEUED
    assert (job.attempts, job.error) == (0, "")


def test_the_sweep_rings_for_what_waits_and_for_what_lost_its_worker(job, person):
    waiting = Job.objects.create(kind="report", key="waiting", created_by=person)
    running = Job.objects.create(kind="report", key="running", created_by=person)
    jobs.claim(job.pk)
    lapse(job)
    jobs.claim(running.pk)
    Job.objects.filter(pk=waiting.pk).update(created_at=Now() - timedelta(minutes=1))
    assert jobs.sweep() == [job.pk, waiting.pk]


@pytest.fixture
def published(transactional_db):
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


@pytest.mark.django_db(transaction=True)
def test_a_worker_renders_what_was_asked_for(published, celery_worker):
    report = request(published)
    job = wait_for(celery_worker, report, lambda job: job.state == Job.State.DONE)
    report.refresh_from_db()
    assert (job.attempts, job.progress) == (1, 100)
    assert report.pages > 5
    assert sealed.reports.unseal(report.digest).startswith(b"%PDF-1.7")
    assert len(sealed.reports.unseal(report.digest)) == report.size


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
