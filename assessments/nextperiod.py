"""What a period leads one to expect of the next: dates moved on by the same span, and a name that counts on."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.utils import timezone

from .models import Period

# A name by year and part of the year → the parts in their order. The part of a whole year is nothing.
_NAMES = (
    (re.compile(r"(?P<year>\d{4})年第(?P<part>[一二三四])季度"), tuple("一二三四")),
    (re.compile(r"(?P<year>\d{4})年(?P<part>[上下])半年"), tuple("上下")),
    (re.compile(r"(?P<year>\d{4})年(?P<part>1[0-2]|[1-9])月"), tuple(str(month) for month in range(1, 13))),
    (re.compile(r"(?P<year>\d{4})年(?P<part>)度"), ("",)),
    (re.compile(r"(?P<year>\d{4}) Q(?P<part>[1-4])"), tuple("1234")),
    (re.compile(r"Q(?P<part>[1-4]) (?P<year>\d{4})"), tuple("1234")),
)


def after(period: Period) -> dict:
    """{field of PeriodForm: what to propose}. A time that has passed is left for somebody to say."""
    moved = _mover(period.starts_on, period.ends_on)
    first = period.ends_on + timedelta(days=1)
    last = moved(first) - timedelta(days=1)
    due = timezone.localtime(period.due_at)
    due = datetime.combine(moved(due.date()), due.timetz())
    return {
        "bureau": period.bureau_id,
        "name": _following(period.name) or f"{first} – {last}",
        "name_en": _following(period.name_en) or (f"{first} – {last}" if period.name_en else ""),
        "starts_on": first,
        "ends_on": last,
        "due_at": due if due > timezone.now() else None,
        "edition": period.edition_id,
        "grouping": period.grouping,
        "objection_days": period.objection_days,
        "publicity_days": period.publicity_days,
        "previous": period.previous_id if period.is_rehearsal else period.pk,
    }


def _mover(first: date, last: date) -> Callable[[date], date]:
    """Moves a day on by the span first…last: by whole months where it is so many, otherwise by days."""
    behind = last + timedelta(days=1)
    months = (behind.year - first.year) * 12 + behind.month - first.month
    if behind.day == first.day:
        return lambda day: _months_on(day, months)
    return lambda day: day + (behind - first)


def _months_on(day: date, months: int) -> date:
    """The same day so many months later; the last of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _following(name: str) -> str:
    """The name that counts on, such as 2027年第一季度 after 2026年第四季度; "" where it counts nothing."""
    for pattern, parts in _NAMES:
        found = pattern.search(name)
        if found:
            over, at = divmod(parts.index(found["part"]) + 1, len(parts))
            words = {"year": str(int(found["year"]) + over), "part": parts[at]}
            for group in sorted(words, key=found.start, reverse=True):  # from behind, so that places stay
                name = name[: found.start(group)] + words[group] + name[found.end(group) :]
            return name
    return ""
