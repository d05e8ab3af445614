"""What stands in the way of a session, as sets of facts that might be changed: guesses, to be verified by solving."""

import math
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

from solver.audit import refusals
from solver.demand import demand_of
from solver.explaining.changes import ChangeKind, FactChange, applied
from solver.explaining.holding import neighbourhood
from solver.explaining.placing import candidates, clashes, held_at
from solver.plan import Plan
from solver.problem import Agreement, Clinician, FixedDuty, Held, Option, Paper, Problem, Room, Seat, Session
from solver.rooms import fits, is_open
from solver.rules import RULES

LARGEST = 3
"""Most facts that are changed together."""

MOST_WAYS = 24
"""How many ways to fill a seat, or to hold a session at one half-day, are followed up."""

Changes = frozenset[FactChange]
NOTHING: Changes = frozenset()

WEAK = frozenset(rule.id for rule in RULES if rule.can_change and not rule.is_goal)
"""Rules that a hospital may let warn."""


def change_sets(problem: Problem, plan: Plan, session: Session, *, until: float = math.inf) -> list[Changes]:
    """Give sets of up to ``LARGEST`` changes that look as if they let a session be held, the easiest first.

    Parameters
    ----------
    until
        Reading of the monotonic clock after which no more half-days are looked at, but for the first.
    """
    offers = tuple(_offers(problem, session))
    problem = neighbourhood(problem, plan, applied(problem, offers).session[session.id])
    plan = Plan(tuple(held for held in plan.held if held.session in problem.session))
    wider = applied(problem, offers)
    found: dict[Changes, None] = {}
    for option in session.options:
        if not found or time.monotonic() < until:
            found.update(dict.fromkeys(_Ways(problem, plan, session, option).sets()))
    longer = wider.session[session.id]
    for offer, option in zip(offers, longer.options[len(session.options) :], strict=True):
        if not found or time.monotonic() < until:
            for ways in _Ways(wider, plan, longer, option).sets():
                found.setdefault(ways | {offer})
    small = (ways for ways in found if len(ways) <= LARGEST)
    return sorted(small, key=_ease)


def _ease(ways: Changes) -> tuple[int, int, list[str]]:
    """Rank few changes before many, and of as many those that people would rather make."""
    return len(ways), sum(change.effort for change in ways), sorted(map(repr, ways))


def _offers(problem: Problem, session: Session) -> Iterator[FactChange]:
    """Give half-days of the session's weeks, at its own clock times, at which it is not offered yet."""
    taken = {(option.on, option.half_day) for option in session.options}
    for option in session.options:
        monday = option.on - timedelta(days=option.on.isoweekday() - 1)
        for on in (monday + timedelta(days=n) for n in range(5)):
            if (on, option.half_day) not in taken and on in problem.days:
                taken.add((on, option.half_day))
                later = on - option.on
                moved = replace(option, on=on, start_at=option.start_at + later, end_at=option.end_at + later)
                yield FactChange(ChangeKind.OFFER, session=session.id, site=session.site, **_place(moved))


