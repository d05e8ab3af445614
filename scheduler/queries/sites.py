"""Reads sites with rooms, openings, holidays, travel and zones: the own ones and those of partners."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from scheduler import clock
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.models import HALF_DAYS, Holiday, Room, RoomClosure, Site, SiteClosure, TravelTime, Zone
from scheduler.queries.paging import Page, folded, matching, page_of
from scheduler.queries.people import KEEPERS
from scheduler.scope import Scope
from scheduler.text import N_

HOLIDAYS_AHEAD = timedelta(days=365)
"""How far ahead the page of a site shows holidays."""


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site in a list."""

    id: int
    code: str
    name: str
    town: str
    country: str
    organisation: str
    rooms: int
    zones: tuple[str, ...]
    is_own: bool


@dataclass(frozen=True, slots=True)
class OpenDay:
    """A weekday (ISO, Monday is 1) and the half-days on which a room may be used."""

    weekday: int
    half_days: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """Days on which a room or site plans no work, both ends included."""

    first_on: date
    last_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class RoomFact:
    """A room; without open days it is always open."""

    id: int
    name: str
    kind: str
    equipment: tuple[str, ...]
    is_accessible: bool
    open_days: tuple[OpenDay, ...]
    closures: tuple[ClosedDays, ...]


@dataclass(frozen=True, slots=True)
class HolidayFact:
    """A holiday of the site's calendar; ``is_statutory`` tells whether planned work stops."""

    on_date: date
    name: str
    is_statutory: bool


@dataclass(frozen=True, slots=True)
class TravelFact:
    """The way to another site in sight."""

    site_id: int
    name: str
    town: str
    country: str
    minutes: int
    kilometres: int | None
    is_estimated: bool
    crosses_border: bool


@dataclass(frozen=True, slots=True)
class ZoneFact:
    """A cross-border access zone and its other members."""

    name: str
    in_force: str
    members: tuple[str, ...]
    programmes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """All about one site; ``can_rename`` tells whether the asker may rename it and its rooms."""

    id: int
    code: str
    name: str
    organisation: str
    address: str
    town: str
    country: str
    timezone: str
    register_name: str
    register_number: str
    beds: int | None
    languages: tuple[str, ...]
    note: str
    rooms: tuple[RoomFact, ...]
    closures: tuple[ClosedDays, ...]
    holidays: tuple[HolidayFact, ...]
    travel: tuple[TravelFact, ...]
    zones: tuple[ZoneFact, ...]
    can_rename: bool

    def room(self, room_id: int) -> RoomFact:
        """Give one of its rooms.

        Raises
        ------
        NotFound
            When it is no room of this site.
        """
        for room in self.rooms:
            if room.id == room_id:
                return room
        raise NotFound(N_("There is no such room at this site."))


def list_sites(scope: Scope, *, wanted: str = "", country: str = "", page: int = 1) -> Page[SiteRow]:
    """List the sites in sight by name: the own ones and those of partners through an agreement in force."""
    condition = _in_sight(scope) if not country else _in_sight(scope) & (Site.country == country)
    sites = db.session.scalars(
        select(Site)
        .where(condition)
        .options(joinedload(Site.organisation), selectinload(Site.rooms), selectinload(Site.zones))
    )
    found = matching(sites, wanted, lambda one: f"{one.name} {one.town} {one.organisation.name}")
    found.sort(key=lambda one: (one.organisation_id not in scope.organisation_ids, folded(one.name)))
    stretch = page_of(found, page)
    return stretch.with_rows(_row(scope, site) for site in stretch.rows)


def list_site_names(scope: Scope) -> tuple[tuple[int, str], ...]:
    """List id and name of the sites in sight, by name."""
    rows = db.session.execute(select(Site.id, Site.name).where(_in_sight(scope)))
    return tuple(sorted(((row[0], row[1]) for row in rows), key=lambda row: folded(row[1])))


