"""A session has a room of its kind, equipped, open and free."""

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from solver.bounds import Ask, Bound, Rule, Scope
from solver.demand import Demand, Group, demand_of
from solver.problem import Problem
from solver.terms import Facts, HeldAt, InRoom
from solver.text import N_, Fact, Message, hours, say

MANY_KINDS = 6
"""With more distinct sets of fitting rooms at one moment, only sets and pairs of them are counted."""

Place = tuple[int, int]
"""Numbers of a group and of one of its options."""


class RoomFit(Rule):
    """Sessions that need a room find one that fits, is open and is not used twice.

    While rooms are not named, sessions are counted against the rooms that could serve them: of the sessions at one
    moment that fit only into certain rooms, no more are held than there are such rooms.
    """

    id = "room_fit"
    title = N_("A session has a fitting room that is open and free")
    why = N_("A list without its theatre, or with the wrong equipment, is cancelled on the morning itself.")
    source = N_("Rooms, equipment and openings as recorded for the site")
    can_change = False
    on = ("placing",)

    def may(self, ask: Ask) -> Message | None:
        """Refuse a half-day at which no room of the site fits."""
        if ask.session.room_kind is None:
            return None
        if demand_of(ask.problem).fitting[ask.group.index][ask.option_number]:
            return None
        facts = {"site": ask.site.name, "room_kind": ask.session.room_kind}
        return say(NO_ROOM, facts, session=ask.session.title, date=ask.option.on)

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give a bound for each crowd of sessions that could outgrow its rooms, and those for named rooms."""
        crowds = _crowds(problem, scope.demand)
        numbers = {n for place in scope.held for n in crowds.of_place.get(place, ())}
        for n in sorted(numbers):
            yield crowds.bounds[n]
        for room, sessions in scope.rooms.items():
            yield from _named(problem, scope.demand, room, sessions, scope)

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Name the rooms and what is wrong."""
        what, name = bound.subject[:2]
        if what == "crowd":
            count = facts.total(bound.terms)
            first = facts.sessions(bound.terms[0][1]) or [s for _, t in bound.terms for s in facts.sessions(t)]
            session = problem.session[first[0]]
            held = facts.placed[session.id][0]
            site = problem.site[session.site].name
            return say(TOO_MANY, site=site, date=held.on, count=count, rooms=bound.high or 0)
        known = problem.room.get(str(name))
        named: dict[str, Fact] = {"room": known.name if known else str(name)}
        sessions = [s for _, term in bound.terms for s in facts.sessions(term)]
        one, other = (problem.session[s].title for s in (sessions[0], sessions[-1]))
        named["date"] = facts.placed[sessions[0]][0].on
        if what == "unfit":
            return say(UNFIT, named, session=one)
        one_at, other_at = (_hours(problem, facts, s) for s in (sessions[0], sessions[-1]))
        if (one, one_at) == (other, other_at):
            return say(USED_TWICE_ALIKE, named, session=one, hours=one_at)
        return say(USED_TWICE, named, one=one, one_at=one_at, other=other, other_at=other_at)


class _Crowds(NamedTuple):
    bounds: tuple[Bound, ...]
    of_place: dict[Place, list[int]]


def _crowds(problem: Problem, demand: Demand) -> _Crowds:
    """Give the bounds on unnamed rooms, which follow from the problem alone; worked out once."""
    found = problem.__dict__.get("_room_crowds")
    if not isinstance(found, _Crowds):
        found = problem.__dict__["_room_crowds"] = _all_crowds(problem, demand)
    return found


def _all_crowds(problem: Problem, demand: Demand) -> _Crowds:
    places: dict[tuple[str, str], list[tuple[Group, int]]] = {}
    for group in demand.groups:
        if group.first.room_kind is not None:
            here = places.setdefault((group.first.site, group.first.room_kind), [])
            here.extend((group, i) for i in range(len(group.first.options)))
    seen: dict[tuple[tuple[Place, ...], int], None] = {}
    for here in places.values():
        for together in _moments(here):
            for members, rooms in _outgrowing(demand, together):
                seen.setdefault((members, rooms), None)
    bounds = tuple(_crowd_bound(members, rooms) for members, rooms in seen)
    of_place: dict[Place, list[int]] = {}
    for n, (members, _) in enumerate(seen):
        for place in members:
            of_place.setdefault(place, []).append(n)
    return _Crowds(bounds, of_place)


