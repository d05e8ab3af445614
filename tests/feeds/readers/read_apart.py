"""Reads calendars with a library of build/readers, named by the first argument; runs in that environment only.

JSON {name: text} from standard input, JSON {name: [[uid, start, end, summary, location, status], ...]} to standard
output.  For vdirsyncer the texts are addresses.  Moments are written in UTC, days as days.
"""

import contextlib
import io
import json
import os
import re
import sys
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

WIDE = (date(2000, 1, 1), date(2050, 1, 1))
"""What a calendar can hold; recurring-ical-events wants to be told."""

END = "END:VCALENDAR\r\n"

KHAL_FORMATS = """
[locale]
local_timezone = UTC
default_timezone = UTC
timeformat = %H:%M:%S
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%dT%H:%M:%S+00:00
longdatetimeformat = %Y-%m-%dT%H:%M:%S+00:00
"""
KHAL_FIELDS = ("calendar", "uid", "start-long-full", "end-long-full", "title", "location", "status", "all-day")


def read_with_ics(texts):
    import ics
    from ics.grammar import parse

    # A line costs its grammar a millisecond, and most lines of calendars are alike; what it gives is only read.
    parse.GRAMMAR.parse = lru_cache(maxsize=None)(parse.GRAMMAR.parse)

    def read(event):
        start, end = event.begin.datetime, event.end.datetime
        if event.all_day:
            start, end = start.date(), end.date()
        return [event.uid, moment(start), moment(end), event.name, event.location, event.status]

    return {name: [read(event) for event in ics.Calendar(text).events] for name, text in texts.items()}


def read_with_recurring_ical_events(texts):
    import recurring_ical_events
    from icalendar import Calendar

    return {
        name: [as_row(event) for event in recurring_ical_events.of(Calendar.from_ical(text)).between(*WIDE)]
        for name, text in texts.items()
    }


def read_with_khal(texts):
    from khal.cli import main_khal

    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        names = {f"calendar{number}": name for number, name in enumerate(texts)}
        config = [KHAL_FORMATS, f"[sqlite]\npath = {folder / 'khal.db'}", "[calendars]"]
        for calendar, name in names.items():
            (folder / calendar).mkdir()
            for number, event in enumerate(split(texts[name])):
                (folder / calendar / f"{number}.ics").write_text(event, newline="")
            config.append(f"[[{calendar}]]\npath = {folder / calendar}")
        (folder / "config").write_text("\n".join(config))
        fields = [word for field in KHAL_FIELDS for word in ("--json", field)]
        rows = {}
        for first, last in stretches(texts.values()):
            told = io.StringIO()
            with contextlib.redirect_stdout(told):
                main_khal(["-c", str(folder / "config"), "list", *fields, str(first), str(last)], standalone_mode=False)
            # A line is a day; an event over midnight stands in two.
            for line in told.getvalue().splitlines():
                for seen in json.loads(line):
                    rows[tuple(seen[field] for field in KHAL_FIELDS)] = None
    found = {name: [] for name in texts}
    for calendar, *row, status, is_all_day in rows:
        found[names[calendar]].append([*khal_days(row, is_all_day == "True"), status.strip()])
    return found


def read_with_vdirsyncer(addresses):
    from icalendar import Calendar
    from vdirsyncer.cli import app
    from vdirsyncer.vobject import join_collection

    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        config = [f'[general]\nstatus_path = "{folder}/status/"']
        for number, address in enumerate(addresses.values()):
            (folder / str(number)).mkdir()
            config += [
                f'[pair p{number}]\na = "there{number}"\nb = "here{number}"\ncollections = null',
                f'[storage there{number}]\ntype = "http"\nurl = "{address}"',
                f'[storage here{number}]\ntype = "filesystem"\npath = "{folder}/{number}/"\nfileext = ".ics"',
            ]
        (folder / "config").write_text("\n".join(config))
        for deed in ("discover", "sync"):
            with contextlib.redirect_stdout(sys.stderr):
                app(["-c", str(folder / "config"), "-v", "WARNING", deed], standalone_mode=False)
        kept = {
            name: [path.read_bytes().decode() for path in sorted((folder / str(number)).iterdir())]
            for number, name in enumerate(addresses)
        }
    return {
        name: [as_row(event) for event in Calendar.from_ical(join_collection(items)).walk("VEVENT")] if items else []
        for name, items in kept.items()
    }


def as_row(event):
    """Give the row of an event of icalendar."""
    texts = [str(event.get(name, "")) for name in ("SUMMARY", "LOCATION", "STATUS")]
    return [str(event["UID"]), moment(event["DTSTART"].dt), moment(event["DTEND"].dt), *texts]


def moment(value):
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value.isoformat()


def split(text):
    """Give each event of a calendar in a calendar of its own with the zone that it names, as vdirs hold them."""
    head, *parts = re.split(r"^(?=BEGIN:(?:VEVENT|VTIMEZONE)\r$)", text.removesuffix(END), flags=re.MULTILINE)
    zones = {re.search(r"^TZID:(.*)\r$", part, re.MULTILINE)[1]: part for part in parts if "BEGIN:VTIMEZONE" in part}
    for part in parts:
        if part.startswith("BEGIN:VEVENT"):
            named = dict.fromkeys(re.findall(r"^DT(?:START|END);TZID=([^:]*):", part, re.MULTILINE))
            yield "".join([head, *(zones[zone] for zone in named), part, END])


def stretches(texts):
    """Give the stretches of days, at most a week apart, on which the calendars have times; khal lists day by day."""
    written = {day for text in texts for day in re.findall(r"^DT(?:START|END)[^:\r\n]*:(\d{8})", text, re.MULTILINE)}
    found = []
    for day in sorted(date.fromisoformat(day) for day in written if day > "2000"):
        if found and day - found[-1][1] < timedelta(days=7):
            found[-1][1] = day
        else:
            found.append([day, day])
    return [(first - timedelta(days=1), last + timedelta(days=1)) for first, last in found]


def khal_days(row, is_all_day):
    """Give a row with days as RFC 5545 writes them: khal shows the last day, not the day after it."""
    uid, start, end, *texts = row
    if is_all_day:
        start, end = (date.fromisoformat(written[:10]) for written in (start, end))
        start, end = start.isoformat(), (end + timedelta(days=1)).isoformat()
    return [uid, start, end, *texts]


READERS = {
    "ics": read_with_ics,
    "khal": read_with_khal,
    "recurring-ical-events": read_with_recurring_ical_events,
    "vdirsyncer": read_with_vdirsyncer,
}

if __name__ == "__main__":
    os.fsync = lambda _: None  # khal and vdirsyncer call it for each event; nothing here need outlive a power cut
    asked = json.load(sys.stdin)
    json.dump(READERS[sys.argv[1]](asked), sys.stdout)
