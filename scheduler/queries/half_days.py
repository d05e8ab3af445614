"""The clock times of half-days, resolved for a site, a kind of session and a date."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from scheduler.errors import InvalidInput
from scheduler.extensions import db
from scheduler.models import HalfDayTimes, Site
from scheduler.text import N_, say

LIKE = {"joint_theatre": "theatre"}
"""Kinds of session that keep the hours of another kind unless they have hours of their own."""

NO_TIMES = N_("No clock times are known for the half-day “%(half_day)s” at %(site)s.")


class ClockTimes:
    """All clock times that sites and kinds of session keep."""

    def __init__(self, rows: Iterable[HalfDayTimes]) -> None:
        self._times = {(row.site_id, row.kind, row.half_day): (row.starts, row.ends) for row in rows}

    def interval(self, site: Site, kind: str, half_day: str, on: date) -> tuple[datetime, datetime]:
        """Give the real interval [start, end) in UTC of a half-day.

        A local time that the spring change skips is read with the offset before the change.

        Raises
        ------
        InvalidInput
            When nobody said when this half-day starts.
        """
        found = self._clock(site, kind, half_day)
        if found is None:
            raise InvalidInput(say(NO_TIMES, half_day=half_day, site=site.name))
        return _interval(*found, site, on)

    def usual_interval(self, site: Site, half_day: str, on: date) -> tuple[datetime, datetime]:
        """Give the interval of a half-day whatever is held then; the whole day when nobody said when it starts."""
        found = self._clock(site, "", half_day)
        return _interval(*(found or ("00:00", "00:00")), site, on)

    def _clock(self, site: Site, kind: str, half_day: str) -> tuple[str, str] | None:
        kinds = (kind, LIKE[kind], None) if kind in LIKE else (kind, None)
        # The most particular row wins: site and kind, site, kind, neither.
        rows = [(site.id, k) for k in kinds] + [(None, k) for k in kinds]
        known = (self._times.get((place, sort, half_day)) for place, sort in rows)
        return next((times for times in known if times is not None), None)


def _interval(starts: str, ends: str, site: Site, on: date) -> tuple[datetime, datetime]:
    zone = ZoneInfo(site.timezone)
    last = on if ends > starts else on + timedelta(days=1)
    return (
        datetime.combine(on, time.fromisoformat(starts), zone).astimezone(UTC),
        datetime.combine(last, time.fromisoformat(ends), zone).astimezone(UTC),
    )


def load_clock_times() -> ClockTimes:
    """Load the clock times of all sites and kinds."""
    return ClockTimes(db.session.scalars(select(HalfDayTimes)))
