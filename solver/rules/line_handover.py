"""A duty line stays with one side for some time."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from solver.bounds import Bound, Rule, Scope
from solver.demand import Group, demand_of
from solver.problem import HalfDay, Problem, Side
from solver.rule_parts.lines import lines_of
from solver.rule_parts.once import once
from solver.terms import HeldAt, Term
from solver.text import N_

Line = tuple[str, int, HalfDay]
"""Name of a line, its choice, and the half-day."""


class LineHandover(Rule):
    """From one night of a line to the next, the people come from the same side.

    Between a half-day of a line and the next day's, each organisation's number of people should not change: a night
    that passes from one side to the other costs two units, one for each side.
    """

    id = "line_handover"
    title = N_("A duty line changes sides seldom")
    why = N_("Each hand-over between hospitals is a briefing, a key and a telephone number that can go wrong.")
    source = N_("Practice of the house")
    is_goal = True
    weight = 5
    unit = N_("person more or less from one side than the night before")

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each organisation of a line with people of several, and each two successive days."""
        lines = once(problem, "line_days", _days)
        sides = _sides(problem, scope.leaves()) if lines else {}
        people = _people(problem, scope) if lines else {}
        for line, days in lines.items():
            for side in sides[line] if len(sides.get(line, ())) > 1 else ():
                for one, other in pairwise(days):
                    before, after = (people.get((line, on, side), ()) for on in (one, other))
                    terms = (*((1, term) for term in before), *((-1, term) for term in after))
                    if terms:
                        yield Bound((*line, other, side), terms, low=0, high=0)


def _days(problem: Problem) -> dict[Line, list[date]]:
    """Give the days on which each line is wanted, in order."""
    found: dict[Line, set[date]] = {}
    for group in demand_of(problem).groups:
        for option in group.first.options if group.first.line else ():
            found.setdefault((group.first.line, group.first.line_choice, option.half_day), set()).add(option.on)
    return {line: sorted(days) for line, days in found.items()}


def _people(problem: Problem, scope: Scope) -> dict[tuple[Line, date, str], list[Term]]:
    """Give the terms that count the people of each organisation on a line's days; hosts are as many as the held."""
    found: dict[tuple[Line, date, str], list[Term]] = {}

    def add(group: Group, number: int, side: str, term: Term) -> None:
        option = group.first.options[number]
        line = (group.first.line, group.first.line_choice, option.half_day)
        found.setdefault((line, option.on, side), []).append(term)

    lines = lines_of(problem).groups
    for index, number in scope.held:
        if index in lines:
            group = scope.demand.groups[index]
            organisation = problem.site[group.first.site].organisation
            for seat in group.seats:
                if seat.side is Side.HOST:
                    add(group, number, organisation, HeldAt(index, number))
    for placing in scope.placings:
        if placing.post.group in lines:
            group = scope.demand.groups[placing.post.group]
            if group.seats[placing.post.seat].side is not Side.HOST:
                add(group, placing.option, problem.organisation_of(placing.clinician), placing)
    return found


def _sides(problem: Problem, leaves: Scope) -> dict[Line, list[str]]:
    """Give the organisations from which people could take a place of each line."""
    found: dict[Line, set[str]] = {}
    for line, _, side in _people(problem, leaves):
        found.setdefault(line, set()).add(side)
    return {line: sorted(sides) for line, sides in found.items()}
