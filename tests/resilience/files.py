"""R9: what was handed in as evidence is whole, whatever dies during the upload."""

import hashlib
import io
import os
import queue
from time import monotonic

import pikepdf

from .clients import Browser, Crowd, Tally, rest
from .ledger import Line
from .servers import wait

_CRITERION = "zones.service"
_AT_ONCE = 8


def r9(bed, size) -> Line:
    """Uploads of several megabytes while the web workers are killed; each that was done is sent once more."""
    line = Line("R9", "no evidence without its file, whole")
    people, tally = bed.scene("chiefs", max(2, size.uploads // 10))["chiefs"], Tally()
    files, began = [_pdf(size.megabytes) for _ in range(size.uploads)], monotonic()
    waiting = queue.SimpleQueue()
    for number, content in enumerate(files):
        waiting.put((number, people[number % len(people)], content))
    done: list[int] = []
    lanes = Crowd(range(_AT_ONCE), lambda _: _send(bed, waiting, tally, done), seconds=0.5, every=1)
    for _ in range(3):
        wait(1 if size.uploads > 10 else 0.4)
        bed.web.kill_children()
    lanes.join()
    line.seconds = round(monotonic() - began, 1)
    again = [_upload(bed, people[n % len(people)], files[n], tally).status for n in range(2)]
    _judge(bed, line, people, files)
    line.load = f"{size.uploads} PDF of {size.megabytes} MB, {_AT_ONCE} at once"
    line.faults = "web workers killed three times"
    line.measure(tally)
    line.require(len(done) == size.uploads, f"{len(done)} of {size.uploads} uploads were acknowledged")
    line.require(set(again) == {302}, f"the same file again was answered {again}")
    line.require_only(tally, 302, 503)
    return line


def _judge(bed, line: Line, people, files) -> None:
    """Rows against files against what was sent; by SQL and by reading the disk."""
    pks = [one["assessment"] for one in people]
    rows = bed.sql("SELECT digest FROM assessments_evidence WHERE assessment_id = ANY(%s) AND name = 'scan.pdf'", pks)
    sent = {hashlib.sha256(content).hexdigest() for content in files}
    named = [digest for (digest,) in rows]
    folder = bed.var / "files" / "evidence"
    stored = {path.name: path for path in folder.rglob("*") if path.is_file()}
    whole = [d for d in named if d in stored and hashlib.sha256(stored[d].read_bytes()).hexdigest() == d]
    known = {d for pair in bed.sql("SELECT digest, shown_digest FROM assessments_evidence") for d in pair}
    line.lost, line.wrong = len(sent - set(named)), len(named) - len(whole)
    line.double = len(named) - len(set(named))
    orphans = len(stored.keys() - known)
    line.notes.append(f"{len(named)} rows, {len(whole)} whole files, {orphans} files of cut uploads left for the sweep")
    line.require(sent == set(named), "rows are not what was sent")
    line.require(not line.wrong and not line.double, f"{line.wrong} rows without a whole file, {line.double} double")


def _pdf(megabytes: int) -> bytes:
    """A page and so many megabytes of a stream that no other file has."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.Scan = pdf.make_stream(os.urandom(megabytes * 1024**2))
        content = io.BytesIO()
        pdf.save(content)
    return content.getvalue()


def _send(bed, waiting, tally: Tally, done: list[int]) -> None:
    """Take files until there is none; each is sent until it is answered with other than a cut or a 5xx."""
    until = monotonic() + 180
    while True:
        try:
            number, one, content = waiting.get_nowait()
        except queue.Empty:
            return
        answer = _upload(bed, one, content, tally)
        while answer.is_unknown and monotonic() < until:
            rest(0.5)
            answer = _upload(bed, one, content, tally)
        if answer.is_done:
            done.append(number)


def _upload(bed, one: dict, content: bytes, tally: Tally):
    browser = Browser(bed.port, one["session"], tally)
    path = f"/assessments/{one['assessment']}/evidence/{_CRITERION}/"
    answer = browser.upload(path, "scan.pdf", content, "application/pdf")
    browser.close()
    return answer
