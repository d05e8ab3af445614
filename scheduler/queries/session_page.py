"""One session of a version as its page shows it: facts, team by seat, pins, and what the rules say about it."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select

from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.models import Clinician, SessionPin
from scheduler.queries.board_facts import BoardFacts, load_board_facts
from scheduler.queries.session_states import SessionState, is_past
from scheduler.scope import Scope
from solver.outcome import Breach


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A seat of the team and who has it; ``clinician_id`` is None when nobody has.

    Parameters
    ----------
    cover_hours
        Hours of a cover that follows the session; None for a seat in the session itself.
    is_pinned
        Whether solving may not put another person there.
    is_past
        Whether nobody else can take it any more: the session has begun, or its cover has ended.
    """

    seat_id: int
    role: str
    side: str
    specialties: tuple[str, ...]
    cover_hours: int | None
    clinician_id: int | None
    clinician_name: str
    is_pinned: bool
    is_past: bool


@dataclass(frozen=True, slots=True)
class SessionPage:
    """A session as planned in one version; ``on`` and what follows is None when it is not held.

    Parameters
    ----------
    options
        Half-days of its week at which the template allows it.
    is_past
        Whether it began already: history is not changed any more.
    """

    roster_id: int
    roster_title: str
    version_id: int
    number: int
    state: str
    revision: int
    is_editable: bool
    can_start_draft: bool
    sees_findings: bool
    session_id: int
    kind: str
    specialty: str
    site_id: int
    site_name: str
    town: str
    country: str
    timezone: str
    agreement: str
    priority: int
    week_on: date
    on: date | None
    half_day: str
    start_at: datetime | None
    end_at: datetime | None
    room_name: str
    is_pinned: bool
    is_past: bool
    is_changed: bool
    seats: tuple[SeatLine, ...]
    breaches: tuple[Breach, ...]

    @property
    def is_held(self) -> bool:
        """Whether the session is held in this version."""
        return self.on is not None


def load_session_page(scope: Scope, roster_id: int, number: int, session_id: int) -> SessionPage:
    """Load a session of a version.

    Raises
    ------
    NotFound
        When the version or the session does not exist for this account.
    """
    facts = load_board_facts(scope, roster_id, number)
    session = facts.sessions.get(session_id)
    if session is None:
        raise NotFound()
    template, page = session.template, facts.page
    state = facts.states.get(session_id)
    pins = _pins(page.version.id, session_id)
    return SessionPage(
        roster_id=page.roster.id,
        roster_title=page.roster.title,
        version_id=page.version.id,
        number=page.version.number,
        state=page.version.state,
        revision=page.version.revision,
        is_editable=page.is_editable,
        can_start_draft=page.roster.can_edit,
        sees_findings=facts.reach.sees_drafts,
        session_id=session_id,
        kind=template.kind,
        specialty=template.specialty,
        site_id=template.site_id,
        site_name=template.site.name,
        town=template.site.town,
        country=template.site.country,
        timezone=template.site.timezone,
        agreement=template.agreement.title if template.agreement is not None else "",
        priority=template.priority,
        week_on=session.week_on,
        on=state.on if state is not None else None,
        half_day=state.half_day if state is not None else "",
        start_at=state.start_at if state is not None else None,
        end_at=state.end_at if state is not None else None,
        room_name=facts.room_names.get(state.room_id or 0, "") if state is not None else "",
        is_pinned=None in pins,
        is_past=state is not None and state.start_at <= facts.now,
        is_changed=session_id in facts.changed,
        seats=_seats(facts, session_id, state, pins),
        breaches=tuple(
            replace(b, message=facts.discretion.said(b))
            for b in facts.findings.breaches
            if str(session_id) in b.sessions
        ),
    )


def _pins(version_id: int, session_id: int) -> frozenset[int | None]:
    rows = db.session.scalars(
        select(SessionPin.seat_id).where(SessionPin.version_id == version_id, SessionPin.session_id == session_id)
    )
    return frozenset(rows)


def _seats(
    facts: BoardFacts, session_id: int, state: SessionState | None, pins: frozenset[int | None]
) -> tuple[SeatLine, ...]:
    team = dict(state.team) if state is not None else {}
    rows = db.session.execute(select(Clinician.id, Clinician.name).where(Clinician.id.in_(team.values())))
    names = dict(rows.all())
    return tuple(
        SeatLine(
            seat_id=seat.id,
            role=seat.demand.role.code,
            side=seat.demand.side,
            specialties=tuple(one.name for one in seat.demand.specialties),
            cover_hours=seat.demand.cover_hours,
            clinician_id=team.get(seat.id),
            clinician_name=names.get(team.get(seat.id, 0), ""),
            is_pinned=seat.id in pins,
            is_past=state is not None and is_past(seat.demand.cover_hours, state.start_at, state.end_at, facts.now),
        )
        for seat in facts.sessions[session_id].seats
    )