class _Ways:
    """The ways to hold a session at one half-day, each a set of changes."""

    def __init__(self, problem: Problem, plan: Plan, session: Session, option: Option) -> None:
        self._problem, self._plan, self._session, self._option = problem, plan, session, option
        self._general = clashes(problem, plan, held_at(session, option, ()))
        self._reliefs: dict[tuple[str, str], dict[str, list[Changes]]] = {}

    def sets(self) -> list[Changes]:
        """Give the sets, the smallest first."""
        found = _least(self._openings())
        for seat in self._session.seats:
            found = _least(one | other for one, other in product(found, self._seat(seat)))
        return found

    def _openings(self) -> Iterator[Changes]:
        """Give what would free a room or a half-day that the plan uses up; nothing, where others might make way."""
        yield NOTHING
        for reason in self._general:
            if reason.rule == "room_fit":
                yield from self._rooms()
            elif reason.rule in WEAK:
                yield _one(ChangeKind.WARN, rule=reason.rule)

    def _seat(self, seat: Seat) -> list[Changes]:
        """Give what would fill a seat; nothing has to change where more people are free than the team has seats."""
        ways: list[Changes] = []
        free = 0
        for who in candidates(self._problem, self._session, seat):
            needed = allowing(self._problem, self._session, seat, who, self._option)
            ways += needed
            if needed and len(needed[0]) < LARGEST:
                rules = self._clashing(seat, who)
                free += not needed[0] and not rules
                if free >= len(self._session.seats):
                    return [NOTHING]
                ways += [one | other for one in needed for other in self._freeing(rules, who)]
        return _least(ways)

    def _clashing(self, seat: Seat, who: Clinician) -> frozenset[str]:
        """Give the rules by which the rest of the plan, and no filter, keeps a person from a seat."""
        found = clashes(self._problem, self._plan, held_at(self._session, self._option, ((seat.id, who.id),)))
        filtered = refusals(self._problem, self._session.id, seat.id, who.id, self._option)
        told = {*self._general, *filtered}
        return frozenset(reason.rule for reason in found if reason not in told)

    def _freeing(self, rules: frozenset[str], who: Clinician) -> Iterator[Changes]:
        """Give what would free a person from what these rules say."""
        if "max_sessions" in rules:
            limits = list(self._limits(who))
            yield from (frozenset({change}) for change in limits)
            yield frozenset(limits)
        yield from (_one(ChangeKind.WARN, rule=rule) for rule in sorted(rules & WEAK))
        if rules:
            yield from self._others(who)

    def _limits(self, who: Clinician) -> Iterator[FactChange]:
        """Give the limits of a person that one more session would exceed, each raised by one."""
        problem, on = self._problem, self._option.on
        monday = on - timedelta(days=on.isoweekday() - 1)
        week = [monday + timedelta(days=n) for n in range(7)]
        work = list(_work(problem, self._plan, who.id, self._session.id))
        counted = [day for day, _, counts in work if counts]
        abroad = {day for day, site, _ in work if day in week and problem.is_abroad(who.id, site)}
        if counted.count(on) >= who.max_sessions_per_day:
            yield FactChange(ChangeKind.MORE_A_DAY, who.id, number=counted.count(on) + 1)
        if sum(day in week for day in counted) >= who.max_sessions_per_week:
            yield FactChange(ChangeKind.MORE_A_WEEK, who.id, number=sum(day in week for day in counted) + 1)
        goes = problem.is_abroad(who.id, self._session.site) and on not in abroad
        if goes and len(abroad) >= who.max_days_abroad_per_week:
            yield FactChange(ChangeKind.MORE_ABROAD, who.id, number=len(abroad) + 1)

    def _others(self, who: Clinician) -> Iterator[Changes]:
        """Give what would let colleagues take over what a person does that day, or lets it move."""
        problem, pinned = self._problem, {pin.session for pin in self._problem.pins}
        for held, seat in self._plan.by_clinician.get(who.id, ()):
            session = problem.session.get(held.session)
            if session is None or abs(held.on - self._option.on) > timedelta(days=1):
                continue
            if session.id in pinned:
                yield _one(ChangeKind.UNPIN, session=session.id)
            yield from self._relief(session, held, seat, who)

    def _relief(self, session: Session, held: Held, name: str, who: Clinician) -> Iterator[Changes]:
        """Give what would let colleagues take a seat over."""
        key = session.id, name
        if key not in self._reliefs:
            self._reliefs[key] = {}
            option = next((o for o in session.options if (o.on, o.half_day) == (held.on, held.half_day)), None)
            seat = next((one for one in session.seats if one.id == name), None)
            if option is not None and seat is not None:
                for other in candidates(self._problem, session, seat):
                    needed = allowing(self._problem, session, seat, other, option)
                    self._reliefs[key][other.id] = [ways for ways in needed if ways]
        for other_id, ways in self._reliefs[key].items():
            if other_id != who.id:
                yield from ways

    def _rooms(self) -> Iterator[Changes]:
        return _rooms(self._problem, self._session, self._option)


