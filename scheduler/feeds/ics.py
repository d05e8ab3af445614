"""Joins written events to a calendar."""

from collections.abc import Iterable
from datetime import timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar
from icalendar.prop import vDuration

from scheduler.feeds.events import WrittenEvent
from scheduler.feeds.lines import Text, folded
from scheduler.feeds.timezones import zone_block
from scheduler.feeds.wording import one_line

FORMAT = 5
"""Raise it when the same facts are to give other bytes: whoever keeps bytes then makes them anew."""

PRODUCT_ID = "-//Passerelle//Roster//EN"
"""Without a version: one that moved with each release would change every ETag."""

REFRESH = timedelta(hours=1)
END = b"END:VCALENDAR\r\n"


def write_calendar(
    events: Iterable[WrittenEvent], *, title: str, timezone: str, description: str = "", color: str | None = None
) -> bytes:
    """Give a whole calendar, its events in the order of start, end and UID.

    Parameters
    ----------
    timezone
        IANA zone of the calendar as a whole, for programs that ask for one; it is not named where it would mislead.
    description
        What the calendar shows, in its own language.
    color
        A colour name of CSS.

    Source
    ------
    RFC 5545 sections 3.4 and 3.6.5; RFC 7986 sections 5.1, 5.7 and 5.9; MS-OXCICAL 2.1.3.1.1.15.
    """
    ordered = sorted(events, key=lambda event: (event.start_at, event.end_at, event.uid))
    zones = sorted({event.zone for event in ordered if event.zone is not None})
    is_misleading = any(event.zone is None and _falls_in_second_hour(event, timezone) for event in ordered)
    return b"".join(
        [
            _head(title, None if is_misleading else timezone, description=description, color=color),
            *(zone_block(zone) for zone in zones),
            *(event.body for event in ordered),
            END,
        ]
    )


def _falls_in_second_hour(event: WrittenEvent, timezone: str) -> bool:
    """Tell whether an event begins or ends when the clocks of a zone show a time for the second time.

    There are programs that move times in UTC into the zone of the calendar and forget which of the two they mean.
    """
    zone = ZoneInfo(timezone)
    return any(at.astimezone(zone).fold for at in (event.start_at, event.end_at))


def _head(title: str, timezone: str | None, *, description: str, color: str | None) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT_ID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", Text(one_line(title)))
    calendar.add("x-wr-calname", Text(one_line(title)))
    if description:
        calendar.add("x-wr-caldesc", Text(one_line(description)))
    if timezone is not None:
        calendar.add("x-wr-timezone", timezone)
    if color is not None:
        calendar.add("color", color)
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    return folded(str(line) for line in calendar.content_lines() if line).removesuffix(END)
