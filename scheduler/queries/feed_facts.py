"""The facts that events of feeds are written from, by ids: for what is not written yet.

A few statements for any number of ids.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from sqlalchemy import and_, func, select

from scheduler.duties import Duty, LeaveFact, SessionFact, SitePlace
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.models import (
    Affiliation,
    ClinicalSession,
    CooperationAgreement,
    Leave,
    Placement,
    PublishedDuty,
    Room,
    RosterVersion,
    SessionTemplate,
    Site,
    TravelTime,
)
from scheduler.queries.duties import (
    Team,
    duties_where,
    in_chunks,
    published_teams,
    revision_of,
    site_place,
    site_places,
)
from scheduler.queries.problem_places import estimated_minutes
from scheduler.text import N_

Minutes = Callable[[SitePlace, SitePlace], tuple[int, bool]]
"""Gives the minutes by road between two sites, and whether they are estimated."""
OF_SESSION = (
    ClinicalSession.uid,
    ClinicalSession.sequence,
    ClinicalSession.id.label("session_id"),
    SessionTemplate.kind,
    SessionTemplate.specialty,
    SessionTemplate.site_id,
    CooperationAgreement.title.label("agreement"),
)
"""What a session's event shows, wherever it is held."""


def duties_by_seat(seat_ids: Iterable[int]) -> dict[int, Duty]:
    """Give the published duties that hold these seats; seats that nobody holds are left out."""
    return {duty.seat_id: duty for ids in in_chunks(seat_ids) for duty in duties_where(PublishedDuty.seat_id.in_(ids))}


def sessions_by_id(session_ids: Iterable[int]) -> dict[int, SessionFact]:
    """Give these sessions as they are held in the published versions; those that are not held are left out."""
    rows = [row for ids in in_chunks(session_ids) for row in _held(ids)]
    places = site_places({row.site_id for row in rows})
    teams = published_teams(row.session_id for row in rows)
    return {row.session_id: _session(row, places[row.site_id], teams.get(row.session_id, [])) for row in rows}


def leave_facts(clinician_id: int, from_on: date, to_on: date) -> tuple[LeaveFact, ...]:
    """Give a clinician's leave that touches [from_on, to_on), by start."""
    rows = db.session.execute(
        select(
            Leave.uid,
            Leave.sequence,
            func.coalesce(Leave.revised_at, Leave.entered_at),
            Leave.id,
            Leave.clinician_id,
            Leave.start_on,
            Leave.end_on,
        )
        .where(Leave.clinician_id == clinician_id, Leave.start_on < to_on, Leave.end_on > from_on)
        .order_by(Leave.start_on)
    )
    return tuple(LeaveFact(*row) for row in rows)


def home_place(clinician_id: int) -> SitePlace:
    """Give the site at which a clinician is at home.

    Raises
    ------
    NotFound
        When there is no such clinician, or none with a home.
    """
    site = db.session.scalar(
        select(Site)
        .join(Affiliation, and_(Affiliation.site_id == Site.id, Affiliation.is_home))
        .where(Affiliation.clinician_id == clinician_id)
    )
    if site is None:
        raise NotFound(N_("There is no such clinician."))
    return site_place(site)


def travel_minutes(site_ids: Iterable[int]) -> Minutes:
    """Give what tells the minutes between any two of these sites; a pair that nobody measured is estimated."""
    ids = set(site_ids)
    known = {
        (row.one_id, row.other_id): (row.minutes, row.is_estimated)
        for row in db.session.execute(
            select(TravelTime.one_id, TravelTime.other_id, TravelTime.minutes, TravelTime.is_estimated).where(
                TravelTime.one_id.in_(ids), TravelTime.other_id.in_(ids)
            )
        )
    }

    def minutes(one: SitePlace, other: SitePlace) -> tuple[int, bool]:
        pair = (min(one.id, other.id), max(one.id, other.id))
        return known[pair] if pair in known else (estimated_minutes(one, other), True)

    return minutes


def _held(session_ids: list[int]) -> list[Any]:
    return list(
        db.session.execute(
            select(
                *OF_SESSION,
                revision_of(ClinicalSession).label("revised_at"),
                Placement.on_date,
                Placement.half_day,
                Placement.start_at,
                Placement.end_at,
                Room.name.label("room"),
            )
            .select_from(ClinicalSession)
            .join(SessionTemplate, SessionTemplate.id == ClinicalSession.template_id)
            .outerjoin(CooperationAgreement, CooperationAgreement.id == SessionTemplate.agreement_id)
            .join(
                RosterVersion,
                and_(RosterVersion.roster_id == ClinicalSession.roster_id, RosterVersion.state == "published"),
            )
            .join(
                Placement,
                and_(Placement.version_id == RosterVersion.id, Placement.session_id == ClinicalSession.id),
            )
            .outerjoin(Room, Room.id == Placement.room_id)
            .where(ClinicalSession.id.in_(session_ids))
        )
    )


def _session(row: Any, place: SitePlace, team: Team) -> SessionFact:
    return SessionFact(
        uid=row.uid,
        sequence=row.sequence,
        revised_at=row.revised_at,
        session_id=row.session_id,
        kind=row.kind,
        specialty=row.specialty,
        site=place,
        room=row.room,
        agreement=row.agreement,
        on_date=row.on_date,
        half_day=row.half_day,
        start_at=row.start_at,
        end_at=row.end_at,
        team=tuple(colleague for _, _, colleague in team),
    )
