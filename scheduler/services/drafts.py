"""Edits of drafts: each names the revision it saw, is one step of undo, and is judged at once.

A draft may break rules, even blocking ones; they are shown, and publishing refuses them.  What is past or pinned is
not edited.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from scheduler.errors import InvalidInput, NotFound
from scheduler.extensions import db
from scheduler.models import ClinicalSession, Clinician, DraftEdit, RosterVersion, Seat
from scheduler.queries.roster_people import known_clinicians
from scheduler.queries.session_states import SessionState, changed_seats
from scheduler.scope import Scope
from scheduler.services.draft_desk import Desk, Touched, open_desk, touched_from_json
from scheduler.services.draft_rooms import room_for
from scheduler.services.outcomes import accept_outcome
from scheduler.services.placements import state_at
from scheduler.text import N_, say

__all__ = [
    "accept_outcome",
    "assign_seat",
    "move_session",
    "pin_session",
    "place_session",
    "redo",
    "remove_session",
    "undo",
    "unpin_session",
]

NOT_ON_ROSTER = N_("This clinician neither works at one of the roster's sites nor is enrolled in its agreements.")
TEAM_INCOMPLETE = N_(
    "Choose someone for each seat of “%(session)s”: a session is held with its whole team or not at all."
)
IS_HELD = N_("“%(session)s” is already held. Move it instead.")
NOTHING_TO_UNDO = N_("There is nothing to undo.")
NOTHING_TO_REDO = N_("There is nothing to do again.")


def move_session(
    *,
    actor: Scope,
    version_id: int,
    revision: int,
    session_id: int,
    on: date,
    half_day: str,
    room_id: int | None = None,
) -> RosterVersion:
    """Hold a session at another half-day or in another room, with the same team.

    Parameters
    ----------
    room_id
        None: the present room if it is free then, else another that fits.

    Raises
    ------
    NotFound, NotAllowed
        As for all edits: the draft is not there for the actor, or not the actor's to change.
    Conflict
        When the draft has changed meanwhile, or the session is pinned or past.
    InvalidInput
        When it is not held, or cannot be held there.
    """
    desk = open_desk(actor=actor, version_id=version_id, revision=revision)
    session = desk.session(session_id)
    held = desk.held(session_id)
    desk.check_free(session_id)
    option = desk.option(session_id, on, half_day)
    room = room_for(desk, session, option, room_id)
    return _hold(desk, "session_moved", session_id, state_at(option, room, dict(held.team)))


def place_session(
    *,
    actor: Scope,
    version_id: int,
    revision: int,
    session_id: int,
    on: date,
    half_day: str,
    team: Mapping[int, int],
    room_id: int | None = None,
) -> RosterVersion:
    """Hold a session that was not held.

    Parameters
    ----------
    team
        Clinician id by seat id, for every seat of the session.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for ``move_session``.
    InvalidInput
        When it is held already, cannot be held there, or a seat stays empty.
    """
    desk = open_desk(actor=actor, version_id=version_id, revision=revision)
    session = desk.session(session_id)
    if session_id in desk.states:
        raise InvalidInput(say(IS_HELD, session=desk.title(session_id)))
    if set(team) != {seat.id for seat in session.seats}:
        raise InvalidInput(say(TEAM_INCOMPLETE, session=desk.title(session_id)))
    for clinician_id in set(team.values()):
        _check_on_roster(desk, session, clinician_id)
    option = desk.option(session_id, on, half_day)
    room = room_for(desk, session, option, room_id)
    return _hold(desk, "session_placed", session_id, state_at(option, room, team))


def remove_session(*, actor: Scope, version_id: int, revision: int, session_id: int) -> RosterVersion:
    """Do not hold a session: it becomes a gap.  Raises as ``move_session`` does."""
    desk = open_desk(actor=actor, version_id=version_id, revision=revision)
    desk.session(session_id)
    desk.held(session_id)
    desk.check_free(session_id)
    return _hold(desk, "session_removed", session_id, None)


def assign_seat(*, actor: Scope, version_id: int, revision: int, seat_id: int, clinician_id: int) -> RosterVersion:
    """Give a seat of a held session to a clinician.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for ``move_session``.
    InvalidInput
        When the session is not held, or the clinician has nothing to do with the roster.
    """
    desk = open_desk(actor=actor, version_id=version_id, revision=revision)
    session = _session_of(desk, seat_id)
    session_id = session.id
    held = desk.held(session_id)
    desk.check_free(session_id, seat_id=seat_id)
    _check_on_roster(desk, session, clinician_id)
    team = {**dict(held.team), seat_id: clinician_id}
    return _hold(desk, "seat_assigned", session_id, replace(held, team=tuple(sorted(team.items()))))


def pin_session(
    *, actor: Scope, version_id: int, revision: int, session_id: int, seat_id: int | None = None
) -> RosterVersion:
    """Pin a session's half-day and room, or the clinician of one of its seats.  Raises as ``move_session`` does."""
    desk = open_desk(actor=actor, version_id=version_id, revision=revision)
    _check_seat(desk, session_id, seat_id)
    held = desk.held(session_id)
    desk.check_not_past(held, session_id)
    touched = desk.touched(session_id)
    return desk.edit("pinned", session_id, Touched(held, touched.pins | {seat_id}))


