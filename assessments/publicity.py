"""公示期: the days after a publication for which results count as put up for everybody to see.

Objections and corrections know nothing of it: what they allow, they allow during these days and after them.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from .models import Period, Publication


def until(period: Period, published_at: datetime | None, clock: datetime) -> date | None:
    """The last day of publicity while it runs at `clock`; None before a publication, after that day, and without any.

    The day of the publication is not counted. A rehearsal's results are put up for nobody.
    """
    if published_at is None or period.is_rehearsal or not period.publicity_days:
        return None
    last = timezone.localdate(published_at) + timedelta(days=period.publicity_days)
    return last if timezone.localdate(clock) <= last else None


def latest(period: Period, rows: Iterable) -> date | None:
    """The last day of publicity of rows of published places, read with the clock; the latest where bureaus differ."""
    days = {until(period, row.place.publication.published_at, row.place.clock) for row in rows}
    return max(days - {None}, default=None)


def dated(periods: QuerySet) -> QuerySet:
    """Periods with the clock, and `published_at` of the latest publication that counts, None before there is any."""
    newest = Publication.objects.newest().filter(period=OuterRef("pk")).order_by("-published_at")
    return periods.with_clock().annotate(published_at=Subquery(newest.values("published_at")[:1]))


def of_period(period: Period) -> date | None:
    """The last day of publicity of a period that was read `dated`."""
    return until(period, period.published_at, period.clock)
