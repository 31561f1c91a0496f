"""R4, R5: reports are made once each, whatever dies meanwhile, and one that kills its worker blocks no other."""

import hashlib
from random import uniform
from time import monotonic

from .clients import Browser, Tally
from .ledger import Line
from .outage import Ask
from .servers import wait

_MINUTES = 10
_START = 120  # seconds a worker may take until it is at work
_MADE = """
SELECT r.id::text, r.digest, j.state, j.attempts FROM assessments_report r JOIN assessments_job j ON j.id = r.job_id
 WHERE r.requested_by_id = ANY(%s)
"""
# A lease that is nearly whole was taken or renewed in the last two seconds. Nobody kills a third attempt: that such a
# job fails is R5's to show.
_AT_WORK = """
SELECT count(*) > 0 AND max(attempts) < 3 FROM assessments_job
 WHERE created_by_id = ANY(%s) AND state = 'running' AND lease_until > clock_timestamp() + %s * interval '1 s'
"""


def r4(bed, size) -> Line:
    """Everybody asks for one report, three times over, while workers and Redis are killed."""
    line = Line("R4", "no report missing, none double")
    asking = Ask(bed, size.reports)
    bed.start_worker()
    began = monotonic()
    statuses = asking.all(times=3)
    killed = _kill_workers(bed, size, asking)
    done = asking.wait_until_done(_MINUTES * 60 - (monotonic() - began))
    line.seconds = round(monotonic() - began, 1)
    users = [one["user"] for one in asking.people]
    rows = bed.sql(_MADE, users)
    stored = {path.name: path for path in (bed.var / "files" / "reports").rglob("*") if path.is_file()}
    named = {digest for _, digest, _, _ in rows}
    broken = [name for name in named & stored.keys() if hashlib.sha256(stored[name].read_bytes()).hexdigest() != name]
    others = {digest for (digest,) in bed.sql("SELECT digest FROM assessments_report WHERE digest > ''")}
    line.load = f"{size.reports} people, one report each, sent three times"
    line.faults = f"{killed} x worker killed, Redis killed once, flushed once"
    line.measure(asking.tally)
    line.lost, line.wrong, line.double = size.reports - done, len(broken), len(rows) - size.reports
    repeated = sum(attempts > 1 for *_, attempts in rows)
    line.notes.append(f"{done} done in {line.seconds:.0f} s, {repeated} of them in a second attempt; {asking.jobs()}")
    line.require(set(statuses) <= {302}, f"requests answered {sorted(set(statuses))}")
    line.require(repeated, "no kill met a report that was being made")
    line.require(done == size.reports == len(rows), f"{done} done of {size.reports}, {len(rows)} rows")
    line.require(named <= stored.keys(), f"{len(named - stored.keys())} files are missing")
    line.require(not broken, f"{len(broken)} files are not what they are named")
    line.require(stored.keys() <= others, f"{len(stored.keys() - others)} files belong to no report")
    line.require_only(asking.tally, 302, 503)
    bed.worker.end()
    return line


def _kill_workers(bed, size, asking: Ask) -> int:
    """The worker with all its processes, again and again in the middle of a report; Redis twice in between."""
    for stroke in range(size.kills):
        if not _is_at_work(asking):
            return stroke
        wait(uniform(0.2, 1.5))
        bed.worker.kill()
        if stroke == 1:
            bed.redis.kill()
            bed.redis.start()
        if stroke == size.kills - 1:
            bed.redis.flush()
        bed.start_worker()
    return size.kills


def _is_at_work(asking: Ask) -> bool:
    """Wait until a report is being made by a worker that lives; False when none is left to be made."""
    users = [one["user"] for one in asking.people]
    began = monotonic()
    while monotonic() < began + _START and asking.jobs().get("done", 0) < asking.number:
        if asking.bed.sql(_AT_WORK, users, asking.bed.lease - 2)[0][0]:
            return True
        wait(0.2)
    return False


def r5(bed, size) -> Line:
    """One report in English kills every process that makes it; the others are in Chinese."""
    line = Line("R5", "a poisoned job blocks no other")
    poisoned, good = Ask(bed, 1, language="en"), Ask(bed, size.good_jobs)
    bed.start_worker("tests.resilience.poisoned")
    began = monotonic()
    poisoned.all()
    good.all()
    done = good.wait_until_done(300)
    while poisoned.jobs().keys() != {"failed"} and monotonic() < began + 300:
        wait(0.3)
    line.seconds = round(monotonic() - began, 1)
    ((report, digest, state, attempts),) = bed.sql(_MADE, [poisoned.people[0]["user"]])
    page = Browser(bed.port, poisoned.people[0]["session"], Tally()).get(f"/reports/{report}/")
    line.load = f"1 poisoned report, {size.good_jobs} good ones"
    line.faults = "the poisoned one kills its process every time"
    line.lost = size.good_jobs - done
    line.notes.append(f"poisoned: {state} after {attempts} attempts; its owner sees {page.status}")
    line.require(done == size.good_jobs, f"{done} of {size.good_jobs} good ones were made")
    line.require((state, attempts, digest) == ("failed", 3, ""), f"poisoned: {state} after {attempts}")
    line.require(page.status == 200 and b"/retry/" in page.body, "its owner cannot see that it failed")
    bed.worker.end()
    return line
