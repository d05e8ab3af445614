"""The board of a version: rooms or clinicians by half-days, what is not held, and what the rules say."""

from dataclasses import dataclass
from datetime import date, datetime

from scheduler.queries.approvals import ApprovalState
from scheduler.queries.board_cells import RowPlan, rows_by_clinicians, rows_by_rooms
from scheduler.queries.board_facts import BoardFacts, load_board_facts
from scheduler.scope import Scope
from scheduler.text import N_, Message, say
from solver.outcome import Gap, RuleCost

LEVELS = ("block", "warn", "info")
"""Strengths of breaches, the gravest first."""

NOBODY = N_("Nobody can take the seat “%(role)s” (looked at: %(count)d).")
NO_ROOM_LEFT = N_("Each seat could be filled, but not together with the other sessions of the week.")
HOLIDAY = N_("Holiday in %(country)s")
SITE_CLOSED = N_("%(site)s is closed")


@dataclass(frozen=True, slots=True)
class BoardDay:
    """A day of the roster; ``notes`` name holidays and closures."""

    on: date
    notes: tuple[Message, ...]
    is_holiday_here: bool


@dataclass(frozen=True, slots=True)
class Column:
    """A half-day in which something is planned or could be."""

    on: date
    half_day: str


@dataclass(frozen=True, slots=True)
class Card:
    """A held session in a cell.

    Parameters
    ----------
    people
        Short names of the team, without those who only cover afterwards unless the row is theirs.
    roles
        What the person of the row does there; empty on the board of rooms.
    breach_level
        ``block``, ``warn``, ``info`` or empty.
    crosses
        Countries of whoever crosses a border for it, e.g. ``BE→FR``; else empty.
    is_changed
        Whether it differs from the published version.
    """

    session_id: int
    title: str
    kind: str
    specialty: str
    site_name: str
    site_code: str
    room_name: str
    people: tuple[str, ...]
    roles: tuple[str, ...]
    start_at: datetime
    end_at: datetime
    timezone: str
    is_pinned: bool
    is_past: bool
    breach_level: str
    crosses: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a row meets a column; ``closed_reason`` tells why nothing may be planned there."""

    row_key: str
    on: date
    half_day: str
    is_closed: bool
    closed_reason: Message | None
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A room or a clinician; ``cells`` are aligned with the board's columns."""

    key: str
    title: str
    subtitle: str
    site_code: str
    site_name: str
    country: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class GapCard:
    """A session that is not held; ``summary`` says why in one sentence, where anyone looked."""

    session_id: int
    title: str
    kind: str
    specialty: str
    site_name: str
    site_code: str
    week_on: date
    priority: int
    summary: Message | None


@dataclass(frozen=True, slots=True)
class BreachLine:
    """What a rule says about the version."""

    rule: str
    strength: str
    message: Message
    session_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """One version of a roster, ready to be drawn.

    Parameters
    ----------
    sees_findings
        False for readers who see what is planned and not how it was judged.
    bound
        No plan can cost less; None when nobody asked a solver.
    change_count
        Number of sessions that differ from the published version.
    """

    roster_id: int
    roster_title: str
    version_id: int
    number: int
    state: str
    revision: int
    by: str
    is_editable: bool
    can_start_draft: bool
    can_undo: bool
    can_redo: bool
    sees_findings: bool
    based_on_number: int | None
    is_outdated: bool
    published_at: datetime | None
    days: tuple[BoardDay, ...]
    columns: tuple[Column, ...]
    rows: tuple[BoardRow, ...]
    gaps: tuple[GapCard, ...]
    breaches: tuple[BreachLine, ...]
    notes: tuple[Message, ...]
    approvals: tuple[ApprovalState, ...]
    status: str
    cost: int | None
    bound: float | None
    rule_costs: tuple[RuleCost, ...]
    held_count: int
    session_count: int
    pin_count: int
    change_count: int

    def count_of(self, strength: str) -> int:
        """Give the number of breaches of rules of a strength."""
        return sum(line.strength == strength for line in self.breaches)


def load_board(scope: Scope, roster_id: int, number: int, by: str = "rooms") -> Board:
    """Load a version as a board.

    Parameters
    ----------
    by
        ``rooms`` or ``clinicians``: what the rows are.

    Raises
    ------
    NotFound
        When there is no such version for this account.
    """
    facts = load_board_facts(scope, roster_id, number)
    columns = tuple(Column(on, half_day) for on, half_day in facts.columns)
    plans = rows_by_clinicians(facts) if by == "clinicians" else rows_by_rooms(facts)
    page, findings = facts.page, facts.findings
    return Board(
        roster_id=page.roster.id,
        roster_title=page.roster.title,
        version_id=page.version.id,
        number=page.version.number,
        state=page.version.state,
        revision=page.version.revision,
        by="clinicians" if by == "clinicians" else "rooms",
        is_editable=page.is_editable,
        can_start_draft=page.roster.can_edit,
        can_undo=page.undo is not None,
        can_redo=page.redo is not None,
        sees_findings=facts.reach.sees_drafts,
        based_on_number=page.based_on,
        is_outdated=page.is_outdated,
        published_at=page.version.published_at,
        days=tuple(_day(facts, on) for on in facts.days),
        columns=columns,
        rows=tuple(_row(facts, plan, columns) for plan in plans),
        gaps=_gaps(facts),
        breaches=_breaches(facts),
        notes=findings.notes,
        approvals=facts.approvals,
        status=findings.status,
        cost=findings.cost,
        bound=findings.bound,
        rule_costs=findings.rule_costs,
        held_count=len(facts.states),
        session_count=len(facts.sessions),
        pin_count=len(facts.pinned),
        change_count=len(facts.changed),
    )


