"""Start real Celery workers against the database and the Redis of this test run."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
ALONE = ("--without-mingle", "--without-gossip")  # nobody to greet: a second less at start and end


class Worker:
    """A `celery worker` process. `end()` stops it in good order, `kill()` as a power cut would."""

    def __init__(self, log: Path, *options: str):
        self.log, variables = log, environment()
        self.database_url = variables["DATABASE_URL"]
        command = [sys.executable, "-m", "celery", "-A", "stationstd", "worker", "--loglevel=INFO"]
        with open(log, "wb") as output:
            self.process = subprocess.Popen(
                [*command, *ALONE, *options],
                cwd=ROOT,
                env=variables,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._wait_until_ready()

    def _wait_until_ready(self):
        for _ in range(START_SECONDS * 10):
            if b" ready." in self.log.read_bytes():
                return
            try:
                self.process.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
            break
        raise AssertionError(f"the worker did not start:\n{self.log.read_text()[-3000:]}")

    def kill(self):
        """SIGKILL for the worker and its children."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()


def environment() -> dict[str, str]:
    """The environment of a process that works on the test database instead of the one it was copied from."""
    url = urlsplit(os.environ["DATABASE_URL"])
    test_database = urlunsplit(url._replace(path="/" + connection.settings_dict["NAME"]))
    return os.environ | {"DATABASE_URL": test_database, "DJANGO_SETTINGS_MODULE": "tests.settings"}
