"""One edit of a draft: the checks before it, the step of undo, and the judgement after it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import selectinload

from scheduler import clock
from scheduler.errors import Conflict, InvalidInput, NotFound
from scheduler.extensions import db
from scheduler.models import (
    Account,
    Approval,
    ClinicalSession,
    DraftEdit,
    JournalEntry,
    RosterVersion,
    SessionPin,
)
from scheduler.queries.approvals import organisations_of
from scheduler.queries.discretion import check_session
from scheduler.queries.findings import findings_to_json
from scheduler.queries.problem import build_problem
from scheduler.queries.roster_access import Reach, check_can_edit, find_version_by_id
from scheduler.queries.session_states import (
    SessionState,
    is_past,
    load_sessions,
    state_from_json,
    state_to_json,
    states_of,
)
from scheduler.scope import Scope
from scheduler.services import journal, placements
from scheduler.services.judging import judge, plan_of_states
from scheduler.text import N_, Message, say
from solver.problem import Option, Problem

CHANGED = N_("This draft was changed after you loaded it. Load it again and look at the change first.")
CHANGED_BY = N_(
    "%(name)s changed this draft on %(at)s, after you loaded it. Load it again and look at the change first."
)
CHANGED_BY_YOU = N_("You changed this draft in another window. Load it again and look at the change first.")
PUBLISHED = N_("This version is published and stays as it is. Start a new draft to change it.")
CLOSED = N_("This draft was discarded. Start a new draft to change the roster.")
PINNED = N_("“%(session)s” is pinned. Unpin it before you change it.")
PAST = N_("“%(session)s” has begun and cannot be changed any more.")
PAST_PLACE = N_("The half-day you chose on %(date)s is past.")
NO_PLACE = N_("“%(session)s” cannot be held on %(date)s at this half-day.")
NOT_HELD = N_("“%(session)s” is not held in this draft. Choose a half-day and a team for it first.")
"""Sentences of refusals."""


@dataclass(frozen=True, slots=True)
class Touched:
    """A session before or after an edit: how it is held, and what is pinned (None: its place, else a seat id)."""

    held: SessionState | None
    pins: frozenset[int | None]


class Desk:
    """A draft opened for one edit."""

    def __init__(self, actor: Scope, version: RosterVersion, reach: Reach) -> None:
        self.actor = actor
        self.version = version
        self.reach = reach
        self.now = clock.now()
        self.problem: Problem = build_problem(version.roster_id, version.id, for_solving=False)
        self.states = states_of(version.id)
        self.before = dict(self.states)
        self.pins: dict[int, frozenset[int | None]] = {}
        for pin in version.pins:
            self.pins[pin.session_id] = self.pins.get(pin.session_id, frozenset()) | {pin.seat_id}

    def session(self, session_id: int) -> ClinicalSession:
        """Load a session of the roster.

        Raises
        ------
        NotFound
            When the roster has no such session, or the actor does not see it.
        NotAllowed
            When it is not the actor's to change.
        """
        found = load_sessions([session_id]).get(session_id)
        if found is None or found.roster_id != self.version.roster_id:
            raise NotFound()
        check_session(self.actor, self.reach, self.version.roster_id, session_id)
        return found

    def held(self, session_id: int) -> SessionState:
        """Give how a session is held.

        Raises
        ------
        InvalidInput
            When it is not held.
        """
        state = self.states.get(session_id)
        if state is None:
            raise InvalidInput(say(NOT_HELD, session=self.title(session_id)))
        return state

    def title(self, session_id: int) -> str:
        """Give the title of a session."""
        return self.problem.session[str(session_id)].title

    def check_free(self, session_id: int, *, seat_id: int | None = None) -> None:
        """Refuse to change what is past or pinned.

        Parameters
        ----------
        seat_id
            The seat to be changed; None: time, room or all of the session.

        Raises
        ------
        Conflict
            When the session has begun, or is pinned.
        """
        self.check_not_past(self.states.get(session_id), session_id, seat_id=seat_id)
        pinned = self.pins.get(session_id, frozenset())
        if (pinned and seat_id is None) or seat_id in pinned:
            raise Conflict(say(PINNED, session=self.title(session_id)))

    def check_not_past(self, state: SessionState | None, session_id: int, *, seat_id: int | None = None) -> None:
        """Refuse to change what is past.

        Parameters
        ----------
        seat_id
            The seat to be changed; None: time, room or all of the session.

        Raises
        ------
        Conflict
            When the session has begun; for the seat of a cover, when the cover has ended.
        """
        if state is None:
            return
        seats = self.problem.session[str(session_id)].seats
        cover_hours = next((seat.cover_hours for seat in seats if seat.id == str(seat_id)), None)
        if is_past(cover_hours, state.start_at, state.end_at, self.now):
            raise Conflict(say(PAST, session=self.title(session_id)))

    def option(self, session_id: int, on: date, half_day: str) -> Option:
        """Give the half-day of a session, with its real interval.

        Raises
        ------
        InvalidInput
            When the session cannot be held then, or the half-day is past.
        """
        for option in self.problem.session[str(session_id)].options:
            if (option.on, option.half_day) == (on, half_day):
                if option.start_at <= self.now:
                    raise InvalidInput(say(PAST_PLACE, date=on))
                return option
        raise InvalidInput(say(NO_PLACE, session=self.title(session_id), date=on))

    def touched(self, session_id: int) -> Touched:
        """Give how a session is held and pinned now."""
        return Touched(self.states.get(session_id), self.pins.get(session_id, frozenset()))

    def write(self, session_id: int, wanted: Touched) -> None:
        """Hold and pin a session like this."""
        now = self.touched(session_id)
        if wanted.held != now.held:
            placements.replace(self.version, session_id, wanted.held)
        if wanted.held is None:
            self.states.pop(session_id, None)
        else:
            self.states[session_id] = wanted.held
        for seat_id in now.pins - wanted.pins:
            own = [pin for pin in self.version.pins if (pin.session_id, pin.seat_id) == (session_id, seat_id)]
            for pin in own:
                self.version.pins.remove(pin)
        for seat_id in sorted(wanted.pins - now.pins, key=lambda seat: seat or 0):
            self.version.pins.append(SessionPin(session_id=session_id, seat_id=seat_id))
        self.pins[session_id] = wanted.pins

    def edit(self, deed: str, session_id: int, wanted: Touched) -> RosterVersion:
        """Change one session as one step of undo, and finish."""
        before = self.touched(session_id)
        if before == wanted:
            return self.version
        db.session.execute(delete(DraftEdit).where(DraftEdit.version_id == self.version.id, DraftEdit.is_undone))
        db.session.expire(self.version, ["edits"])
        number = db.session.scalar(select(func.max(DraftEdit.number)).where(DraftEdit.version_id == self.version.id))
        self.write(session_id, wanted)
        db.session.add(
            DraftEdit(
                version_id=self.version.id,
                number=(number or 0) + 1,
                account_id=self.actor.account_id,
                made_at=self.now,
                deed=deed,
                before={str(session_id): touched_to_json(before)},
                after={str(session_id): touched_to_json(wanted)},
            )
        )
        return self.finish(deed, [session_id])

    def finish(self, deed: str, session_ids: Iterable[int]) -> RosterVersion:
        """Count the revision up, have the draft judged, reopen the keys it touches, and tell the journal."""
        version = self.version
        version.findings = findings_to_json(judge(self.problem, plan_of_states(self.states)))
        version.revision += 1
        db.session.flush()
        self._void_approvals()
        journal.record(
            actor=self.actor,
            deed=f"roster_version.{deed}",
            subject="roster_version",
            subject_id=version.id,
            organisation_ids=self.reach.owner_ids,
            facts={"session_ids": sorted(session_ids), "revision": version.revision},
        )
        db.session.expire(version, ["edits", "approvals"])
        return version

    def _void_approvals(self) -> None:
        touched = organisations_of(self.before, self.states)
        db.session.execute(
            delete(Approval).where(Approval.version_id == self.version.id, Approval.organisation_id.in_(touched))
        )


def open_desk(*, actor: Scope, version_id: int, revision: int) -> Desk:
    """Open a draft for an edit.

    Raises
    ------
    NotFound
        When there is no such version for the actor.
    NotAllowed
        When the actor coordinates none of the roster's hospitals.
    Conflict
        When it is no draft any more, or not at the revision that the actor saw.
    """
    version, reach = open_draft(actor=actor, version_id=version_id, revision=revision)
    check_can_edit(reach)
    return Desk(actor, version, reach)


def open_draft(*, actor: Scope, version_id: int, revision: int) -> tuple[RosterVersion, Reach]:
    """Load a draft for writing at the revision that the actor saw; raises as ``open_desk`` does."""
    version, reach = find_version_by_id(actor, version_id, lock=True)
    if version.state != "draft":
        raise Conflict(PUBLISHED if version.state in ("published", "superseded") else CLOSED)
    if version.revision != revision:
        raise Conflict(who_changed(actor, version))
    return version, reach


def who_changed(actor: Scope, version: RosterVersion) -> Message:
    """Say who changed a draft last."""
    entry = db.session.scalar(
        select(JournalEntry)
        .where(JournalEntry.subject == "roster_version", JournalEntry.subject_id == version.id)
        .options(selectinload(JournalEntry.actor))
        .order_by(JournalEntry.id.desc())
        .limit(1)
    )
    who: Account | None = entry.actor if entry is not None else None
    if entry is None or who is None:
        return say(CHANGED)
    return say(CHANGED_BY_YOU) if who.id == actor.account_id else say(CHANGED_BY, name=who.name, at=entry.done_at)


def touched_to_json(touched: Touched) -> dict[str, Any]:
    """Give the JSON object kept in a step of undo."""
    pins = sorted(seat for seat in touched.pins if seat is not None) + [None] * (None in touched.pins)
    return {"held": state_to_json(touched.held), "pins": pins}


def touched_from_json(kept: Mapping[str, Any]) -> Touched:
    """Read what ``touched_to_json`` gave."""
    return Touched(state_from_json(kept["held"]), frozenset(kept["pins"]))
