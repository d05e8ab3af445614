"""Duties of the published rosters as the frozen records that everything downstream reads."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import selectinload

from scheduler.duties import Colleague, Duty, SitePlace
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.models import (
    Affiliation,
    ClinicalRole,
    ClinicalSession,
    Clinician,
    CooperationAgreement,
    Demand,
    PublishedDuty,
    Room,
    RosterVersion,
    Seat,
    SessionTemplate,
    Site,
)
from scheduler.scope import Scope

COVER = "postop_cover"
"""Kind of a duty that begins when its session ends."""
CHUNK = 5_000
"""So many ids go into one statement; databases take some ten thousand values at most."""

Team = list[tuple[int, int, Colleague]]
"""Who sits where in a session, by seat: seat id, clinician id, and how colleagues see it."""


@dataclass(frozen=True, slots=True)
class WeekOfDuties:
    """A clinician's duties that touch a week, in order of start; ``timezone`` is that of the home site."""

    clinician_id: int
    clinician_name: str
    monday: date
    timezone: str
    duties: tuple[Duty, ...]


def duties_of_clinician(clinician_id: int, from_at: datetime, to_at: datetime) -> tuple[Duty, ...]:
    """Give a clinician's published duties that touch [from_at, to_at), in order of start."""
    return duties_where(PublishedDuty.clinician_id == clinician_id, _touches(from_at, to_at))


def duties_published(
    *, from_at: datetime, to_at: datetime, site_ids: Iterable[int] | None = None, roster_id: int | None = None
) -> tuple[Duty, ...]:
    """Give all published duties that touch [from_at, to_at), in order of start; at these sites, or of this roster."""
    conditions = [_touches(from_at, to_at)]
    if site_ids is not None:
        conditions.append(SessionTemplate.site_id.in_(set(site_ids)))
    if roster_id is not None:
        conditions.append(ClinicalSession.roster_id == roster_id)
    return duties_where(*conditions)


def duties_where(*conditions: ColumnElement[bool]) -> tuple[Duty, ...]:
    """Give the published duties that meet all conditions, in order of start.

    Conditions may name PublishedDuty, ClinicalSession, SessionTemplate, Seat and Demand.
    """
    rows = db.session.execute(
        select(
            Seat.uid,
            Seat.sequence,
            revision_of(Seat).label("revised_at"),
            PublishedDuty.seat_id,
            PublishedDuty.session_id,
            PublishedDuty.clinician_id,
            Clinician.name.label("clinician_name"),
            ClinicalRole.code.label("role"),
            SessionTemplate.kind,
            Demand.cover_hours,
            SessionTemplate.specialty,
            SessionTemplate.site_id,
            Room.name.label("room"),
            CooperationAgreement.title.label("agreement"),
            PublishedDuty.on_date,
            PublishedDuty.half_day,
            PublishedDuty.start_at,
            PublishedDuty.end_at,
            PublishedDuty.is_exclusive,
            (func.coalesce(Affiliation.organisation_id, Site.organisation_id) != Site.organisation_id).label(
                "is_visit"
            ),
        )
        .select_from(PublishedDuty)
        .join(Seat, Seat.id == PublishedDuty.seat_id)
        .join(Demand, Demand.id == Seat.demand_id)
        .join(ClinicalRole, ClinicalRole.id == Demand.role_id)
        .join(ClinicalSession, ClinicalSession.id == PublishedDuty.session_id)
        .join(SessionTemplate, SessionTemplate.id == ClinicalSession.template_id)
        .join(Site, Site.id == SessionTemplate.site_id)
        .join(RosterVersion, RosterVersion.id == PublishedDuty.version_id)
        .join(Clinician, Clinician.id == PublishedDuty.clinician_id)
        .outerjoin(Affiliation, and_(Affiliation.clinician_id == Clinician.id, Affiliation.is_home))
        .outerjoin(CooperationAgreement, CooperationAgreement.id == SessionTemplate.agreement_id)
        .outerjoin(Room, Room.id == PublishedDuty.room_id)
        .where(*conditions)
        .order_by(PublishedDuty.start_at, PublishedDuty.seat_id)
    ).all()
    places = site_places({row.site_id for row in rows})
    teams = published_teams({row.session_id for row in rows})
    return tuple(duty_of(row, places[row.site_id], teams[row.session_id]) for row in rows)


