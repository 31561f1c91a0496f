"""R6, R7, R19: what people notice while a server is away, and when the product itself is stopped in good order."""

import threading
from time import monotonic
from uuid import uuid4

from .clients import CUT, IDLE, REFUSED, Browser, Crowd, Tally, at_once
from .ledger import Line
from .saving import Quarter, _type
from .servers import wait

_ANSWERED = 5.0  # seconds within which a refusal comes
_BACK = 10.0  # seconds from the return of the database to service for all
_SMOOTH = 1.0  # p95 while only Redis is away
_TYPING = 10  # seconds between two saves of a person: what two cores carry beside 200 clients on them


def r7(bed, size) -> Line:
    """PostgreSQL stopped, then hanging: refused in time, nothing half done, served again by itself."""
    line = Line("R7", "database away: 503 in time, back by itself")
    number = max(8, size.chiefs // 5)
    quarter, began = Quarter(bed, number), monotonic()
    crowd = Crowd(quarter.sheets, lambda sheet: _type(sheet, 0), seconds=10 * size.stopped + 120, every=1)
    wait(2)
    line.recovery = 0.0
    _away(bed, size, line, quarter, ("stopped", bed.postgres.stop, bed.postgres.start))
    wait(2)
    _away(bed, size, line, quarter, ("hung", bed.postgres.hang, bed.postgres.resume))
    wait(2)
    crowd.stop()
    crowd.join()
    line.seconds = round(monotonic() - began, 1)
    line.load = f"{number} chiefs, 1 save/s each"
    line.faults = f"PostgreSQL stopped {size.stopped:g} s, then hung {size.stopped:g} s"
    line.measure(quarter.tally)
    line.require_only(quarter.tally, 200, 409, 503)
    line.require(quarter.tally.statuses[503] > 0, "nobody was refused: there was no outage")
    # A save that was answered 503 may have been done: what is unknown to its sender is not lost.
    quarter.judge(line)
    return line


def _away(bed, size, line: Line, quarter: Quarter, fault) -> None:
    """One outage; enters into the line how it looked from outside and how long the return took."""
    name, down, up = fault
    down()
    gone = monotonic()
    probes = at_once([lambda: _probe(bed, size.stopped), lambda: wait(size.stopped)])[0]
    back = monotonic()
    up()
    returned = monotonic()
    _wait_for_all(quarter, returned, _BACK * size.slack + 5)
    seen = [(at, status, took) for at, status, took in list(quarter.tally.at) if gone <= at < back]
    during = [each for each in seen if each[0] + each[2] < back]
    slowest = max((took for _, _, took in seen), default=0.0)
    recovery = _recovery(quarter, returned)
    line.recovery = round(max(line.recovery, recovery), 1)
    line.notes.append(f"{name}: {len(during)} answers, the slowest after {slowest:.2f} s; back after {recovery:.1f} s")
    line.require(during, f"{name}: nobody asked")
    statuses = {status for _, status, _ in during}
    line.require(statuses <= {503}, f"{name}: answered {sorted(statuses)}")
    line.require(slowest < _ANSWERED * size.slack, f"{name}: an answer took {slowest:.1f} s")
    line.require(recovery <= _BACK * size.slack, f"{name}: served again only after {recovery:.1f} s")
    line.require(probes["/healthz"] == {200}, f"{name}: /healthz {probes['/healthz']}")
    line.require(probes["/readyz"] == {503}, f"{name}: /readyz {probes['/readyz']}")


def _probe(bed, seconds: float) -> dict[str, set[int]]:
    found, until = {"/healthz": set(), "/readyz": set()}, monotonic() + seconds - 1
    while monotonic() < until:
        for path, statuses in found.items():
            statuses.add(bed.status(path))
        wait(0.5)
    return found


def _wait_for_all(quarter: Quarter, since: float, patience: float) -> None:
    """Until every chief has had a save acknowledged since then, or patience ends."""
    while monotonic() < since + patience:
        if all(sheet.last_done > since for sheet in quarter.sheets):
            return
        wait(0.1)


def _recovery(quarter: Quarter, since: float) -> float:
    """Seconds until the last of the 503 and, for the slowest chief, the first acknowledged save."""
    first = {}
    for at, status, took in list(quarter.tally.at):
        if at + took > since and status == 503:
            first["late"] = max(first.get("late", 0.0), at + took - since)
    done = [sheet.first_done_after(since) for sheet in quarter.sheets]
    return max([first.get("late", 0.0), *(each - since for each in done)])


def r6(bed, size) -> Line:
    """Redis gone, then hanging: saves, submits, logins and requests for reports as usual; reports made afterwards."""
    line = Line("R6", "Redis away is no outage")
    bed.start_worker()
    quarter, asking = Quarter(bed, max(8, size.chiefs)), Ask(bed, max(4, size.reports // 20))
    submits, logins, began, calm = Tally(), Tally(), monotonic(), size.redis_stopped / 4
    newcomers = bed.scene("logins", max(2, size.logins // 20))
    half = len(quarter.sheets) // 2
    crowd = Crowd(quarter.sheets, lambda sheet: _type(sheet, 0), seconds=calm + size.redis_stopped, every=_TYPING)
    wait(calm)
    gone = monotonic()
    bed.redis.kill()
    wait(size.redis_stopped / 4)
    bed.redis.start()
    bed.redis.hang()
    statuses = asking.all()
    entered = [_login(bed, name, newcomers["password"], logins) for name in newcomers["names"]]
    crowd.join()
    submitted = [_submit_once(bed, one, submits) for one in quarter.people[:half]]
    bed.redis.resume()
    returned = monotonic()
    done = asking.wait_until_done(120)
    line.recovery = round(monotonic() - returned, 1)
    line.seconds = round(monotonic() - began, 1)
    line.load = (
        f"{len(quarter.sheets)} chiefs, a save every {_TYPING} s; {half} submits; {len(entered)} logins; "
        f"{asking.number} reports asked for"
    )
    line.faults = f"Redis away {size.redis_stopped:g} s and longer: first killed, then hung"
    line.measure(quarter.tally)
    line.notes.append(f"save with Redis there: p95 {quarter.tally.percentile(0.95, until=gone):.2f} s")
    waits = {
        "save": quarter.tally.percentile(0.95, since=gone),
        "submit": submits.percentile(0.95),
        "login": logins.percentile(0.95),
        "request a report": asking.tally.percentile(0.95),
    }
    for name, seconds in waits.items():
        line.notes.append(f"{name}: p95 {seconds:.2f} s")
        line.require(seconds < _SMOOTH * size.slack, f"{name}: p95 {seconds:.2f} s")
    line.require(set(entered) == {302}, f"logins answered {sorted(set(entered))}")
    line.require(set(submitted) <= {302}, f"submits answered {sorted(set(submitted))}")
    line.require(set(statuses) <= {302}, f"requests for reports answered {sorted(set(statuses))}")
    line.require(done == asking.number, f"{done} of {asking.number} reports were made within 120 s")
    line.require_only(quarter.tally, 200)
    quarter.judge(line)
    bed.worker.end()
    return line


def _login(bed, name: str, password: str, tally: Tally) -> int:
    browser = Browser(bed.port, "", tally)
    answer = browser.post("/login/", {"username": name, "password": password})
    browser.close()
    return answer.status


def _submit_once(bed, one: dict, tally: Tally) -> int:
    browser = Browser(bed.port, one["session"], tally)
    answer = browser.post(
        f"/assessments/{one['assessment']}/submit/", {"round": 1, "declared": "on"}, Accept="application/json"
    )
    browser.close()
    return answer.status


class Ask:
    """People who ask for one report each, and what became of it."""

    def __init__(self, bed, number: int, language: str = "zh-hans"):
        self.bed, self.number, self.tally, self.language = bed, number, Tally(), language
        made = bed.scene("askers", number)
        self.people, self.period, self.stations = made["people"], made["period"], made["stations"]
        self.forms = [self._form() for _ in self.people]

    def _form(self) -> dict:
        words = {"kind": "comparative", "period": self.period, "a": self.stations, "language": self.language}
        return words | {"op_id": str(uuid4())}

    def all(self, times: int = 1) -> list[int]:
        """Everybody asks, `times` times with the same words; the statuses."""
        pairs = [pair for pair in zip(self.people, self.forms, strict=True) for _ in range(times)]
        found = []
        for start in range(0, len(pairs), 16):
            found += at_once(lambda pair=pair: self._ask(*pair) for pair in pairs[start : start + 16])
        return found

    def _ask(self, one: dict, form: dict) -> int:
        browser = Browser(self.bed.port, one["session"], self.tally)
        answer = browser.post("/reports/", form, Accept="application/json")
        browser.close()
        return answer.status

    def jobs(self) -> dict[str, int]:
        """How many of their jobs are in which state."""
        users = [one["user"] for one in self.people]
        query = "SELECT state, count(*) FROM assessments_job WHERE created_by_id = ANY(%s) GROUP BY state"
        return dict(self.bed.sql(query, users))

    def wait_until_done(self, patience: float) -> int:
        until = monotonic() + patience
        while monotonic() < until and self.jobs().get("done", 0) < self.number:
            wait(0.3)
        return self.jobs().get("done", 0)


def r19(bed, size) -> Line:
    """Web and worker told to stop while people save and reports are made."""
    line = Line("R19", "a graceful stop cuts nobody off")
    bed.start_worker()
    asking = Ask(bed, max(2, size.reports // 20))
    quarter, began = Quarter(bed, max(8, size.chiefs // 5)), monotonic()
    give_up = began + 40 * size.kills + 60
    asking.all()
    crowd = Crowd(quarter.sheets, lambda sheet: _type(sheet, give_up), seconds=40 * size.kills, every=1)
    stops = []
    for _ in range(size.kills):
        wait(2)
        stops += [_stopped(bed.web), _stopped(bed.worker)]
        bed.start_web()
        bed.start_worker()
    crowd.stop()
    crowd.join()
    done = asking.wait_until_done(120)
    line.seconds = round(monotonic() - began, 1)
    line.load = f"{len(quarter.sheets)} chiefs, 1 save/s each; {asking.number} reports"
    line.faults = f"{size.kills} x SIGTERM to web and worker"
    line.measure(quarter.tally)
    hows = quarter.tally.hows
    line.notes.append(
        f"cut in the middle {hows[CUT]}; kept connection closed {hows[IDLE]}; nobody there {hows[REFUSED]}"
    )
    line.notes.append(f"slowest stop {max(stops):.1f} s; {done} of {asking.number} reports made")
    line.require(hows[CUT] == 0, f"{hows[CUT]} requests were cut in the middle")
    line.require(max(stops) <= 30 * size.slack, f"a stop took {max(stops):.0f} s")
    line.require(done == asking.number, f"{done} of {asking.number} reports were made")
    line.require_only(quarter.tally, 200)
    quarter.judge(line)
    bed.worker.end()
    return line


def _stopped(program) -> float:
    """Seconds from SIGTERM to its end."""
    began = monotonic()
    program.end()
    return monotonic() - began


def storm(bed, size) -> Line:
    """Everybody logs in at once, with real passwords."""
    line = Line("login", "everybody logs in at nine")
    made, tally, began = bed.scene("logins", size.logins), Tally(), monotonic()
    gate = threading.Semaphore(64)

    def login(name: str) -> int:
        with gate:
            return _login(bed, name, made["password"], tally)

    statuses = at_once(lambda name=name: login(name) for name in made["names"])
    line.seconds = round(monotonic() - began, 1)
    line.load = f"{size.logins} logins at once"
    line.measure(tally)
    line.notes.append(f"{size.logins / line.seconds:.1f} logins a second; argon2id 19 MiB, t=2, p=1")
    line.require(set(statuses) == {302}, f"answers {sorted(set(statuses))}")
    return line
