"""Which whole days an event takes, and days put together and taken apart."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, tzinfo

from scheduler.imports.moments import Moment
from scheduler.imports.records import Days

WORK = (time(8), time(18))
"""The hours in which someone who is at work would be missed."""
MISSED = timedelta(hours=8)
"""Away for so much of WORK, someone is away for the day: from 9 to 17 counts, an afternoon does not."""
FEWEST = 2
"""Whole working days that an event needs to be leave, unless it goes from midnight to midnight."""
ALMOST = time(23, 59)
"""Some programs end their days here."""
DAY = timedelta(days=1)


def days_of(start: Moment, lasts: timedelta, home: tzinfo, *, is_day: bool) -> Days | None:
    """Give the local days of an event, or None when it takes no whole days.

    A date is the same day everywhere.  What goes from midnight to midnight, at home or where it was entered, takes
    those days.  Anything else takes the days of whose working hours it leaves too little, and must take two of them:
    duties, courses and meetings are no leave, however long.
    """
    if is_day:
        return Days(start.wall.date(), (start.wall + max(lasts, DAY)).date())
    end = Moment(start.wall + lasts, start.zone)
    at_home = (start.in_zone(home), end.in_zone(home))
    return _whole_days(*at_home) or _whole_days(start.wall, end.wall) or _working_days(*at_home)


def _whole_days(start: datetime, end: datetime) -> Days | None:
    """Give the days from midnight to midnight."""
    if end.time() >= ALMOST:
        end = datetime.combine(end.date(), time()) + DAY
    if start.time() != time() or end.time() != time() or start >= end:
        return None
    return Days(start.date(), end.date())


def _working_days(start: datetime, end: datetime) -> Days | None:
    """Give the days on which someone at work would be missed."""
    if (end - start) < DAY:
        return None
    first = start.date() if _missed(start.date(), start, end) else start.date() + DAY
    last = end.date() if _missed(end.date(), start, end) else end.date() - DAY
    return Days(first, last + DAY) if (last - first).days + 1 >= FEWEST else None


def _missed(on: date, start: datetime, end: datetime) -> bool:
    begins, ends = (datetime.combine(on, hour) for hour in WORK)
    return min(end, ends) - max(start, begins) >= MISSED


def merged(stretches: Iterable[Days]) -> tuple[Days, ...]:
    """Give the same days as disjoint stretches, in order; those that touch become one."""
    found: list[Days] = []
    for one in sorted(stretches):
        if found and one.start_on <= found[-1].end_on:
            found[-1] = Days(found[-1].start_on, max(found[-1].end_on, one.end_on))
        else:
            found.append(one)
    return tuple(found)


def without(stretches: Iterable[Days], taken: Iterable[Days]) -> tuple[Days, ...]:
    """Give disjoint stretches without the days that are taken."""
    left = list(merged(stretches))
    for hole in merged(taken):
        left = [part for one in left for part in _cut(one, hole)]
    return tuple(left)


def in_parts(stretches: Iterable[Days], longest: int) -> tuple[Days, ...]:
    """Give the stretches with longer ones split."""
    found = []
    for one in stretches:
        start_on = one.start_on
        while (one.end_on - start_on).days > longest:
            found.append(Days(start_on, start_on + timedelta(days=longest)))
            start_on += timedelta(days=longest)
        found.append(Days(start_on, one.end_on))
    return tuple(found)


def _cut(one: Days, hole: Days) -> list[Days]:
    if not one.touches(hole):
        return [one]
    parts = []
    if one.start_on < hole.start_on:
        parts.append(Days(one.start_on, hole.start_on))
    if hole.end_on < one.end_on:
        parts.append(Days(hole.end_on, one.end_on))
    return parts


def touched_days(start_at: datetime, end_at: datetime, home: tzinfo) -> Days:
    """Give the local days that something from one instant to another touches."""
    first, last = start_at.astimezone(home), (end_at - timedelta(microseconds=1)).astimezone(home)
    return Days(first.date(), max(first.date(), last.date()) + DAY)
