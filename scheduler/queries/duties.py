"""Duties of the published rosters as the frozen records that everything downstream reads."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from scheduler.duties import Colleague, Duty, SitePlace
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.models import (
    Affiliation,
    ClinicalSession,
    Clinician,
    Demand,
    PublishedDuty,
    Seat,
    SessionTemplate,
    Site,
)
from scheduler.scope import Scope

COVER = "postop_cover"
"""Kind of a duty that begins when its session ends."""


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
    return _duties(
        _published(from_at, to_at).where(PublishedDuty.clinician_id == clinician_id),
    )


def duties_published(
    *, from_at: datetime, to_at: datetime, site_ids: Iterable[int] | None = None, roster_id: int | None = None
) -> tuple[Duty, ...]:
    """Give all published duties that touch [from_at, to_at), in order of start; at these sites, or of this roster."""
    statement = _published(from_at, to_at)
    if site_ids is not None:
        statement = statement.where(
            PublishedDuty.session.has(ClinicalSession.template.has(SessionTemplate.site_id.in_(set(site_ids))))
        )
    if roster_id is not None:
        statement = statement.where(PublishedDuty.session.has(ClinicalSession.roster_id == roster_id))
    return _duties(statement)


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


def _published(from_at: datetime, to_at: datetime) -> Select[PublishedDuty]:
    template = joinedload(PublishedDuty.session).joinedload(ClinicalSession.template).joinedload(SessionTemplate.site)
    return (
        select(PublishedDuty)
        .where(PublishedDuty.start_at < to_at, PublishedDuty.end_at > from_at)
        .options(
            template,
            joinedload(PublishedDuty.session)
            .joinedload(ClinicalSession.template)
            .joinedload(SessionTemplate.agreement),
            joinedload(PublishedDuty.seat).joinedload(Seat.demand).joinedload(Demand.role),
            joinedload(PublishedDuty.clinician).selectinload(Clinician.affiliations),
            joinedload(PublishedDuty.room),
        )
        .order_by(PublishedDuty.start_at, PublishedDuty.seat_id)
    )


def _duties(statement: Select[PublishedDuty]) -> tuple[Duty, ...]:
    rows = db.session.scalars(statement.execution_options(populate_existing=True)).all()
    teams = _teams({row.session_id for row in rows})
    return tuple(_duty(row, teams[row.session_id]) for row in rows)


def _teams(session_ids: set[int]) -> dict[int, list[tuple[int, int, Colleague]]]:
    """Give by session id the published team, by seat: seat id, clinician id, and how colleagues see it."""
    rows = db.session.scalars(
        select(PublishedDuty)
        .where(PublishedDuty.session_id.in_(session_ids))
        .options(
            joinedload(PublishedDuty.clinician),
            joinedload(PublishedDuty.seat).joinedload(Seat.demand).joinedload(Demand.role),
        )
        .order_by(PublishedDuty.seat_id)
    )
    teams: dict[int, list[tuple[int, int, Colleague]]] = {}
    for row in rows:
        colleague = Colleague(row.clinician.name, row.seat.demand.role.code)
        teams.setdefault(row.session_id, []).append((row.seat_id, row.clinician_id, colleague))
    return teams


def _duty(row: PublishedDuty, team: list[tuple[int, int, Colleague]]) -> Duty:
    template, seat = row.session.template, row.seat
    home = row.clinician.home
    return Duty(
        uid=seat.uid,
        sequence=seat.sequence,
        revised_at=seat.revised_at or row.version.published_at or row.version.created_at,
        seat_id=seat.id,
        session_id=row.session_id,
        clinician_id=row.clinician_id,
        clinician_name=row.clinician.name,
        role=seat.demand.role.code,
        kind=template.kind if seat.demand.cover_hours is None else COVER,
        specialty=template.specialty,
        site=site_place(template.site),
        room=row.room.name if row.room is not None else None,
        agreement=template.agreement.title if template.agreement is not None else None,
        on_date=row.on_date,
        half_day=row.half_day,
        start_at=row.start_at,
        end_at=row.end_at,
        is_exclusive=row.is_exclusive,
        is_visit=home.organisation_id != template.site.organisation_id,
        colleagues=tuple(
            colleague for seat_id, who, colleague in team if seat_id != seat.id and who != row.clinician_id
        ),
    )


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
