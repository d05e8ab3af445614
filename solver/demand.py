"""What a problem asks for, with everything interchangeable counted together.

Sessions that are alike in all but name form one *group* with a count.  Each seat at each half-day has a *stint*:
the stretch of presence it means, shared by all seats that ask for the same place and time.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import combinations, product
from typing import NamedTuple

from solver.problem import Absence, Agreement, Enrolment, FixedDuty, HalfDay, Pin, Problem, Room, Seat, Session
from solver.rule_parts.once import once


@dataclass(frozen=True, slots=True, eq=False)
class Stint:
    """One stretch of presence [start_at, end_at) at a site; one object per distinct stretch of a problem.

    Parameters
    ----------
    on
        The day it belongs to, which for a night is the day it starts.
    counts
        Whether it counts against the numbers of sessions a day and a week.
    exclusive
        Whether it occupies the person; post-operative cover does not.
    """

    index: int
    site: str
    on: date
    half_day: HalfDay
    start_at: datetime
    end_at: datetime
    counts: bool
    exclusive: bool


class Post(NamedTuple):
    """One kind of seat: the number of its group and of the seat within the team."""

    group: int
    seat: int


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Interchangeable sessions.

    Parameters
    ----------
    sessions
        Their ids, in the order of the problem.
    first
        One of them, to stand for all.
    pins
        What is pinned about each of them, with seats named as in ``first``.
    stints
        By seat and option.
    """

    index: int
    sessions: tuple[str, ...]
    first: Session
    pins: tuple[Pin, ...]
    stints: tuple[tuple[Stint, ...], ...]

    @property
    def size(self) -> int:
        """Number of sessions."""
        return len(self.sessions)

    @property
    def seats(self) -> tuple[Seat, ...]:
        """Seats of the first session, which stand for those of all."""
        return self.first.seats

    @property
    def is_history(self) -> bool:
        """Tell whether these sessions lie in the past."""
        return any(pin.history for pin in self.pins)


class Demand:
    """Groups and stints of a problem, with lookups.

    Attributes
    ----------
    history
        Groups of the past.
    options
        By group, the number of the option at each day and half-day.
    seat_of
        The number of a seat by session and seat id.
    agreements
        By pair of organisations.
    enrolled
        Enrolments by agreement and clinician.
    skilled
        Clinicians by role and specialty.
    fitting
        By group and option, the rooms that fit.
    """

    def __init__(self, problem: Problem) -> None:
        self._stints: dict[tuple[object, ...], Stint] = {}
        # Where a rule is set otherwise for some kinds, work of different kinds is told apart.
        self._splits_kinds = any(s.applies_to is not None and s.applies_to.kinds for s in problem.settings)
        pins: dict[str, list[Pin]] = {}
        for pin in problem.pins:
            pins.setdefault(pin.session, []).append(pin)
        alike: dict[object, tuple[list[str], Session, tuple[Pin, ...]]] = {}
        for session in problem.sessions:
            own = tuple(pins.get(session.id, ()))
            alike.setdefault(_likeness(session, own), ([], session, own))[0].append(session.id)
        self.groups = tuple(
            Group(i, tuple(ids), first, own, self._stints_of(first))
            for i, (ids, first, own) in enumerate(alike.values())
        )
        self.group_of = {name: group for group in self.groups for name in group.sessions}
        self.history = tuple(group for group in self.groups if group.is_history)
        self.options = tuple(
            {(option.on, option.half_day): i for i, option in enumerate(group.first.options)} for group in self.groups
        )
        self.seat_of = {
            (session.id, seat.id): i for session in problem.sessions for i, seat in enumerate(session.seats)
        }
        self.stints = tuple(self._stints.values())
        self.duties: dict[str, list[FixedDuty]] = {}
        for duty in problem.fixed_duties:
            self.duties.setdefault(duty.clinician, []).append(duty)
        self.agreements: dict[frozenset[str], list[Agreement]] = {}
        for agreement in problem.agreements:
            for parties in combinations(sorted(agreement.organisations), 2):
                self.agreements.setdefault(frozenset(parties), []).append(agreement)
        self.enrolled: dict[tuple[str, str], list[Enrolment]] = {}
        for agreement in problem.agreements:
            for enrolment in agreement.enrolments:
                self.enrolled.setdefault((agreement.id, enrolment.clinician), []).append(enrolment)
        self.skilled: dict[tuple[str, str], list[str]] = {}
        for person in problem.clinicians:
            for skill in product(sorted(person.roles), sorted(person.specialties)):
                self.skilled.setdefault(skill, []).append(person.id)
        self.absences: dict[str, list[Absence]] = {}
        for absence in problem.absences:
            self.absences.setdefault(absence.clinician, []).append(absence)
        self.fitting = tuple(
            tuple(fitting_rooms(problem, group.first, i) for i in _numbers(group.first)) for group in self.groups
        )

    def _stints_of(self, session: Session) -> tuple[tuple[Stint, ...], ...]:
        return tuple(tuple(self._stint(session, seat, i) for i in _numbers(session)) for seat in session.seats)

    def _stint(self, session: Session, seat: Seat, number: int) -> Stint:
        option = session.options[number]
        start, end = seat.interval(option)
        counts = session.counts_as_session and seat.exclusive
        key = (session.site, option.on, option.half_day, start, end, counts, seat.exclusive)
        known = (*key, session.kind if self._splits_kinds else "")
        found = self._stints.get(known)
        if found is None:
            found = self._stints[known] = Stint(len(self._stints), *key)
        return found


def demand_of(problem: Problem) -> Demand:
    """Give the demand of a problem, worked out once for each problem."""
    found = problem.__dict__.get("_demand")
    if not isinstance(found, Demand):
        found = problem.__dict__["_demand"] = Demand(problem)
    return found


def fitting_rooms(problem: Problem, session: Session, number: int) -> tuple[str, ...]:
    """Give the rooms with the kind, the equipment and the opening that a session needs at one of its options."""
    option = session.options[number]
    return tuple(
        room.id
        for room in once(problem, "rooms_by_site", _rooms).get((session.site, session.room_kind), ())
        if session.equipment <= room.equipment
        and (room.open_at is None or (option.on, option.half_day) in room.open_at)
    )


def _rooms(problem: Problem) -> dict[tuple[str, str | None], list[Room]]:
    """Give rooms by site and kind."""
    found: dict[tuple[str, str | None], list[Room]] = {}
    for room in problem.rooms:
        found.setdefault((room.site, room.kind), []).append(room)
    return found


def _numbers(session: Session) -> Iterable[int]:
    return range(len(session.options))


def _likeness(session: Session, pins: tuple[Pin, ...]) -> object:
    seats = tuple(replace(seat, id="") for seat in session.seats)
    number = {seat.id: str(i) for i, seat in enumerate(session.seats)}
    marks = tuple((p.on, p.half_day, p.room, number.get(p.seat or ""), p.clinician, p.history) for p in pins)
    alike = (session.group, session.site, session.kind, session.options, session.agreement, session.room_kind)
    worth = (session.priority, session.unheld_cost, session.held_cost, session.line, session.line_choice)
    return (*alike, session.equipment, session.counts_as_session, worth, seats, marks)
