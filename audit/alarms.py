"""Many locked accounts in a day: somebody guesses passwords, or keeps people out by it."""

import logging
from datetime import timedelta

from django.db.models.functions import Now

from . import events
from .models import Event

LOCKS = 10
DAY = timedelta(days=1)
_log = logging.getLogger("audit.alarm")


def locks() -> int:
    """How often accounts were locked in the last 24 hours, when that is worth an alarm; else 0."""
    count = _of_today("account.lock").count()
    return count if count >= LOCKS else 0


def note_lock() -> None:
    """After a lock: record the alarm and warn in the log, once in 24 hours."""
    count = locks()
    if count and not _of_today("account.lock_alarm").exists():
        events.record("account.lock_alarm", "administration", locks=count)
        _log.warning("%s locked accounts within 24 hours", count)


def _of_today(action: str):
    return Event.objects.filter(action=action, at__gt=Now() - DAY)
