"""Sessions are held early."""

from collections.abc import Iterator

from solver.bounds import Bound, Rule, Scope
from solver.problem import Problem, Strength
from solver.terms import HeldAt
from solver.text import N_


class Waiting(Rule):
    """Each day from the first at which a session is offered until it is held counts."""

    id = "waiting"
    title = N_("Sessions that may be held on several days are held early")
    why = N_("Whoever waits for an operation feels every day.")
    source = N_("Practice of the house")
    is_goal = True
    strength = Strength.OFF
    weight = 10
    unit = N_("day of waiting")

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each group of sessions that may be held on several days."""
        for group in scope.demand.groups:
            days = [option.on for option in group.first.options]
            terms = tuple(((on - min(days)).days, HeldAt(group.index, i)) for i, on in enumerate(days))
            late = tuple((waited, term) for waited, term in terms if waited)
            if late:
                yield Bound((group.index,), late, high=0)
