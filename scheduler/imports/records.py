"""What was found in a calendar file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from scheduler.errors import InvalidInput

AWAY, FREE, TENTATIVE, ELSEWHERE, CANCELLED = "away", "free", "tentative", "elsewhere", "cancelled"
"""How a calendar shows its owner during an event."""


class CalendarRefused(InvalidInput):
    """The file as a whole cannot be read; the message tells why."""


@dataclass(frozen=True, slots=True, order=True)
class Days:
    """Whole days [start_on, end_on), at least one."""

    start_on: date
    end_on: date

    def __post_init__(self) -> None:
        if self.start_on >= self.end_on:
            raise ValueError("days end after they begin")

    @property
    def last_on(self) -> date:
        """The last of the days."""
        return self.end_on - timedelta(days=1)

    @property
    def number(self) -> int:
        """How many days these are."""
        return (self.end_on - self.start_on).days

    def touches(self, other: "Days") -> bool:
        """Tell whether a day is in both."""
        return self.start_on < other.end_on and other.start_on < self.end_on


@dataclass(frozen=True, slots=True)
class FoundEvent:
    """An event of a file, or one stretch of days of an event that repeats.

    Parameters
    ----------
    title
        The event's own title, shortened; empty when it has none.
    days
        The local days it takes, within the window; None when it cannot become leave.
    on
        The first local day, also of what cannot become leave; None when not even that is known.
    state
        How the calendar shows its owner: AWAY, FREE, TENTATIVE, ELSEWHERE or CANCELLED.
    problem
        Why it cannot become leave: a code of ``texts.PROBLEMS``; empty when it can.
    notes
        What to know before one relies on the days: codes of ``texts.NOTES``.
    """

    title: str
    days: Days | None = None
    on: date | None = None
    state: str = AWAY
    problem: str = ""
    notes: tuple[str, ...] = ()
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """All events of a file, by first day.

    Parameters
    ----------
    others
        Entries that are no events (tasks, notes), which are left out.
    notes
        What to know about the file as a whole: codes of ``texts.FILE_NOTES``.
    """

    events: tuple[FoundEvent, ...]
    others: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """Days [from_on, until_on) in which leave is looked for; ``zone`` is the IANA zone of the clinician's home."""

    from_on: date
    until_on: date
    zone: str

    @classmethod
    def of(cls, today: date, zone: str) -> "Window":
        """Give the window from today on for two years."""
        try:
            until_on = today.replace(year=today.year + 2)
        except ValueError:  # the 29th of February
            until_on = today.replace(year=today.year + 2, day=28)
        return cls(today, until_on, zone)


def file_to_json(file: CalendarFile) -> dict[str, Any]:
    """Give what was found in a form that passes between processes."""
    return {
        "events": [
            {
                "title": one.title,
                "days": [one.days.start_on.isoformat(), one.days.end_on.isoformat()] if one.days else None,
                "on": one.on.isoformat() if one.on else None,
                "state": one.state,
                "problem": one.problem,
                "notes": list(one.notes),
                "repeats": one.repeats,
            }
            for one in file.events
        ],
        "others": file.others,
        "notes": list(file.notes),
    }


def file_from_json(found: Mapping[str, Any]) -> CalendarFile:
    """Give what ``file_to_json`` was given."""
    return CalendarFile(
        events=tuple(
            FoundEvent(
                title=one["title"],
                days=Days(*(date.fromisoformat(day) for day in one["days"])) if one["days"] else None,
                on=date.fromisoformat(one["on"]) if one["on"] else None,
                state=one["state"],
                problem=one["problem"],
                notes=tuple(one["notes"]),
                repeats=one["repeats"],
            )
            for one in found["events"]
        ),
        others=found["others"],
        notes=tuple(found["notes"]),
    )
