"""What the round-the-clock duty lines of a problem are."""

from dataclasses import dataclass

from solver.demand import Stint, demand_of
from solver.problem import Problem
from solver.rule_parts.once import once


@dataclass(frozen=True, slots=True)
class Lines:
    """The duty lines of a problem.

    Parameters
    ----------
    groups
        Numbers of the groups that are parts of lines.
    stints
        All stints of their seats.
    calls
        Those on call from home: they do not occupy the person.
    call_sites
        Where they are answered for.
    """

    groups: frozenset[int]
    stints: frozenset[Stint]
    calls: frozenset[Stint]
    call_sites: tuple[str, ...]


def lines_of(problem: Problem) -> Lines:
    """Give the duty lines of a problem, worked out once for each problem."""
    return once(problem, "lines", _lines)


def _lines(problem: Problem) -> Lines:
    groups = [group for group in demand_of(problem).groups if group.first.line]
    places = [(seat, s) for g in groups for seat, own in zip(g.seats, g.stints, strict=True) for s in own]
    calls = [stint for seat, stint in places if not seat.exclusive and seat.cover_hours is None]
    return Lines(
        groups=frozenset(group.index for group in groups),
        stints=frozenset(stint for _, stint in places),
        calls=frozenset(calls),
        call_sites=tuple(dict.fromkeys(stint.site for stint in calls)),
    )
