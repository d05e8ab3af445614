"""Why a pin was let go: the smallest set of other pins and rules it contradicts, and what would let it stand."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from solver.audit import refusals
from solver.case import case_of
from solver.explaining.changes import FactChange, applied
from solver.explaining.holding import only
from solver.explaining.needs import Changes, allowing
from solver.outcome import Reason
from solver.problem import Option, Pin, Problem, Session
from solver.text import Message

MOST_REMEDIES = 5
"""How many sets of changes are given for one pin."""


@dataclass(frozen=True, slots=True)
class PinRemedy:
    """Changes after which a pin stands beside the others; found to be so, and no part of them is enough."""

    changes: tuple[FactChange, ...]
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class PinConflict:
    """A part of a pin that was let go.

    Parameters
    ----------
    pin
        The part: a half-day, a room, or a person in a seat.
    others
        The smallest set of other parts pinned on the same session with which it cannot stand; nothing, where rules
        alone forbid it.
    reasons
        Why rules forbid the pinned person, at the half-days that these other pins leave.
    """

    session: str
    pin: Pin
    others: tuple[Pin, ...]
    reasons: tuple[Reason, ...]
    remedies: tuple[PinRemedy, ...]


def pin_conflicts(problem: Problem) -> tuple[PinConflict, ...]:
    """Give each part of a pin that met a rule or another pin, in the order of the problem's sessions."""
    case = case_of(problem)
    pinned = dict.fromkeys(pin.session for pin in problem.pins)
    found = []
    for session in (one for one in problem.sessions if one.id in pinned):
        kept = {_essence(pin) for pin in case.pins.get(case.demand.group_of[session.id].index, ())}
        asked = [part for pin in problem.pins if pin.session == session.id for part in _parts(pin)]
        standing = [part for part in asked if _essence(part) in kept]
        for part in asked:
            if _essence(part) not in kept:
                found.append(_conflict(problem, session, part, standing))
        for one, other in combinations(standing, 2):
            if one.seat is not None and one.seat == other.seat and one.clinician != other.clinician:
                found.append(PinConflict(session.id, other, (one,), (), ()))
    return tuple(found)


def _conflict(problem: Problem, session: Session, part: Pin, standing: list[Pin]) -> PinConflict:
    alone = only(problem, {session.id})
    others = next(
        (
            some
            for size in range(len(standing) + 1)
            for some in combinations(standing, size)
            if _yields(alone, some, part)
        ),
        (),
    )
    options = [option for option in session.options if all(_leaves(pin, option) for pin in (*others, part))]
    reasons = dict.fromkeys(reason for option in options for reason in _reasons(alone, part, option))
    remedies = tuple(_remedies(alone, session, part, standing, options))
    return PinConflict(session.id, part, others, tuple(reasons), remedies)


def _yields(problem: Problem, others: Iterable[Pin], part: Pin) -> bool:
    """Tell whether something yields when a part is pinned beside others."""
    return bool(case_of(replace(problem, pins=(*others, part))).yielded_pins)


def _reasons(problem: Problem, part: Pin, option: Option) -> Iterator[Reason]:
    if part.seat is not None and part.clinician is not None:
        free = replace(problem, pins=())
        yield from refusals(free, part.session, part.seat, part.clinician, option)


def _remedies(
    problem: Problem, session: Session, part: Pin, standing: list[Pin], options: list[Option]
) -> Iterator[PinRemedy]:
    """Give the changes that let a pinned person stand beside all other pins, each tried."""
    seat = next((one for one in session.seats if one.id == part.seat), None)
    if seat is None or part.clinician is None:
        return
    free = replace(problem, pins=())
    who = problem.clinician[part.clinician]
    guesses = {ways: None for option in options for ways in allowing(free, session, seat, who, option) if ways}
    working: list[Changes] = []
    for ways in sorted(guesses, key=len):
        enough = any(known <= ways for known in working)
        if len(working) < MOST_REMEDIES and not enough and not _yields(applied(problem, ways), standing, part):
            working.append(ways)
            changes = tuple(sorted(ways, key=lambda change: change.effort))
            yield PinRemedy(changes, tuple(change.message(problem) for change in changes))


def _parts(pin: Pin) -> Iterator[Pin]:
    """Give the parts of a pin that stand or yield one by one."""
    if pin.on is not None or pin.half_day is not None:
        yield Pin(pin.session, on=pin.on, half_day=pin.half_day, history=pin.history)
    if pin.room is not None:
        yield Pin(pin.session, room=pin.room, history=pin.history)
    if pin.seat is not None and pin.clinician is not None:
        yield Pin(pin.session, seat=pin.seat, clinician=pin.clinician, history=pin.history)


def _essence(pin: Pin) -> object:
    """Give what a part pins, by the person alone for a seat, which sessions that are alike name differently."""
    return pin.on, pin.half_day, pin.room, pin.clinician


def _leaves(pin: Pin, option: Option) -> bool:
    return pin.on in (None, option.on) and pin.half_day in (None, option.half_day)
