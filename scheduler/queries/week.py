"""A clinician's week, day by day, as a phone shows it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from scheduler import clock
from scheduler.duties import Duty
from scheduler.extensions import db
from scheduler.models import Affiliation, Leave, Site, TravelTime
from scheduler.queries.duties import COVER, my_week
from scheduler.scope import Scope

WORKDAYS = 5
"""Days of the week that are shown even when nothing is planned."""


@dataclass(frozen=True, slots=True)
class Teammate:
    """A colleague in the team of a session, with all the clinical roles held there."""

    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WeekDuty:
    """A duty as its person needs it.

    Parameters
    ----------
    crosses
        Countries of home and of the session, e.g. ("BE", "FR"), when they differ.
    travel_minutes
        By road from the home site; None at home or when unknown.
    ends_on
        Local day on which it ends, when that is another day.
    """

    duty: Duty
    team: tuple[Teammate, ...]
    crosses: tuple[str, str] | None
    travel_minutes: int | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One day; ``is_away`` tells of leave, ``covers`` are those that began on a day before and last into this one."""

    on: date
    is_today: bool
    is_past: bool
    is_away: bool
    duties: tuple[WeekDuty, ...]
    covers: tuple[WeekDuty, ...] = ()


@dataclass(frozen=True, slots=True)
class Week:
    """Monday to Sunday; a weekend day without duty or cover is left out."""

    monday: date
    last_on: date
    number: int
    home_site: str
    is_this_week: bool
    days: tuple[WeekDay, ...]
    sessions: int
    border_days: int


def load_week(scope: Scope, monday: date) -> Week:
    """Load the week of the clinician whose account it is.

    Raises
    ------
    NotFound
        When the account is no clinician's.
    """
    found = my_week(scope, monday)
    home = _home_site(found.clinician_id)
    minutes = _minutes_from(home.id)
    by_day: dict[date, list[WeekDuty]] = defaultdict(list)
    covers: dict[date, list[WeekDuty]] = defaultdict(list)
    for duty in found.duties:
        seen = _week_duty(duty, home, minutes)
        first_on = max(monday, duty.on_date)
        by_day[first_on].append(seen)
        if duty.kind == COVER:
            for on in _days_after(first_on, duty):
                covers[on].append(seen)
    today, away = clock.today(found.timezone), _days_away(found.clinician_id, monday)
    week = [monday + timedelta(days=n) for n in range(7)]
    days = tuple(
        WeekDay(on, on == today, on < today, on in away, tuple(by_day[on]), tuple(covers[on]))
        for n, on in enumerate(week)
        if n < WORKDAYS or by_day[on] or covers[on]
    )
    own = [duty for duty in found.duties if duty.is_exclusive]
    return Week(
        monday=monday,
        last_on=week[-1],
        number=monday.isocalendar().week,
        home_site=home.name,
        is_this_week=monday <= today <= week[-1],
        days=days,
        sessions=len(own),
        border_days=len({duty.on_date for duty in own if duty.site.country != home.country}),
    )


def as_seen_from_home(duty: Duty) -> WeekDuty:
    """Give one duty as its person needs it."""
    home = _home_site(duty.clinician_id)
    return _week_duty(duty, home, _minutes_from(home.id))


def home_site_name(clinician_id: int) -> str:
    """Give the name of the site at which a clinician is at home."""
    return _home_site(clinician_id).name


def _home_site(clinician_id: int) -> Site:
    return db.session.scalars(
        select(Site)
        .join(Affiliation, Affiliation.site_id == Site.id)
        .where(Affiliation.clinician_id == clinician_id, Affiliation.is_home)
    ).one()


def _week_duty(duty: Duty, home: Site, minutes: dict[int, int]) -> WeekDuty:
    ends_on = duty.end_at.astimezone(ZoneInfo(duty.site.timezone)).date()
    return WeekDuty(
        duty=duty,
        team=_team(duty),
        crosses=(home.country, duty.site.country) if duty.site.country != home.country else None,
        travel_minutes=minutes.get(duty.site.id),
        ends_on=ends_on if ends_on != duty.on_date else None,
    )


def _days_after(first_on: date, duty: Duty) -> list[date]:
    """Give the days after the first into which a duty lasts, by the clock of its site."""
    last_on = (duty.end_at.astimezone(ZoneInfo(duty.site.timezone)) - timedelta(microseconds=1)).date()
    return [first_on + timedelta(days=n) for n in range(1, (last_on - first_on).days + 1)]


def _team(duty: Duty) -> tuple[Teammate, ...]:
    """Name each colleague once."""
    roles: dict[str, list[str]] = {}
    for colleague in duty.colleagues:
        roles.setdefault(colleague.name, []).append(colleague.role)
    return tuple(Teammate(name, tuple(held)) for name, held in roles.items())


def _minutes_from(site_id: int) -> dict[int, int]:
    """Give minutes by road by the id of the other site."""
    rows = db.session.execute(
        select(TravelTime.one_id, TravelTime.other_id, TravelTime.minutes).where(
            or_(TravelTime.one_id == site_id, TravelTime.other_id == site_id)
        )
    )
    return {other if one == site_id else one: minutes for one, other, minutes in rows}


def _days_away(clinician_id: int, monday: date) -> set[date]:
    leave = db.session.scalars(
        select(Leave).where(
            Leave.clinician_id == clinician_id, Leave.start_on < monday + timedelta(days=7), Leave.end_on > monday
        )
    )
    return {one.start_on + timedelta(days=n) for one in leave for n in range((one.end_on - one.start_on).days)}
