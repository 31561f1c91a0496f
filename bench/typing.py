"""python -m bench.typing: twenty people fill in at once; how long each waits for the points while typing.

A web server as in production (gunicorn.conf.py) on this machine, the demonstration's stations, and clients that do what
the page's script does: a preview 0.35 s after a key, a save on leaving the field, then the next field. The clock is
asked, so this wants a quiet machine; the clients' own work is in the figures.
"""

import argparse
import contextlib
import http.client
import io
import socket
import subprocess
import sys
import threading
from collections import Counter
from statistics import quantiles
from time import monotonic, sleep

from . import nation
from .measure import Board, Goal
from .pages import TOKEN, Filling, Visitor

WARM = 10  # seconds before anything counts
GLANCE, LEAVING = 0.35, 0.6  # seconds: until the points are tried, and from then until the field is left


class Person(threading.Thread):
    """One person at one sheet, with a field of their own."""

    def __init__(self, port: int, sheet: Filling, cookies: str, metric: str, since: float, until: float, pause: float):
        super().__init__(daemon=True)
        self.port, self.sheet, self.cookies, self.metric = port, sheet, cookies, metric
        self.since, self.until, self.pause = since, until, pause
        self.waited: dict[str, list[float]] = {"preview": [], "save": []}
        self.answers: list[int] = []

    def run(self) -> None:
        sleep(self.pause * (hash(self.metric + self.cookies) % 97) / 97)  # nobody begins with the others
        while monotonic() < self.until:
            sleep(GLANCE)
            self._send("preview", self.sheet.previewing, self.sheet.typed)
            sleep(LEAVING)
            self._send("save", self.sheet.saving, self.sheet.next_save(self.metric))
            sleep(self.pause)

    def _send(self, name: str, path: str, body: bytes) -> None:
        headers = {
            "Cookie": self.cookies,
            "X-CSRFToken": TOKEN,
            "HX-Request": "true",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        began = monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        self.answers.append(answer.status)
        if began > self.since:
            self.waited[name].append(monotonic() - began)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.typing", description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--pause", type=float, default=1.5, help="seconds between two fields of one person")
    parser.add_argument("--check", action="store_true", help="exit code 1 where the goal is missed")
    options = parser.parse_args()
    nation.with_database("bench.typing")
    people = _prepared(options)
    with _web() as port:
        since = monotonic() + WARM  # each process of the server has imported and rendered everything once
        threads = [Person(port, *person, since, since + options.seconds, options.pause) for person in people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return _told(threads, options)


def _prepared(options) -> list[tuple[Filling, str, str]]:
    """(sheet, cookies, metric) of each person; where the stations do not suffice, two have one sheet and two fields."""
    from django.core.management import call_command

    from assessments import closing
    from assessments.models import Assessment
    from personnel.models import User

    call_command("load_demo", verbosity=0, stdout=io.StringIO())
    running = [a for a in Assessment.objects.with_places() if closing.why(a) is None]
    sheets = [(Filling.of(assessment), assessment.station) for assessment in running]
    sheets = [(sheet, station) for sheet, station in sheets if _questions(sheet)]
    print(f"{options.people} people at {len(sheets)} sheets, {options.seconds:.0f} s")
    people = []
    for number in range(options.people):
        sheet, station = sheets[number % len(sheets)]
        metrics = _questions(sheet)
        clerk = User.objects.create(username=f"typing{number}", name=str(number), role="clerk", station=station)
        people.append((sheet, Visitor(clerk.username).cookies, metrics[number // len(sheets) % len(metrics)]))
    return people


def _questions(sheet: Filling) -> list[str]:
    """What is answered with yes or no and may be changed."""
    return [f.metric.code for f in sheet.figures if f.metric.kind == "yes_no" and not f.is_locked]


@contextlib.contextmanager
def _web():
    """The web server on a free port of this machine's loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "stationstd.wsgi", "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, cwd=nation.ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def _told(threads: list[Person], options) -> int:
    board = Board()
    statuses = Counter(status for thread in threads for status in thread.answers)
    waited = {name: sorted(ms for thread in threads for ms in thread.waited[name]) for name in ("preview", "save")}
    for name, seconds in waited.items():
        p95 = quantiles(seconds, n=20)[-1] * 1000
        print(f"{name}: {len(seconds)} answers, median {quantiles(seconds, n=2)[0] * 1000:.0f} ms", flush=True)
        board.tell(f"{name} p95, {options.people} people", p95, Goal(most=100 if name == "preview" else None), " ms")
    print("answers:", ", ".join(f"{count} × {status}" for status, count in sorted(statuses.items())))
    board.tell("answers other than 200", statuses.total() - statuses[200], Goal(most=0))
    return 1 if options.check and board.missed else 0


if __name__ == "__main__":
    sys.exit(main())
