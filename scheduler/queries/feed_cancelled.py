"""The facts of what was cancelled: sessions and duties that were published and are held no more, as they were last."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from scheduler.duties import Colleague, Duty, SessionFact
from scheduler.extensions import db
from scheduler.models import (
    CancelledSession,
    ClinicalRole,
    ClinicalSession,
    Clinician,
    CooperationAgreement,
    Demand,
    Room,
    Seat,
    SessionTemplate,
    Site,
)
from scheduler.queries.duties import Team, duty_of, in_chunks, site_places
from scheduler.queries.feed_facts import OF_SESSION
from scheduler.queries.session_states import SessionState, home_organisations, state_from_json


def cancelled_sessions(session_ids: Iterable[int]) -> dict[int, SessionFact]:
    """Give these sessions as they were held last; those that are held, or never were, are left out."""
    held = _last_held(session_ids)
    rows = _session_rows(held.states)
    places, teams = site_places({row.site_id for row in rows}), held.teams()
    found = {}
    for row in rows:
        state = held.states[row.session_id]
        found[row.session_id] = SessionFact(
            uid=row.uid,
            sequence=row.sequence,
            revised_at=row.revised_at,
            session_id=row.session_id,
            kind=row.kind,
            specialty=row.specialty,
            site=places[row.site_id],
            room=held.rooms.get(state.room_id or 0),
            agreement=row.agreement,
            on_date=state.on,
            half_day=state.half_day,
            start_at=state.start_at,
            end_at=state.end_at,
            team=tuple(colleague for _, _, colleague in teams[row.session_id]),
            is_cancelled=True,
        )
    return found


def cancelled_duties(seat_ids: Iterable[int]) -> dict[int, Duty]:
    """Give the duties of these seats in sessions that are held no more, as they were held last."""
    wanted = set(seat_ids)
    sessions = {
        session_id
        for ids in in_chunks(wanted)
        for session_id in db.session.scalars(select(Seat.session_id).where(Seat.id.in_(ids)))
    }
    held = _last_held(sessions)
    places = site_places({seat.site_id for seat in held.seats})
    homes = home_organisations({who for state in held.states.values() for who in state.clinician_ids})
    teams = held.teams()
    found = {}
    for seat in held.seats:
        who = dict(held.states[seat.session_id].team).get(seat.seat_id)
        if seat.seat_id in wanted and who is not None:
            last = _last_seat(seat, held, who, is_visit=homes.get(who) not in (None, seat.organisation_id))
            found[seat.seat_id] = duty_of(last, places[seat.site_id], teams[seat.session_id], is_cancelled=True)
    return found


def cover_times(state: SessionState, cover_hours: int | None) -> tuple[datetime, datetime]:
    """Give when a seat of a session is taken: a cover begins when the session ends."""
    if cover_hours is None:
        return state.start_at, state.end_at
    return state.end_at, state.end_at + timedelta(hours=cover_hours)


@dataclass(frozen=True, slots=True)
class _LastSeat:
    """A seat of a session that is held no more, as it was held last; has the columns of a published duty."""

    uid: str
    sequence: int
    revised_at: datetime
    seat_id: int
    session_id: int
    clinician_id: int
    clinician_name: str
    role: str
    kind: str
    cover_hours: int | None
    specialty: str
    site_id: int
    room: str | None
    agreement: str | None
    on_date: date
    half_day: str
    start_at: datetime
    end_at: datetime
    is_exclusive: bool
    is_visit: bool


@dataclass(frozen=True, slots=True)
class _LastHeld:
    """Sessions that are held no more: rows of their seats, their states by session id, and the names in these."""

    seats: list[Any]
    states: dict[int, SessionState]
    people: dict[int, str]
    rooms: dict[int, str]

    def teams(self) -> dict[int, Team]:
        """Give by session id the team that held it last."""
        found: dict[int, Team] = {session_id: [] for session_id in self.states}
        for seat in self.seats:
            who = dict(self.states[seat.session_id].team).get(seat.seat_id)
            if who is not None:
                found[seat.session_id].append((seat.seat_id, who, Colleague(self.people[who], seat.role)))
        return found


def _last_held(session_ids: Iterable[int]) -> _LastHeld:
    ids = list(session_ids)
    states = {
        row.session_id: state
        for some in in_chunks(ids)
        for row in db.session.execute(
            select(CancelledSession.session_id, CancelledSession.state).where(CancelledSession.session_id.in_(some))
        )
        if (state := state_from_json(row.state)) is not None
    }
    seats = [row for some in in_chunks(states) for row in _seat_rows(some)]
    return _LastHeld(
        seats=seats,
        states=states,
        people=_names(Clinician, (who for state in states.values() for who in state.clinician_ids)),
        rooms=_names(Room, (state.room_id for state in states.values() if state.room_id is not None)),
    )


def _session_rows(session_ids: Iterable[int]) -> list[Any]:
    return [
        row
        for some in in_chunks(session_ids)
        for row in db.session.execute(
            select(
                *OF_SESSION,
                func.coalesce(ClinicalSession.revised_at, CancelledSession.cancelled_at).label("revised_at"),
            )
            .select_from(ClinicalSession)
            .join(CancelledSession, CancelledSession.session_id == ClinicalSession.id)
            .join(SessionTemplate, SessionTemplate.id == ClinicalSession.template_id)
            .outerjoin(CooperationAgreement, CooperationAgreement.id == SessionTemplate.agreement_id)
            .where(ClinicalSession.id.in_(some))
        )
    ]


def _seat_rows(session_ids: list[int]) -> list[Any]:
    return list(
        db.session.execute(
            select(
                Seat.uid,
                Seat.sequence,
                func.coalesce(Seat.revised_at, CancelledSession.cancelled_at).label("revised_at"),
                Seat.id.label("seat_id"),
                Seat.session_id,
                ClinicalRole.code.label("role"),
                SessionTemplate.kind,
                Demand.cover_hours,
                SessionTemplate.specialty,
                SessionTemplate.site_id,
                Site.organisation_id,
                CooperationAgreement.title.label("agreement"),
                Demand.is_exclusive,
            )
            .select_from(Seat)
            .join(CancelledSession, CancelledSession.session_id == Seat.session_id)
            .join(Demand, Demand.id == Seat.demand_id)
            .join(ClinicalRole, ClinicalRole.id == Demand.role_id)
            .join(SessionTemplate, SessionTemplate.id == Demand.template_id)
            .join(Site, Site.id == SessionTemplate.site_id)
            .outerjoin(CooperationAgreement, CooperationAgreement.id == SessionTemplate.agreement_id)
            .where(Seat.session_id.in_(session_ids))
            .order_by(Seat.id)
        )
    )


def _last_seat(seat: Any, held: _LastHeld, who: int, *, is_visit: bool) -> _LastSeat:
    state = held.states[seat.session_id]
    start_at, end_at = cover_times(state, seat.cover_hours)
    return _LastSeat(
        uid=seat.uid,
        sequence=seat.sequence,
        revised_at=seat.revised_at,
        seat_id=seat.seat_id,
        session_id=seat.session_id,
        clinician_id=who,
        clinician_name=held.people[who],
        role=seat.role,
        kind=seat.kind,
        cover_hours=seat.cover_hours,
        specialty=seat.specialty,
        site_id=seat.site_id,
        room=held.rooms.get(state.room_id or 0),
        agreement=seat.agreement,
        on_date=state.on,
        half_day=state.half_day,
        start_at=start_at,
        end_at=end_at,
        is_exclusive=seat.is_exclusive,
        is_visit=is_visit,
    )


def _names(model: type[Clinician] | type[Room], ids: Iterable[int]) -> dict[int, str]:
    return {
        row.id: row.name
        for some in in_chunks(ids)
        for row in db.session.execute(select(model.id, model.name).where(model.id.in_(some)))
    }
