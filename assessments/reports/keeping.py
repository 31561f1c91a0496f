"""Files of reports lie here for REPORT_DAYS and no longer; a file that no report names goes after a day."""

import time
from datetime import timedelta
from pathlib import Path

from django.db import connection, transaction

from .. import sealed
from ..models import Report

# A worker writes the file before it registers it: a younger one may still be registered.
UNNAMED = timedelta(hours=24)
_LOCK = 0xF17E  # of files going and files being registered, one at a time


def sweep(*, unnamed: timedelta = UNNAMED) -> list[str]:
    """Remove every file last written `unnamed` ago or earlier that no report in force names; their names."""
    before = time.time() - unnamed.total_seconds()
    named = set(Report.objects.in_force().values_list("digest", flat=True))
    old = (path for path in sealed.reports.files() if path.name not in named and path.stat().st_mtime <= before)
    return [path.name for path in old if _remove(path)]


@transaction.atomic
def _remove(path: Path) -> bool:
    """Remove the file unless a report has come to name it."""
    alone()
    if Report.objects.in_force().filter(digest=path.name).exists():
        return False
    path.unlink(missing_ok=True)
    return True


def alone() -> None:
    """Until the transaction ends, no other one removes or registers files of reports."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
