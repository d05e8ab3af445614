"""The statements behind ``feed_events``: what a feed shows, beside the stored events that still hold.

Each is built once, and asks for facts by name: ``feed_events`` gives them all.
"""

import functools
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Executable,
    Integer,
    String,
    and_,
    bindparam,
    func,
    select,
    type_coerce,
)

from scheduler.extensions import UtcDateTime
from scheduler.models import (
    Affiliation,
    CancelledSession,
    ClinicalSession,
    CooperationAgreement,
    Demand,
    EventBytes,
    Leave,
    Placement,
    PublishedDuty,
    RosterVersion,
    Seat,
    SessionTemplate,
    Site,
)
from scheduler.queries.duties import revision_of
from scheduler.queries.feed_conditions import SUBJECT, TODAY, name_of_specialty
from scheduler.queries.feed_selections import selection_of
from scheduler.queries.feed_selections.selection import Conditions, FeedSelection

_CARE = bindparam("care_id", type_=Integer)
_DRESS, _BASIS = bindparam("dress", type_=String), bindparam("basis", type_=String)
_FROM, _UNTIL = bindparam("from_at", type_=UtcDateTime), bindparam("until_at", type_=UtcDateTime)
_FIRST_WEEK, _LAST_WEEK = bindparam("first_week_on", type_=Date), bindparam("last_week_on", type_=Date)
_SINCE = bindparam("since", type_=UtcDateTime)
_STORED = (EventBytes.uid, EventBytes.zone, EventBytes.body)


def _is_stored(kind: str, subject_id: Any, revised_at: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Say that a stored event is that of a seat, session or leave as it is now."""
    return and_(
        EventBytes.kind == kind,
        EventBytes.subject_id == subject_id,
        EventBytes.part == "",
        EventBytes.dress == _DRESS,
        EventBytes.basis == _BASIS,
        EventBytes.revised_at == revised_at,
    )


@functools.cache
def duty_statement() -> Executable:
    """Give the published duties of a clinician."""
    duty = PublishedDuty
    return (
        select(duty.seat_id, *_times(duty), SessionTemplate.site_id, *_STORED)
        .select_from(duty)
        .join(Seat, Seat.id == duty.seat_id)
        .join(ClinicalSession, ClinicalSession.id == duty.session_id)
        .join(SessionTemplate, SessionTemplate.id == ClinicalSession.template_id)
        .join(RosterVersion, RosterVersion.id == duty.version_id)
        .outerjoin(EventBytes, _is_stored("duty", duty.seat_id, revision_of(Seat)))
        .where(duty.clinician_id == SUBJECT, duty.start_at < _UNTIL, duty.end_at > _FROM)
    )


@functools.cache
def session_statement(feed: str, *, is_one_care: bool) -> Executable:
    """Give the sessions of a feed that are held; templates come first, as they are few and decide."""
    selection = selection_of(feed)
    return (
        select(ClinicalSession.id, *_times(Placement), SessionTemplate.site_id, *_STORED)
        .select_from(SessionTemplate)
        .join(
            ClinicalSession,
            and_(
                ClinicalSession.template_id == SessionTemplate.id,
                ClinicalSession.week_on.between(_FIRST_WEEK, _LAST_WEEK),
            ),
        )
        .join(
            RosterVersion,
            and_(RosterVersion.roster_id == ClinicalSession.roster_id, RosterVersion.state == "published"),
        )
        .join(Placement, and_(Placement.version_id == RosterVersion.id, Placement.session_id == ClinicalSession.id))
        .outerjoin(EventBytes, _is_stored(selection.event_kind, ClinicalSession.id, revision_of(ClinicalSession)))
        .where(
            Placement.start_at < _UNTIL,
            Placement.end_at > _FROM,
            *_shown(selection, is_one_care=is_one_care),
            *selection.held(),
        )
    )


def _times(held: type[PublishedDuty] | type[Placement]) -> tuple[ColumnElement[datetime], ColumnElement[datetime]]:
    """Give start and end as they are stored, in UTC without saying so: to say so takes as long as all the rest."""
    return type_coerce(held.start_at, DateTime), type_coerce(held.end_at, DateTime)


def _shown(selection: FeedSelection, *, is_one_care: bool) -> Conditions:
    """Say of which templates a feed shows sessions."""
    care = (SessionTemplate.specialty == name_of_specialty(_CARE),) if is_one_care else ()
    return (*selection.shows(), *care)


@functools.cache
def cancelled_statement(feed: str, *, is_one_care: bool) -> Executable:
    """Give the sessions of a feed that were cancelled since an instant."""
    return (
        select(CancelledSession.session_id, CancelledSession.state, CancelledSession.cancelled_at)
        .join(ClinicalSession, ClinicalSession.id == CancelledSession.session_id)
        .join(SessionTemplate, SessionTemplate.id == ClinicalSession.template_id)
        .where(CancelledSession.cancelled_at > _SINCE, *_shown(selection_of(feed), is_one_care=is_one_care))
    )


@functools.cache
def last_seat_statement() -> Executable:
    """Give these seats of cancelled sessions."""
    revised_at = func.coalesce(Seat.revised_at, CancelledSession.cancelled_at)
    return (
        select(Seat.id, Demand.cover_hours, SessionTemplate.site_id, *_STORED)
        .join(Demand, Demand.id == Seat.demand_id)
        .join(SessionTemplate, SessionTemplate.id == Demand.template_id)
        .join(CancelledSession, CancelledSession.session_id == Seat.session_id)
        .outerjoin(EventBytes, _is_stored("duty", Seat.id, revised_at))
        .where(Seat.id.in_(bindparam("ids", expanding=True)))
    )


@functools.cache
def last_session_statement() -> Executable:
    """Give these cancelled sessions."""
    revised_at = func.coalesce(ClinicalSession.revised_at, CancelledSession.cancelled_at)
    no_cover = bindparam(None, None, type_=Integer).label("cover_hours")
    return (
        select(ClinicalSession.id, no_cover, SessionTemplate.site_id, *_STORED)
        .join(SessionTemplate, SessionTemplate.id == ClinicalSession.template_id)
        .join(CancelledSession, CancelledSession.session_id == ClinicalSession.id)
        .outerjoin(EventBytes, _is_stored("session", ClinicalSession.id, revised_at))
        .where(ClinicalSession.id.in_(bindparam("ids", expanding=True)))
    )


@functools.cache
def leave_statement() -> Executable:
    """Give the leave of a clinician."""
    return (
        select(Leave.id, Leave.start_on, Leave.end_on, Affiliation.site_id, Site.timezone, *_STORED)
        .join(Affiliation, and_(Affiliation.clinician_id == Leave.clinician_id, Affiliation.is_home))
        .join(Site, Site.id == Affiliation.site_id)
        .outerjoin(EventBytes, _is_stored("leave", Leave.id, func.coalesce(Leave.revised_at, Leave.entered_at)))
        .where(
            Leave.clinician_id == SUBJECT,
            Leave.start_on < bindparam("until_on", type_=Date),
            Leave.end_on > bindparam("from_on", type_=Date),
        )
    )


@functools.cache
def agreement_statement(feed: str) -> Executable | None:
    """Give the next first day and the next day after the last of the agreements that decide what a feed shows."""
    selection = selection_of(feed)
    if selection.agreements is None:
        return None
    matters = selection.agreements()
    return select(
        *(
            select(func.min(day)).where(matters, day > TODAY).scalar_subquery()
            for day in (CooperationAgreement.valid_from, CooperationAgreement.valid_until)
        )
    )
