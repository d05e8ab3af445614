"""Nine calendar readers that are not ours, each giving the same plain events."""

import ctypes
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import icalendar
import vobject

from tests.feeds.readers.elsewhere import read_all_apart, read_all_with_npm, read_all_with_vdirsyncer
from tests.feeds.readers.seen import Seen, missing


def read_with_ical_js(body: bytes) -> list[Seen]:
    """What Thunderbird and Nextcloud understand."""
    return read_all_with_npm("ical.js", {"": body})[""]


def read_with_libical(body: bytes) -> list[Seen]:
    """What GNOME and KDE calendars understand."""
    try:
        library = _load_libical()
    except OSError:
        missing("the library libical.so.3")
    calendar = library.icalparser_parse_string(body)
    assert calendar, "libical finds no calendar"
    assert library.icalcomponent_count_errors(calendar) == 0
    kind = library.icalcomponent_string_to_kind(b"VEVENT")
    seen = []
    event = library.icalcomponent_get_first_component(calendar, kind)
    while event:
        seen.append(_seen_by_libical(library, event))
        event = library.icalcomponent_get_next_component(calendar, kind)
    library.icalcomponent_free(calendar)
    return seen


def read_with_vobject(body: bytes) -> list[Seen]:
    """What Radicale and many scripts understand."""
    calendar = vobject.readOne(body.decode())
    return [
        Seen(
            event.uid.value,
            _in_utc(event.dtstart.value),
            _in_utc(event.dtend.value),
            *(getattr(event, name).value if hasattr(event, name) else "" for name in ("summary", "location", "status")),
        )
        for event in getattr(calendar, "vevent_list", [])
    ]


def read_with_icalendar(body: bytes) -> list[Seen]:
    """What Plone and many scripts understand; it has a part in writing our events, and reads them with other code."""
    return [
        Seen(
            str(event["UID"]),
            _in_utc(event["DTSTART"].dt),
            _in_utc(event["DTEND"].dt),
            *(str(event.get(name, "")) for name in ("SUMMARY", "LOCATION", "STATUS")),
        )
        for event in icalendar.Calendar.from_ical(body).walk("VEVENT")
    ]


READERS = [read_with_ical_js, read_with_libical, read_with_vobject]
"""Those that take the zones from the file, one calendar at a time."""


@dataclass(frozen=True)
class Reader:
    """A reader of many calendars at once, given and answered by name.

    ``blind_to`` names the fields of an event that it cannot give; ``joins_equals`` tells that it keeps one of those
    that are equal otherwise; ``takes_zones_from_file`` that it understands a zone of which it knows no name.
    """

    name: str
    read_all: Callable[[Mapping[str, bytes]], dict[str, list[Seen]]]
    blind_to: tuple[str, ...] = ()
    joins_equals: bool = False
    takes_zones_from_file: bool = True


def _one_by_one(read):
    return lambda bodies: {name: read(body) for name, body in bodies.items()}


VDIRSYNCER_TRUSTS_NO_UID = {"blind_to": ("uid",), "joins_equals": True}
"""Its http storage puts a hash of the event in the place of the UID, since some servers make new ones at each fetch.

So two events that are equal but for their UIDs are one to it: two duties at the same time in a private feed.
"""

KNOWS_ZONES_BY_NAME = {"takes_zones_from_file": False}
"""It looks TZID up in the machine's list of zones and never reads VTIMEZONE, whatever RFC 5545 section 3.2.19 says."""

ALL_READERS = [
    Reader("ical.js", partial(read_all_with_npm, "ical.js")),
    Reader("node-ical", partial(read_all_with_npm, "node-ical"), **KNOWS_ZONES_BY_NAME),
    Reader("libical", _one_by_one(read_with_libical)),
    Reader("vobject", _one_by_one(read_with_vobject)),
    Reader("ics", partial(read_all_apart, "ics"), **KNOWS_ZONES_BY_NAME),
    Reader("icalendar", _one_by_one(read_with_icalendar)),
    Reader("recurring-ical-events", partial(read_all_apart, "recurring-ical-events")),
    Reader("khal", partial(read_all_apart, "khal")),
    Reader("vdirsyncer", read_all_with_vdirsyncer, **VDIRSYNCER_TRUSTS_NO_UID),
]


class _IcalTime(ctypes.Structure):
    """struct icaltimetype of libical 3."""

    _fields_ = [
        *((name, ctypes.c_int) for name in ("year", "month", "day", "hour", "minute", "second")),
        ("is_date", ctypes.c_int),
        ("is_daylight", ctypes.c_int),
        ("zone", ctypes.c_void_p),
    ]


def _seen_by_libical(library, event):
    ends = library.icalcomponent_get_dtstart(event), library.icalcomponent_get_dtend(event)
    status = library.icalcomponent_get_first_property(event, library.icalproperty_string_to_kind(b"STATUS"))
    return Seen(
        library.icalcomponent_get_uid(event).decode(),
        *(_moment_of_libical(library, end) for end in ends),
        library.icalcomponent_get_summary(event).decode(),
        (library.icalcomponent_get_location(event) or b"").decode(),
        library.icalproperty_get_value_as_string(status).decode() if status else "",
    )


def _moment_of_libical(library, time):
    moment = datetime.fromtimestamp(library.icaltime_as_timet_with_zone(time, time.zone), UTC)
    return moment.date() if time.is_date else moment


def _load_libical():
    library = ctypes.CDLL("libical.so.3")
    pointer, text = ctypes.c_void_p, ctypes.c_char_p
    for name, result, arguments in (
        ("icalparser_parse_string", pointer, [text]),
        ("icalcomponent_count_errors", ctypes.c_int, [pointer]),
        ("icalcomponent_string_to_kind", ctypes.c_int, [text]),
        ("icalcomponent_get_first_component", pointer, [pointer, ctypes.c_int]),
        ("icalcomponent_get_next_component", pointer, [pointer, ctypes.c_int]),
        ("icalcomponent_get_dtstart", _IcalTime, [pointer]),
        ("icalcomponent_get_dtend", _IcalTime, [pointer]),
        ("icalcomponent_get_uid", text, [pointer]),
        ("icalcomponent_get_summary", text, [pointer]),
        ("icalcomponent_get_location", text, [pointer]),
        ("icalcomponent_get_first_property", pointer, [pointer, ctypes.c_int]),
        ("icalproperty_string_to_kind", ctypes.c_int, [text]),
        ("icalproperty_get_value_as_string", text, [pointer]),
        ("icaltime_as_timet_with_zone", ctypes.c_long, [_IcalTime, pointer]),
        ("icalcomponent_free", None, [pointer]),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


def _in_utc(value):
    return value.astimezone(UTC) if isinstance(value, datetime) else value
