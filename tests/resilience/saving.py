"""R1, R2, R3, R17, R20: what was acknowledged stands, once, in its window, whatever dies meanwhile."""

import random
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

from . import verdict
from .clients import Browser, Crowd, Sheet, Tally, at_once, rest
from .ledger import Line
from .servers import wait

_AFTER = 30.0  # seconds after the last fault within which everybody is served again
_FIGURES = ("video.blind_spots", "staff.officers", "staff.college", "station.residents")


class Quarter:
    """A quarter with its chiefs, and what stood in it before anybody typed."""

    def __init__(self, bed, number: int):
        self.bed, self.tally = bed, Tally()
        made = bed.scene("chiefs", number)
        self.people = made["chiefs"]
        self.sheets = [Sheet(one, self.browser(one)) for one in self.people]
        self.since, self.before = verdict.newest_change(bed), verdict.versions(self.sheets)

    def browser(self, one: dict) -> Browser:
        return Browser(self.bed.port, one["session"], self.tally)

    def judge(self, line: Line) -> None:
        saves = verdict.of_saves(self.bed, self.sheets, self.since, self.before)
        line.lost, line.wrong, line.double = saves.lost, saves.wrong, saves.double
        acked = sum(len(sheet.acked) for sheet in self.sheets)
        line.notes.append(f"{acked} saves acknowledged, {saves.applied} applied, versions add up")
        line.require(saves.is_whole, f"saves: {saves}")

    def confirm_again(self) -> None:
        """As if everybody had just typed the password: acts that bind ask for it after five minutes."""
        users = [one["user"] for one in self.people]
        self.bed.sql("UPDATE personnel_user SET last_login = now() WHERE id = ANY(%s)", users)


def _type(sheet: Sheet, until: float, times: int = 1) -> None:
    sheet.save(random.choice(sheet.metrics), random.randint(0, 150), until=until, times=times)


def r1(bed, size) -> Line:
    """Saves while web workers and both servers are killed."""
    line = Line("R1", "no acknowledged save lost, none wrong")
    quarter = Quarter(bed, size.chiefs)
    began = monotonic()
    give_up = began + size.seconds + 4 * _AFTER
    crowd = Crowd(quarter.sheets, lambda sheet: _type(sheet, give_up), seconds=size.seconds)
    killed = _kill_everything(bed, size)
    last_fault = monotonic()
    crowd.join()
    line.seconds = round(monotonic() - began, 1)
    rounds = at_once(lambda sheet=sheet: _round_after(sheet, give_up) for sheet in quarter.sheets)
    line.recovery = round(_recovered(quarter.tally, last_fault), 1)
    line.load = f"{size.chiefs} chiefs, 1 save/s each, {size.seconds:g} s"
    line.faults = f"{killed} web workers killed in {size.kills} strokes, PostgreSQL crashed once, Redis killed once"
    line.measure(quarter.tally)
    line.notes.append(
        f"{sum(quarter.tally.statuses.values()) / line.seconds:.0f} answers a second; no 200 argon2 logins"
    )
    line.require_only(quarter.tally, 200, 409, 503)
    line.require(all(rounds), "somebody was not served after the faults")
    line.require(line.recovery <= _AFTER * size.slack, f"served again only after {line.recovery} s")
    quarter.judge(line)
    return line


def _kill_everything(bed, size) -> int:
    """All web workers at once, several times; PostgreSQL and Redis in between. How many workers died."""
    killed, pause = 0, size.seconds / (size.kills + 2)
    for stroke in range(size.kills):
        wait(pause)
        killed += bed.web.kill_children()
        if stroke == size.kills // 2:
            bed.redis.kill()
            bed.redis.start()
            wait(pause / 2)
            bed.postgres.crash()
            bed.postgres.start()
    return killed


def _round_after(sheet: Sheet, until: float) -> bool:
    """One more save of everybody: true when it was acknowledged."""
    return sheet.save(sheet.metrics[0], 7, until=until).is_done or sheet.save(sheet.metrics[0], 7, until=until).is_done


def _recovered(tally: Tally, since: float) -> float:
    """Seconds after `since` until the last answer that was none or 5xx."""
    return max((at + took - since for at, status, took in tally.at if status == 0 or status >= 500), default=0.0)


