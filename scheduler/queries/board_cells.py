"""The rows of a board, and when a room or a clinician is not there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from scheduler.extensions import db
from scheduler.models import Clinician, Leave, Room, Site, Unavailability
from scheduler.queries.board_facts import BoardFacts
from scheduler.queries.problem_people import whole_days
from scheduler.queries.problem_places import open_half_days
from scheduler.text import N_, Message, say
from solver.problem import HalfDay

HOLIDAY = N_("Holiday in %(country)s")
SITE_CLOSED = N_("%(site)s is closed")
ROOM_CLOSED = N_("%(room)s is not open then")
ON_LEAVE = N_("%(clinician)s is on leave")
UNAVAILABLE = N_("%(clinician)s is unavailable")

At = tuple[date, str]


@dataclass(frozen=True, slots=True)
class RowPlan:
    """A row before it is cut into cells: which sessions are where, and when it is closed."""

    key: str
    title: str
    subtitle: str
    site: Site
    sessions: dict[At, list[int]]
    closed: Callable[[date, str], Message | None]
    clinician_id: int | None = None
    taken: frozenset[At] = frozenset()

    def closed_reason(self, on: date, half_day: str) -> Message | None:
        """Say why nothing may be planned in a half-day; None when something may."""
        return self.closed(on, half_day)


def rows_by_rooms(facts: BoardFacts) -> list[RowPlan]:
    """Give a row for each room, site by site, and one for what a site holds without a room."""
    held: dict[tuple[int, int | None], dict[At, list[int]]] = {}
    for session_id, state in facts.states.items():
        site_id = facts.sessions[session_id].template.site_id
        cells = held.setdefault((site_id, state.room_id), {})
        cells.setdefault((state.on, state.half_day), []).append(session_id)
    plans = []
    roster_sites = {room.site_id for room in facts.rooms} | {site_id for site_id, _ in held}
    for site in sorted((facts.sites[i] for i in roster_sites), key=lambda site: (site.name, site.id)):
        for room in facts.rooms:
            if room.site_id == site.id:
                cells = held.get((site.id, room.id), {})
                taken = frozenset((on, half_day) for room_id, on, half_day in facts.taken if room_id == room.id)
                closed = _room_closed(facts, room)
                plans.append(RowPlan(f"room-{room.id}", room.name, "", site, cells, closed, taken=taken))
        if (site.id, None) in held:
            closed = _site_closed(facts, site)
            plans.append(RowPlan(f"site-{site.id}", "", "", site, held[site.id, None], closed))
    return plans


def rows_by_clinicians(facts: BoardFacts) -> list[RowPlan]:
    """Give a row for each clinician, home site by home site."""
    held: dict[int, dict[At, list[int]]] = {}
    for session_id, state in facts.states.items():
        for who in sorted(state.clinician_ids):
            held.setdefault(who, {}).setdefault((state.on, state.half_day), []).append(session_id)
    away = _away(facts)
    busy: dict[int, set[At]] = {}
    for who, on, half_day in facts.busy:
        busy.setdefault(who, set()).add((on, half_day))
    plans = []
    for row in sorted(facts.clinicians, key=lambda p: (facts.sites[p.home.site_id].name, p.sort_name or p.name)):
        person = facts.people[row.id]
        plans.append(
            RowPlan(
                key=f"clinician-{person.id}",
                title=person.name,
                subtitle="",
                site=facts.sites[person.site_id],
                sessions=held.get(person.id, {}),
                closed=_clinician_closed(facts, row, away.get(person.id, [])),
                clinician_id=person.id,
                taken=frozenset(busy.get(person.id, ())) if person.id in facts.in_sight_ids else frozenset(),
            )
        )
    return plans


def _site_closed(facts: BoardFacts, site: Site) -> Callable[[date, str], Message | None]:
    known = facts.site_facts[site.code]

    def closed(on: date, half_day: str) -> Message | None:
        del half_day
        if on in known.holidays:
            return say(HOLIDAY, country=site.country)
        return say(SITE_CLOSED, site=site.name) if on in known.closed_on else None

    return closed


def _room_closed(facts: BoardFacts, room: Room) -> Callable[[date, str], Message | None]:
    site_closed = _site_closed(facts, facts.sites[room.site_id])
    open_at = open_half_days(room, facts.days[0], facts.days[-1] + timedelta(days=1))

    def closed(on: date, half_day: str) -> Message | None:
        reason = site_closed(on, half_day)
        if reason is None and open_at is not None and (on, HalfDay(half_day)) not in open_at:
            return say(ROOM_CLOSED, room=room.name)
        return reason

    return closed


@dataclass(frozen=True, slots=True)
class _Away:
    """A stretch [start_at, end_at) in which a clinician is not there, as the reader may know it."""

    start_at: datetime
    end_at: datetime
    reason: Message


def _clinician_closed(facts: BoardFacts, row: Clinician, away: list[_Away]) -> Callable[[date, str], Message | None]:
    site = facts.sites[row.home.site_id]

    def closed(on: date, half_day: str) -> Message | None:
        start_at, end_at = facts.times.usual_interval(site, half_day, on)
        return next((a.reason for a in away if a.start_at < end_at and start_at < a.end_at), None)

    return closed


def _away(facts: BoardFacts) -> dict[int, list[_Away]]:
    """Give the absences of the clinicians whose absences the reader may know."""
    first_on, until = facts.days[0], facts.days[-1] + timedelta(days=1)
    from_at = datetime.combine(first_on, time(), UTC) - timedelta(days=1)
    to_at = datetime.combine(until, time(), UTC) + timedelta(days=1)
    seen = {p.id: p for p in facts.clinicians if p.id in facts.in_sight_ids}
    found: dict[int, list[_Away]] = {}
    for leave in db.session.scalars(
        select(Leave).where(Leave.clinician_id.in_(seen), Leave.start_on < until, Leave.end_on > first_on)
    ):
        person = seen[leave.clinician_id]
        knows = facts.sight.knows_leave_kinds(person)
        reason = say(ON_LEAVE if knows else UNAVAILABLE, clinician=person.name)
        interval = whole_days(person.home.site.timezone, leave.start_on, leave.end_on)
        found.setdefault(person.id, []).append(_Away(*interval, reason))
    for row in db.session.scalars(
        select(Unavailability).where(
            Unavailability.clinician_id.in_(seen),
            Unavailability.start_at < to_at,
            Unavailability.end_at > from_at,
        )
    ):
        reason = say(UNAVAILABLE, clinician=seen[row.clinician_id].name)
        found.setdefault(row.clinician_id, []).append(_Away(row.start_at, row.end_at, reason))
    return found
