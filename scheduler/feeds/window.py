"""The stretch of time that a feed shows."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS_BACK = 60
MONTHS_AHEAD = 18
ZONE = ZoneInfo("Europe/Brussels")


def feed_window(today: date) -> tuple[datetime, datetime]:
    """Give [from, to): 60 days before the month's first day to 18 months after it, so that it rolls once a month."""
    first = today.replace(day=1)
    years, month = divmod(first.month - 1 + MONTHS_AHEAD, 12)
    last = date(first.year + years, month + 1, 1)
    return _midnight(first - timedelta(days=DAYS_BACK)), _midnight(last)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE).astimezone(UTC)
