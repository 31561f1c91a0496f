"""The worker that tests start is a real one on the suite's own database."""

import signal

from stationstd.celery import app


def test_a_started_worker_answers_and_works_on_the_test_database(celery_worker):
    assert len(app.control.ping(timeout=5, limit=1)) == 1
    assert "/test_" in celery_worker.database_url


def test_a_killed_worker_is_gone(start_worker):
    worker = start_worker("--concurrency=1")
    worker.kill()
    assert worker.process.returncode == -signal.SIGKILL
