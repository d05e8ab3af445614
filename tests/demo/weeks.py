"""When the tests load the demonstration: weeks 0 to 6 have no holiday on a weekday on either side."""

from datetime import UTC, date, datetime, timedelta

THURSDAY = datetime(2027, 1, 14, 10, tzinfo=UTC)
WEEK_0 = date(2027, 1, 11)


def day(week: int, weekday: int = 1) -> date:
    """Give a date by week and ISO weekday."""
    return WEEK_0 + timedelta(weeks=week, days=weekday - 1)
