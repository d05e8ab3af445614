"""When an event that repeats takes place: its rules, added and left-out times, within limits.

The rules are worked out by dateutil, which comes with icalendar.  It gives up on no rule: one that never fits
(every day, if it is the 30th of February) is tried until the year 9999.  So each event has half a second of
processor time, and all of them together a little more.
"""

import signal
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import takewhile
from types import FrameType

from dateutil.rrule import rrulestr

from scheduler.imports import texts
from scheduler.imports.moments import UNREADABLE, Moment, Reader

MAX_PER_EVENT = 400
"""Repetitions of one event within the window: daily leave for a year, and some."""
SECONDS_PER_EVENT = 0.5
SECONDS_IN_ALL = 2.0
"""Processor time; a rule that gives a day each week since 2000 takes a few thousandths."""

FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
MORE_OFTEN = frozenset({"HOURLY", "MINUTELY", "SECONDLY"})
TIMES = ("BYHOUR", "BYMINUTE", "BYSECOND")
PARTS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH"})
PARTS |= {"BYSETPOS", "WKST", *TIMES}


class CannotRepeat(Exception):
    """The repetitions cannot be worked out; ``problem`` is a code of ``texts.PROBLEMS``."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(slots=True)
class Budget:
    """The processor time that is left for all events of a file."""

    seconds: float = SECONDS_IN_ALL

    @contextmanager
    def spend(self) -> Iterator[None]:
        """Let one event use some of it; too much is a CannotRepeat."""
        if self.seconds <= 0:
            raise CannotRepeat(texts.RULE)
        began = time.process_time()
        try:
            with _interrupted_after(min(self.seconds, SECONDS_PER_EVENT)):
                yield
        finally:
            self.seconds -= time.process_time() - began


@dataclass(slots=True)
class Repetition:
    """What the lines of one event say of its repetitions."""

    rules: list[str] = field(default_factory=list)
    added: list[Moment] = field(default_factory=list)
    left_out: list[Moment] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.rules or self.added)

    def times(self, start: Moment, *, since: datetime, until: datetime, reader: Reader) -> tuple[list[datetime], bool]:
        """Give when it takes place in [since, until), as walls of the event's zone, and whether there are more.

        Raises
        ------
        CannotRepeat
            When a rule is not understood, repeats within a day, or never comes to an end.
        """
        found = {start.wall, *(one.in_zone(start.zone) for one in self.added)}
        more = False
        for rule in self.rules:
            for count, wall in enumerate(_within(_worked_out(rule, start, reader), since, until)):
                found.add(wall)
                if count >= MAX_PER_EVENT:
                    more = True
                    break
        walls, days = self._left_out(start)
        within = sorted(
            wall for wall in found if since <= wall < until and wall not in walls and wall.date() not in days
        )
        return within[:MAX_PER_EVENT], more or len(within) > MAX_PER_EVENT

    def _left_out(self, start: Moment) -> tuple[set[datetime], set[date]]:
        """Give walls and days at which it does not take place; as in ``is_same``, for many at once."""
        by_day = [one.is_day or start.is_day for one in self.left_out]
        walls = {one.in_zone(start.zone) for one, is_day in zip(self.left_out, by_day, strict=True) if not is_day}
        return walls, {one.wall.date() for one, is_day in zip(self.left_out, by_day, strict=True) if is_day}


def is_same(one: Moment, wall: datetime, start: Moment) -> bool:
    """Tell whether a file means this repetition by a moment; programs mix dates and times here."""
    if one.is_day or start.is_day:
        return one.wall.date() == wall.date()
    return one.in_zone(start.zone) == wall


def _within(walls: Iterable[datetime], since: datetime, until: datetime) -> Iterator[datetime]:
    return (wall for wall in takewhile(lambda wall: wall < until, walls) if wall >= since)


def _worked_out(rule: str, start: Moment, reader: Reader) -> Iterator[datetime]:
    """Give the walls of a rule, without end where it has none."""
    parts = _parts(rule)
    last = parts.pop("UNTIL", None)
    try:
        walls = iter(rrulestr(";".join(f"{name}={value}" for name, value in parts.items()), dtstart=start.wall))
        if last is None:
            return walls
        until = _last_wall(reader.value(last), start)
    except UNREADABLE as error:
        raise CannotRepeat(texts.RULE) from error
    return takewhile(lambda wall: wall <= until, walls)


def _parts(rule: str) -> dict[str, str]:
    parts = {}
    for piece in rule.strip(" ;").split(";"):
        name, _, value = piece.partition("=")
        parts[name.strip().upper()] = value.strip().upper()
    if parts.get("FREQ") in MORE_OFTEN or any("," in parts.get(name, "") for name in TIMES):
        raise CannotRepeat(texts.OFTEN)
    is_known = parts.get("FREQ") in FREQUENCIES and parts.keys() <= PARTS and all(parts.values())
    if not is_known or not 1 <= _number(parts.get("INTERVAL", "1")) <= 1_000:
        raise CannotRepeat(texts.RULE)
    return parts


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _last_wall(until: Moment, start: Moment) -> datetime:
    """Give the last wall that a rule allows; a date allows all of its day."""
    wall = until.in_zone(start.zone)
    return wall + timedelta(days=1, microseconds=-1) if until.is_day else wall


@contextmanager
def _interrupted_after(seconds: float) -> Iterator[None]:
    """End what runs inside after so much processor time; signals reach the main thread alone."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise CannotRepeat(texts.RULE)

    before = signal.signal(signal.SIGVTALRM, interrupt)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
