"""The one translation from the database to the solver's ``Problem``, and from a version to its ``Plan``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from scheduler import clock
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.models import (
    AgreementEnrolment,
    Assignment,
    ClinicalSession,
    CooperationAgreement,
    Placement,
    Roster,
    RosterVersion,
)
from scheduler.models import AgreementLine as LineRow
from scheduler.queries.half_days import load_clock_times
from scheduler.queries.problem_history import fixed_duties, follow_ups, habits, past_visits, past_weeks
from scheduler.queries.problem_people import absences, clinician_records, load_people, preferences
from scheduler.queries.problem_places import load_sites, room_records, site_records, travel_records
from scheduler.queries.problem_rules import rule_settings
from scheduler.queries.problem_sessions import load_roster_sessions, session_record
from scheduler.queries.session_states import is_past
from solver.plan import Plan
from solver.problem import (
    Agreement,
    AgreementLine,
    Enrolment,
    HalfDay,
    Held,
    Pin,
    Problem,
)


@dataclass(frozen=True, slots=True)
class _Base:
    """Placements by session id: of the published version, and of the version that a question starts from."""

    published: Mapping[int, Placement]
    own: Mapping[int, Placement]
    version: RosterVersion | None

    @property
    def clinician_ids(self) -> set[int]:
        """Everyone who has a seat in either."""
        placements = [*self.published.values(), *self.own.values()]
        return {a.clinician_id for p in placements for a in p.assignments}


def build_problem(roster_id: int, base_version_id: int | None = None, *, for_solving: bool = True) -> Problem:
    """Give the planning question of a roster.

    Parameters
    ----------
    base_version_id
        The version whose pins stand; None: no pins.
    for_solving
        Nothing may be put at past half-days.  Without it all half-days are open, so that any version can be judged.

    Notes
    -----
    What was published and has begun is history and pinned: no rule of today undoes it.  A cover that still runs
    is judged by the facts of today, as someone else can take it over by hand; a solve leaves it as it is.

    Raises
    ------
    NotFound
        When there is no such roster, or no such version of it.
    """
    roster = db.session.get(Roster, roster_id)
    if roster is None:
        raise NotFound()
    until = roster.first_on + timedelta(weeks=roster.weeks)
    base = _load_base(roster, base_version_id)
    sessions = load_roster_sessions(roster)
    agreements = _load_agreements(sessions)
    site_ids = {line.site_id for line in roster.site_weeks} | {s.template.site_id for s in sessions}
    people = load_people(
        site_ids,
        {a.id for a in agreements},
        first_on=roster.first_on,
        until=until,
        also=base.clinician_ids,
    )
    elsewhere = fixed_duties(people, roster, until)
    site_ids |= {p.home.site_id for p in people} | {duty.session.template.site_id for duty in elsewhere}
    sites = load_sites(site_ids)
    now = clock.now()
    past = now if for_solving else None
    times = load_clock_times()
    return Problem(
        title=roster.title,
        first_on=roster.first_on,
        weeks=roster.weeks,
        sites=site_records(sites, roster.first_on, until),
        rooms=room_records({s.template.site_id for s in sessions}, roster.first_on, until),
        clinicians=clinician_records(people, past_visits(people, roster.first_on)),
        sessions=tuple(
            session_record(s, times, published=base.published.get(s.id), own=base.own.get(s.id), past=past)
            for s in sessions
        ),
        agreements=tuple(_agreement(a, {p.id for p in people}) for a in agreements),
        travel=travel_records(sites),
        absences=absences(people, roster.first_on, until + _longest_cover(sessions)),
        fixed_duties=tuple(duty.record for duty in elsewhere),
        pins=tuple(_pins(base, _history(base, sessions, now, with_running=for_solving))),
        published=_held(base.published.values()),
        habits=habits(people, roster.first_on),
        preferences=preferences(people, roster.first_on, until),
        settings=rule_settings(roster),
        today=clock.today(),
        past_weeks=past_weeks(people, roster.first_on),
        follow_ups=follow_ups(people, roster.first_on, until),
    )


def _longest_cover(sessions: Iterable[ClinicalSession]) -> timedelta:
    """Give for how long duties may go on after the last day, a day more included: zones differ."""
    hours = (seat.demand.cover_hours or 0 for session in sessions for seat in session.seats)
    return timedelta(days=1 + -(-max(hours, default=0) // 24))


def plan_of(version: RosterVersion) -> Plan:
    """Give the plan that a version holds."""
    return Plan(_held(_placements(version.id).values()))


def _load_base(roster: Roster, base_version_id: int | None) -> _Base:
    published = db.session.scalar(
        select(RosterVersion).where(RosterVersion.roster_id == roster.id, RosterVersion.state == "published")
    )
    version = db.session.get(RosterVersion, base_version_id) if base_version_id is not None else None
    if base_version_id is not None and (version is None or version.roster_id != roster.id):
        raise NotFound()
    return _Base(
        published=_placements(published.id) if published is not None else {},
        own=_placements(version.id) if version is not None else {},
        version=version,
    )


def _placements(version_id: int) -> dict[int, Placement]:
    rows = db.session.scalars(
        select(Placement)
        .where(Placement.version_id == version_id)
        .options(selectinload(Placement.assignments).joinedload(Assignment.clinician))
        .order_by(Placement.start_at, Placement.session_id)
    )
    return {row.session_id: row for row in rows}


def _load_agreements(sessions: Iterable[ClinicalSession]) -> list[CooperationAgreement]:
    wanted = {s.template.agreement_id for s in sessions if s.template.agreement_id is not None}
    return list(
        db.session.scalars(
            select(CooperationAgreement)
            .where(CooperationAgreement.id.in_(wanted))
            .options(
                joinedload(CooperationAgreement.home_organisation),
                joinedload(CooperationAgreement.host_organisation),
                selectinload(CooperationAgreement.lines).joinedload(LineRow.specialty),
                selectinload(CooperationAgreement.enrolments).joinedload(AgreementEnrolment.clinician),
            )
            .order_by(CooperationAgreement.code)
        )
    )


def _agreement(row: CooperationAgreement, people: set[int]) -> Agreement:
    return Agreement(
        id=row.code,
        title=row.title,
        organisations=frozenset((row.home_organisation.code, row.host_organisation.code)),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        lines=tuple(
            AgreementLine(line.specialty.name, frozenset(line.kinds), line.min_per_week, line.max_per_week)
            for line in sorted(row.lines, key=lambda line: line.id)
        ),
        enrolments=tuple(
            Enrolment(e.clinician.code, e.valid_from, e.valid_until)
            for e in sorted(row.enrolments, key=lambda e: e.id)
            if e.clinician_id in people
        ),
    )


def _held(placements: Iterable[Placement]) -> tuple[Held, ...]:
    return tuple(
        Held(
            session=str(p.session_id),
            on=p.on_date,
            half_day=HalfDay(p.half_day),
            room=str(p.room_id) if p.room_id is not None else None,
            team=tuple((str(a.seat_id), a.clinician.code) for a in p.assignments),
        )
        for p in placements
    )


def _history(
    base: _Base, sessions: Iterable[ClinicalSession], now: datetime, *, with_running: bool
) -> dict[int, frozenset[int]]:
    """Give by published session that has begun the seats that are past; ``with_running``: and covers that run."""
    found = {}
    for session in sessions:
        held = base.published.get(session.id)
        if held is not None and held.start_at <= now:
            found[session.id] = frozenset(
                seat.id
                for seat in session.seats
                if with_running or is_past(seat.demand.cover_hours, held.start_at, held.end_at, now)
            )
    return found


def _pins(base: _Base, history: Mapping[int, frozenset[int]]) -> Iterable[Pin]:
    for session_id, seats in history.items():
        placement = base.published[session_id]
        yield _place_pin(placement, history=True)
        for assignment in placement.assignments:
            if assignment.seat_id in seats:
                yield Pin(
                    session=str(session_id),
                    on=placement.on_date,
                    half_day=HalfDay(placement.half_day),
                    seat=str(assignment.seat_id),
                    clinician=assignment.clinician.code,
                    history=True,
                )
    pinned = [] if base.version is None else sorted(base.version.pins, key=lambda pin: pin.id)
    for pin in pinned:
        held = base.own.get(pin.session_id)
        if held is None or pin.session_id in history:
            continue
        if pin.seat_id is None:
            yield _place_pin(held)
            continue
        for assignment in held.assignments:
            if assignment.seat_id == pin.seat_id:
                yield Pin(str(pin.session_id), seat=str(pin.seat_id), clinician=assignment.clinician.code)


def _place_pin(placement: Placement, *, history: bool = False) -> Pin:
    return Pin(
        session=str(placement.session_id),
        on=placement.on_date,
        half_day=HalfDay(placement.half_day),
        room=str(placement.room_id) if placement.room_id is not None else None,
        history=history,
    )
