"""Sessions as held in a version, as plain values: for comparing versions and for undoing edits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from scheduler.extensions import db
from scheduler.models import Affiliation, ClinicalSession, Demand, Placement, Seat, SessionTemplate, Site


@dataclass(frozen=True, slots=True)
class SessionState:
    """When and where a session is held and by whom; ``team`` are pairs of seat id and clinician id, by seat."""

    on: date
    half_day: str
    start_at: datetime
    end_at: datetime
    room_id: int | None
    team: tuple[tuple[int, int], ...]

    @property
    def clinician_ids(self) -> frozenset[int]:
        """Everyone who has a seat."""
        return frozenset(clinician_id for _, clinician_id in self.team)

    @property
    def place(self) -> tuple[date, str, datetime, datetime, int | None]:
        """Time and room, without the team."""
        return (self.on, self.half_day, self.start_at, self.end_at, self.room_id)

    def seats_of(self, clinician_id: int) -> tuple[int, ...]:
        """Give the seats a clinician takes."""
        return tuple(seat_id for seat_id, who in self.team if who == clinician_id)


def is_past(cover_hours: int | None, start_at: datetime, end_at: datetime, now: datetime) -> bool:
    """Tell whether a seat of a session at this time is settled: the session has begun, a cover has ended."""
    return start_at <= now if cover_hours is None else end_at + timedelta(hours=cover_hours) <= now


def changed_seats(was: SessionState | None, will: SessionState | None) -> frozenset[int | None]:
    """Give the seats that change hands between two states; None among them: time, room or all of the session does."""
    if was is None or will is None or was.place != will.place:
        return frozenset([None])
    return frozenset(seat_id for seat_id, _ in set(was.team) ^ set(will.team))


def state_of(placement: Placement) -> SessionState:
    """Give the state that a placement means."""
    return SessionState(
        on=placement.on_date,
        half_day=placement.half_day,
        start_at=placement.start_at,
        end_at=placement.end_at,
        room_id=placement.room_id,
        team=tuple(sorted((a.seat_id, a.clinician_id) for a in placement.assignments)),
    )


def states_of(version_id: int | None) -> dict[int, SessionState]:
    """Give by session id all sessions held in a version; nothing is held in no version."""
    if version_id is None:
        return {}
    rows = db.session.scalars(
        select(Placement)
        .where(Placement.version_id == version_id)
        .options(selectinload(Placement.assignments))
        .order_by(Placement.start_at, Placement.session_id)
    )
    return {row.session_id: state_of(row) for row in rows}


def state_to_json(state: SessionState | None) -> dict[str, Any] | None:
    """Give the JSON object of a state; None stays None: not held."""
    if state is None:
        return None
    return {
        "on": state.on.isoformat(),
        "half_day": state.half_day,
        "start_at": state.start_at.isoformat(),
        "end_at": state.end_at.isoformat(),
        "room_id": state.room_id,
        "team": [list(pair) for pair in state.team],
    }


def state_from_json(kept: Mapping[str, Any] | None) -> SessionState | None:
    """Read what ``state_to_json`` gave."""
    if kept is None:
        return None
    return SessionState(
        on=date.fromisoformat(kept["on"]),
        half_day=kept["half_day"],
        start_at=datetime.fromisoformat(kept["start_at"]),
        end_at=datetime.fromisoformat(kept["end_at"]),
        room_id=kept["room_id"],
        team=tuple((seat_id, clinician_id) for seat_id, clinician_id in kept["team"]),
    )


def load_sessions(ids: Iterable[int]) -> dict[int, ClinicalSession]:
    """Load sessions by id with all that names them: template, site, agreement, seats and their roles."""
    template = joinedload(ClinicalSession.template)
    rows = db.session.scalars(
        select(ClinicalSession)
        .where(ClinicalSession.id.in_(set(ids)))
        .options(
            template.joinedload(SessionTemplate.site).joinedload(Site.organisation),
            template.joinedload(SessionTemplate.agreement),
            selectinload(ClinicalSession.seats).joinedload(Seat.demand).joinedload(Demand.role),
        )
    )
    return {row.id: row for row in rows}


def home_organisations(clinician_ids: Iterable[int]) -> dict[int, int]:
    """Give the id of the home organisation of each clinician."""
    rows = db.session.execute(
        select(Affiliation.clinician_id, Affiliation.organisation_id).where(
            Affiliation.is_home, Affiliation.clinician_id.in_(set(clinician_ids))
        )
    )
    return dict(rows.all())
