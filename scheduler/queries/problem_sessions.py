"""The sessions of a planning question: what is to be held, when it may be, and by which team."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from scheduler.extensions import db
from scheduler.models import ClinicalSession, Demand, Placement, Roster, SessionTemplate
from scheduler.models import Seat as SeatRow
from scheduler.queries.half_days import ClockTimes
from solver.problem import HalfDay, Option, Seat, Session, Side


def load_roster_sessions(roster: Roster) -> list[ClinicalSession]:
    """Load all sessions of a roster with templates and seats, by template, week and index."""
    template = joinedload(ClinicalSession.template)
    seats = selectinload(ClinicalSession.seats).joinedload(SeatRow.demand)
    return list(
        db.session.scalars(
            select(ClinicalSession)
            .join(ClinicalSession.template)
            .where(ClinicalSession.roster_id == roster.id)
            .options(
                template.joinedload(SessionTemplate.site),
                template.joinedload(SessionTemplate.agreement),
                template.selectinload(SessionTemplate.half_days),
                seats.joinedload(Demand.role),
                seats.selectinload(Demand.specialties),
            )
            .order_by(SessionTemplate.code, ClinicalSession.week_on, ClinicalSession.index)
        )
    )


def session_title(template: SessionTemplate) -> str:
    """Give the title of a session: the codes of its kind and specialty, which whoever shows it translates."""
    return f"{template.kind} · {template.specialty}"


def session_record(
    row: ClinicalSession,
    times: ClockTimes,
    *,
    published: Placement | None,
    own: Placement | None,
    past: datetime | None,
) -> Session:
    """Give the solver's session.

    Parameters
    ----------
    published, own
        How it is held in the published version, and in the version that the question starts from.
    past
        Half-days that start by then are history; None: all are open.
    """
    template = row.template
    return Session(
        id=str(row.id),
        title=session_title(template),
        group=template.code,
        site=template.site.code,
        kind=template.kind,
        options=_options(row, times, published=published, own=own, past=past),
        seats=tuple(_seat(seat) for seat in row.seats),
        agreement=template.agreement.code if template.agreement is not None else None,
        room_kind=template.room_kind,
        equipment=frozenset(template.equipment),
        priority=template.priority,
        counts_as_session=template.counts_as_session,
    )


def _options(
    row: ClinicalSession,
    times: ClockTimes,
    *,
    published: Placement | None,
    own: Placement | None,
    past: datetime | None,
) -> tuple[Option, ...]:
    if past is not None and published is not None and published.start_at <= past:
        return (_option_of(published),)
    # What a version holds stays possible even when the template has changed since.
    held = [_option_of(p) for p in (own, published) if p is not None]
    found = {(o.on, o.half_day): o for o in (*held, *session_options(row, times))}
    return tuple(
        sorted((o for o in found.values() if past is None or o.start_at > past), key=lambda o: (o.start_at, o.end_at))
    )


def session_options(row: ClinicalSession, times: ClockTimes) -> tuple[Option, ...]:
    """Give the half-days at which a session's template lets it be held, past ones included."""
    template = row.template
    found = []
    for line in template.half_days:
        on = row.week_on + timedelta(days=line.weekday - 1)
        start_at, end_at = times.interval(template.site, template.kind, line.half_day, on)
        found.append(Option(on, HalfDay(line.half_day), start_at, end_at))
    return tuple(found)


def _option_of(placement: Placement) -> Option:
    return Option(placement.on_date, HalfDay(placement.half_day), placement.start_at, placement.end_at)


def _seat(row: SeatRow) -> Seat:
    demand = row.demand
    return Seat(
        id=str(row.id),
        role=demand.role.code,
        specialties=tuple(specialty.name for specialty in demand.specialties),
        side=Side(demand.side),
        exclusive=demand.is_exclusive,
        cover_hours=demand.cover_hours,
    )