def load_site(scope: Scope, site_id: int) -> SiteFacts:
    """Load one site with all that its page shows.

    Raises
    ------
    NotFound
        When there is no such site in sight.
    """
    site = db.session.scalar(
        select(Site)
        .where(_in_sight(scope), Site.id == site_id)
        .options(
            joinedload(Site.organisation),
            selectinload(Site.rooms).options(selectinload(Room.openings), selectinload(Room.closures)),
            selectinload(Site.zones).options(selectinload(Zone.sites), selectinload(Zone.programmes)),
        )
    )
    if site is None:
        raise NotFound(N_("There is no such site, or not one you may see."))
    today = clock.today(site.timezone)
    return SiteFacts(
        id=site.id,
        code=site.code,
        name=site.name,
        organisation=site.organisation.name,
        address=f"{site.postcode} {site.town}".strip(),
        town=site.town,
        country=site.country,
        timezone=site.timezone,
        register_name=site.register_name,
        register_number=site.register_number,
        beds=site.beds,
        languages=tuple(site.languages),
        note=site.note,
        rooms=tuple(_room(room, today) for room in sorted(site.rooms, key=lambda one: (one.kind, folded(one.name)))),
        closures=_closed(_load_closures(site.id), today),
        holidays=_holidays(site.holiday_calendar, today),
        travel=_travel(scope, site),
        zones=tuple(_zone(zone, site) for zone in sorted(site.zones, key=lambda one: folded(one.name))),
        can_rename=scope.role_in(site.organisation_id) in KEEPERS,
    )


def _in_sight(scope: Scope) -> ColumnElement[bool]:
    if scope.is_platform_administrator:
        return true()
    return Site.organisation_id.in_(scope.visible_organisation_ids)


def _row(scope: Scope, site: Site) -> SiteRow:
    return SiteRow(
        id=site.id,
        code=site.code,
        name=site.name,
        town=site.town,
        country=site.country,
        organisation=site.organisation.name,
        rooms=len(site.rooms),
        zones=tuple(sorted((zone.name for zone in site.zones), key=folded)),
        is_own=site.organisation_id in scope.organisation_ids,
    )


def _room(room: Room, today: date) -> RoomFact:
    openings: dict[int, list[str]] = defaultdict(list)
    for opening in room.openings:
        openings[opening.weekday].append(opening.half_day)
    return RoomFact(
        id=room.id,
        name=room.name,
        kind=room.kind,
        equipment=tuple(room.equipment),
        is_accessible=room.is_accessible,
        open_days=tuple(OpenDay(day, tuple(sorted(openings[day], key=HALF_DAYS.index))) for day in sorted(openings)),
        closures=_closed(room.closures, today),
    )


def _load_closures(site_id: int) -> list[SiteClosure]:
    return list(db.session.scalars(select(SiteClosure).where(SiteClosure.site_id == site_id)))


def _closed(closures: Iterable[RoomClosure | SiteClosure], today: date) -> tuple[ClosedDays, ...]:
    """Give the closures that are not over, the next one first."""
    ahead = sorted((one for one in closures if one.end_on > today), key=lambda one: one.start_on)
    return tuple(ClosedDays(one.start_on, one.end_on - timedelta(days=1), one.reason) for one in ahead)


def _holidays(calendar: str, today: date) -> tuple[HolidayFact, ...]:
    rows = db.session.scalars(
        select(Holiday)
        .where(Holiday.calendar == calendar, Holiday.on_date >= today, Holiday.on_date < today + HOLIDAYS_AHEAD)
        .order_by(Holiday.on_date)
    )
    return tuple(HolidayFact(one.on_date, one.name, one.is_statutory) for one in rows)


def _travel(scope: Scope, site: Site) -> tuple[TravelFact, ...]:
    times = db.session.scalars(
        select(TravelTime)
        .where(or_(TravelTime.one_id == site.id, TravelTime.other_id == site.id))
        .options(joinedload(TravelTime.one), joinedload(TravelTime.other))
    )
    sites = [(one.other if one.one_id == site.id else one.one, one) for one in times]
    seen = [
        TravelFact(
            site_id=other.id,
            name=other.name,
            town=other.town,
            country=other.country,
            minutes=time.minutes,
            kilometres=None if time.kilometres is None else round(time.kilometres),
            is_estimated=time.is_estimated,
            crosses_border=other.country != site.country,
        )
        for other, time in sites
        if scope.is_platform_administrator or other.organisation_id in scope.visible_organisation_ids
    ]
    return tuple(sorted(seen, key=lambda one: (one.minutes, folded(one.name))))


def _zone(zone: Zone, site: Site) -> ZoneFact:
    return ZoneFact(
        name=zone.name,
        in_force=zone.in_force,
        members=tuple(f"{one.name}, {one.town}" for one in zone.sites if one.id != site.id),
        programmes=tuple(sorted(one.name for one in zone.programmes)),
    )
