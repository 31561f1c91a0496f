"""The whole product on servers of its own: web, worker with beat, PostgreSQL, Redis. Nothing of it outlives the bed."""

import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg2

from .servers import ROOT, Postgres, Redis, children, dying_with_parent, services, signal_all, stop, wait

START_SECONDS = 90
STOP_SECONDS = 30  # what a graceful stop may take


# The socket as descriptor 3, and a word to the program that it is there.
_AS_SYSTEMD = 'exec 3<&"$1"; shift; LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"'

_WAITING = "SELECT count(*) FROM pg_locks WHERE relation = %s::regclass AND NOT granted"


class Program:
    """A process of the product in a session of its own, with its log; can be killed and started again."""

    def __init__(self, name: str, folder: Path):
        self.log, self.process = folder / f"{name}.log", None

    def start(self, environment: dict[str, str], *command: str, listener: int | None = None) -> None:
        """`python -m command`; a listening socket is handed over as systemd does."""
        handed = () if listener is None else ("bash", "-c", _AS_SYSTEMD, "bash", str(listener))
        with open(self.log, "ab") as output:
            self.process = subprocess.Popen(
                [*handed, sys.executable, "-m", *command],
                pass_fds=() if listener is None else (listener,),
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=dying_with_parent(signal.SIGTERM),
            )

    def kill(self) -> None:
        """SIGKILL for it and all it started."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def kill_children(self) -> int:
        """SIGKILL for the processes it started; how many they were. It starts others."""
        found = children(self.process.pid)
        signal_all(found, signal.SIGKILL)
        return len(found)

    def end(self) -> None:
        if self.process and self.process.poll() is None:
            stop(self.process, signal.SIGTERM, signal.SIGQUIT, patience=STOP_SECONDS)

    def tail(self) -> str:
        return self.log.read_text(errors="replace")[-3000:]


class Bed:
    """Use as `with bed() as bed`. `sql` asks the database as its owner, past the product."""

    def __init__(self, folder: Path, account, lease: int):
        self.folder, self.token, self.lease = folder, uuid4().hex, lease
        self.postgres, self.redis = Postgres(folder, account), Redis(folder, account)
        # Ours, as it is systemd's: who comes while the web server restarts waits here.
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
        self.port = self.listener.getsockname()[1]
        self.var = folder / "var"
        self.web = Program("web", folder)
        self.worker = Program("worker", folder)
        self.app_url = ""
        self.turns = itertools.count(1)

    @property
    def environment(self) -> dict[str, str]:
        """Of web and worker: the role that owns nothing, a short lease, one thread for NumPy."""
        inherited = {name: value for name, value in os.environ.items() if name != "PYTEST_XDIST_WORKER"}
        return inherited | {
            "DJANGO_SETTINGS_MODULE": "stationstd.settings",
            "STATIONSTD_ENV": "demo",
            "STATIONSTD_VAR": str(self.var),
            "DATABASE_URL": self.app_url or self.postgres.url,
            "REDIS_URL": self.redis.url,
            "JOB_LEASE_SECONDS": str(self.lease),
            "OPENBLAS_NUM_THREADS": "1",
            "WEB_PROCESSES": "2",
            "MONITORING_ADDRESSES": "127.0.0.1",
            "STATIONSTD_BED": self.token,
        }

    def start(self) -> None:
        self.redis.start()
        self.postgres.start()
        self.postgres.create()
        self.var.mkdir(exist_ok=True)
        made = self.scene("prepared", 0)
        url = urlsplit(self.postgres.url)
        place = url.netloc.rpartition("@")[2]
        self.app_url = urlunsplit(url._replace(netloc=f"{made['role']}:{made['password']}@{place}"))
        self.start_web()

    def start_web(self, application: str = "stationstd.wsgi") -> None:
        """Until it answers; another application for one whose clock is wrong."""
        self.web.start(self.environment, "gunicorn", application, listener=self.listener.fileno())
        for _ in range(START_SECONDS * 10):
            if self.status("/healthz") == 200:
                return
            assert self.web.process.poll() is None, self.web.tail()
            wait(0.1)
        raise AssertionError(f"the web server does not answer:\n{self.web.tail()}")

    def start_worker(self, application: str = "stationstd") -> None:
        """With beat; another application for one that is poisoned."""
        schedule = str(self.folder / "celerybeat-schedule")
        options = ("--beat", "--schedule", schedule, "--concurrency", "2", "--loglevel", "INFO")
        self.worker.start(self.environment, "celery", "-A", application, "worker", *options)

    def status(self, path: str) -> int:
        """The status of a GET; 0 when there is no answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status
        except URLError as error:
            return getattr(error, "code", 0)
        except OSError:
            return 0

    def scene(self, what: str, number: int) -> dict:
        """What tests/resilience/scene.py made, done as the owner."""
        command = [sys.executable, "-m", "tests.resilience.scene", what, str(number), str(next(self.turns))]
        owner = {"DATABASE_URL": self.postgres.url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        return json.loads(self._run(command, owner))

    def manage(self, *arguments: str) -> subprocess.CompletedProcess:
        """`manage.py …` with the rights of the product."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def _run(self, command, variables) -> str:
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment | variables, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def sql(self, query: str, *parameters) -> list[tuple]:
        connection = psycopg2.connect(self.postgres.url)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(query, parameters)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    @contextmanager
    def holding(self, table: str):
        """Whoever writes to `table` waits in the database until the block ends; yields what says how many do now."""
        connection = psycopg2.connect(self.postgres.url)
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")
            yield lambda: self.sql(_WAITING, table)[0][0]
        finally:
            connection.close()

    def end(self) -> None:
        for program in (self.worker, self.web):
            program.end()
        for server in (self.postgres, self.redis):
            if server.process and server.process.poll() is None:
                server.stop()
        self.listener.close()

    def mend(self) -> None:
        """Bring back what a scenario that broke off may have left stopped."""
        self.worker.end()
        for server in (self.postgres, self.redis):
            server.resume()
            if server.process.poll() is not None:
                server.start()
        self.web.end()
        self.start_web()

    def left(self) -> list[str]:
        """Processes of this bed that still run: they carry its mark or stand in its folder."""
        return [line for line in map(self._mine, Path("/proc").iterdir()) if line]

    def _mine(self, entry: Path) -> str:
        if not entry.name.isdigit() or entry.name == str(os.getpid()):
            return ""
        with suppress(OSError):
            marked = f"STATIONSTD_BED={self.token}".encode() in (entry / "environ").read_bytes()
            if marked or os.readlink(entry / "cwd").startswith(str(self.folder)):
                return f"{entry.name} {(entry / 'cmdline').read_bytes().decode(errors='replace')}"
        return ""


@contextmanager
def bed(lease: int = 15):
    """A running bed without a worker, jobs leased for so many seconds; at its end no process of it is left."""
    account = services.server_account()
    with services.workspace(None, account) as folder:
        made = Bed(folder, account, lease)
        try:
            made.start()
            yield made
        finally:
            made.end()
        left = made.left()
        assert not left, f"left behind: {left}"
