"""Dates and times as a calendar file writes them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo

from icalendar.prop import vDDDTypes

from scheduler.imports import texts
from scheduler.imports.zones import find_zone

FIRST, LAST = datetime(1000, 1, 1), datetime(8000, 1, 1)  # noqa: DTZ001  (walls have no zone)
"""What lies beyond (UNTIL=99991231) is taken for these, which leaves room for zones, lengths and shifts."""
_ZONE = re.compile(r';TZID="?([^";]*)', re.IGNORECASE)
UNREADABLE = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError)
"""What the parsers raise at broken lines."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time as the file says it.

    Parameters
    ----------
    wall
        What the clock on the wall shows, without zone; midnight for a whole day.
    zone
        Where that clock hangs.
    is_day
        Whether the file gives a date without a time, which is the same day everywhere.
    """

    wall: datetime
    zone: tzinfo
    is_day: bool = False
    note: str = ""

    @property
    def instant(self) -> datetime:
        """The same in UTC."""
        return self.wall.replace(tzinfo=self.zone).astimezone(UTC)

    def in_zone(self, zone: tzinfo) -> datetime:
        """What the clock on a wall in another zone shows; a date stays what it is."""
        if self.is_day or zone is self.zone:
            return self.wall
        return self.wall.replace(tzinfo=self.zone).astimezone(zone).replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads values of properties; ``home`` is the zone of times that name none.

    No date or time has a colon, but names of zones do, and not all programs quote them: "(UTC+01:00) Brussels".
    """

    home: tzinfo
    places: Mapping[str, str]

    def moment(self, line: str) -> Moment:
        """Give the one date or time of a property.

        Raises
        ------
        ValueError
            When there is none.
        """
        head, _, value = line.rpartition(":")
        return self.value(value, _zone_name(head))

    def moments(self, line: str) -> Iterator[Moment]:
        """Give the dates or times of a list; of periods, their starts."""
        head, _, values = line.rpartition(":")
        for value in values.split(","):
            yield self.value(value.partition("/")[0], _zone_name(head))

    def value(self, value: str, zone_name: str = "") -> Moment:
        """Give the date or time that a value says."""
        found = vDDDTypes.from_ical(value.strip())
        if isinstance(found, datetime):
            wall = min(max(found.replace(tzinfo=None), FIRST), LAST)
            if found.tzinfo is not None:
                return Moment(wall, UTC)
            zone = find_zone(zone_name, self.places) if zone_name else None
            if zone is not None:
                return Moment(wall, zone)
            return Moment(wall, self.home, note=texts.UNKNOWN_ZONE if zone_name else texts.FLOATING)
        if isinstance(found, date):
            return Moment(min(max(datetime.combine(found, time()), FIRST), LAST), self.home, is_day=True)
        raise ValueError("neither a date nor a time")


def _zone_name(head: str) -> str:
    """Give the zone that the parameters before a value name; empty when they name none."""
    found = _ZONE.search(head)
    return found[1].strip() if found else ""
