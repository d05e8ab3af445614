"""Reads a calendar file; pure, but made for a process of its own (see ``process``)."""

from scheduler.imports import texts
from scheduler.imports.events import find_events
from scheduler.imports.lines import take_apart
from scheduler.imports.records import CalendarFile, CalendarRefused, Window
from scheduler.text import say


def read_calendar(data: bytes, window: Window) -> CalendarFile:
    """Give the events of a calendar file.

    Raises
    ------
    CalendarRefused
        When it is no calendar, has no events, or is made to do harm.

    Source
    ------
    RFC 5545 (2009-09), §3.6.1 events, §3.8.5 repetition; what real programs write beside it.
    """
    taken = take_apart(data)
    if not taken.events:
        raise CalendarRefused(say(texts.NO_EVENTS))
    notes = [*taken.notes, *([texts.CANCELS] if taken.method == "CANCEL" else [])]
    return CalendarFile(find_events(taken, window), taken.others, tuple(notes))
