"""An upgrade from the former release keeps every row and every link, while people go on saving (R15)."""

import hashlib
import os
import random
import subprocess
from contextlib import contextmanager
from threading import Event as Flag
from threading import Thread

import psycopg2
import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from psycopg2 import errors
from psycopg2.extras import Json

from audit import verifying
from stationstd.backups import programs
from tests.backup.conftest import at
from tests.upgrade import former

CLIENTS = 20
PAUSE_SECONDS = 0.1
LOCK_TIMEOUT = "-c lock_timeout=2000"
TRIES = 20
OPEN = (
    "SELECT answers.id, sheet.id FROM assessments_answers answers "
    "JOIN assessments_assessment sheet ON sheet.id = assessment_id WHERE sheet.state = 'draft' ORDER BY 1 LIMIT %s"
)
SAVE = "UPDATE assessments_answers SET facts = %s, version = version + 1, updated_at = now() WHERE id = %s"
REMEMBER = (
    "INSERT INTO assessments_answerchange (assessment_id, layer, metric, old, new, reason, op_id) "
    "VALUES (%s, 'self', 'windows', 'null', %s, '', gen_random_uuid())"
)
STANDS = "SELECT (facts -> 'windows' ->> 'value')::int, version FROM assessments_answers WHERE id = %s"
REMEMBERED = "SELECT count(*) FROM assessments_answerchange WHERE assessment_id = %s"
HEADS = ("audit_chain", ("changed_at", "hash", "name", "number"))
LATER = ("assessments_extension", "assessments_objection", "assessments_reopening")
COLUMNS = """
SELECT c.relname, array_agg(a.attname ORDER BY a.attname) FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
 WHERE n.nspname = 'public' AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped GROUP BY c.relname
"""


@pytest.fixture
def new_installation(transactional_db):
    """The schema of the test run's own database, made by this release's migrations alone."""
    return schema()


@pytest.fixture
def elsewhere(new_installation):
    """An empty database, which the product works on until the test ends; its locks wait two seconds, no longer."""
    name = f"upgrade_{os.getpid()}"
    superuser = psycopg2.connect(os.environ["DATABASE_URL"])
    superuser.autocommit = True
    with superuser.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    with working_on(name):
        yield at(os.environ["DATABASE_URL"], name=name)
    with superuser.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    superuser.close()


@contextmanager
def working_on(name: str):
    settings = connection.settings_dict
    before = settings["NAME"], settings["OPTIONS"]["options"]
    connection.close()
    settings["NAME"], settings["OPTIONS"]["options"] = name, f"{before[1]} {LOCK_TIMEOUT}"
    try:
        yield
    finally:
        connection.close()
        settings["NAME"], settings["OPTIONS"]["options"] = before
        ContentType.objects.clear_cache()  # they have other numbers there


def rows() -> dict[tuple, set[str]]:
    """The rows of each table, keyed by its name and its columns."""
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        tables = {table: tuple(columns) for table, columns in cursor.fetchall()}
    return {(table, columns): rows_of(table, columns) for table, columns in tables.items()}


def rows_of(table: str, columns: tuple[str, ...]) -> set[str]:
    with connection.cursor() as cursor:
        names = ", ".join(f'"{column}"' for column in columns)
        cursor.execute(f"SELECT md5(kept::text) FROM (SELECT {names} FROM {table}) kept")
        return {row for (row,) in cursor.fetchall()}


def schema() -> str:
    """The schema of the database at work, without the rights that no migration grants."""
    what = ("--schema-only", "--no-owner", "--no-privileges")
    with programs.running("pg_dump", *what, stdout=subprocess.PIPE, text=True) as pg_dump:
        said = pg_dump.communicate()[0]
    key = ("\\restrict", "\\unrestrict")  # another one in each dump
    return "\n".join(line for line in said.splitlines() if not line.startswith(key))


