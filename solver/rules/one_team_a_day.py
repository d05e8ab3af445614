"""A specialty keeps to one team on a day."""

from collections.abc import Iterator
from datetime import date

from solver.bounds import Bound, Rule, Scope
from solver.problem import Problem, Strength
from solver.terms import AnyOf, Assigned
from solver.text import N_

Key = tuple[tuple[str, ...], str, date]
"""Specialties of the first seat, role of a further seat, and day."""


class OneTeamADay(Rule):
    """Of those who take one role beside a specialty's first seats on a day, each beyond the first counts."""

    id = "one_team_a_day"
    title = N_("A specialty works with one team, in one theatre, on a day")
    why = N_("Each change of team or theatre costs the time between two cases.")
    source = N_("Practice of the house")
    is_goal = True
    strength = Strength.OFF
    weight = 10
    unit = N_("change of team on a day")

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each specialty, role and day."""
        found: dict[Key, dict[str, list[Assigned]]] = {}
        for placing in scope.placings:
            who, post, option = placing
            session = scope.demand.groups[post.group].first
            if post.seat > 0:
                key = session.seats[0].specialties, session.seats[post.seat].role, session.options[option].on
                found.setdefault(key, {}).setdefault(who, []).append(placing)
        for key, people in found.items():
            terms = tuple((1, AnyOf(tuple(placings))) for placings in people.values())
            yield Bound(key, terms, high=1)
