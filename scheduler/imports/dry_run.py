"""What an import would do, row by row, before anyone has agreed to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scheduler.imports.days import merged, without
from scheduler.imports.records import AWAY, CalendarFile, Days, FoundEvent


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A stretch of days that may be entered.

    Parameters
    ----------
    missing
        The days that are not entered yet, as disjoint stretches; empty when all are.
    entered
        The days that are entered already, as far as they are among these.
    overlaps
        Whether another row has some of the same days.
    hits
        How many published sessions lose someone if the missing days are entered.
    """

    event: FoundEvent
    days: Days
    missing: tuple[Days, ...]
    entered: tuple[Days, ...]
    overlaps: bool
    hits: int

    @property
    def is_chosen(self) -> bool:
        """Whether it is ticked beforehand: only what the calendar shows as away, and for certain."""
        return self.event.state == AWAY and bool(self.missing)


@dataclass(frozen=True, slots=True)
class DryRun:
    """What an import would do: ``rows`` may be entered, ``unusable`` may not; both by first day."""

    rows: tuple[ImportRow, ...]
    unusable: tuple[FoundEvent, ...]

    @property
    def missing(self) -> int:
        """How many rows have days to enter."""
        return sum(bool(row.missing) for row in self.rows)


def plan_import(file: CalendarFile, entered: Sequence[Days], duties: Sequence[Days]) -> DryRun:
    """Compare what a file holds with the leave that is entered and the local days of published duties."""
    usable = [(one, one.days) for one in file.events if one.days is not None]
    shared = _shared([days for _, days in usable])
    rows = tuple(_row(event, days, entered, duties, overlaps=days in shared) for event, days in usable)
    return DryRun(rows, tuple(one for one in file.events if one.days is None))


def _row(
    event: FoundEvent, days: Days, entered: Iterable[Days], duties: Iterable[Days], *, overlaps: bool
) -> ImportRow:
    here = [one for one in entered if one.touches(days)]
    missing = without([days], here)
    return ImportRow(
        event=event,
        days=days,
        missing=missing,
        entered=without([days], missing) if missing else merged([days]),
        overlaps=overlaps,
        hits=sum(any(duty.touches(part) for part in missing) for duty in duties),
    )


def _shared(stretches: Iterable[Days]) -> set[Days]:
    """Give the stretches that have a day in common with another one."""
    found: set[Days] = set()
    longest: Days | None = None
    for one in sorted(stretches):
        if longest is not None and one.touches(longest):
            found |= {one, longest}
        if longest is None or one.end_on > longest.end_on:
            longest = one
    return found