class Client(Thread):
    """A chief who saves, as the former release does: the fact and its history in one transaction.

    What the database refuses, because a lock took too long or two waited for each other, is saved again.
    """

    def __init__(self, url: str, answers: int, assessment: int, enough: Flag):
        super().__init__()
        self.url, self.answers, self.assessment, self.enough = url, answers, assessment, enough
        self.acknowledged, self.last = 0, None

    def run(self):
        session = psycopg2.connect(self.url, options=LOCK_TIMEOUT)
        chance = random.Random(self.answers)
        while not self.enough.wait(PAUSE_SECONDS):
            value = chance.randrange(10**6)
            try:
                self.save(session, value)
            except (errors.LockNotAvailable, errors.DeadlockDetected):
                session.rollback()
                continue
            self.acknowledged, self.last = self.acknowledged + 1, value
        session.close()

    def save(self, session, value):
        with session, session.cursor() as cursor:
            cursor.execute("SELECT FROM assessments_assessment WHERE id = %s FOR UPDATE", [self.assessment])
            cursor.execute(SAVE, [Json({former.METRIC: {"value": value}}), self.answers])
            cursor.execute(REMEMBER, [self.assessment, Json(value)])


@contextmanager
def saving(url: str):
    """Twenty clients who save until the block ends."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN, [CLIENTS])
        enough = Flag()
        clients = [Client(url, *row, enough) for row in cursor.fetchall()]
    for client in clients:
        client.start()
    try:
        yield clients
    finally:
        enough.set()
        for client in clients:
            client.join()


def upgraded():
    """Migrate as docs/upgrading.md says: what lost the wait for a lock is begun again."""
    for _ in range(TRIES):
        try:
            return call_command("migrate", verbosity=0)
        except OperationalError:
            connection.close()
    raise AssertionError(f"no lock in {TRIES} tries")


def test_an_upgrade_during_work_keeps_rows_chain_and_saves_and_ends_as_a_new_installation(elsewhere, new_installation):
    """R15."""
    executor = MigrationExecutor(connection)
    executor.migrate(former.leaves())
    former.Rows(executor.loader.project_state(former.leaves()).apps, seed=20261122).fill(stations=CLIENTS, quarters=3)
    before = rows()

    with saving(elsewhere) as clients:
        upgraded()

    assert len(clients) == CLIENTS
    assert schema() == new_installation
    every_row_is_kept(before)
    every_save_is_kept(clients)
    assert verifying.verify().is_whole


def test_an_upgrade_from_before_words_and_requests_keeps_what_was_asked_objected_to_and_corrected(
    elsewhere, new_installation
):
    """R15: the same from a state between the two, where tables stand that the former release did not have."""
    executor = MigrationExecutor(connection)
    executor.migrate(former.leaves())
    former.Rows(executor.loader.project_state(former.leaves()).apps, seed=20261122).fill(stations=3, quarters=2)
    executor = MigrationExecutor(connection)
    executor.migrate(former.LaterRows.LEAVES)
    former.LaterRows(executor.loader.project_state(former.LaterRows.LEAVES).apps, seed=5).fill()
    before = rows()

    upgraded()

    assert schema() == new_installation
    every_row_is_kept(before, saved=0)
    assert all(before[columns] for columns in before if columns[0] in LATER)
    assert verifying.verify().is_whole


def every_row_is_kept(before, saved=CLIENTS):
    """In the columns that it had. What the clients saved is another fact, what the log went on with another head."""
    changed = {"assessments_answers": saved, "audit_chain": len(before[HEADS])}
    for (table, columns), kept in before.items():
        gone = kept - rows_of(table, columns)
        assert len(gone) <= changed.get(table, 0), table


def every_save_is_kept(clients):
    with connection.cursor() as cursor:
        for client in clients:
            cursor.execute(STANDS, [client.answers])
            assert cursor.fetchone() == (client.last, client.acknowledged + 1)
            cursor.execute(REMEMBERED, [client.assessment])
            assert cursor.fetchone() == (client.acknowledged,)
    assert sum(client.acknowledged for client in clients) > 0


def test_no_migration_of_the_former_release_was_edited():
    wrong = [
        path
        for path, digest in former.migrations().items()
        if hashlib.sha256((former.ROOT / path).read_bytes()).hexdigest() != digest
    ]
    assert wrong == []
