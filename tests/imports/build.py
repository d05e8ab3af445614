"""Calendar files for tests, and reading them as of one day."""

from datetime import date, timedelta
from pathlib import Path

from scheduler.imports.reading import read_calendar
from scheduler.imports.records import Window

TODAY = date(2026, 11, 22)
BRUSSELS = Window.of(TODAY, "Europe/Brussels")
FILES = Path(__file__).with_name("files")


def calendar(*events, head=(), tail=()):
    """A calendar with events given as lists of lines."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//EN", *head]
    for event in events:
        lines += ["BEGIN:VEVENT", *event, "END:VEVENT"]
    return "\r\n".join([*lines, *tail, "END:VCALENDAR", ""]).encode()


def all_day(first, last, *more):
    """The lines of an event from the first to the last day, both included."""
    after = date.fromisoformat(last) + timedelta(days=1)
    return [f"DTSTART;VALUE=DATE:{first.replace('-', '')}", f"DTEND;VALUE=DATE:{after:%Y%m%d}", *more]


def timed(start, end, *more, zone="Europe/Brussels"):
    """The lines of an event between two times of a zone."""
    return [f"DTSTART;TZID={zone}:{start}", f"DTEND;TZID={zone}:{end}", *more]


def read(*events, window=BRUSSELS, **more):
    """What is found in a calendar with these events."""
    return read_calendar(calendar(*events, **more), window)


def days(file):
    """First and last days of what may become leave."""
    return [(str(one.days.start_on), str(one.days.last_on)) for one in file.events if one.days]


def problems(file):
    """Codes of what is wrong with events that cannot become leave."""
    return [one.problem for one in file.events if one.problem]


def states(file):
    return [one.state for one in file.events]
