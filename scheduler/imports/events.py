"""Makes found events of the lines of a file: which local days each takes, or why it takes none."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar.parser import Contentline
from icalendar.prop import vDuration

from scheduler.imports import texts
from scheduler.imports.days import DAY, days_of, merged
from scheduler.imports.lines import EventLines, Taken
from scheduler.imports.moments import UNREADABLE, Moment, Reader
from scheduler.imports.records import AWAY, CANCELLED, ELSEWHERE, FREE, TENTATIVE, Days, FoundEvent, Window
from scheduler.imports.repeating import Budget, CannotRepeat, Repetition, is_same

MAX_IN_ALL = 1_000
"""Events and repetitions within the window that are looked at."""
MAX_TITLE = 80
LONGEST = 366
"""Days that one leave may take."""
ENDLESS = timedelta(days=10 * LONGEST)
"""What lasts longer is not looked at: it would lead out of the calendar."""
BUSY_STATES = {"OOF": AWAY, "BUSY": AWAY, "FREE": FREE, "TENTATIVE": TENTATIVE, "WORKINGELSEWHERE": ELSEWHERE}
"""Outlook's words."""


class _Unusable(Exception):
    """An event cannot become leave; ``problem`` is a code of ``texts.PROBLEMS``."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(slots=True)
class _Facts:
    """What the lines of one event say."""

    uid: str = ""
    title: str = ""
    start: Moment | None = None
    end: Moment | None = None
    lasts: timedelta | None = None
    is_day: bool = False
    status: str = ""
    shows: str = ""
    busy: str = ""
    repetition: Repetition = field(default_factory=Repetition)
    replaces: Moment | None = None
    replaces_later: bool = False
    problem: str = ""

    @property
    def state(self) -> str:
        """How the calendar shows its owner."""
        if self.status == "CANCELLED":
            return CANCELLED
        if self.busy in BUSY_STATES and self.busy != "BUSY":
            return BUSY_STATES[self.busy]
        if self.shows == "TRANSPARENT":
            return FREE
        return TENTATIVE if self.status == "TENTATIVE" else AWAY


@dataclass(frozen=True, slots=True)
class _Event:
    """An event whose start and length are known."""

    facts: _Facts
    start: Moment
    lasts: timedelta

    @property
    def notes(self) -> tuple[str, ...]:
        return (self.start.note,) if self.start.note else ()


def find_events(taken: Taken, window: Window) -> tuple[FoundEvent, ...]:
    """Give all events of a file, by first local day; what cannot become leave says why."""
    finder = _Finder(taken, window)
    found = [one for lines in taken.events for one in finder.read(lines)]
    found += finder.find()
    return tuple(sorted(found, key=lambda one: (one.on is None, one.on or window.from_on, one.days is None, one.title)))


class _Finder:
    def __init__(self, taken: Taken, window: Window) -> None:
        self.window, self.home = window, ZoneInfo(window.zone)
        self.reader = Reader(self.home, taken.zone_places)
        self.cancels_all = taken.method == "CANCEL"
        self.budget, self.left = Budget(), MAX_IN_ALL
        self.events: list[_Event] = []

    def read(self, lines: EventLines) -> Iterator[FoundEvent]:
        """Keep the event of some lines; give it at once if it cannot become leave."""
        facts = _facts_of(lines, self.reader)
        if self.cancels_all:
            facts.status = "CANCELLED"
        try:
            self.events.append(_event_of(facts, is_broken=lines.is_broken))
        except _Unusable as unusable:
            on = facts.start.in_zone(self.home).date() if facts.start else None
            yield FoundEvent(title=facts.title, on=on, state=facts.state, problem=unusable.problem)

    def find(self) -> Iterator[FoundEvent]:
        """Give the stretches of days of all events that were kept."""
        changes: dict[str, list[_Event]] = defaultdict(list)
        for event in self.events:
            if event.facts.replaces is not None:
                changes[event.facts.uid].append(event)
        for event in self.events:
            is_change = event.facts.replaces is not None
            try:
                yield from self._stretches(event, () if is_change else changes[event.facts.uid])
            except (CannotRepeat, _Unusable) as error:
                yield self._unusable(event, error.problem)

    def _unusable(self, event: _Event, problem: str) -> FoundEvent:
        on = event.start.in_zone(self.home).date()
        repeats = bool(event.facts.repetition)
        return FoundEvent(
            title=event.facts.title, on=on, state=event.facts.state, problem=problem, notes=event.notes, repeats=repeats
        )

    def _stretches(self, event: _Event, changes: Sequence[_Event]) -> Iterator[FoundEvent]:
        times, more = self._times(event, changes) if self.left > 0 else ([], False)
        self.left -= max(len(times), 1)
        if self.left < 0:
            self.left = 0  # from here on, nothing more is worked out
            raise _Unusable(texts.MANY)
        by_facts: dict[int, tuple[_Event, list[Days]]] = {}
        for one in times:
            days = days_of(one.start, one.lasts, self.home, is_day=one.facts.is_day)
            if days is None:
                raise _Unusable(texts.SHORT)
            by_facts.setdefault(id(one.facts), (one, []))[1].append(days)
        notes = (texts.REST_LEFT_OUT,) if more else ()
        for one, stretches in by_facts.values():
            yield from self._within(one, merged(stretches), notes, repeats=bool(event.facts.repetition))

    def _within(
        self, event: _Event, stretches: Iterable[Days], notes: tuple[str, ...], *, repeats: bool
    ) -> Iterator[FoundEvent]:
        """Give stretches as far as they lie within the window."""
        facts, window = event.facts, self.window
        for days in stretches:
            start_on, end_on = max(days.start_on, window.from_on), min(days.end_on, window.until_on)
            base = FoundEvent(facts.title, on=days.start_on, state=facts.state, notes=event.notes, repeats=repeats)
            problem = _problem_of(days, window)
            if problem:
                if not repeats or problem == texts.LONG:
                    yield replace(base, problem=problem)
                continue
            cut = (texts.CUT,) if (start_on, end_on) != (days.start_on, days.end_on) else ()
            yield replace(base, days=Days(start_on, end_on), on=start_on, notes=event.notes + cut + notes)

    def _times(self, event: _Event, changes: Sequence[_Event]) -> tuple[list[_Event], bool]:
        """Give the event at each of its times, without those that changes replace, and whether there are more."""
        if not event.facts.repetition:
            return [event], False
        since = datetime.combine(self.window.from_on, time()) - max(event.lasts, DAY) - DAY
        until = datetime.combine(self.window.until_on, time()) + DAY
        with self.budget.spend():
            walls, more = event.facts.repetition.times(event.start, since=since, until=until, reader=self.reader)
        if not walls and not changes:
            raise _Unusable(texts.OVER if event.start.wall < until else texts.LATER)
        found = []
        for wall in walls:
            replaced = [one for one in changes if _replaces(one, wall, event)]
            if not replaced:
                found.append(_moved(event, wall, [one for one in changes if one.facts.replaces_later]))
        return found, more


def _problem_of(days: Days, window: Window) -> str:
    if days.end_on <= window.from_on:
        return texts.OVER
    if days.start_on >= window.until_on:
        return texts.LATER
    return texts.LONG if days.number > LONGEST else ""


def _replaces(change: _Event, wall: datetime, event: _Event) -> bool:
    return change.facts.replaces is not None and is_same(change.facts.replaces, wall, event.start)


def _moved(event: _Event, wall: datetime, later: Sequence[_Event]) -> _Event:
    """Give the event at one of its times, as the last change of "this and all following" before it would have it."""
    zone = event.start.zone
    points = [(one.facts.replaces.in_zone(zone), one) for one in later if one.facts.replaces is not None]
    before = [point for point in points if point[0] <= wall]
    if not before:
        return replace(event, start=replace(event.start, wall=wall))
    at, change = max(before, key=lambda point: point[0])
    shift = change.start.in_zone(zone) - at
    return _Event(change.facts, replace(event.start, wall=wall + shift), change.lasts)


def _event_of(facts: _Facts, *, is_broken: bool) -> _Event:
    """Give the event of facts.

    Raises
    ------
    _Unusable
        When start or length are not known.
    """
    if is_broken or facts.problem:
        raise _Unusable(facts.problem or texts.BROKEN)
    if facts.start is None:
        raise _Unusable(texts.UNTIMED)
    start, lasts = facts.start, facts.lasts or timedelta(0)
    if facts.end is not None:
        lasts = facts.end.in_zone(start.zone) - start.wall
    if lasts < timedelta(0):
        raise _Unusable(texts.BACKWARDS)
    if lasts > ENDLESS:
        raise _Unusable(texts.LONG)
    return _Event(facts, start, lasts)


def _facts_of(lines: EventLines, reader: Reader) -> _Facts:
    """Read lines; what cannot be read is a problem of the event."""
    facts = _Facts()
    for line in lines.lines:
        try:
            _take(facts, line, reader)
        except UNREADABLE:
            facts.problem = texts.BROKEN
    if facts.start is not None:
        facts.is_day = facts.is_day or facts.start.is_day
    return facts


def _take(facts: _Facts, line: str, reader: Reader) -> None:
    head, _, value = line.rpartition(":")
    name, _, parameters = head.upper().partition(";")
    word = value.strip().upper()
    match name.partition(":")[0]:
        case "UID":
            facts.uid = _text(line)
        case "SUMMARY":
            facts.title = _title(_text(line))
        case "DTSTART":
            facts.start = reader.moment(line)
        case "DTEND":
            facts.end = reader.moment(line)
        case "DURATION":
            facts.lasts = vDuration.from_ical(word)
        case "RRULE":
            facts.repetition.rules.append(value)
        case "RDATE":
            facts.repetition.added += reader.moments(line)
        case "EXDATE":
            facts.repetition.left_out += reader.moments(line)
        case "EXRULE":
            facts.problem = texts.RULE
        case "RECURRENCE-ID":
            facts.replaces = reader.moment(line)
            facts.replaces_later = "RANGE=THISANDFUTURE" in parameters
        case "STATUS":
            facts.status = word
        case "TRANSP":
            facts.shows = word
        case "X-MICROSOFT-CDO-BUSYSTATUS" | "X-MICROSOFT-CDO-INTENDEDSTATUS":
            facts.busy = facts.busy or word
        case "X-MICROSOFT-CDO-ALLDAYEVENT":
            facts.is_day = word == "TRUE"


def _text(line: str) -> str:
    """Give a text without the signs that protect commas and ends of lines."""
    try:
        return str(Contentline(line).parts()[2])
    except UNREADABLE:
        return line.partition(":")[2]


def _title(text: str) -> str:
    """Give a title on one line, without signs that are not seen (they could turn the text around)."""
    words = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return words if len(words) <= MAX_TITLE else words[: MAX_TITLE - 1].rstrip() + "…"
