"""The sessions of a roster version that was published, as frozen records: for a calendar of it to keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from scheduler.duties import Colleague, SessionFact
from scheduler.errors import NotAllowed
from scheduler.extensions import db
from scheduler.models import ClinicalSession, Clinician, Room, RosterVersion
from scheduler.queries.discretion import seen_sessions
from scheduler.queries.duties import site_place
from scheduler.queries.roster_access import find_version
from scheduler.queries.session_states import SessionState, load_sessions, states_of
from scheduler.scope import Scope
from scheduler.text import N_

WAS_PUBLISHED = ("published", "superseded")
"""States of versions of which there is a calendar."""
NOT_PUBLISHED = N_("There is no calendar of a draft: publish it first.")


@dataclass(frozen=True, slots=True)
class VersionSessions:
    """What a version holds, as far as the reader sees it; ``is_current`` for the published one."""

    title: str
    number: int
    is_current: bool
    timezone: str
    sessions: tuple[SessionFact, ...]


def load_version_sessions(scope: Scope, roster_id: int, number: int) -> VersionSessions:
    """Load the held sessions of a version that the account sees, in order of start.

    Sessions of the published version keep their identity, those of an older one get another: a calendar kept of what
    was planned once must not change what a calendar program knows of today's plan.

    Raises
    ------
    NotFound
        When there is no such version for this account.
    NotAllowed
        When it is a draft, or was given up as one.
    """
    version, reach = find_version(scope, roster_id, number)
    if version.state not in WAS_PUBLISHED:
        raise NotAllowed(NOT_PUBLISHED)
    seen = seen_sessions(scope, reach, roster_id)
    states = {i: state for i, state in states_of(version.id).items() if i in seen}
    sessions, names, rooms = load_sessions(states), _names(states), _rooms(states)
    facts = tuple(_fact(version, sessions[i], state, names, rooms) for i, state in states.items())
    return VersionSessions(
        title=version.roster.title,
        number=version.number,
        is_current=version.state == "published",
        timezone=facts[0].site.timezone if facts else "Europe/Brussels",
        sessions=facts,
    )


def _fact(
    version: RosterVersion,
    session: ClinicalSession,
    state: SessionState,
    names: Mapping[int, str],
    rooms: Mapping[int, str],
) -> SessionFact:
    template, is_current = session.template, version.state == "published"
    roles = {seat.id: seat.demand.role.code for seat in session.seats}
    return SessionFact(
        uid=session.uid if is_current else f"{session.uid}-v{version.number}",
        sequence=session.sequence if is_current else 0,
        revised_at=(session.revised_at if is_current else None) or _published_at(version),
        session_id=session.id,
        kind=template.kind,
        specialty=template.specialty,
        site=site_place(template.site),
        room=rooms.get(state.room_id or 0),
        agreement=template.agreement.title if template.agreement is not None else None,
        on_date=state.on,
        half_day=state.half_day,
        start_at=state.start_at,
        end_at=state.end_at,
        team=tuple(Colleague(names[who], roles[seat_id]) for seat_id, who in state.team),
    )


def _published_at(version: RosterVersion) -> datetime:
    return version.published_at or version.created_at


def _names(states: Mapping[int, SessionState]) -> dict[int, str]:
    who = {clinician_id for state in states.values() for clinician_id in state.clinician_ids}
    return dict(db.session.execute(select(Clinician.id, Clinician.name).where(Clinician.id.in_(who))).all())


def _rooms(states: Mapping[int, SessionState]) -> dict[int, str]:
    ids = {state.room_id for state in states.values()}
    return dict(db.session.execute(select(Room.id, Room.name).where(Room.id.in_(ids))).all())
