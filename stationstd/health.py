"""What a watchman asks of a running installation: can it write, is work done, is the log sealed, is there room."""

import shutil

from django.conf import settings
from django.db import connection
from django.utils import timezone

from assessments.models import Job
from audit.models import Seal

# From where on somebody should be woken: design figures, docs/resilience.md.
OLDEST_JOB = 5 * 60
OLDEST_SEAL = 5 * 60
LEAST_ROOM = 15  # per cent free


def write() -> None:
    """Have the database write to its log and wait until that is on disk; no row is made. Raises DatabaseError."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_logical_emit_message(true, 'readyz', '')")


def facts() -> dict:
    """{name: number}; None where there is nothing yet. Seconds, but for room_percent."""
    room = shutil.disk_usage(settings.VAR)
    waiting = Job.objects.filter(state=Job.State.QUEUED).order_by("created_at").values_list("created_at", flat=True)
    sealed = Seal.objects.order_by("-pk").values_list("at", flat=True)
    return {
        "oldest_job_seconds": _age(waiting.first()),
        "newest_seal_seconds": _age(sealed.first()),
        "room_percent": round(100 * room.free / room.total),
    }


def alarms(found: dict) -> list[str]:
    """The names of what is out of its bounds."""
    limits = {"oldest_job_seconds": OLDEST_JOB, "newest_seal_seconds": OLDEST_SEAL}
    late = [name for name, most in limits.items() if (found[name] or 0) > most]
    return late + ["room_percent"] * (found["room_percent"] < LEAST_ROOM)


def _age(moment) -> int | None:
    return None if moment is None else round((timezone.now() - moment).total_seconds())