def _crowd_bound(members: tuple[Place, ...], rooms: int) -> Bound:
    return Bound(("crowd", members), tuple((1, HeldAt(*place)) for place in members), high=rooms)


def _moments(here: list[tuple[Group, int]]) -> Iterator[list[tuple[Group, int]]]:
    """Give the places that are in use together at each start."""
    spans = [(g.first.options[i].start_at, g.first.options[i].end_at, (g, i)) for g, i in here]
    for moment in sorted({start for start, _, _ in spans}):
        yield [place for start, end, place in spans if start <= moment < end]


def _outgrowing(demand: Demand, together: list[tuple[Group, int]]) -> Iterator[tuple[tuple[Place, ...], int]]:
    """Give members and room counts of each crowd that could outgrow the rooms that serve it."""
    serving = {(g.index, i): serving_rooms(demand, g, i) for g, i in together}
    kinds = list(dict.fromkeys(rooms for rooms in serving.values() if rooms))
    largest = len(kinds) if len(kinds) <= MANY_KINDS else 2
    unions = (frozenset().union(*some) for n in range(1, largest + 1) for some in combinations(kinds, n))
    for rooms in dict.fromkeys(unions):
        members = tuple(place for place, own in serving.items() if own and own <= rooms)
        if sum(demand.groups[g].size for g in {g for g, _ in members}) > len(rooms):
            yield members, len(rooms)


def _hours(problem: Problem, facts: Facts, session: str) -> str:
    """Write the hours at which a session is held, by the clocks of its site."""
    _, number = facts.placed[session]
    first = facts.demand.group_of[session].first
    option = first.options[number]
    return hours(option.start_at, option.end_at, problem.site[first.site].zone)


def serving_rooms(demand: Demand, group: Group, number: int) -> frozenset[str]:
    """Give the rooms that may serve a group at an option: those that fit, or of them the pinned one."""
    fitting = frozenset(demand.fitting[group.index][number])
    pinned = fitting & {pin.room for pin in group.pins if pin.room is not None}
    return frozenset(pinned or fitting)


def _named(problem: Problem, demand: Demand, room: str, sessions: tuple[str, ...], scope: Scope) -> Iterator[Bound]:
    ordered = sorted(sessions, key=lambda s: scope.options[s].start_at)
    for i, one in enumerate(ordered):
        group, option = demand.group_of[one], scope.options[one]
        number = demand.options[group.index][option.on, option.half_day]
        needs = problem.session[one].room_kind is not None and not group.is_history
        if needs and room not in serving_rooms(demand, group, number):
            yield Bound(("unfit", room), ((1, InRoom(room, (one,))),), high=0)
        for other in ordered[i + 1 :]:
            if scope.options[other].start_at >= option.end_at:
                break
            yield Bound(("double", room), ((1, InRoom(room, (one, other))),), high=1)


NO_ROOM = N_("No room of the kind “%(room_kind)s” at %(site)s is fit and open for “%(session)s” on %(date)s.")
TOO_MANY = N_(
    "At one time on %(date)s, %(site)s has too few fitting rooms for its sessions (sessions: %(count)d; fitting rooms:"
    " %(rooms)d)."
)
USED_TWICE = N_(
    "%(room)s would be used twice at the same time on %(date)s: for “%(one)s” (%(one_at)s) and for “%(other)s”"
    " (%(other_at)s)."
)
USED_TWICE_ALIKE = N_(
    "%(room)s would be used twice at the same time on %(date)s (%(hours)s), both times for “%(session)s”."
)
UNFIT = N_("%(room)s does not fit “%(session)s” on %(date)s: kind, equipment, opening or pin.")
