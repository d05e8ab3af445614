"""Raises the iCalendar revisions of sessions and seats when a version is published."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from scheduler.models import ClinicalSession, Seat
from scheduler.queries.session_states import SessionState, load_sessions

States = Mapping[int, SessionState]

ONE_SECOND = timedelta(seconds=1)


def revise(before: States, after: States, *, at: datetime) -> None:
    """Raise the revisions of whatever differs between two published states of a roster.

    ``sequence`` goes up when time, place or status (held or not) changes, and stays 0 at the first publication.
    ``revised_at`` moves when any fact shown in a feed changes, a colleague's name included.  What is the same is
    not touched.
    """
    changed = [i for i in sorted(before.keys() | after.keys()) if before.get(i) != after.get(i)]
    for session in load_sessions(changed).values():
        was, will = before.get(session.id), after.get(session.id)
        is_moved = was is None or will is None or was.place != will.place
        for one in _concerned(session, was, will):
            _raise(one, at, is_moved=is_moved)


def later(revised_at: datetime | None, at: datetime) -> datetime:
    """Give the next revision: now, and at least a second after the last, as an event tells no parts of a second."""
    return at if revised_at is None else max(at, revised_at + ONE_SECOND)


def _concerned(
    session: ClinicalSession, was: SessionState | None, will: SessionState | None
) -> Iterable[ClinicalSession | Seat]:
    """Give the session and those of its seats that anyone holds or held."""
    taken = {seat_id for state in (was, will) if state is not None for seat_id, _ in state.team}
    yield session
    yield from (seat for seat in session.seats if seat.id in taken)


def _raise(one: ClinicalSession | Seat, at: datetime, *, is_moved: bool) -> None:
    if one.revised_at is not None and is_moved:
        one.sequence += 1
    one.revised_at = later(one.revised_at, at)
