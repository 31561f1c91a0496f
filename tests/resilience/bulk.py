"""Acts that write much at once: a sheet brought in, a quarter carried forward. All of it or nothing, and once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic
from uuid import uuid4

from .clients import Browser, Tally, at_once, rest
from .ledger import Line
from .servers import wait

_PATIENCE = 120.0  # seconds until somebody who got no answer gives up
_MOST_AT_ONCE = 4  # of them held up by the database, whatever its connections
_HELD_UP = 20.0  # seconds until a request has reached the table that it waits for
_CHANGES = "SELECT op_id::text, metric, (new ->> 'v')::float FROM assessments_answerchange WHERE op_id::text = ANY(%s)"
_FILES = """
SELECT e.assessment_id, count(*), count(DISTINCT e.digest),
       (SELECT count(*) FROM audit_event v
         WHERE v.action = 'evidence.reuse' AND v.chain = 'assessment:' || e.assessment_id)
  FROM assessments_evidence e WHERE e.assessment_id = ANY(%s) AND e.removed_at IS NULL GROUP BY e.assessment_id
"""
_STANDS = """
SELECT f.key, (f.value ->> 'v')::float, (f.value ->> 'n')::int
  FROM assessments_answers, jsonb_each(facts) f WHERE assessment_id = %s AND layer = 'self'
"""


@dataclass
class Sending:
    """One act of one chief: where it goes, what is sent, and {metric: value} that it has to write."""

    one: dict
    path: str
    form: dict
    writes: dict[str, float]

    @property
    def op_id(self) -> str:
        return self.form["op_id"]


def bulk(bed, size) -> Line:
    """Both acts of everybody, held up in the middle, there the web workers are killed; sent again until answered."""
    line = Line("bulk", "many figures in one act: all or nothing, once")
    people, tally, began = bed.scene("carriers", max(6, size.chiefs // 4))["chiefs"], Tally(), monotonic()
    killed = _strike(bed, line, "assessments_evidence", [_carrying(one) for one in people], tally)
    before = {one["assessment"]: _stands(bed, one) for one in people}
    killed += _strike(bed, line, "assessments_answerchange", [_bringing(bed, one) for one in people], tally)
    line.seconds = round(monotonic() - began, 1)
    line.load = f"{len(people)} chiefs, each carries forward and brings a sheet in, all at once"
    line.faults = f"{killed} web workers killed while the database held the acts up"
    line.measure(tally)
    _judge_files(bed, line, people)
    versions = [(_stands(bed, one), before[one["assessment"]]) for one in people]
    once = all(now[m][1] == then[m][1] + 1 for now, then in versions for m in then)
    line.require(once, "a figure was written more or less than once")
    line.require(tally.hows["cut"], "no kill met a request")
    line.require_only(tally, 302, 503)
    return line


def _strike(bed, line: Line, table: str, sendings: list[Sending], tally: Tally) -> int:
    """Nothing is there while they are held up, all of it once they are answered, and no more when sent once more."""
    acts: list[Callable] = [lambda each=each: _send(bed, each, tally) for each in sendings]
    with ThreadPoolExecutor(1) as beside:
        with bed.holding(table) as waiting:
            answers, until = beside.submit(at_once, acts), monotonic() + _HELD_UP
            while waiting() < min(_MOST_AT_ONCE, len(acts)) and monotonic() < until:
                wait(0.1)
            line.require(waiting(), f"nobody waited for {table}")
            killed, halves = bed.web.kill_children(), _written(bed, sendings)
        first = answers.result()
    line.require(not halves, f"{table}: there while it was held up: {halves}")
    _judge_figures(bed, line, table, sendings)
    again = at_once(acts)
    line.require(set(first) == set(again) == {302}, f"{table}: answered {sorted({*first, *again})}")
    _judge_figures(bed, line, table, sendings)
    return killed


def _judge_figures(bed, line: Line, table: str, sendings: list[Sending]) -> None:
    wanted = {(each.op_id, metric): [value] for each in sendings for metric, value in each.writes.items()}
    done = _written(bed, sendings)
    line.lost = (line.lost or 0) + len(wanted.keys() - done.keys())
    line.wrong = (line.wrong or 0) + sum(values[-1:] != wanted.get(key) for key, values in done.items())
    line.double = (line.double or 0) + sum(len(values) - 1 for values in done.values())
    line.require(done == wanted, f"{table}: not what was sent")


def _send(bed, sending: Sending, tally: Tally) -> int:
    """Under one op_id until it is answered."""
    until = monotonic() + _PATIENCE
    while True:
        browser = Browser(bed.port, sending.one["session"], tally)
        answer = browser.post(sending.path, sending.form, Accept="application/json")
        browser.close()
        if not answer.is_unknown or monotonic() > until:
            return answer.status
        rest(0.5)


def _written(bed, sendings: list[Sending]) -> dict[tuple, list[float]]:
    """{(op_id, metric): every value that was written under it}."""
    found: dict[tuple, list[float]] = {}
    for op_id, metric, value in bed.sql(_CHANGES, [each.op_id for each in sendings]):
        found.setdefault((op_id, metric), []).append(value)
    return found


def _carrying(one: dict) -> Sending:
    form = {"op_id": str(uuid4()), "dimension": ""}
    form |= {f"carry.{metric}": text for metric, text in one["shown"].items()}
    form |= {f"file.{key}": "on" for key in one["files"]}
    writes = {metric: float(text) for metric, text in one["shown"].items()}
    return Sending(one, f"/assessments/{one['assessment']}/carry/", form, writes)


def _bringing(bed, one: dict) -> Sending:
    """Every figure one more than it was, questions answered with no."""
    stands = _stands(bed, one)
    writes = {metric: 0.0 if value == 1 else value + 1 for metric, (value, _version) in stands.items()}
    form = {"op_id": str(uuid4()), "round": 1}
    form |= {f"value.{metric}": f"{value:.0f}" for metric, value in writes.items()}
    form |= {f"take.{metric}": version for metric, (_value, version) in stands.items()}
    return Sending(one, f"/assessments/{one['assessment']}/offline/apply/", form, writes)


def _stands(bed, one: dict) -> dict[str, tuple[float, int]]:
    return {metric: (value, version) for metric, value, version in bed.sql(_STANDS, one["assessment"])}


def _judge_files(bed, line: Line, people: list[dict]) -> None:
    wanted = {one["assessment"]: (len(one["files"]),) * 3 for one in people}
    found = {pk: tuple(counts) for pk, *counts in bed.sql(_FILES, list(wanted))}
    line.require(found == wanted, f"files: {found}, not {wanted}")