def duty_of(row: Any, place: SitePlace, team: Team, *, is_cancelled: bool = False) -> Duty:
    """Give the duty that a row with the columns of ``duties_where`` means; ``team`` is that of its session."""
    return Duty(
        uid=row.uid,
        sequence=row.sequence,
        revised_at=row.revised_at,
        seat_id=row.seat_id,
        session_id=row.session_id,
        clinician_id=row.clinician_id,
        clinician_name=row.clinician_name,
        role=row.role,
        kind=row.kind if row.cover_hours is None else COVER,
        specialty=row.specialty,
        site=place,
        room=row.room,
        agreement=row.agreement,
        on_date=row.on_date,
        half_day=row.half_day,
        start_at=row.start_at,
        end_at=row.end_at,
        is_exclusive=row.is_exclusive,
        is_visit=row.is_visit,
        colleagues=tuple(
            colleague for seat_id, who, colleague in team if seat_id != row.seat_id and who != row.clinician_id
        ),
        is_cancelled=is_cancelled,
    )


def revision_of(one: type[Seat] | type[ClinicalSession]) -> ColumnElement[datetime]:
    """Give when what a feed shows of a published seat or session changed last; needs RosterVersion beside it."""
    return func.coalesce(one.revised_at, RosterVersion.published_at, RosterVersion.created_at)


def published_teams(session_ids: Iterable[int]) -> dict[int, Team]:
    """Give by session id the published team."""
    teams: dict[int, Team] = {}
    for ids in in_chunks(session_ids):
        rows = db.session.execute(
            select(
                PublishedDuty.session_id,
                PublishedDuty.seat_id,
                PublishedDuty.clinician_id,
                Clinician.name,
                ClinicalRole.code,
            )
            .join(Clinician, Clinician.id == PublishedDuty.clinician_id)
            .join(Seat, Seat.id == PublishedDuty.seat_id)
            .join(Demand, Demand.id == Seat.demand_id)
            .join(ClinicalRole, ClinicalRole.id == Demand.role_id)
            .where(PublishedDuty.session_id.in_(ids))
            .order_by(PublishedDuty.seat_id)
        )
        for session_id, seat_id, clinician_id, name, role in rows:
            teams.setdefault(session_id, []).append((seat_id, clinician_id, Colleague(name, role)))
    return teams


def in_chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    """Give ids in order, each once, in lists short enough for one statement."""
    ordered = sorted(set(ids))
    for first in range(0, len(ordered), CHUNK):
        yield ordered[first : first + CHUNK]


def my_week(scope: Scope, monday: date) -> WeekOfDuties:
    """Load the week of the clinician whose account it is.

    Raises
    ------
    NotFound
        When the account is no clinician's.
    """
    person = None
    if scope.clinician_id is not None:
        person = db.session.scalar(
            select(Clinician)
            .where(Clinician.id == scope.clinician_id)
            .options(selectinload(Clinician.affiliations).joinedload(Affiliation.site))
        )
    if person is None:
        raise NotFound()
    zone = person.home.site.timezone
    from_at = datetime.combine(monday, time(), ZoneInfo(zone)).astimezone(UTC)
    to_at = datetime.combine(monday + timedelta(days=7), time(), ZoneInfo(zone)).astimezone(UTC)
    return WeekOfDuties(
        clinician_id=person.id,
        clinician_name=person.name,
        monday=monday,
        timezone=zone,
        duties=duties_of_clinician(person.id, from_at, to_at),
    )


def site_places(site_ids: Iterable[int]) -> dict[int, SitePlace]:
    """Load sites by id, as shown to people."""
    return {site.id: site_place(site) for site in db.session.scalars(select(Site).where(Site.id.in_(set(site_ids))))}


def site_place(site: Site) -> SitePlace:
    """Give a site as shown to people."""
    return SitePlace(
        id=site.id,
        code=site.code,
        name=site.name,
        town=site.town,
        country=site.country,
        timezone=site.timezone,
        latitude=site.latitude,
        longitude=site.longitude,
    )


def _touches(from_at: datetime, to_at: datetime) -> ColumnElement[bool]:
    return and_(PublishedDuty.start_at < to_at, PublishedDuty.end_at > from_at)
