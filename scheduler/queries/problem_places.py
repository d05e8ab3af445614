"""Sites, rooms and roads of a planning question."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from math import asin, ceil, cos, radians, sin, sqrt

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from scheduler.duties import SitePlace
from scheduler.extensions import db
from scheduler.models import HALF_DAYS, Holiday, Room, Site, SiteClosure, TravelTime
from solver import problem as facts
from solver.problem import HalfDay, Travel

EARTH_KM = 6371.0
DETOUR = 1.3
"""Kilometres by road for each kilometre as the crow flies; source: comparison with known distances in the area."""
START_MINUTES = 6
SPEEDS = ((10, 40), (30, 52), (70, 60))
"""Up to so many kilometres, so many kilometres an hour."""
FAR_SPEED = 75


def load_sites(ids: Iterable[int]) -> list[Site]:
    """Load these sites with their organisations, by code."""
    return list(
        db.session.scalars(
            select(Site)
            .where(Site.id.in_(set(ids)))
            .options(joinedload(Site.organisation), selectinload(Site.zones))
            .order_by(Site.code)
        )
    )


def site_records(sites: Sequence[Site], first_on: date, until: date) -> tuple[facts.Site, ...]:
    """Give the solver's sites, with holidays and closures in [first_on, until)."""
    holidays: dict[str, set[date]] = {}
    for row in db.session.scalars(
        select(Holiday).where(Holiday.on_date >= first_on, Holiday.on_date < until, Holiday.is_statutory)
    ):
        holidays.setdefault(row.calendar, set()).add(row.on_date)
    closed: dict[int, set[date]] = {}
    for closure in db.session.scalars(
        select(SiteClosure).where(SiteClosure.start_on < until, SiteClosure.end_on > first_on)
    ):
        days = days_between(max(closure.start_on, first_on), min(closure.end_on, until))
        closed.setdefault(closure.site_id, set()).update(days)
    return tuple(
        facts.Site(
            id=site.code,
            name=site.name,
            country=site.country,
            organisation=site.organisation.code,
            zone=site.timezone,
            holidays=frozenset(holidays.get(site.holiday_calendar, ())),
            closed_on=frozenset(closed.get(site.id, ())),
            languages=frozenset(site.languages),
            access_zones=frozenset(zone.code for zone in site.zones),
        )
        for site in sites
    )


def room_records(site_ids: Iterable[int], first_on: date, until: date) -> tuple[facts.Room, ...]:
    """Give the solver's rooms of these sites, open as they are in [first_on, until)."""
    rooms = db.session.scalars(
        select(Room)
        .where(Room.site_id.in_(set(site_ids)))
        .options(selectinload(Room.openings), selectinload(Room.closures), joinedload(Room.site))
        .order_by(Room.code)
    )
    return tuple(
        facts.Room(
            id=str(room.id),
            name=room.name,
            site=room.site.code,
            kind=room.kind,
            equipment=frozenset(room.equipment),
            open_at=open_half_days(room, first_on, until),
        )
        for room in rooms
    )


def open_half_days(room: Room, first_on: date, until: date) -> frozenset[tuple[date, HalfDay]] | None:
    """Give the half-days in [first_on, until) on which a room may be used; None when it is always open."""
    closures = [c for c in room.closures if c.start_on < until and c.end_on > first_on]
    if not room.openings and not closures:
        return None
    weekly = {(o.weekday, o.half_day) for o in room.openings}
    return frozenset(
        (day, HalfDay(half_day))
        for day in days_between(first_on, until)
        if not any(c.start_on <= day < c.end_on for c in closures)
        for half_day in HALF_DAYS
        if not weekly or (day.isoweekday(), half_day) in weekly
    )


def travel_records(sites: Sequence[Site]) -> tuple[Travel, ...]:
    """Give the minutes between any two of these sites; a pair nobody measured is estimated."""
    ids = {site.id for site in sites}
    known = {
        (row.one_id, row.other_id): row
        for row in db.session.scalars(
            select(TravelTime).where(TravelTime.one_id.in_(ids), TravelTime.other_id.in_(ids))
        )
    }
    found = []
    for i, one in enumerate(sites):
        for other in sites[i + 1 :]:
            row = known.get((min(one.id, other.id), max(one.id, other.id)))
            if row is None:
                found.append(Travel(one.code, other.code, estimated_minutes(one, other), estimated=True))
            else:
                found.append(Travel(one.code, other.code, row.minutes, estimated=row.is_estimated))
    return tuple(found)


def estimated_minutes(one: Site | SitePlace, other: Site | SitePlace) -> int:
    """Give the minutes by road between two sites, guessed from the distance as the crow flies."""
    kilometres = DETOUR * great_circle_km(one, other)
    speed = next((speed for reach, speed in SPEEDS if kilometres <= reach), FAR_SPEED)
    return ceil(START_MINUTES + kilometres / speed * 60)


def great_circle_km(one: Site | SitePlace, other: Site | SitePlace) -> float:
    """Give the kilometres between two sites as the crow flies."""
    lat, other_lat = radians(one.latitude), radians(other.latitude)
    half = sin((other_lat - lat) / 2) ** 2
    half += cos(lat) * cos(other_lat) * sin(radians(other.longitude - one.longitude) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def days_between(first_on: date, until: date) -> list[date]:
    """Give the days of [first_on, until)."""
    return [first_on + timedelta(days=n) for n in range((until - first_on).days)]
