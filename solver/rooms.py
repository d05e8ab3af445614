"""From sessions held at half-days to named rooms.

Sessions of a site whose times overlap need different rooms.  Where all of a bundle overlap, this is a matching,
done exactly with augmenting paths; else a search that tries the session with the fewest rooms first.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from solver.plan import Plan
from solver.problem import HalfDay, Held, Problem, Room, Session

SEARCH_STEPS = 20_000
"""Steps after which the search among partly overlapping sessions gives up on the one added last."""


class RoomsLacking(Exception):
    """Not every session could be given a room.

    Attributes
    ----------
    plan
        The plan with rooms named as far as they go; the sessions without one have room None.
    sessions
        Ids of the sessions without a room, in the order of the plan.
    """

    def __init__(self, plan: Plan, sessions: tuple[str, ...]) -> None:
        super().__init__(f"no room for {', '.join(sessions)}")
        self.plan = plan
        self.sessions = sessions


def fits(room: Room, session: Session) -> bool:
    """Tell whether a room has the site, kind and equipment that a session asks for."""
    place = (room.site, room.kind) == (session.site, session.room_kind)
    return place and session.equipment <= room.equipment


def is_open(room: Room, on: date, half_day: HalfDay) -> bool:
    """Tell whether a room can be used at a half-day."""
    return room.open_at is None or (on, half_day) in room.open_at


def name_rooms(problem: Problem, plan: Plan) -> Plan:
    """Give the plan with a room for each session that needs one.

    A pinned room is kept if it fits or lies in the past; then the room that the plan names already, then the
    published one is preferred.  When rooms are short, sessions of higher priority have theirs first.

    Raises
    ------
    RoomsLacking
        When some session gets none; it carries the plan with the rooms that could be named.
    """
    wanting = [held for held in plan.held if _needs_room(problem, held)]
    named: dict[str, str] = {}
    for bundle in _bundles(_asking(problem, wanting)):
        named |= _matched(bundle) if _all_overlap(bundle) else _searched(bundle)
    found = Plan(tuple(replace(held, room=named.get(held.session)) for held in plan.held))
    lacking = tuple(held.session for held in wanting if held.session not in named)
    if lacking:
        raise RoomsLacking(found, lacking)
    return found


@dataclass(frozen=True, slots=True)
class _Asking:
    """A held session, its time, and the rooms it may have; ``wish`` is the one it had."""

    session: Session
    start_at: datetime
    end_at: datetime
    rooms: tuple[str, ...]
    wish: str | None


def _needs_room(problem: Problem, held: Held) -> bool:
    session = problem.session.get(held.session)
    offered = session is not None and any((o.on, o.half_day) == (held.on, held.half_day) for o in session.options)
    return offered and session is not None and session.room_kind is not None


def _asking(problem: Problem, wanting: Sequence[Held]) -> Iterator[_Asking]:
    rooms: dict[tuple[str, str], list[Room]] = {}
    for room in problem.rooms:
        rooms.setdefault((room.site, room.kind), []).append(room)
    published = {held.session: held.room for held in problem.published}
    pins = {pin.session: pin for pin in problem.pins if pin.room is not None}
    for held in wanting:
        session = problem.session[held.session]
        here = rooms.get((session.site, session.room_kind or ""), ())
        able = tuple(r.id for r in here if fits(r, session) and is_open(r, held.on, held.half_day))
        pin = pins.get(session.id)
        if pin is not None and pin.room is not None and (pin.history or pin.room in able):
            able = (pin.room,)
        option = next(o for o in session.options if (o.on, o.half_day) == (held.on, held.half_day))
        wish = next((room for room in (held.room, published.get(session.id)) if room in able), None)
        yield _Asking(session, option.start_at, option.end_at, able, wish)


def _bundles(asking: Iterator[_Asking]) -> Iterator[list[_Asking]]:
    """Split into bundles that share neither time nor room; higher priority first, then those with a wish."""
    ordered = sorted(asking, key=lambda a: (a.session.site, a.session.room_kind or "", a.start_at, a.session.id))
    bundle: list[_Asking] = []
    for one in ordered:
        if bundle and (_place(one) != _place(bundle[0]) or one.start_at >= max(a.end_at for a in bundle)):
            yield _by_rank(bundle)
            bundle = []
        bundle.append(one)
    if bundle:
        yield _by_rank(bundle)


def _place(asking: _Asking) -> tuple[str, str | None]:
    return asking.session.site, asking.session.room_kind


def _by_rank(bundle: list[_Asking]) -> list[_Asking]:
    return sorted(bundle, key=lambda a: (-a.session.priority, len(a.rooms) > 1, a.wish is None))


def _all_overlap(bundle: Sequence[_Asking]) -> bool:
    return max(a.start_at for a in bundle) < min(a.end_at for a in bundle)


def _matched(bundle: Sequence[_Asking]) -> dict[str, str]:
    """Match sessions to rooms, one each: all keeping wishes if that works, else as many as can be by rank."""
    wishing = sorted(bundle, key=lambda a: a.wish is None)
    holder = _matching(wishing)
    if len(holder) < len(bundle):
        holder = _matching(bundle)
    return {a.session.id: room for room, a in holder.items()}


def _matching(ordered: Sequence[_Asking]) -> dict[str, _Asking]:
    """Match one session after another; whoever has a room keeps one, perhaps another."""
    holder: dict[str, _Asking] = {}
    for one in ordered:
        if one.wish is not None and one.wish not in holder:
            holder[one.wish] = one
        else:
            _augment(one, holder, set())
    return holder


def _augment(one: _Asking, holder: dict[str, _Asking], seen: set[str]) -> bool:
    """Give a session a room, moving others along a path if there must be one."""
    free = next((room for room in one.rooms if room not in holder), None)
    if free is not None:
        holder[free] = one
        return True
    for room in one.rooms:
        if room not in seen:
            seen.add(room)
            if _augment(holder[room], holder, seen):
                holder[room] = one
                return True
    return False


def _searched(bundle: Sequence[_Asking]) -> dict[str, str]:
    """Name rooms for sessions of which only some overlap, adding one session after another."""
    named: dict[str, str] = {}
    placed: list[_Asking] = []
    for one in bundle:
        found = _colour([*placed, one], named)
        if found is not None:
            named = found
            placed.append(one)
    return named


def _colour(bundle: Sequence[_Asking], before: Mapping[str, str]) -> dict[str, str] | None:
    """Give each session a room, or None when there is no way or it takes too many steps."""
    steps = 0
    named: dict[str, str] = {}

    def choices(one: _Asking) -> list[str]:
        taken = {
            named[a.session.id]
            for a in bundle
            if a.session.id in named and a.start_at < one.end_at and one.start_at < a.end_at
        }
        free = [room for room in one.rooms if room not in taken]
        first = (before.get(one.session.id), one.wish)
        return sorted(free, key=lambda room: first.index(room) if room in first else len(first))

    def place() -> bool:
        nonlocal steps
        steps += 1
        waiting = [a for a in bundle if a.session.id not in named]
        if not waiting:
            return True
        if steps > SEARCH_STEPS:
            return False
        one = min(waiting, key=lambda a: len(choices(a)))
        for room in choices(one):
            named[one.session.id] = room
            if place():
                return True
            del named[one.session.id]
        return False

    return named if place() else None