def _day(facts: BoardFacts, on: date) -> BoardDay:
    countries = sorted({s.country for s in facts.sites.values() if on in facts.site_facts[s.code].holidays})
    closed = [s.name for s in facts.sites.values() if on in facts.site_facts[s.code].closed_on]
    notes = [say(HOLIDAY, country=country) for country in countries]
    notes += [say(SITE_CLOSED, site=name) for name in sorted(closed)]
    return BoardDay(on, tuple(notes), bool(countries))


def _row(facts: BoardFacts, plan: RowPlan, columns: tuple[Column, ...]) -> BoardRow:
    return BoardRow(
        key=plan.key,
        title=plan.title,
        subtitle=plan.subtitle,
        site_code=plan.site.code,
        site_name=plan.site.name,
        country=plan.site.country,
        cells=tuple(_cell(facts, plan, column) for column in columns),
    )


def _cell(facts: BoardFacts, plan: RowPlan, column: Column) -> Cell:
    at = (column.on, column.half_day)
    reason = plan.closed_reason(*at)
    return Cell(
        row_key=plan.key,
        on=column.on,
        half_day=column.half_day,
        is_closed=reason is not None,
        closed_reason=reason,
        cards=tuple(_card(facts, session_id, plan) for session_id in plan.sessions.get(at, ())),
    )


def _card(facts: BoardFacts, session_id: int, plan: RowPlan) -> Card:
    state, template = facts.states[session_id], facts.sessions[session_id].template
    team = [(facts.seats[seat_id], facts.people[who]) for seat_id, who in state.team]
    present = [person for seat, person in team if seat.cover_hours is None]
    countries = sorted({p.country for p in present if p.country != template.site.country})
    names = dict.fromkeys(p.short_name for p in (present or [person for _, person in team]))
    return Card(
        session_id=session_id,
        title=facts.title_of(session_id),
        kind=template.kind,
        specialty=template.specialty,
        site_name=template.site.name,
        site_code=template.site.code,
        room_name=facts.room_names.get(state.room_id or 0, ""),
        people=tuple(names),
        roles=tuple(seat.role for seat, person in team if person.id == plan.clinician_id),
        start_at=state.start_at,
        end_at=state.end_at,
        timezone=template.site.timezone,
        is_pinned=session_id in facts.pinned,
        is_past=state.start_at <= facts.now,
        breach_level=facts.breach_levels.get(session_id, ""),
        crosses=f"{'/'.join(countries)}→{template.site.country}" if countries else "",
        is_changed=session_id in facts.changed,
    )


def _gaps(facts: BoardFacts) -> tuple[GapCard, ...]:
    explained = {int(gap.session): gap for gap in facts.findings.gaps}
    found = []
    for session_id, session in facts.sessions.items():
        if session_id in facts.states:
            continue
        template = session.template
        found.append(
            GapCard(
                session_id=session_id,
                title=facts.title_of(session_id),
                kind=template.kind,
                specialty=template.specialty,
                site_name=template.site.name,
                site_code=template.site.code,
                week_on=session.week_on,
                priority=template.priority,
                summary=summary_of(explained.get(session_id)),
            )
        )
    return tuple(sorted(found, key=lambda gap: (-gap.priority, gap.week_on, gap.title, gap.session_id)))


def summary_of(gap: Gap | None) -> Message | None:
    """Say in one sentence why a session is not held; None when nobody looked."""
    if gap is None:
        return None
    if gap.reasons:
        return gap.reasons[0].message
    for seat in gap.seats:
        if not seat.free:
            if len(seat.refusals) == 1:
                return seat.refusals[0].reason.message
            return say(NOBODY, role=seat.role, count=len(seat.refusals))
    return say(NO_ROOM_LEFT)


def _breaches(facts: BoardFacts) -> tuple[BreachLine, ...]:
    shown = set(facts.sessions)
    lines = [
        BreachLine(b.rule, b.strength.value, b.message, tuple(int(s) for s in b.sessions if int(s) in shown))
        for b in facts.findings.breaches
        if facts.reach.agreement_ids is None or shown & {int(s) for s in b.sessions}
    ]
    return tuple(sorted(lines, key=lambda line: LEVELS.index(line.strength)))