def r2(bed, size) -> Line:
    """Three submits of each chief at once, with a kill in the middle."""
    line = Line("R2", "no double submission")
    quarter = Quarter(bed, size.chiefs)
    began = monotonic()
    acts = [lambda one=one: _submit(quarter.browser(one), one, began + 90) for one in quarter.people for _ in range(3)]
    with ThreadPoolExecutor(1) as beside:
        answers = beside.submit(at_once, acts)
        wait(min(1.0, size.seconds / 10))
        killed = bed.web.kill_children()
        outcomes = answers.result()
    line.seconds = round(monotonic() - began, 1)
    pks = [one["assessment"] for one in quarter.people]
    rows = bed.sql(
        "SELECT count(*), count(DISTINCT assessment_id) FROM assessments_submission WHERE assessment_id = ANY(%s)", pks
    )[0]
    states = bed.sql("SELECT count(*) FROM assessments_assessment WHERE id = ANY(%s) AND state = 'submitted'", pks)[0][
        0
    ]
    events = bed.sql(
        "SELECT count(*) FROM audit_event WHERE action = 'assessment.submit' AND chain = ANY(%s)",
        [f"assessment:{pk}" for pk in pks],
    )[0][0]
    line.load = f"{size.chiefs} chiefs x 3 submits at once"
    line.faults = f"{killed} web workers killed"
    line.measure(quarter.tally)
    line.lost, line.double = size.chiefs - states, rows[0] - rows[1]
    line.notes.append(f"{rows[0]} submissions, {states} submitted, {events} events; {outcomes.count(302)} answers 302")
    line.require_only(quarter.tally, 302, 409, 503)
    line.require((*rows, states, events) == (size.chiefs,) * 4, f"rows {rows}, states {states}, events {events}")
    line.require(set(outcomes) <= {302, 409}, f"outcomes {sorted(set(outcomes))}")
    return line


def _submit(browser: Browser, one: dict, until: float) -> int:
    while True:
        answer = browser.post(
            f"/assessments/{one['assessment']}/submit/", {"round": 1, "declared": "on"}, Accept="application/json"
        )
        if not answer.is_unknown or monotonic() > until:
            browser.close()
            return answer.status
        rest(0.5)


def r3(bed, size) -> Line:
    """Five people of a station on one figure: every accepted write is based on what stood there."""
    line = Line("R3", "no lost update among several writers")
    made, tally, began = bed.scene("writers", size.sheets), Tally(), monotonic()
    since = verdict.newest_change(bed)
    writers = [
        Sheet(sheet, Browser(bed.port, one["session"], tally)) for sheet in made["sheets"] for one in sheet["people"]
    ]
    crowd = Crowd(writers, _race, seconds=min(15, size.seconds), every=0.2)
    crowd.join()
    line.seconds = round(monotonic() - began, 1)
    line.load = f"{len(writers)} writers on {size.sheets} figures, {len(writers) // size.sheets} each"
    line.measure(tally)
    accepted = sum(len(each.acked) for each in writers)
    pks = [sheet["assessment"] for sheet in made["sheets"]]
    broken = bed.sql(_BROKEN_LINKS, pks, _FIGURES[0], since)[0]
    line.lost, line.wrong = accepted - broken[0], broken[1]
    line.notes.append(
        f"{accepted} accepted, {tally.statuses[409]} refused as stale; each change starts from the one before"
    )
    line.require(accepted == broken[0], f"{accepted} accepted, {broken[0]} in the history")
    line.require(broken[1] == 0, f"{broken[1]} changes not based on what stood there")
    line.require(tally.statuses[409] > 0, "nobody was ever late: this was no race")
    line.require_only(tally, 200, 409)
    return line


_BROKEN_LINKS = """
WITH line AS (
    SELECT old, new, lag(new) OVER (PARTITION BY assessment_id ORDER BY id) AS before,
           row_number() OVER (PARTITION BY assessment_id ORDER BY id) AS number
      FROM assessments_answerchange WHERE assessment_id = ANY(%s) AND metric = %s AND layer = 'self' AND id > %s
)
SELECT count(*), count(*) FILTER (WHERE (number > 1 AND old IS DISTINCT FROM before)
                                     OR (new ->> 'n')::int <> (old ->> 'n')::int + 1)
  FROM line
"""


def _race(sheet: Sheet) -> None:
    sheet.save(_FIGURES[0], random.randint(0, 150), until=monotonic() + 30)