def allowing(problem: Problem, session: Session, seat: Seat, who: Clinician, option: Option) -> list[Changes]:
    """Give the sets of changes after which no filter refuses a placing; nothing when one cannot be met."""
    found = [NOTHING]
    for reason in refusals(problem, session.id, seat.id, who.id, option):
        meeting = list(_Filter(problem, session, seat, who, option).meeting(reason.rule))
        if reason.rule in WEAK:
            meeting.append(_one(ChangeKind.WARN, rule=reason.rule))
        found = _least(one | other for one, other in product(found, meeting))
        if not found:
            break
    return found


class _Filter:
    """What would make one filter let a person take a seat."""

    def __init__(self, problem: Problem, session: Session, seat: Seat, who: Clinician, option: Option) -> None:
        self._problem, self._session, self._seat, self._who, self._option = problem, session, seat, who, option
        self._site = problem.site[session.site]
        self._weeks = problem.first_on, problem.first_on + timedelta(weeks=problem.weeks)

    def meeting(self, rule: str) -> Iterable[Changes]:
        """Give alternative sets of changes that meet a filter."""
        match rule:
            case "registration":
                return [self._paper(ChangeKind.REGISTER, self._who.registrations)]
            case "insurance":
                return [self._paper(ChangeKind.INSURE, self._who.insurances)]
            case "agreement_in_force":
                return self._agreement()
            case "holidays_both_sides":
                return self._closed()
            case "leave":
                return [self._absent()]
            case "room_fit":
                return _rooms(self._problem, self._session, self._option)
            case "pinned":
                return [_one(ChangeKind.UNPIN, session=self._session.id)]
            case "no_overlap" | "travel_time" | "daily_rest" | "theatre_team":
                return self._duties(rule)
            case _:
                return ()

    def _paper(self, kind: ChangeKind, papers: tuple[Paper, ...]) -> Changes:
        """Give a longer paper, from the end of the last one where that lies within the weeks."""
        country = self._site.country
        ends = [p.valid_until for p in papers if country in p.countries and p.valid_until <= self._option.on]
        since = max([self._weeks[0], *ends])
        return _one(kind, clinician=self._who.id, country=country, since=since, until=self._weeks[1])

    def _agreement(self) -> Iterator[Changes]:
        session, on = self._session, self._option.on
        named = self._problem.agreement[session.agreement] if session.agreement else None
        basis = NOTHING if named is None or named.in_force(on) else frozenset({self._extended(named)})
        if not self._problem.is_visitor(self._who.id, session.site):
            yield basis
            return
        parties = frozenset((self._site.organisation, self._problem.organisation_of(self._who.id)))
        for agreement in demand_of(self._problem).agreements.get(parties, ()):
            yield basis | self._covered(agreement)

    def _covered(self, agreement: Agreement) -> Changes:
        """Give what lacks before an agreement covers this work of this person."""
        found: list[FactChange] = []
        on, kind = self._option.on, self._session.kind
        if not agreement.in_force(on):
            found.append(self._extended(agreement))
        asked = self._seat.specialties
        if not any(line.specialty in asked and (not line.kinds or kind in line.kinds) for line in agreement.lines):
            specialty = next(s for s in asked if s in self._who.specialties)
            found.append(FactChange(ChangeKind.COVER, agreement=agreement.id, specialty=specialty))
        mine = (e for e in agreement.enrolments if e.clinician == self._who.id)
        if not any(e.valid_from <= on < e.valid_until for e in mine):
            since, until = self._weeks
            found.append(FactChange(ChangeKind.ENROL, self._who.id, agreement=agreement.id, since=since, until=until))
        return frozenset(found)

    def _extended(self, agreement: Agreement) -> FactChange:
        since = min(agreement.valid_from, self._option.on)
        until = max(agreement.valid_until, self._weeks[1])
        return FactChange(ChangeKind.EXTEND_AGREEMENT, agreement=agreement.id, since=since, until=until)

    def _closed(self) -> Iterator[Changes]:
        on = self._option.on
        if on in self._site.closed_on and on not in self._site.holidays:
            yield _one(ChangeKind.OPEN_SITE, site=self._site.id, on=on)

    def _absent(self) -> Changes:
        start_at, end_at = self._seat.interval(self._option)
        return _one(ChangeKind.FREE_DAY, clinician=self._who.id, on=self._option.on, start_at=start_at, end_at=end_at)

    def _duties(self, rule: str) -> Iterator[Changes]:
        """Give the moves of all fixed duties that a rule sets against this seat."""
        duties = demand_of(self._problem).duties.get(self._who.id, ())
        gone = frozenset(_moved(duty) for duty in duties if self._alone(rule, duty))
        if gone:
            yield gone

    def _alone(self, rule: str, duty: FixedDuty) -> bool:
        """Tell whether a duty by itself makes a rule refuse the seat."""
        others = tuple(d for d in self._problem.fixed_duties if d.clinician != self._who.id)
        alone = replace(self._problem, sessions=(self._session,), pins=(), published=(), fixed_duties=(*others, duty))
        found = refusals(alone, self._session.id, self._seat.id, self._who.id, self._option)
        return any(reason.rule == rule for reason in found)


