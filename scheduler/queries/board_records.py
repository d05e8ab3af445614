"""The frozen records that a board is drawn from."""

from dataclasses import dataclass
from datetime import date, datetime

from scheduler.queries.approvals import ApprovalState
from scheduler.text import Message
from solver.outcome import RuleCost


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
        Countries of whoever crosses a border for it, e.g. ``BE→FR``; else empty.  In a clinician's row: whether the
        clinician does.
    cover_until
        In the row of a clinician who is not in the session and only covers afterwards: until when, by the clock of
        the site; else None.
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
    cover_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a row meets a column; ``closed_reason`` tells why nothing may be planned there.

    Parameters
    ----------
    is_taken
        Whether the room or the clinician is in a session that the reader does not see.
    """

    row_key: str
    on: date
    half_day: str
    is_closed: bool
    closed_reason: Message | None
    cards: tuple[Card, ...]
    is_taken: bool = False


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
    """A session that is not held.

    Parameters
    ----------
    summary
        Why, in one sentence, where anyone looked.
    published_on, published_half_day
        When the published version holds it, if it does.
    """

    session_id: int
    title: str
    kind: str
    specialty: str
    site_name: str
    site_code: str
    week_on: date
    priority: int
    summary: Message | None
    published_on: date | None
    published_half_day: str


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
    unseen_breaches
        Strengths of the breaches that concern only what the reader does not see.
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
    unseen_breaches: tuple[str, ...]
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
        """Give the number of breaches of rules of a strength, also of those that the reader does not see."""
        return sum(line.strength == strength for line in self.breaches) + self.unseen_breaches.count(strength)
