"""公示期: the days after a publication for which results count as put up for everybody to see.

Objections and corrections know nothing of it: what they allow, they allow during these days and after them.
"""

from datetime import date, datetime, timedelta

from django.utils import timezone

from .models import Period


def until(period: Period, published_at: datetime | None, clock: datetime) -> date | None:
    """The last day of publicity while it runs at `clock`; None before a publication, after that day, and without any.

    The day of the publication is not counted. A rehearsal's results are nobody's to look at but the station's own.
    """
    if published_at is None or period.is_rehearsal or not period.publicity_days:
        return None
    last = timezone.localdate(published_at) + timedelta(days=period.publicity_days)
    return last if timezone.localdate(clock) <= last else None
