"""Calendar readers that are not ours, each giving the same plain events.  All take the zones from the file itself."""

import ctypes
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import vobject

SCRIPT = Path(__file__).with_name("read_with_ical_js.mjs")
ICAL_JS = Path(__file__).parents[3] / "node_modules" / "ical.js"


@dataclass(frozen=True)
class Seen:
    """An event as a reader understood it."""

    uid: str
    start_at: datetime
    end_at: datetime
    summary: str
    location: str


def read_with_ical_js(body: bytes) -> list[Seen]:
    """What Thunderbird and Nextcloud understand."""
    node = shutil.which("node")
    if node is None or not ICAL_JS.exists():
        missing("Node.js or the npm package ical.js")
    done = subprocess.run([node, SCRIPT], input=body, capture_output=True, timeout=30)
    assert done.returncode == 0, done.stderr.decode()
    return [
        Seen(one["uid"], _at(one["start"]), _at(one["end"]), one["summary"], one["location"])
        for one in json.loads(done.stdout)
    ]


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
        start, end = library.icalcomponent_get_dtstart(event), library.icalcomponent_get_dtend(event)
        seen.append(
            Seen(
                library.icalcomponent_get_uid(event).decode(),
                _at(library.icaltime_as_timet_with_zone(start, start.zone)),
                _at(library.icaltime_as_timet_with_zone(end, end.zone)),
                library.icalcomponent_get_summary(event).decode(),
                (library.icalcomponent_get_location(event) or b"").decode(),
            )
        )
        event = library.icalcomponent_get_next_component(calendar, kind)
    library.icalcomponent_free(calendar)
    return seen


def read_with_vobject(body: bytes) -> list[Seen]:
    """What Radicale and many scripts understand."""
    calendar = vobject.readOne(body.decode())
    return [
        Seen(
            event.uid.value,
            event.dtstart.value.astimezone(UTC),
            event.dtend.value.astimezone(UTC),
            event.summary.value,
            event.location.value if hasattr(event, "location") else "",
        )
        for event in getattr(calendar, "vevent_list", [])
    ]


READERS = [read_with_ical_js, read_with_libical, read_with_vobject]


def missing(what):
    """Skip on a laptop, fail where all is meant to be there."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing")
    pytest.skip(f"{what} is missing")


class _IcalTime(ctypes.Structure):
    """struct icaltimetype of libical 3."""

    _fields_ = [
        *((name, ctypes.c_int) for name in ("year", "month", "day", "hour", "minute", "second")),
        ("is_date", ctypes.c_int),
        ("is_daylight", ctypes.c_int),
        ("zone", ctypes.c_void_p),
    ]


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
        ("icaltime_as_timet_with_zone", ctypes.c_long, [_IcalTime, pointer]),
        ("icalcomponent_free", None, [pointer]),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


def _at(seconds):
    return datetime.fromtimestamp(seconds, UTC)
