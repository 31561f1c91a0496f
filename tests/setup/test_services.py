"""bin/services: servers of their own for any command, that never outlive it."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVICES = [sys.executable, str(ROOT / "bin/services")]
PRINT_URLS = "import os; print(os.environ['DATABASE_URL'], os.environ['REDIS_URL'], flush=True)"
THEN_WAIT = PRINT_URLS + "; import signal; signal.pause()"


def run(*arguments: str, **options):
    command = [*SERVICES, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, **options)


@pytest.fixture
def running():
    """A function that starts bin/services with a waiting command; returns the process and the two URLs."""
    started = []

    def start(*options: str):
        process = subprocess.Popen(
            [*SERVICES, *options, "--", sys.executable, "-c", THEN_WAIT], stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        return process, process.stdout.readline().split()

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
        process.wait(60)
        process.stdout.close()


@pytest.fixture
def kept():
    """A folder that PostgreSQL's own account can reach; those of pytest are closed to it under root."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o711)  # noqa: S103
        yield f"{folder}/kept"


def is_up(database_url: str) -> bool:
    try:
        psycopg2.connect(database_url).close()
    except psycopg2.OperationalError:
        return False
    return True


def wait_until_down(database_url: str):
    for _ in range(200):
        if not is_up(database_url):
            return
        signal.sigtimedwait((), 0.1)
    raise AssertionError("PostgreSQL still runs")


def test_the_exit_code_is_the_commands():
    assert run("--", "sh", "-c", "exit 7").returncode == 7


def test_a_missing_command_is_said_plainly():
    refused = run("--", "no-such-program")
    assert refused.returncode == 1
    assert "no-such-program: No such file or directory" in refused.stderr


def test_the_ports_are_not_the_standard_ones(running):
    _, (database, redis) = running()
    assert urlsplit(database).port != 5432
    assert urlsplit(redis).port != 6379


def test_two_runs_side_by_side_have_their_own_servers(running):
    _, first = running()
    _, second = running()
    assert set(first).isdisjoint(second)


def test_the_database_asks_for_its_password(running):
    _, (database, _) = running()
    url = urlsplit(database)
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(host=url.hostname, port=url.port, user=url.username, password="", dbname="stationstd")


def test_the_servers_end_with_the_command(running):
    process, (database, _) = running()
    assert is_up(database)
    process.terminate()
    process.wait(60)
    assert not is_up(database)


def test_the_servers_end_even_when_the_script_is_killed(running):
    process, (database, _) = running()
    process.kill()
    process.wait()
    wait_until_down(database)


def test_kept_data_is_there_at_the_next_start(kept, running):
    process, (database, _) = running("--keep", kept)
    with psycopg2.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE note AS SELECT 42 AS answer")
    connection.close()
    process.terminate()
    process.wait(60)
    _, (database, _) = running("--keep", kept)
    connection = psycopg2.connect(database)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT answer FROM note")
        assert cursor.fetchone() == (42,)
    connection.close()


def test_a_second_start_on_the_same_data_is_refused(kept, running):
    running("--keep", kept)
    refused = run("--keep", kept, "--", "true")
    assert refused.returncode == 1
    assert "already running" in refused.stderr
