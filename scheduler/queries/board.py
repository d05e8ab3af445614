"""The board of a version: rooms or clinicians by half-days, what is not held, and what the rules say."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.queries.board_cells import RowPlan, rows_by_clinicians, rows_by_rooms
from scheduler.queries.board_facts import BoardFacts, SeatFact, load_board_facts
from scheduler.queries.board_records import Board, BoardDay, BoardRow, BreachLine, Card, Cell, Column, GapCard
from scheduler.queries.session_states import SessionState
from scheduler.scope import Scope
from scheduler.text import N_, Message, say
from solver.outcome import Gap

__all__ = [
    "Board",
    "BoardDay",
    "BoardRow",
    "BreachLine",
    "Card",
    "Cell",
    "Column",
    "GapCard",
    "load_board",
    "summary_of",
]

LEVELS = ("block", "warn", "info")
"""Strengths of breaches, the gravest first."""

NOBODY = N_("Of %(count)d who could be asked, nobody can take the seat “%(role)s”.")
NO_ROOM_LEFT = N_("Each seat could be filled, but not together with the other sessions of the week.")
HOLIDAY = N_("Holiday in %(country)s")
SITE_CLOSED = N_("%(site)s is closed")


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
        unseen_breaches=tuple(b.strength.value for b in findings.breaches if not facts.discretion.tells(b)),
        notes=facts.discretion.messages(findings.notes),
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
        is_taken=at in plan.taken,
    )


def _card(facts: BoardFacts, session_id: int, plan: RowPlan) -> Card:
    state, template = facts.states[session_id], facts.sessions[session_id].template
    team = [(facts.seats[seat_id], facts.people[who]) for seat_id, who in state.team]
    present = [person for seat, person in team if seat.cover_hours is None]
    crossing = [person for person in present if plan.clinician_id in (None, person.id)]
    countries = sorted({p.country for p in crossing if p.country != template.site.country})
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
        cover_until=_cover_until(
            state, [seat for seat, person in team if person.id == plan.clinician_id], template.site.timezone
        ),
    )


def _cover_until(state: SessionState, seats: list[SeatFact], timezone: str) -> datetime | None:
    """Give until when the holder of these seats covers, if all of them are for the time after the session."""
    hours = [seat.cover_hours for seat in seats if seat.cover_hours is not None]
    if not hours or len(hours) < len(seats):
        return None
    return (state.end_at + timedelta(hours=max(hours))).astimezone(ZoneInfo(timezone))


def _gaps(facts: BoardFacts) -> tuple[GapCard, ...]:
    explained = {int(gap.session): gap for gap in facts.findings.gaps}
    known = frozenset(person.code for person in facts.clinicians if person.id in facts.known_ids)
    found = []
    for session_id, session in facts.sessions.items():
        if session_id in facts.states:
            continue
        template, published = session.template, facts.before.get(session_id)
        summary = summary_of(explained.get(session_id), known)
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
                summary=facts.discretion.message(summary) if summary is not None else None,
                published_on=published.on if published is not None else None,
                published_half_day=published.half_day if published is not None else "",
            )
        )
    return tuple(sorted(found, key=lambda gap: (-gap.priority, gap.week_on, gap.title, gap.session_id)))


def summary_of(gap: Gap | None, known: Collection[str]) -> Message | None:
    """Say in one sentence why a session is not held; None when nobody looked.

    Parameters
    ----------
    known
        Codes of the clinicians of whom the reader may know.
    """
    if gap is None:
        return None
    if gap.reasons:
        return gap.reasons[0].message
    for seat in gap.seats:
        if not seat.free:
            if len(seat.refusals) == 1 and seat.refusals[0].clinician in known:
                return seat.refusals[0].reason.message
            return say(NOBODY, role=seat.role, count=len(seat.refusals))
    return say(NO_ROOM_LEFT)


def _breaches(facts: BoardFacts) -> tuple[BreachLine, ...]:
    shown = set(facts.sessions)
    lines = [
        BreachLine(
            b.rule, b.strength.value, facts.discretion.said(b), tuple(int(s) for s in b.sessions if int(s) in shown)
        )
        for b in facts.findings.breaches
        if facts.discretion.tells(b)
    ]
    return tuple(sorted(lines, key=lambda line: LEVELS.index(line.strength)))