def unpin_session(
    *, actor: Scope, version_id: int, revision: int, session_id: int, seat_id: int | None = None
) -> RosterVersion:
    """Take a pin away.  Raises as ``move_session`` does."""
    desk = open_desk(actor=actor, version_id=version_id, revision=revision)
    _check_seat(desk, session_id, seat_id)
    touched = desk.touched(session_id)
    return desk.edit("unpinned", session_id, Touched(touched.held, touched.pins - {seat_id}))


def undo(*, actor: Scope, version_id: int, revision: int) -> RosterVersion:
    """Take the last edit back; whoever made it.  Raises as ``move_session`` does."""
    desk = open_desk(actor=actor, version_id=version_id, revision=revision)
    done = [step for step in desk.version.edits if not step.is_undone]
    if not done:
        raise InvalidInput(NOTHING_TO_UNDO)
    return _step(desk, done[-1], is_undone=True)


def redo(*, actor: Scope, version_id: int, revision: int) -> RosterVersion:
    """Do again the edit that was taken back last.  Raises as ``move_session`` does."""
    desk = open_desk(actor=actor, version_id=version_id, revision=revision)
    undone = [step for step in desk.version.edits if step.is_undone]
    if not undone:
        raise InvalidInput(NOTHING_TO_REDO)
    return _step(desk, undone[0], is_undone=False)


def _hold(desk: Desk, deed: str, session_id: int, state: SessionState | None) -> RosterVersion:
    pins = desk.touched(session_id).pins if state is not None else frozenset()
    return desk.edit(deed, session_id, Touched(state, pins))


def _step(desk: Desk, step: DraftEdit, *, is_undone: bool) -> RosterVersion:
    wanted = {int(i): touched_from_json(kept) for i, kept in (step.before if is_undone else step.after).items()}
    for session_id in wanted:
        desk.session(session_id)
    for session_id, touched in wanted.items():
        held = desk.states.get(session_id)
        for seat_id in changed_seats(held, touched.held):
            for state in (held, touched.held):
                desk.check_not_past(state, session_id, seat_id=seat_id)
    for session_id, touched in wanted.items():
        desk.write(session_id, touched)
    step.is_undone = is_undone
    return desk.finish("undone" if is_undone else "redone", wanted)


def _session_of(desk: Desk, seat_id: int) -> ClinicalSession:
    seat = db.session.get(Seat, seat_id)
    if seat is None:
        raise NotFound()
    return desk.session(seat.session_id)


def _check_seat(desk: Desk, session_id: int, seat_id: int | None) -> None:
    session = desk.session(session_id)
    if seat_id is not None and seat_id not in {seat.id for seat in session.seats}:
        raise NotFound()


def _check_on_roster(desk: Desk, session: ClinicalSession, clinician_id: int) -> None:
    code = db.session.scalar(select(Clinician.code).where(Clinician.id == clinician_id))
    if code not in desk.problem.clinician or clinician_id not in known_clinicians(desk.actor, [session.template]):
        raise InvalidInput(NOT_ON_ROSTER)
