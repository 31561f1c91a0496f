"""Evidence on disk, held against its rows: every file is there and unchanged, and none lies there that nobody names."""

import logging
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now

from audit.events import record
from audit.models import Event

from . import sealed
from .models import Evidence

# An upload writes its files before its row: a younger file may still get one.
UNNAMED = timedelta(hours=24)
# The nightly look at all files reports one that stays damaged every night, not every second one.
_QUIET = timedelta(hours=20)
_LOCK = 0xF11E  # of files going, one at a time, and files being named, any number at once
_log = logging.getLogger("audit.alarm")


class Damaged(NamedTuple):
    """A file that is gone (`is_missing`) or not what it was, and the evidence that names it."""

    path: Path
    is_missing: bool
    evidence: list[Evidence]


class Slice(NamedTuple):
    """What was looked at: how many files, those that are damaged, and after which digest to go on; "" at the end."""

    files: int
    damaged: list[Damaged]
    after: str


def scrub(after: str = "", *, seconds: float | None = None) -> Slice:
    """Read the files of all evidence, removed ones too, from behind digest `after`, for about so many seconds.

    Each damaged one raises the alarm.
    """
    until = None if seconds is None else time.monotonic() + seconds
    found, looked, digests = [], 0, _named(after)
    for digest in digests:
        looked += 1
        if not sealed.evidence.is_whole(digest):
            found.append(_damaged(digest))
        if until is not None and time.monotonic() >= until:
            break
    return Slice(looked, found, "" if looked == len(digests) else digests[looked - 1])


def _named(after: str = "") -> list[str]:
    rows = Evidence.objects.order_by()
    pairs = rows.filter(Q(digest__gt=after) | Q(shown_digest__gt=after)).values_list("digest", "shown_digest")
    return sorted({digest for pair in pairs.iterator() for digest in pair if digest > after})


def _damaged(digest: str) -> Damaged:
    path = sealed.evidence.path_of(digest)
    rows = list(Evidence.objects.filter(Q(digest=digest) | Q(shown_digest=digest)).order_by("added_at", "pk"))
    for row in rows:
        alarm(row, digest)
    return Damaged(path, not path.exists(), rows)


def alarm(evidence: Evidence, digest: str, *, by=None) -> None:
    """Record that a file of this evidence is damaged, and warn in the log; once for all who ask for it in a day."""
    chain, about = f"assessment:{evidence.assessment_id}", {"evidence": str(evidence.pk), "digest": digest}
    said = Event.objects.filter(action="evidence.damaged", chain=chain, at__gt=Now() - _QUIET)
    if said.filter(detail__contains=about).exists():
        return
    record("evidence.damaged", chain, by=by, **about)
    _log.warning("evidence %s of assessment %s is damaged: %s", evidence.pk, evidence.assessment_id, digest)


def sweep(*, unnamed: timedelta = UNNAMED) -> list[str]:
    """Remove every file last written `unnamed` ago or earlier that no evidence names, of cut uploads; their names."""
    before, named = time.time() - unnamed.total_seconds(), set(_named())
    old = (path for path in sealed.evidence.files() if path.name not in named and _is_old(path, before))
    return [path.name for path in old if _remove(path, before)]


def _is_old(path: Path, before: float) -> bool:
    try:
        return path.stat().st_mtime <= before
    except FileNotFoundError:
        return False


@transaction.atomic
def _remove(path: Path, before: float) -> bool:
    """Remove the file unless evidence has come to name it, or somebody hands it in at this moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    named = Evidence.objects.filter(Q(digest=path.name) | Q(shown_digest=path.name))
    if named.exists() or not _is_old(path, before):
        return False
    path.unlink()
    return True


def naming() -> None:
    """Until the transaction ends, no file of evidence is swept away: what is sealed now is about to be named."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_LOCK])


def lines(damaged: list[Damaged]) -> Iterator[str]:
    """One line for each damaged file, for the person at the server."""
    for path, is_missing, rows in damaged:
        whose = ", ".join(f"evidence {row.pk} of assessment {row.assessment_id}" for row in rows)
        yield f"{'missing' if is_missing else 'changed'}: {path} ({whose})"
