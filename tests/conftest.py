"""What every test may use. Databases come from pytest-django, servers from bin/services."""

import itertools

import pytest

from tests.worker import Worker


def pytest_collection_modifyitems(items):
    """A test that commits starts with the rows of the migrations: the one before emptied every table."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        commits = marker and marker.kwargs.get("transaction")
        if commits:
            marker.kwargs["serialized_rollback"] = True
        elif {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ())):
            item.fixturenames.append("django_db_serialized_rollback")
    # pytest-django takes the walk over every address for tests without a database and puts it last,
    # where the tests that commit have emptied the tables.
    items.sort(key=lambda item: "scene" not in getattr(item, "fixturenames", ()))


@pytest.fixture
def start_worker(transactional_db, tmp_path):
    """A function that starts one more Celery worker on this test's data; options go to `celery worker`."""
    workers, numbers = [], itertools.count(1)

    def start(*options: str) -> Worker:
        worker = Worker(tmp_path / f"worker-{next(numbers)}.log", *(options or ("--concurrency=1",)))
        workers.append(worker)
        return worker

    yield start
    for worker in workers:
        worker.end()


@pytest.fixture
def celery_worker(start_worker):
    """One running Celery worker on this test's data."""
    return start_worker()
