"""Everything that a board is drawn from, loaded at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from scheduler import clock
from scheduler.extensions import db
from scheduler.models import (
    ClinicalSession,
    Clinician,
    Demand,
    Room,
    Roster,
    RosterVersion,
    Seat,
    SessionPin,
    SessionTemplate,
    Site,
)
from scheduler.queries.approvals import ApprovalState, approval_states
from scheduler.queries.discretion import Discretion, discretion_of
from scheduler.queries.findings import Findings
from scheduler.queries.half_days import ClockTimes, load_clock_times
from scheduler.queries.judgement import findings_today
from scheduler.queries.people import Sight, in_sight, sight_of
from scheduler.queries.problem_people import load_people
from scheduler.queries.problem_places import days_between, load_sites, site_records
from scheduler.queries.problem_sessions import session_options, session_title
from scheduler.queries.roster_access import Reach, find_version
from scheduler.queries.roster_changes import usual_other
from scheduler.queries.roster_people import known_clinicians
from scheduler.queries.rosters import VersionPage, load_version
from scheduler.queries.session_states import SessionState, states_of
from scheduler.scope import Scope
from solver import problem as solver_problem
from solver.problem import HalfDay

TITLES = frozenset(("Dr", "Dr.", "Pr", "Pr.", "Prof", "Prof."))
"""What may stand before a name and is left out of short names."""


@dataclass(frozen=True, slots=True)
class Person:
    """A clinician as drawn on a board."""

    id: int
    name: str
    short_name: str
    site_id: int
    country: str
    specialties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeatFact:
    """What a seat asks for."""

    id: int
    role: str
    cover_hours: int | None


@dataclass(frozen=True, slots=True)
class BoardFacts:
    """What a board is drawn from; sessions outside the reader's reach are left out.

    Parameters
    ----------
    sessions, states
        All sessions by id, and those of them that are held.
    columns
        Half-days in which something is planned or could be, in order.
    breach_levels
        By session id the gravest strength of a breach that names it.
    clinicians
        Whoever is planned, and all others who may be and whom the reader may know of.
    sight, in_sight_ids, known_ids
        What the reader may know of people: of whom anything, and whom by name.
    discretion
        What the reader may be told of the roster.
    taken, busy
        When rooms and clinicians are in sessions that the reader does not see: id, day and half-day.
    before
        The sessions that the published version holds, for drafts that have one; else those of this version.
    changed
        Sessions that differ from the published version, for drafts that have one.
    """

    page: VersionPage
    reach: Reach
    now: datetime
    findings: Findings
    approvals: tuple[ApprovalState, ...]
    sessions: Mapping[int, ClinicalSession]
    states: Mapping[int, SessionState]
    before: Mapping[int, SessionState]
    changed: frozenset[int]
    pinned: frozenset[int]
    breach_levels: Mapping[int, str]
    sites: Mapping[int, Site]
    site_facts: Mapping[str, solver_problem.Site]
    rooms: tuple[Room, ...]
    room_names: Mapping[int, str]
    seats: Mapping[int, SeatFact]
    clinicians: tuple[Clinician, ...]
    people: Mapping[int, Person]
    sight: Sight
    in_sight_ids: frozenset[int]
    known_ids: frozenset[int]
    discretion: Discretion
    taken: frozenset[tuple[int, date, str]]
    busy: frozenset[tuple[int, date, str]]
    times: ClockTimes
    days: tuple[date, ...]
    columns: tuple[tuple[date, str], ...]

    def title_of(self, session_id: int) -> str:
        """Give the title of a session."""
        return session_title(self.sessions[session_id].template)


def load_board_facts(scope: Scope, roster_id: int, number: int) -> BoardFacts:
    """Load what a version's board is drawn from.

    Raises
    ------
    NotFound
        When there is no such version for this account.
    """
    version, reach = find_version(scope, roster_id, number)
    page = load_version(scope, roster_id, number)
    roster = version.roster
    discretion = discretion_of(scope, reach, roster.id)
    sessions = {s.id: s for s in _load_sessions(roster.id) if s.id in discretion.seen}
    held = states_of(version.id)
    states = {i: state for i, state in held.items() if i in sessions}
    unseen = [state for i, state in held.items() if i not in sessions]
    other = usual_other(version) if version.state == "draft" else None
    before = {i: state for i, state in states_of(other).items() if i in sessions} if other is not None else states
    until = roster.first_on + timedelta(weeks=roster.weeks)
    days = tuple(days_between(roster.first_on, until))
    sight = sight_of(scope, clock.today())
    times = load_clock_times()
    known = known_clinicians(scope, (s.template for s in sessions.values()))
    placed = {who for state in states.values() for who in state.clinician_ids}
    clinicians = [p for p in _clinicians(roster, reach, sessions, placed) if p.id in known | placed]
    findings = findings_today(version) if reach.sees_drafts else Findings()
    sites = {
        site.id: site
        for site in load_sites({line.site_id for line in roster.site_weeks} | {p.home.site_id for p in clinicians})
    }
    rooms = _load_rooms({line.site_id for line in roster.site_weeks})
    return BoardFacts(
        page=page,
        reach=reach,
        now=clock.now(),
        findings=findings,
        approvals=approval_states(scope, version) if reach.sees_drafts else (),
        sessions=sessions,
        states=states,
        before=before,
        changed=frozenset(i for i in sessions if states.get(i) != before.get(i)),
        pinned=_pinned(version),
        breach_levels=_breach_levels(findings),
        sites=sites,
        site_facts={s.id: s for s in site_records(list(sites.values()), roster.first_on, until)},
        rooms=rooms,
        room_names={room.id: room.name for room in rooms},
        seats=_seats(sessions),
        clinicians=tuple(clinicians),
        people={p.id: _person(p) for p in clinicians},
        sight=sight,
        in_sight_ids=frozenset(db.session.scalars(select(Clinician.id).where(in_sight(scope, sight.today)))),
        known_ids=known,
        discretion=discretion,
        taken=frozenset((state.room_id, state.on, state.half_day) for state in unseen if state.room_id is not None),
        busy=frozenset((who, state.on, state.half_day) for state in unseen for who in state.clinician_ids),
        times=times,
        days=days,
        columns=_columns(sessions, states, times),
    )


def _load_sessions(roster_id: int) -> list[ClinicalSession]:
    template = joinedload(ClinicalSession.template)
    return list(
        db.session.scalars(
            select(ClinicalSession)
            .where(ClinicalSession.roster_id == roster_id)
            .options(
                template.joinedload(SessionTemplate.site),
                template.selectinload(SessionTemplate.half_days),
                selectinload(ClinicalSession.seats).joinedload(Seat.demand).joinedload(Demand.role),
            )
            .order_by(ClinicalSession.week_on, ClinicalSession.template_id, ClinicalSession.index)
        )
    )


def _load_rooms(site_ids: set[int]) -> tuple[Room, ...]:
    rows = db.session.scalars(
        select(Room)
        .where(Room.site_id.in_(site_ids))
        .options(selectinload(Room.openings), selectinload(Room.closures))
        .order_by(Room.kind, Room.name, Room.id)
    )
    return tuple(rows)


def _clinicians(
    roster: Roster,
    reach: Reach,
    sessions: Mapping[int, ClinicalSession],
    placed: set[int],
) -> list[Clinician]:
    agreements = {s.template.agreement_id for s in sessions.values()} - {None}
    sites = {line.site_id for line in roster.site_weeks} if reach.agreement_ids is None else set()
    return load_people(
        sites,
        {i for i in agreements if i is not None},
        first_on=roster.first_on,
        until=roster.first_on + timedelta(weeks=roster.weeks),
        also=placed,
    )


def _pinned(version: RosterVersion) -> frozenset[int]:
    rows = db.session.scalars(select(SessionPin.session_id).where(SessionPin.version_id == version.id))
    return frozenset(rows)


def _breach_levels(findings: Findings) -> dict[int, str]:
    found: dict[int, str] = {}
    for strength in ("info", "warn", "block"):
        for breach in findings.breaches:
            if breach.strength == strength:
                found.update({int(session): strength for session in breach.sessions})
    return found


def _seats(sessions: Mapping[int, ClinicalSession]) -> dict[int, SeatFact]:
    return {
        seat.id: SeatFact(seat.id, seat.demand.role.code, seat.demand.cover_hours)
        for session in sessions.values()
        for seat in session.seats
    }


def _person(row: Clinician) -> Person:
    return Person(
        id=row.id,
        name=row.name,
        short_name=short_name(row.name),
        site_id=row.home.site_id,
        country=row.home.site.country,
        specialties=tuple(specialty.name for specialty in row.specialties),
    )


def short_name(name: str) -> str:
    """Give a name that fits on a card: surname and initial, e.g. ``Voorbeeld B.``."""
    words = [word for word in name.split() if word not in TITLES]
    return f"{' '.join(words[1:])} {words[0][0]}." if len(words) > 1 else " ".join(words) or name


def _columns(
    sessions: Mapping[int, ClinicalSession], states: Mapping[int, SessionState], times: ClockTimes
) -> tuple[tuple[date, str], ...]:
    found = {(state.on, state.half_day) for state in states.values()}
    for session in sessions.values():
        found |= {(option.on, option.half_day.value) for option in session_options(session, times)}
    order = {half_day.value: n for n, half_day in enumerate(HalfDay)}
    return tuple(sorted(found, key=lambda at: (at[0], order[at[1]])))