def _rooms(problem: Problem, session: Session, option: Option) -> Iterator[Changes]:
    """Give the rooms that could be opened for a session; one more room where all that fit are open."""
    fitting = [room for room in problem.rooms if fits(room, session)]
    shut = [room for room in fitting if not is_open(room, option.on, option.half_day)]
    yield from (_one(ChangeKind.OPEN_ROOM, site=room.site, room=room.id, **_place(option)) for room in shut)
    if not shut:
        yield frozenset({_more_room(problem, session, option, fitting)})


def _more_room(problem: Problem, session: Session, option: Option, fitting: list[Room]) -> FactChange:
    name = f"{session.room_kind} {len(fitting) + 1} {option.on} {option.half_day.value} {session.site}"
    return FactChange(
        ChangeKind.ADD_ROOM,
        site=session.site,
        room=name,
        room_kind=session.room_kind or "",
        equipment=tuple(sorted(session.equipment)),
        **_place(option),
    )


def _place(option: Option) -> Mapping[str, Any]:
    return {"on": option.on, "half_day": option.half_day, "start_at": option.start_at, "end_at": option.end_at}


def _work(problem: Problem, plan: Plan, who: str, but: str) -> Iterator[tuple[date, str, bool]]:
    """Give day, site and whether it counts of all that occupies a person, one session left out."""
    for held, name in plan.by_clinician.get(who, ()):
        session = problem.session.get(held.session)
        seat = next((s for s in session.seats if s.id == name), None) if session is not None else None
        if session is not None and seat is not None and seat.exclusive and session.id != but:
            yield held.on, session.site, session.counts_as_session
    for duty in demand_of(problem).duties.get(who, ()):
        yield duty.on, duty.site, duty.counts_as_session


def _moved(duty: FixedDuty) -> FactChange:
    return FactChange(ChangeKind.MOVE_DUTY, duty.clinician, duty.site, on=duty.on, start_at=duty.start_at)


def _one(kind: ChangeKind, **members: Any) -> Changes:
    return frozenset({FactChange(kind, **members)})


def _least(ways: Iterable[Changes]) -> list[Changes]:
    """Give the easiest of some sets that are not too large."""
    small = {one: None for one in ways if len(one) <= LARGEST}
    return sorted(small, key=_ease)[:MOST_WAYS]
