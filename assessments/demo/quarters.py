"""Which quarters the demo has: eight published ones and the open one, counted back from today."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

PUBLISHED = 8
PUBLISHED_AFTER = 22  # days after a quarter's last day
_CHINESE = ("一", "二", "三", "四")


@dataclass(frozen=True)
class Quarter:
    """`back` 0 is the open quarter, 1 the last published one, 8 the first."""

    year: int
    number: int
    back: int

    @property
    def name(self) -> str:
        return f"{self.year}年第{_CHINESE[self.number - 1]}季度"

    @property
    def name_en(self) -> str:
        return f"{self.year} Q{self.number}"

    @property
    def starts_on(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def ends_on(self) -> date:
        return _first_day(self.year, self.number + 1) - timedelta(days=1)

    def at(self, days: int, hour: int = 9, minute: int = 0) -> datetime:
        """So many days after the last day, at this hour in the bureau's time."""
        zone = ZoneInfo(settings.TIME_ZONE)
        return datetime.combine(self.ends_on + timedelta(days=days), time(hour, minute), zone)


def _first_day(year: int, number: int) -> date:
    return date(year + (number - 1) // 4, 3 * ((number - 1) % 4) + 1, 1)


def quarters(today: date) -> list[Quarter]:
    """Nine quarters, oldest first; the last published one had its 22 days before today."""
    settled = today - timedelta(days=PUBLISHED_AFTER + 1)
    open_index = settled.year * 4 + (settled.month - 1) // 3
    return [
        Quarter(index // 4, index % 4 + 1, open_index - index)
        for index in range(open_index - PUBLISHED, open_index + 1)
    ]
