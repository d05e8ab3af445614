"""Which sessions count for which line of an agreement, week by week."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from solver.bounds import Scope
from solver.demand import Group, demand_of
from solver.problem import Agreement, AgreementLine, Problem, Side
from solver.rule_parts.once import once
from solver.terms import Assigned, HeldAt, Weighted


class Volume(NamedTuple):
    """One line of an agreement, by its number, in the week that begins on a Monday."""

    agreement: str
    line: int
    monday: date


class Counted(NamedTuple):
    """A group at one of its options that counts for a line.

    ``seat`` is None when each session counts; else those count in which the person in that seat has the specialty.
    """

    group: int
    option: int
    seat: int | None


def volumes(problem: Problem) -> dict[Volume, tuple[Counted, ...]]:
    """Give what counts for each line with a number a week, worked out once for each problem.

    Notes
    -----
    A session counts for the agreement that it names, in the week in which it is held, and for a line when its kind
    is one of the line's and a seat that a visitor may take asks for the line's specialty.  Sessions that name no
    agreement count for none.
    """
    return once(problem, "volumes", _volumes)


def counting(problem: Problem, scope: Scope) -> Iterator[tuple[Volume, Weighted]]:
    """Give for each line and week the terms that count its sessions, as far as they may be non-zero in a scope."""
    held = set(scope.held)
    by_seat: dict[Counted, list[Assigned]] = {}
    wanted = {place for places in volumes(problem).values() for place in places if place.seat is not None}
    for placing in scope.placings if wanted else ():
        place = Counted(placing.post.group, placing.option, placing.post.seat)
        if place in wanted:
            by_seat.setdefault(place, []).append(placing)
    for volume, places in volumes(problem).items():
        specialty = line_of(problem, volume).specialty
        terms: list[tuple[int, HeldAt | Assigned]] = []
        for place in places:
            if place.seat is not None:
                able = (a for a in by_seat.get(place, ()) if specialty in problem.clinician[a.clinician].specialties)
                terms += [(1, placing) for placing in able]
            elif (place.group, place.option) in held:
                terms.append((1, HeldAt(place.group, place.option)))
        yield volume, tuple(terms)


def past(problem: Problem, volume: Volume) -> int:
    """Give how many of the sessions that count for a line are held already: they lie in the past."""
    groups = demand_of(problem).groups
    return sum(
        groups[place.group].size
        for place in volumes(problem)[volume]
        for option in [groups[place.group].first.options[place.option]]
        if any(p.history and (p.on, p.half_day) == (option.on, option.half_day) for p in groups[place.group].pins)
    )


def line_of(problem: Problem, volume: Volume) -> AgreementLine:
    """Give the line of a volume."""
    return problem.agreement[volume.agreement].lines[volume.line]


def _volumes(problem: Problem) -> dict[Volume, tuple[Counted, ...]]:
    found: dict[Volume, list[Counted]] = {}
    for group in demand_of(problem).groups:
        if group.first.agreement is not None:
            agreement = problem.agreement[group.first.agreement]
            for number in _lines_of(agreement, group):
                seat = _seat(group, agreement.lines[number].specialty)
                for i, option in enumerate(group.first.options):
                    monday = option.on - timedelta(days=option.on.weekday())
                    found.setdefault(Volume(agreement.id, number, monday), []).append(Counted(group.index, i, seat))
    return {volume: tuple(found[volume]) for volume in sorted(found)}


def _lines_of(agreement: Agreement, group: Group) -> Iterator[int]:
    for number, line in enumerate(agreement.lines):
        limited = line.min_per_week is not None or line.max_per_week is not None
        covered = not line.kinds or group.first.kind in line.kinds
        visits = any(line.specialty in seat.specialties and seat.side is not Side.HOST for seat in group.seats)
        if limited and covered and visits:
            yield number


def _seat(group: Group, specialty: str) -> int | None:
    """Give the seat whose person decides whether a session counts; None where its seats leave no choice."""
    asking = [i for i, s in enumerate(group.seats) if specialty in s.specialties and s.side is not Side.HOST]
    sure = any(group.seats[i].specialties == (specialty,) for i in asking)
    return None if sure else asking[0]
