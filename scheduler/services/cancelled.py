"""Remembers what was published as held and is held no more, for those who want to see it as cancelled."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete

from scheduler.extensions import db
from scheduler.models import CancelledSession
from scheduler.queries.duties import in_chunks
from scheduler.queries.feed_events import GRACE
from scheduler.queries.session_states import SessionState, state_to_json

States = Mapping[int, SessionState]


def remember_cancelled(roster_id: int, before: States, after: States, *, at: datetime) -> None:
    """Keep how sessions were held that are held no more, and forget those that are held again."""
    for ids in in_chunks(after.keys()):
        db.session.execute(delete(CancelledSession).where(CancelledSession.session_id.in_(ids)))
    for session_id in sorted(before.keys() - after.keys()):
        state = state_to_json(before[session_id])
        db.session.add(CancelledSession(session_id=session_id, roster_id=roster_id, state=state, cancelled_at=at))
    db.session.flush()


def forget_cancelled(*, at: datetime) -> None:
    """Forget what was cancelled so long ago that no feed shows it."""
    db.session.execute(delete(CancelledSession).where(CancelledSession.cancelled_at <= at - GRACE))
