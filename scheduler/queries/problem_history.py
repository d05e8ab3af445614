"""What people do outside a planning question: published duties around it, and what they did before it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from scheduler.extensions import db
from scheduler.models import ClinicalSession, Clinician, PublishedDuty, Roster, SessionTemplate, Site
from scheduler.queries.problem_places import estimated_minutes, load_sites
from solver.problem import FixedDuty, FollowUp, Habit, PastWeek

REST_DAYS = 7
"""Days before and after the weeks whose duties matter for rest."""

HISTORY_WEEKS = 4
"""Weeks before from which habits and past visits are counted."""

HABIT_WEEKS = 2
"""In so many of those weeks a clinician must have visited a site on a weekday to be used to it."""

REFERENCE_WEEKS = 16
"""Weeks before whose working time counts; with the planned one 17, the longest reference period (four months)."""

FOLLOW_UP_DAYS = (14, 43)
"""From when and until when, after an operation abroad, the surgeon should see patients there again."""

OPERATIONS = ("theatre", "joint_theatre")
CONSULTATION = "consultation"
SATURDAY = 6

EARLY = time(7)
"""Whoever sets out before this has an early start."""


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


def past_weeks(people: Iterable[Clinician], first_on: date) -> tuple[PastWeek, ...]:
    """Give what these people did in each week of the reference period before, at all sites; idle weeks left out."""
    by_id = {person.id: person for person in people}
    weeks: dict[tuple[str, date], list[PublishedDuty]] = {}
    for row in _duties_before(by_id, first_on, first_on - timedelta(weeks=REFERENCE_WEEKS)):
        monday = row.on_date - timedelta(days=row.on_date.weekday())
        weeks.setdefault((by_id[row.clinician_id].code, monday), []).append(row)
    home = {person.code: person.home.site for person in by_id.values()}
    return tuple(_past_week(code, monday, rows, home[code]) for (code, monday), rows in sorted(weeks.items()))


def _past_week(code: str, monday: date, rows: Iterable[PublishedDuty], home: Site) -> PastWeek:
    minutes: Counter[str] = Counter()
    visits: set[tuple[str, date]] = set()
    nights: set[date] = set()
    early: set[date] = set()
    weekend = False
    for row in rows:
        site = row.session.template.site
        country = site.country
        if row.is_exclusive:
            if site.id != home.id and _leaves_at(row.start_at, home, site) < EARLY:
                early.add(row.on_date)
            minutes[country] += round((row.end_at - row.start_at).total_seconds() / 60)
            weekend = weekend or row.on_date.isoweekday() >= SATURDAY
            if country != home.country:
                visits.add((country, row.on_date))
            if row.end_at.date() > row.start_at.date():
                nights.add(row.on_date)
    days = Counter(country for country, _ in visits)
    return PastWeek(
        clinician=code,
        first_on=monday,
        minutes=tuple(sorted(minutes.items())),
        visits=tuple(sorted(days.items())),
        nights=len(nights),
        weekends=int(weekend),
        early_starts=len(early),
    )


def _leaves_at(start_at: datetime, home: Site, site: Site) -> time:
    """Give the clock time at home at which someone sets out to be there in time, by the estimated way."""
    leaving = start_at - timedelta(minutes=estimated_minutes(home, site))
    return leaving.astimezone(ZoneInfo(home.timezone)).time()


def follow_ups(people: Iterable[Clinician], first_on: date, until: date) -> tuple[FollowUp, ...]:
    """Give where surgeons who operated abroad are due for a consultation in [first_on, until) and had none yet."""
    by_id = {person.id: person for person in people}
    begins, ends = (timedelta(days=days) for days in FOLLOW_UP_DAYS)
    seen: dict[tuple[str, str], list[date]] = {}
    operated: dict[tuple[str, str], list[date]] = {}
    for row in _duties_before(by_id, first_on, first_on - ends):
        person, template = by_id[row.clinician_id], row.session.template
        if template.site.organisation_id == person.home.organisation_id:
            continue
        kept = operated if template.kind in OPERATIONS else seen if template.kind == CONSULTATION else None
        if kept is not None and row.is_exclusive:
            kept.setdefault((person.code, template.site.code), []).append(row.on_date)
    found = []
    for (code, site), days in sorted(operated.items()):
        consulted = seen.get((code, site), [])
        due = [day for day in days if not any(day + begins <= on < day + ends for on in consulted)]
        due = [day for day in due if day + begins < until and day + ends > first_on]
        if due:
            found.append(FollowUp(code, site, min(due) + begins, min(due) + ends))
    return tuple(found)


def _duties_before(people: Iterable[int], first_on: date, since: date) -> list[PublishedDuty]:
    """Load the published duties of these people in [since, first_on), with their sessions and sites."""
    return list(
        db.session.scalars(
            select(PublishedDuty)
            .where(
                PublishedDuty.clinician_id.in_(set(people)),
                PublishedDuty.on_date >= since,
                PublishedDuty.on_date < first_on,
            )
            .options(
                joinedload(PublishedDuty.session).joinedload(ClinicalSession.template).joinedload(SessionTemplate.site)
            )
            .order_by(PublishedDuty.start_at, PublishedDuty.seat_id)
        )
    )
