"""Makes the sessions and seats that templates ask for in the weeks of a roster."""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from scheduler.extensions import db
from scheduler.models import ClinicalSession, Roster, Seat, SessionTemplate


def make_sessions(*, roster: Roster) -> list[ClinicalSession]:
    """Make what is missing of the sessions of a roster's weeks and sites; give what was made.

    A session is known by template, week and index, a seat by session, demand and index: what exists is left alone,
    however often this is asked.
    """
    templates = db.session.scalars(
        select(SessionTemplate)
        .where(SessionTemplate.site_id.in_({line.site_id for line in roster.site_weeks}), SessionTemplate.is_rostered)
        .options(selectinload(SessionTemplate.demands))
        .order_by(SessionTemplate.code)
    ).all()
    weeks = [roster.first_on + timedelta(weeks=n) for n in range(roster.weeks)]
    existing = _existing([t.id for t in templates], weeks)
    made = []
    for week_on in weeks:
        for template in templates:
            if not is_due(template, week_on):
                continue
            for index in range(template.sessions_per_week):
                session = existing.get((template.id, week_on, index))
                if session is None:
                    session = ClinicalSession(template=template, roster_id=roster.id, week_on=week_on, index=index)
                    db.session.add(session)
                    made.append(session)
                _make_seats(session, template)
    db.session.flush()
    return made


def is_due(template: SessionTemplate, week_on: date) -> bool:
    """Tell whether a template makes sessions in a week: every n weeks, counted from its anchor both ways."""
    return (week_on - template.anchor_on).days // 7 % template.every_weeks == 0


def _existing(template_ids: Iterable[int], weeks: Iterable[date]) -> dict[tuple[int, date, int], ClinicalSession]:
    rows = db.session.scalars(
        select(ClinicalSession)
        .where(ClinicalSession.template_id.in_(list(template_ids)), ClinicalSession.week_on.in_(list(weeks)))
        .options(selectinload(ClinicalSession.seats))
    )
    return {(row.template_id, row.week_on, row.index): row for row in rows}


def _make_seats(session: ClinicalSession, template: SessionTemplate) -> None:
    known = {(seat.demand_id, seat.index) for seat in session.seats}
    for demand in template.demands:
        for index in range(demand.head_count):
            if (demand.id, index) not in known:
                session.seats.append(Seat(demand=demand, index=index))
