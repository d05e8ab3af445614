"""Writes how sessions are held in a draft."""

from collections.abc import Mapping

from sqlalchemy import select

from scheduler.extensions import db
from scheduler.models import Assignment, Placement, RosterVersion
from scheduler.queries.session_states import SessionState
from solver.problem import Option


def state_at(option: Option, room_id: int | None, team: Mapping[int, int]) -> SessionState:
    """Give the state of a session at a half-day; ``team`` is clinician id by seat id."""
    return SessionState(
        on=option.on,
        half_day=option.half_day.value,
        start_at=option.start_at,
        end_at=option.end_at,
        room_id=room_id,
        team=tuple(sorted(team.items())),
    )


def place(version: RosterVersion, session_id: int, state: SessionState) -> Placement:
    """Hold a session in a version that does not hold it yet."""
    placement = Placement(
        version_id=version.id,
        session_id=session_id,
        on_date=state.on,
        half_day=state.half_day,
        start_at=state.start_at,
        end_at=state.end_at,
        room_id=state.room_id,
        assignments=[Assignment(seat_id=seat_id, clinician_id=clinician_id) for seat_id, clinician_id in state.team],
    )
    db.session.add(placement)
    return placement


def replace(version: RosterVersion, session_id: int, state: SessionState | None) -> None:
    """Hold a session like this, whatever it was before; None: it is not held."""
    old = db.session.scalar(
        select(Placement).where(Placement.version_id == version.id, Placement.session_id == session_id)
    )
    if old is not None:
        db.session.delete(old)
        db.session.flush()
    if state is not None:
        place(version, session_id, state)
    db.session.flush()
    db.session.expire(version, ["placements"])
