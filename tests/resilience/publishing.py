"""R21: what is published is one state of all facts, although reviewers work until the last moment."""

import queue
from time import monotonic
from uuid import uuid4

from .clients import Browser, Crowd, Tally, rest
from .ledger import Line

_CRITERIA = (
    "zones.service",
    "zones.video_linked",
    "zones.blind_spots",
    "staffing.load",
    "staffing.strength",
    "staffing.college",
)
_WHOLE = """
SELECT count(*),
       count(*) FILTER (WHERE s.total <> (SELECT coalesce(sum(p), 0) FROM unnest(s.points) p)),
       count(*) FILTER (WHERE o.rate IS DISTINCT FROM s.rate),
       count(*) FILTER (WHERE a.state <> 'published')
  FROM assessments_officialrank o
  JOIN assessments_publication u ON u.id = o.publication_id
  JOIN assessments_assessment a ON a.id = o.assessment_id
  LEFT JOIN assessments_score s ON s.assessment_id = a.id AND s.layer = 'confirmed'
 WHERE u.period_id = %s
"""
_LATE = """
SELECT count(*) FROM assessments_answerchange c
  JOIN assessments_assessment a ON a.id = c.assessment_id
  JOIN assessments_publication u ON u.period_id = a.period_id
 WHERE a.period_id = %s AND c.at > u.published_at
"""


def r21(bed, size) -> Line:
    """Ten reviewers change, accept, finish and confirm while an eleventh tries to publish all the time."""
    line = Line("R21", "what is published is one state of all facts")
    made, tally, began = bed.scene("reviewers", size.reviewed), Tally(), monotonic()
    waiting = queue.SimpleQueue()
    for sheet in made["sheets"]:
        waiting.put(sheet)
    *reviewers, publisher = made["people"]
    crowd = Crowd(reviewers, lambda one: _review_all(bed, one, waiting, tally), seconds=0.5, every=1)
    attempts = _publish(bed, made, publisher, began + 120)
    crowd.join()
    late = [_change(Browser(bed.port, reviewers[0]["session"], tally), sheet, 1) for sheet in made["sheets"]]
    line.seconds = round(monotonic() - began, 1)
    ranked, sums, rates, states = bed.sql(_WHOLE, made["period"])[0]
    changed_late = bed.sql(_LATE, made["period"])[0][0]
    replayed = bed.manage("replay")
    line.load = f"{size.reviewed} stations, 10 reviewers, 1 person publishing"
    line.measure(tally)
    line.wrong, line.double = sums + rates + states + changed_late, attempts.count(302) - 1
    line.notes.append(
        f"tried {len(attempts)} times, published once; {ranked} ranked; replay exits {replayed.returncode}"
    )
    line.require(attempts.count(302) == 1, f"publishing was answered {sorted(set(attempts))}")
    line.require(ranked == size.reviewed, f"{ranked} of {size.reviewed} are ranked")
    line.require(not line.wrong, f"totals {sums}, rates {rates}, states {states}, late changes {changed_late}")
    line.require(set(late) == {409}, f"changes after publication were answered {sorted(set(late))}")
    line.require(replayed.returncode == 0, f"replay: {replayed.stdout[-300:]}{replayed.stderr[-300:]}")
    line.require_only(tally, 200, 302, 409)
    return line


def _review_all(bed, one: dict, waiting, tally: Tally) -> None:
    browser = Browser(bed.port, one["session"], tally)
    while True:
        try:
            sheet = waiting.get_nowait()
        except queue.Empty:
            return
        at = f"/assessments/{sheet['assessment']}"
        _change(browser, sheet, 0)
        browser.post(f"{at}/verify/accept/", {"criterion": list(_CRITERIA), "round": 1})
        browser.post(f"{at}/verified/", {"round": 1})
        browser.post(f"{at}/confirm/", {"round": 1})


def _change(browser: Browser, sheet: dict, version: int) -> int:
    words = {
        "metric": "staff.officers",
        "value": 6,
        "state": "answered",
        "reason": "现场核查。",
        "item": "staffing.load",
    }
    form = words | {"version": version, "round": 1, "op_id": str(uuid4())}
    return browser.post(f"/assessments/{sheet['assessment']}/verify/change/", form).status


def _publish(bed, made: dict, publisher: dict, until: float) -> list[int]:
    """The answers to every attempt, until one is done and one more was made after it."""
    browser, found = Browser(bed.port, publisher["session"], Tally()), []
    while found.count(302) < 1 and monotonic() < until:
        found.append(_try(bed, browser, made))
        rest(0.05)
    return [*found, _try(bed, browser, made)]


def _try(bed, browser: Browser, made: dict) -> int:
    return browser.post(f"/periods/{made['period']}/publish/", {"bureau": made["bureau"], "sure": "yes"}).status