def r17(bed, size) -> Line:
    """Saves and submits over the due time, with web servers whose own clock is an hour behind."""
    line = Line("R17", "the due time is the database clock's")
    quarter = Quarter(bed, max(4, size.chiefs // 4))
    bed.web.end()
    bed.start_web("tests.resilience.shifted")
    began, pks = monotonic(), [one["assessment"] for one in quarter.people]
    at_once(lambda sheet=sheet: _type(sheet, began + 60) for sheet in quarter.sheets)
    bed.sql("UPDATE assessments_assessment SET due_at = clock_timestamp() + interval '4 s' WHERE id = ANY(%s)", pks)
    crowd = Crowd(quarter.sheets, lambda sheet: _type(sheet, began + 30), seconds=8, every=0.3)
    crowd.join()
    late = at_once(lambda one=one: _submit(quarter.browser(one), one, began + 60) for one in quarter.people)
    line.seconds = round(monotonic() - began, 1)
    after = bed.sql(
        "SELECT count(*) FROM assessments_answerchange c JOIN assessments_assessment a ON a.id = c.assessment_id"
        " WHERE a.id = ANY(%s) AND c.at > a.due_at",
        pks,
    )[0][0]
    line.load = f"{len(pks)} chiefs saving over their due time"
    line.faults = "the web servers' clock is an hour behind"
    line.measure(quarter.tally)
    quarter.judge(line)
    line.require(after == 0, f"{after} changes after the due time")
    line.require(set(late) == {409}, f"submits after the due time: {sorted(set(late))}")
    line.require(
        all(sheet.acked and sheet.refused for sheet in quarter.sheets), "somebody was never in time or never late"
    )
    line.require_only(quarter.tally, 200, 409)
    bed.web.end()
    bed.start_web()
    return line


def due(bed, size) -> Line:
    """The due time passes while twenty chiefs and more type and hand in."""
    line = Line("due", "what is in time is whole, what is late changes nothing")
    quarter, began = Quarter(bed, max(20, size.chiefs // 4)), monotonic()
    pks = [one["assessment"] for one in quarter.people]
    at_once(lambda sheet=sheet: _type(sheet, began + 60) for sheet in quarter.sheets)
    quarter.confirm_again()
    bed.sql("UPDATE assessments_assessment SET due_at = clock_timestamp() + interval '5 s' WHERE id = ANY(%s)", pks)
    give_up = monotonic() + 60
    typing = Crowd(quarter.sheets, lambda sheet: _type(sheet, give_up), seconds=10, every=0.5)
    answers: list[tuple[int, int]] = []
    handing_in = Crowd(quarter.people, lambda one: _hand_in(quarter, one, answers, give_up), seconds=10, every=2.5)
    typing.join()
    handing_in.join()
    line.seconds = round(monotonic() - began, 1)
    wrong = bed.sql(_AGAINST_THE_CLOCK, pks)[0]
    handed_in = {
        pk for (pk,) in bed.sql("SELECT assessment_id FROM assessments_submission WHERE assessment_id = ANY(%s)", pks)
    }
    told = [pk for pk, status in answers if status == 302]
    line.load = f"{len(pks)} chiefs, 2 saves/s each, who hand in again and again"
    line.faults = "the due time passes"
    line.measure(quarter.tally)
    quarter.judge(line)
    late = len(pks) - len(handed_in)
    line.notes.append(f"{len(handed_in)} handed in in time, {late} too late; {len(answers)} tried")
    line.require(not any(wrong), f"after the due time or the handing in: changes, submissions, states {wrong}")
    line.require(sorted(told) == sorted(handed_in), f"{len(told)} were told so, {len(handed_in)} are handed in")
    line.require(handed_in and any(status == 409 for _pk, status in answers), "nobody in time or nobody late")
    line.require_only(quarter.tally, 200, 302, 409)
    return line


# Changes after the due time or the handing in; submissions after the due time; submitted and none, or the other way.
_AGAINST_THE_CLOCK = """
SELECT count(*) FILTER (WHERE EXISTS (SELECT FROM assessments_answerchange c
                                       WHERE c.assessment_id = a.id AND c.at > least(a.due_at, a.submitted_at))),
       count(*) FILTER (WHERE a.submitted_at > a.due_at),
       count(*) FILTER (WHERE (a.state = 'submitted') <> EXISTS (SELECT FROM assessments_submission s
                                                                  WHERE s.assessment_id = a.id))
  FROM assessments_assessment a WHERE a.id = ANY(%s)
"""


def _hand_in(quarter: Quarter, one: dict, answers: list, until: float) -> None:
    answers.append((one["assessment"], _submit(quarter.browser(one), one, until)))


def r20(bed, size) -> Line:
    """Every write is sent twice, as by a proxy that repeats."""
    line = Line("R20", "every write sent twice takes effect once")
    quarter, began = Quarter(bed, max(4, size.chiefs // 4)), monotonic()
    crowd = Crowd(quarter.sheets, lambda sheet: _type(sheet, began + 60, times=2), seconds=min(10, size.seconds))
    crowd.join()
    submits = at_once(
        lambda one=one: _submit(quarter.browser(one), one, began + 90) for one in quarter.people for _ in "12"
    )
    line.seconds = round(monotonic() - began, 1)
    pks = [one["assessment"] for one in quarter.people]
    rows = bed.sql("SELECT count(*) FROM assessments_submission WHERE assessment_id = ANY(%s)", pks)[0][0]
    line.load = f"{len(pks)} chiefs, each save and each submit twice"
    line.measure(quarter.tally)
    quarter.judge(line)
    line.require(rows == len(pks), f"{rows} submissions of {len(pks)} chiefs")
    line.require(sorted(submits) == [302] * len(pks) + [409] * len(pks), f"submits answered {sorted(submits)}")
    line.require(not any(sheet.refused for sheet in quarter.sheets), "a save was refused")
    line.require_only(quarter.tally, 200, 302, 409)
    return line
