"""Which published sessions feeds still show that name a site, a room or a clinician, and who and what is in them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from scheduler.extensions import db
from scheduler.models import CancelledSession, ClinicalSession, PublishedDuty, Seat, SessionTemplate
from scheduler.queries.duties import in_chunks
from scheduler.queries.feed_events import GRACE
from scheduler.queries.session_states import SessionState, state_from_json


@dataclass(frozen=True, slots=True)
class ShownSessions:
    """Ids of sessions that feeds show, of their taken seats, of who takes these, and of the rooms they are in."""

    session_ids: frozenset[int]
    seat_ids: frozenset[int]
    clinician_ids: frozenset[int]
    room_ids: frozenset[int]


def sessions_at_site(site_id: int, from_at: datetime, *, now: datetime) -> ShownSessions:
    """Give the sessions at a site that end after an instant, or were cancelled so late that some still see them."""
    held = select(ClinicalSession.id).join(ClinicalSession.template).where(SessionTemplate.site_id == site_id)
    return _shown(PublishedDuty.session_id.in_(held), lambda state, site: site == site_id, from_at, now)


def sessions_in_room(room_id: int, from_at: datetime, *, now: datetime) -> ShownSessions:
    """Give the sessions in a room, as ``sessions_at_site`` does."""
    return _shown(PublishedDuty.room_id == room_id, lambda state, site: state.room_id == room_id, from_at, now)


def sessions_with_clinician(clinician_id: int, from_at: datetime, *, now: datetime) -> ShownSessions:
    """Give the sessions in whose team a clinician is, as ``sessions_at_site`` does."""
    own = select(PublishedDuty.session_id).where(
        PublishedDuty.clinician_id == clinician_id, PublishedDuty.end_at > from_at
    )
    return _shown(
        PublishedDuty.session_id.in_(own), lambda state, site: clinician_id in state.clinician_ids, from_at, now
    )


def last_revision(shown: ShownSessions) -> datetime | None:
    """Give when a fact of these sessions and seats changed last; None when none ever did."""
    moments = [
        moment
        for model, every in ((ClinicalSession, shown.session_ids), (Seat, shown.seat_ids))
        for ids in in_chunks(every)
        if (moment := db.session.scalar(select(func.max(model.revised_at)).where(model.id.in_(ids)))) is not None
    ]
    return max(moments, default=None)


def _shown(
    is_meant: ColumnElement[bool], was_meant: Callable[[SessionState, int], bool], from_at: datetime, now: datetime
) -> ShownSessions:
    """Give the sessions meant: of published ones by their duties, of cancelled ones by state and site."""
    held = db.session.execute(
        select(
            PublishedDuty.session_id, PublishedDuty.seat_id, PublishedDuty.clinician_id, PublishedDuty.room_id
        ).where(is_meant, PublishedDuty.end_at > from_at)
    ).all()
    cancelled = [(i, state) for i, state, site_id in _cancelled(now) if was_meant(state, site_id)]
    team = [pair for _, state in cancelled for pair in state.team]
    return ShownSessions(
        session_ids=frozenset(row.session_id for row in held) | frozenset(i for i, _ in cancelled),
        seat_ids=frozenset(row.seat_id for row in held) | frozenset(seat_id for seat_id, _ in team),
        clinician_ids=frozenset(row.clinician_id for row in held) | frozenset(who for _, who in team),
        room_ids=frozenset(
            room_id
            for room_id in (*(row.room_id for row in held), *(state.room_id for _, state in cancelled))
            if room_id is not None
        ),
    )


def _cancelled(now: datetime) -> Iterable[tuple[int, SessionState, int]]:
    rows = db.session.execute(
        select(CancelledSession.session_id, CancelledSession.state, SessionTemplate.site_id)
        .join(ClinicalSession, ClinicalSession.id == CancelledSession.session_id)
        .join(SessionTemplate, SessionTemplate.id == ClinicalSession.template_id)
        .where(CancelledSession.cancelled_at > now - GRACE)
    )
    for session_id, kept, site_id in rows:
        state = state_from_json(kept)
        if state is not None:
            yield session_id, state, site_id
