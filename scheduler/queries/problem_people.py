"""The people of a planning question: who they are, when they are away, what they like."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from scheduler.extensions import db
from scheduler.models import (
    Affiliation,
    AgreementEnrolment,
    Clinician,
    ClinicianPreference,
    Leave,
    Unavailability,
)
from scheduler.models import Site as SiteRow
from scheduler.queries.problem_places import days_between
from solver import problem as facts
from solver.problem import Absence, HalfDay, Paper, Preference


def load_people(
    site_ids: Iterable[int], agreement_ids: Iterable[int], *, first_on: date, until: date, also: Iterable[int]
) -> list[Clinician]:
    """Load whoever may take a seat, by code: at home at these sites, enrolled in [first_on, until), or named."""
    at_home = select(Affiliation.clinician_id).where(
        Affiliation.is_home,
        Affiliation.site_id.in_(set(site_ids)),
        or_(Affiliation.valid_from.is_(None), Affiliation.valid_from < until),
        or_(Affiliation.valid_until.is_(None), Affiliation.valid_until > first_on),
    )
    enrolled = select(AgreementEnrolment.clinician_id).where(
        AgreementEnrolment.agreement_id.in_(set(agreement_ids)),
        AgreementEnrolment.valid_from < until,
        AgreementEnrolment.valid_until > first_on,
    )
    affiliations = selectinload(Clinician.affiliations)
    rows = db.session.scalars(
        select(Clinician)
        .where(or_(Clinician.id.in_(at_home), Clinician.id.in_(enrolled), Clinician.id.in_(set(also))))
        .options(
            affiliations.joinedload(Affiliation.site).joinedload(SiteRow.organisation),
            affiliations.joinedload(Affiliation.organisation),
            selectinload(Clinician.specialties),
            selectinload(Clinician.roles),
            selectinload(Clinician.registrations),
            selectinload(Clinician.insurances),
        )
        .order_by(Clinician.code)
    )
    return [person for person in rows if any(a.is_home for a in person.affiliations)]


def clinician_records(people: Iterable[Clinician], past: Mapping[int, int]) -> tuple[facts.Clinician, ...]:
    """Give the solver's clinicians; ``past`` holds past visits by clinician id."""
    return tuple(_clinician(person, past.get(person.id, 0)) for person in people)


def _clinician(person: Clinician, past: int) -> facts.Clinician:
    return facts.Clinician(
        id=person.code,
        name=person.name,
        home_site=person.home.site.code,
        specialties=frozenset(specialty.name for specialty in person.specialties),
        roles=frozenset(role.code for role in person.roles),
        contract=person.home.contract,
        share=person.home.share,
        registrations=tuple(
            Paper(frozenset((r.country,)), r.valid_from, r.valid_until, r.kind)
            for r in sorted(person.registrations, key=lambda r: r.id)
        ),
        insurances=tuple(
            Paper(frozenset(i.countries), i.valid_from, i.valid_until, "insurance")
            for i in sorted(person.insurances, key=lambda i: i.id)
        ),
        max_sessions_per_week=person.max_sessions_per_week,
        max_sessions_per_day=person.max_sessions_per_day,
        max_days_abroad_per_week=person.max_days_abroad_per_week,
        travel_counts=person.travel_counts,
        past_visits=past,
        languages=frozenset(person.languages),
    )


def absences(people: Sequence[Clinician], first_on: date, until: date) -> tuple[Absence, ...]:
    """Give all absences that touch [first_on, until): leave, unavailability, days outside the home affiliation.

    A day of leave lasts from midnight to midnight in the zone of the home site.
    """
    found = []
    by_id = {person.id: person for person in people}
    for leave in db.session.scalars(
        select(Leave)
        .where(Leave.clinician_id.in_(by_id), Leave.start_on < until, Leave.end_on > first_on)
        .order_by(Leave.id)
    ):
        person = by_id[leave.clinician_id]
        found.append(_days_away(person, leave.start_on, leave.end_on, "leave"))
    start_at = datetime.combine(first_on, time(), UTC) - timedelta(days=1)
    end_at = datetime.combine(until, time(), UTC) + timedelta(days=1)
    for row in db.session.scalars(
        select(Unavailability)
        .where(
            Unavailability.clinician_id.in_(by_id),
            Unavailability.start_at < end_at,
            Unavailability.end_at > start_at,
        )
        .order_by(Unavailability.id)
    ):
        found.append(Absence(by_id[row.clinician_id].code, row.start_at, row.end_at, "unavailable"))
    for person in people:
        found.extend(_not_employed(person, first_on, until))
    return tuple(found)


def _not_employed(person: Clinician, first_on: date, until: date) -> list[Absence]:
    home, found = person.home, []
    if home.valid_from is not None and home.valid_from > first_on:
        found.append(_days_away(person, first_on, min(home.valid_from, until), "unavailable"))
    if home.valid_until is not None and home.valid_until < until:
        found.append(_days_away(person, max(home.valid_until, first_on), until, "unavailable"))
    return found


def _days_away(person: Clinician, start_on: date, end_on: date, kind: str) -> Absence:
    start_at, end_at = whole_days(person.home.site.timezone, start_on, end_on)
    return Absence(person.code, start_at, end_at, kind)


def whole_days(zone: str, start_on: date, end_on: date) -> tuple[datetime, datetime]:
    """Give the interval in UTC of the days [start_on, end_on) in a zone."""
    start = datetime.combine(start_on, time(), ZoneInfo(zone))
    end = datetime.combine(end_on, time(), ZoneInfo(zone))
    return start.astimezone(UTC), end.astimezone(UTC)


def preferences(people: Iterable[Clinician], first_on: date, until: date) -> tuple[Preference, ...]:
    """Give the likings of half-days of the week, one for each date in [first_on, until)."""
    codes = {person.id: person.code for person in people}
    rows = db.session.scalars(
        select(ClinicianPreference).where(ClinicianPreference.clinician_id.in_(codes)).order_by(ClinicianPreference.id)
    ).all()
    return tuple(
        Preference(codes[row.clinician_id], day, HalfDay(row.half_day), row.liking)
        for row in rows
        for day in days_between(first_on, until)
        if day.isoweekday() == row.weekday
    )
