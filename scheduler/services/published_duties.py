"""Keeps the table of published duties in step with the published version."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from scheduler.errors import Conflict
from scheduler.extensions import db
from scheduler.models import ClinicalSession, Clinician, PublishedDuty, RosterVersion
from scheduler.models.triggers import OVERLAPPING_DUTY, refusal_of
from scheduler.queries.feed_touches import Touched, touched_subjects
from scheduler.queries.problem_sessions import session_title
from scheduler.queries.session_states import SessionState, load_sessions
from scheduler.text import N_, say

States = Mapping[int, SessionState]

OVERLAP = N_(
    "%(clinician)s would be in two places at once: “%(session)s” at %(site)s on %(date)s, and “%(other)s” at"
    " %(other_site)s."
)


@dataclass(frozen=True, slots=True)
class _Overlap:
    """Two duties of one clinician at the same time."""

    clinician_id: int
    session_id: int
    other_id: int


def replace_duties(version: RosterVersion, before: States, after: States) -> None:
    """Write the published duties of the sessions that differ; the others keep theirs.

    All changed rows go before any new one comes, so that two clinicians can swap.

    Raises
    ------
    Conflict
        When a clinician would be in two places at once, also in another hospital's roster.
    """
    changed = set(changed_sessions(before, after))
    db.session.execute(delete(PublishedDuty).where(PublishedDuty.session_id.in_(changed)))
    db.session.expire_all()
    rows = list(_duties(version, {i: state for i, state in after.items() if i in changed}))
    try:
        with db.session.begin_nested():
            db.session.add_all(rows)
            db.session.flush()
    except IntegrityError as error:
        if refusal_of(error) != OVERLAPPING_DUTY:
            raise
        raise _conflict(version, changed, after) from error
    sessions = select(ClinicalSession.id).where(ClinicalSession.roster_id == version.roster_id)
    db.session.execute(
        update(PublishedDuty).where(PublishedDuty.session_id.in_(sessions)).values(version_id=version.id)
    )


def changed_sessions(before: States, after: States) -> list[int]:
    """Give the ids of the sessions that differ, in order."""
    return sorted(i for i in before.keys() | after.keys() if before.get(i) != after.get(i))


def touched_by(before: States, after: States) -> Touched:
    """Give everything in whose calendars something changes.

    Of people and rooms these are those of the sessions that differ, before and after.
    """
    changed = changed_sessions(before, after)
    states = [state for i in changed for state in (before.get(i), after.get(i)) if state is not None]
    return touched_subjects(
        changed,
        clinician_ids={who for state in states for who in state.clinician_ids},
        room_ids={state.room_id for state in states if state.room_id is not None},
    )


def _duties(version: RosterVersion, states: States) -> Iterable[PublishedDuty]:
    sessions = load_sessions(states)
    for session_id, state in states.items():
        demands = {seat.id: seat.demand for seat in sessions[session_id].seats}
        for seat_id, clinician_id in state.team:
            demand = demands[seat_id]
            cover = demand.cover_hours
            yield PublishedDuty(
                seat_id=seat_id,
                version_id=version.id,
                session_id=session_id,
                clinician_id=clinician_id,
                on_date=state.on,
                half_day=state.half_day,
                start_at=state.start_at if cover is None else state.end_at,
                end_at=state.end_at if cover is None else state.end_at + timedelta(hours=cover),
                room_id=state.room_id,
                is_exclusive=demand.is_exclusive,
            )


def _conflict(version: RosterVersion, changed: set[int], after: States) -> Conflict:
    overlap = _find_overlap(list(_duties(version, {i: after[i] for i in changed if i in after})))
    sessions = load_sessions([overlap.session_id, overlap.other_id])
    one, other = sessions[overlap.session_id], sessions[overlap.other_id]
    person = db.session.get_one(Clinician, overlap.clinician_id)
    return Conflict(
        say(
            OVERLAP,
            clinician=person.name,
            session=session_title(one.template),
            site=one.template.site.name,
            date=after[one.id].on,
            other=session_title(other.template),
            other_site=other.template.site.name,
        )
    )


def _find_overlap(rows: list[PublishedDuty]) -> _Overlap:
    """Find the first new duty that overlaps another new one, or one that is published."""
    rows = [row for row in rows if row.is_exclusive]
    for i, row in enumerate(rows):
        published = db.session.scalars(
            select(PublishedDuty).where(
                PublishedDuty.clinician_id == row.clinician_id,
                PublishedDuty.is_exclusive,
                PublishedDuty.start_at < row.end_at,
                PublishedDuty.end_at > row.start_at,
            )
        )
        for other in (*rows[i + 1 :], *published):
            if other.clinician_id == row.clinician_id and (other.start_at < row.end_at and row.start_at < other.end_at):
                return _Overlap(row.clinician_id, row.session_id, other.session_id)
    raise LookupError("the database refused an overlap that is not there")
