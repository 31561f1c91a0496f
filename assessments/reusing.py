"""Evidence of the period before that may serve again: a licence still holds, a floor plan has not changed."""

from datetime import date, datetime

from django.utils import timezone

from .models import Assessment, Evidence


def offers(assessment: Assessment, files: list[Evidence]) -> dict[str, list[Evidence]]:
    """{criterion: what the same station had there in the period before and may use again}. At most one query.

    files: what is attached now; the same file is not offered twice. Left out is what was removed, no longer holds
    today, or is refused by the scanner. Whether the file on disk is whole is judged when it is taken.
    """
    previous = assessment.period.previous_id
    if previous is None:
        return {}
    before = Evidence.objects.present().filter(assessment__period=previous, assessment__station=assessment.station_id)
    here, today = {(file.criterion, file.digest) for file in files}, timezone.localdate()
    found: dict[str, list[Evidence]] = {}
    for file in before.exclude(scan=Evidence.Scan.FOUND).order_by("criterion", "place", "added_at"):
        if (file.criterion, file.digest) not in here and not file.is_expired(today):
            found.setdefault(file.criterion, []).append(file)
    return found


def is_rightful(origin, valid_until: date | None, added_at: datetime) -> bool:
    """Was this file taken up again (`origin`: its first row, None for a new file) while the document still held?

    What holds is what the station says of it now; None does not end.
    """
    return origin is not None and (valid_until is None or valid_until >= timezone.localdate(added_at))
