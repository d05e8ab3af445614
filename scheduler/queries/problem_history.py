"""What people do outside a planning question: published duties around it, and habits and visits before it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from scheduler.extensions import db
from scheduler.models import ClinicalSession, Clinician, PublishedDuty, Roster, SessionTemplate, Site
from scheduler.queries.problem_places import load_sites
from solver.problem import FixedDuty, Habit

REST_DAYS = 7
"""Days before and after the weeks whose duties matter for rest."""

HISTORY_WEEKS = 4
"""Weeks before from which habits and past visits are counted."""

HABIT_WEEKS = 2
"""In so many of those weeks a clinician must have visited a site on a weekday to be used to it."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A published duty of another roster, and the session it belongs to."""

    record: FixedDuty
    session: ClinicalSession


def fixed_duties(people: Iterable[Clinician], roster: Roster, until: date) -> list[Elsewhere]:
    """Give what these people do in other rosters during the roster's weeks, and a week before and after."""
    codes = {person.id: person.code for person in people}
    rows = db.session.scalars(
        select(PublishedDuty)
        .join(PublishedDuty.session)
        .where(
            PublishedDuty.clinician_id.in_(codes),
            ClinicalSession.roster_id != roster.id,
            PublishedDuty.on_date >= roster.first_on - timedelta(days=REST_DAYS),
            PublishedDuty.on_date < until + timedelta(days=REST_DAYS),
        )
        .options(
            joinedload(PublishedDuty.session).joinedload(ClinicalSession.template).joinedload(SessionTemplate.site)
        )
        .order_by(PublishedDuty.start_at, PublishedDuty.seat_id)
    )
    return [Elsewhere(_fixed_duty(row, codes[row.clinician_id]), row.session) for row in rows]


def _fixed_duty(row: PublishedDuty, clinician: str) -> FixedDuty:
    template = row.session.template
    return FixedDuty(
        clinician=clinician,
        site=template.site.code,
        on=row.on_date,
        start_at=row.start_at,
        end_at=row.end_at,
        exclusive=row.is_exclusive,
        counts_as_session=template.counts_as_session and row.is_exclusive,
    )


def habits(people: Iterable[Clinician], first_on: date) -> tuple[Habit, ...]:
    """Give who is used to visit which site on which weekday, from the weeks just before."""
    visits = _visits({person.id: person for person in people}, first_on)
    weeks: dict[tuple[str, str, int], set[date]] = {}
    for person, site, day in visits:
        if site.organisation_id != person.home.organisation_id:
            key = (person.code, site.code, day.isoweekday())
            weeks.setdefault(key, set()).add(day - timedelta(days=day.weekday()))
    return tuple(Habit(*key) for key, found in sorted(weeks.items()) if len(found) >= HABIT_WEEKS)


def past_visits(people: Iterable[Clinician], first_on: date) -> dict[int, int]:
    """Give by clinician id the number of days abroad in the weeks just before."""
    visits = _visits({person.id: person for person in people}, first_on)
    days = {(person.id, day) for person, site, day in visits if site.country != person.home.site.country}
    found: dict[int, int] = {}
    for person_id, _ in days:
        found[person_id] = found.get(person_id, 0) + 1
    return found


def _visits(people: dict[int, Clinician], first_on: date) -> list[tuple[Clinician, Site, date]]:
    """Give who was where on which day of the weeks before, once each."""
    rows = db.session.execute(
        select(PublishedDuty.clinician_id, SessionTemplate.site_id, PublishedDuty.on_date)
        .join(PublishedDuty.session)
        .join(ClinicalSession.template)
        .where(
            PublishedDuty.clinician_id.in_(people),
            PublishedDuty.is_exclusive,
            PublishedDuty.on_date >= first_on - timedelta(weeks=HISTORY_WEEKS),
            PublishedDuty.on_date < first_on,
        )
        .distinct()
    ).all()
    sites = {site.id: site for site in load_sites(site_id for _, site_id, _ in rows)}
    return [(people[clinician_id], sites[site_id], on_date) for clinician_id, site_id, on_date in rows]
