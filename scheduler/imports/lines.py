"""Takes a calendar file apart into its events, as lines; everything else is dropped unread.

Only the properties in KEPT go any further: attachments, addresses, people and alarms are never looked at.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from scheduler.imports import texts
from scheduler.imports.records import CalendarRefused
from scheduler.text import say

MAX_BYTES = 1024 * 1024
MAX_COMPONENTS = 2_000
MAX_DEPTH = 8
"""Calendar, event, alarm: 3 are in use."""
MAX_LINE = 20_000
"""Characters of a line that is kept; an EXDATE with a thousand days is shorter."""

KEPT = frozenset(
    {
        "DTSTART",
        "DTEND",
        "DURATION",
        "RRULE",
        "RDATE",
        "EXDATE",
        "EXRULE",
        "RECURRENCE-ID",
        "UID",
        "SUMMARY",
        "STATUS",
        "TRANSP",
        "X-MICROSOFT-CDO-BUSYSTATUS",
        "X-MICROSOFT-CDO-INTENDEDSTATUS",
        "X-MICROSOFT-CDO-ALLDAYEVENT",
    }
)
"""Properties of an event that tell when it is and whether it counts."""
_NAME = re.compile(r"[A-Za-z0-9-]+(?=[:;])")
_NEWLINE = re.compile(r"\r\n|\r|\n")


@dataclass(slots=True)
class EventLines:
    """The kept lines of one event; it is broken when its end is missing or a line is too long."""

    lines: list[str] = field(default_factory=list)
    has_end: bool = False
    is_too_long: bool = False

    @property
    def is_broken(self) -> bool:
        """Tell whether something of the event is missing."""
        return self.is_too_long or not self.has_end


@dataclass(slots=True)
class Taken:
    """A file taken apart.

    Parameters
    ----------
    zone_places
        By the name of a zone in this file: the IANA zone that its block says it stands for.
    """

    events: list[EventLines] = field(default_factory=list)
    zone_places: dict[str, str] = field(default_factory=dict)
    method: str = ""
    others: int = 0
    notes: list[str] = field(default_factory=list)


def take_apart(data: bytes) -> Taken:
    """Take a file apart.

    Raises
    ------
    CalendarRefused
        When it is too big, empty, no calendar, or too deeply nested.
    """
    if len(data) > MAX_BYTES:
        raise CalendarRefused(say(texts.TOO_BIG))
    text, is_old = _decoded(data)
    if not text.strip():
        raise CalendarRefused(say(texts.EMPTY))
    if not text.lstrip()[:15].upper().startswith("BEGIN:VCALENDAR"):
        raise CalendarRefused(say(texts.NO_CALENDAR))
    taken = _Taking().read(text)
    if is_old:
        taken.notes.append(texts.OLD_CHARACTERS)
    return taken


def _decoded(data: bytes) -> tuple[str, bool]:
    """Give the text, and whether it was written in the characters of old Windows programs."""
    try:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return data.decode("utf-16"), False
        return data.decode("utf-8-sig"), False
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), True


def _unfolded(text: str) -> Iterator[str]:
    """Give whole lines; long ones were folded, with a blank before each further part."""
    parts: list[str] = []
    for line in _NEWLINE.split(text):
        if line[:1] in (" ", "\t"):
            parts.append(line[1:])
            continue
        if parts:
            yield "".join(parts)
        parts = [line]
    yield "".join(parts)


class _Taking:
    """Goes through the lines with the names of the components that are open."""

    def __init__(self) -> None:
        self.taken = Taken()
        self.open: list[str] = []
        self.components = 0
        self.event: EventLines | None = None
        self.zone = ""

    def read(self, text: str) -> Taken:
        """Take all lines."""
        for line in _unfolded(text):
            name = _NAME.match(line)
            if name is None:
                continue  # no property: most often the rest of a text whose line breaks were not written as they should
            if name[0].upper() == "BEGIN":
                self._begin(line[6:].strip().upper())
            elif name[0].upper() == "END":
                self._end(line[4:].strip().upper())
            else:
                self._take(name[0].upper(), line)
        if self.open:
            self.taken.notes.append(texts.CUT_OFF)
        return self.taken

    def _begin(self, component: str) -> None:
        self.components += 1
        if self.components > MAX_COMPONENTS:
            raise CalendarRefused(say(texts.TOO_MANY_ENTRIES))
        if component == "VEVENT" and "VEVENT" in self.open:
            del self.open[self.open.index("VEVENT") :]  # the end of the one before is missing
        self.open.append(component)
        if len(self.open) > MAX_DEPTH:
            raise CalendarRefused(say(texts.TOO_DEEP))
        if component == "VEVENT":
            self.event = EventLines()
            self.taken.events.append(self.event)
        elif component in ("VTODO", "VJOURNAL", "VFREEBUSY"):
            self.taken.others += 1
        self.zone = ""

    def _end(self, component: str) -> None:
        if component not in self.open:
            return
        while self.open.pop() != component:
            pass
        if component == "VEVENT" and self.event is not None:
            self.event.has_end = True
            self.event = None

    def _take(self, name: str, line: str) -> None:
        inside = self.open[-1] if self.open else ""
        if inside == "VEVENT" and self.event is not None and name in KEPT:
            if len(line) <= MAX_LINE:
                self.event.lines.append(line)
            else:
                self.event.is_too_long = True
        elif inside == "VTIMEZONE" and name == "TZID":
            self.zone = _value(line)
        elif inside == "VTIMEZONE" and name == "X-LIC-LOCATION" and self.zone:
            self.taken.zone_places[self.zone] = _value(line)
        elif inside == "VCALENDAR" and name == "METHOD":
            self.taken.method = _value(line).upper()


def _value(line: str) -> str:
    return line.partition(":")[2].strip()
