"""The log: one event a line, as JSON, whatever somebody typed.

A line says when, how grave, where from, what, in which request and by which account (its number, never a name). It
holds no bodies, no secrets, no values of SQL, and no number that looks like a person's.
Imported by gunicorn before Django is set up (gunicorn.conf.py), so it imports nothing of it.
"""

import json
import logging
import re
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime

from .personal import masked

# The number of the request being served, "" outside one; on the page of a fault, for the administrator to look for.
request_id: ContextVar[str] = ContextVar("request_id", default="")

LONGEST = 4000  # characters of a message
# JSON escapes what ends a line; these too can rearrange or hide what a terminal shows.
_UNSEEN = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


class JsonLines(logging.Formatter):
    """One JSON object a line; the times are UTC."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(record.getMessage())[:LONGEST],
            **_context(record),
        }
        if record.exc_info and record.exc_info[1]:
            line["fault"] = fault(record.exc_info[1])
        text = json.dumps(line, ensure_ascii=False, default=str)
        return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _context(record: logging.LogRecord) -> dict:
    """Request and account, as far as they are known; whatever the caller gave as `fields`."""
    known = {"request": request_id.get()}
    user = getattr(getattr(record, "request", None), "_cached_user", None)
    known["user"] = getattr(user, "pk", None)
    return {name: value for name, value in (known | getattr(record, "fields", {})).items() if value not in (None, "")}


def fault(error: BaseException) -> list[dict]:
    """The error and what caused it: type, words, and the calls that led there, without the values they worked on.

    Of the database's errors only its code and the constraint: its words quote rows and parameters.
    """
    found, seen = [], set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        found.append({"type": f"{type(error).__module__}.{type(error).__qualname__}", "words": _words(error)})
        found[-1]["calls"] = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found


def _words(error: BaseException) -> str:
    of_database = next((each for each in (error, error.__cause__) if hasattr(each, "pgcode")), None)
    if of_database is not None:
        constraint = getattr(of_database.diag, "constraint_name", None)
        return " ".join(filter(None, (of_database.pgcode, constraint)))
    return masked(str(error))[:LONGEST]
