"""A PostgreSQL and a Redis of our own that can be crashed, stopped, hung and started again.

They are made of the pieces of bin/services. PostgreSQL writes safely here (fsync, synchronous_commit); Redis keeps no
file, so that killing it loses everything it had.
"""

import importlib.util
import os
import signal
import socket
import sys
from functools import partial
from importlib.machinery import SourceFileLoader
from pathlib import Path
from threading import Event

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bin"))
from processes import dying_with_parent, stop  # noqa: E402  lies beside bin/services

__all__ = ["ROOT", "Postgres", "Redis", "children", "dying_with_parent", "services", "signal_all", "stop", "wait"]


def _services():
    loader = SourceFileLoader("stationstd_services", str(ROOT / "bin" / "services"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


services = _services()
NAME = "stationstd"
_SAFE = ("max_connections=120", "shared_buffers=64MB", "unix_socket_permissions=0700", "fsync=on")


def wait(seconds: float) -> None:
    Event().wait(seconds)


def children(pid: int) -> list[int]:
    """The processes whose parent is `pid`."""
    return [each for each, parent in _parents().items() if parent == pid]


def descendants(pid: int) -> list[int]:
    """`children`, theirs, and so on."""
    parents, found = _parents(), [pid]
    for each in found:
        found += [child for child, parent in parents.items() if parent == each]
    return found[1:]


def _parents() -> dict[int, int]:
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                after_name = (entry / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            parents[int(entry.name)] = int(after_name[1])
    return parents


def signal_all(pids, signum: int) -> None:
    for pid in pids:
        try:
            os.kill(pid, signum)
        except ProcessLookupError:
            continue


class Server:
    """What both have in common: one process that we started, and nobody else's."""

    process, hung = None, ()

    def kill(self) -> None:
        """As a power cut would end it."""
        self.process.kill()
        self.process.wait()

    def hang(self) -> None:
        """Stop it with everything it started in the middle of whatever it does: it takes bytes and never answers."""
        self.hung = [self.process.pid, *descendants(self.process.pid)]
        signal_all(self.hung, signal.SIGSTOP)

    def resume(self) -> None:
        signal_all(self.hung, signal.SIGCONT)
        self.hung = ()


class Postgres(Server):
    """Listens on a free port of 127.0.0.1 with a password made for this run; keeps both over restarts."""

    def __init__(self, folder: Path, account):
        home = services.own_folder(folder, "postgres", account)
        self.data, self.log, self.account = home / "data", home / "postgres.log", account
        self.programs = services.postgres_programs(self.data)
        self.environment = {"PATH": f"{self.programs}:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(home)}
        self.environment |= {n: os.environ[n] for n in ("LD_LIBRARY_PATH",) if n in os.environ}
        self.password = services.initialise(self.programs, self.data, self.environment, account)
        self.port = services.free_port()

    @property
    def url(self) -> str:
        """As the owner of everything."""
        return f"postgres://stationstd:{self.password}@127.0.0.1:{self.port}/{NAME}"

    def start(self) -> None:
        for _ in range(10):  # after a crash its children may still hold the shared memory
            self.process = services.postgres_process(
                self.programs, self.data, self.port, _SAFE, self.environment, self.account
            )
            if services.wait_until(self.is_ready, self.process, self.log):
                return
            wait(0.5)
        raise AssertionError(f"PostgreSQL does not start:\n{self.log.read_text(errors='replace')[-3000:]}")

    def is_ready(self) -> bool:
        return self._client("pg_isready", "-q", "-d", "postgres").returncode == 0

    def create(self) -> None:
        made = self._client("createdb", NAME)
        assert made.returncode == 0, made.stderr

    def stop(self) -> None:
        """As `pg_ctl stop -m fast`."""
        stop(self.process, signal.SIGINT, signal.SIGQUIT)

    def crash(self) -> None:
        """As `pg_ctl stop -m immediate`: the next start recovers from the log."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()

    def _client(self, program, *arguments):
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "stationstd"]
        return services.subprocess.run(
            [self.programs / program, *where, *arguments],
            env=self.environment | {"PGPASSWORD": self.password},
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )


class Redis(Server):
    """Keeps its port and password over restarts and nothing else."""

    def __init__(self, folder: Path, account):
        self.home, self.account = services.own_folder(folder, "redis", account), account
        self.program, self.log = services.redis_program(), self.home / "redis.log"
        self.password, self.port = services.secrets.token_hex(16), services.free_port()

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.process = services.redis_process(self.program, self.home, self.port, self.password, self.log, self.account)
        answers = partial(services.answers_ping, self.port, self.password)
        assert services.wait_until(answers, self.process, self.log), self.log.read_text(errors="replace")[-3000:]

    def stop(self) -> None:
        stop(self.process, signal.SIGTERM)

    def flush(self) -> None:
        """FLUSHALL: what waited in the queues is gone."""
        with socket.create_connection(("127.0.0.1", self.port), 3) as connection:
            connection.sendall(f"AUTH {self.password}\r\nFLUSHALL\r\n".encode())
            assert connection.recv(64).startswith(b"+OK")
