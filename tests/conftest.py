"""What every test may use. Databases come from pytest-django, servers from bin/services."""

import gc
import itertools

import pytest
from django.db import connections
from django.db.backends.postgresql.operations import DatabaseOperations
from django.template import RequestContext, Template
from django.test.signals import template_rendered
from django.utils import translation

from tests.worker import Worker

SHARE_ROWS = {"demo"}  # folders whose tests look at the same rows, costly to load: one process runs them all


def commits(item) -> bool:
    """Whether the test writes for good; afterwards every table is emptied."""
    marker = item.get_closest_marker("django_db")
    asked_for = {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    return bool(asked_for or (marker and marker.kwargs.get("transaction")))


def together(item) -> str:
    """The name of the tests that one of several test processes runs in one go: a file, or a folder that shares rows.

    The committing tests of a file are apart from its others: they come after the others of all files.
    """
    folder = item.path.parent.name
    if folder in SHARE_ROWS:
        return folder
    return f"{folder}.{item.path.stem}" + ("-commits" if commits(item) else "")


def pytest_itemcollected(item):
    """Say what belongs together before pytest-xdist asks."""
    item.add_marker(pytest.mark.xdist_group(together(item)))


@pytest.hookimpl(trylast=True)  # after pytest has brought tests with the same browser together
def pytest_collection_modifyitems(config, items):
    """Tests that commit come last and start with the rows of the migrations; browsers at the very end.

    Before them, because Playwright's event loop gives Django other connections for the rest of the run.
    """
    if config.getoption("loadgroup", False) and not all("@" in item.nodeid for item in items):
        raise pytest.UsageError("pytest-xdist does not keep groups together; every process would load their rows")
    for item in filter(commits, items):
        if marker := item.get_closest_marker("django_db"):
            marker.kwargs["serialized_rollback"] = True
        item.fixturenames.append("django_db_serialized_rollback")
    items.sort(key=lambda item: (commits(item), "browser" in getattr(item, "fixturenames", ())))


def pytest_collection_finish():
    """What was collected stays to the end: the garbage collector need not walk its hundreds of megabytes again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)  # a page makes and drops thousands of objects; looking for cycles took 6 % of the tests


@pytest.fixture(autouse=True)
def the_language_nobody_chose():
    """A page asked for in English leaves this thread in English; the next test starts in the product's own language."""
    translation.deactivate()


@pytest.fixture(scope="session", autouse=True)
def whole_pages_are_remembered(django_test_environment):
    """`response.context` holds what a page was given; of its hundreds of parts, fields and widgets nobody asks.

    Django's test client copies the context of each of them, a tenth of the time of a page with many fields.
    """

    def render(self, context):
        if isinstance(context, RequestContext) and context.template is self:
            template_rendered.send(sender=self, template=self, context=context)
        return self.nodelist.render(context)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", render)
        yield


@pytest.fixture(scope="session", autouse=True)
def tables_that_are_never_emptied():
    """Between tests that commit Django empties all tables, the log too: as the cluster's superuser, past its guards.

    Row by row, for a test leaves few: TRUNCATE makes a new file for every table and index. The lock is TRUNCATE's own:
    whoever still writes is waited for.
    """

    def past_the_guards(self, style, tables, *, reset_sequences=False, allow_cascade=False):
        names = [self.quote_name(table) for table in tables]
        return names and [
            "SET LOCAL session_replication_role = replica",
            f"LOCK TABLE {', '.join(names)} IN ACCESS EXCLUSIVE MODE",
            "; ".join(f"DELETE FROM {name}" for name in names),
            "SET LOCAL session_replication_role = DEFAULT",
        ]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", past_the_guards)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """Keep the rows of the migrations where every connection of this run finds them.

    Django keeps them on one connection; under Playwright's event loop there is another.
    """
    connection = connections["default"]
    if rows := getattr(connection, "_test_serialized_contents", None):
        type(connection)._test_serialized_contents = rows


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
