"""The only place that reads the clock."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Give the present instant, aware, in UTC."""
    return datetime.now(UTC)


def today(zone: str = "Europe/Brussels") -> date:
    """Give the date it is now in this IANA zone."""
    return now().astimezone(ZoneInfo(zone)).date()


def monday_of(day: date) -> date:
    """Give the Monday of the ISO week in which the day lies."""
    return day - timedelta(days=day.isoweekday() - 1)
