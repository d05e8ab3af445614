"""Sessions are held."""

from collections.abc import Iterator

from solver.bounds import Bound, Rule, Scope
from solver.problem import Problem, Session
from solver.terms import HeldAt, Unserved
from solver.text import N_


class Coverage(Rule):
    """Every session is held; mandatory ones weigh by priority, optional ones less than any warning."""

    id = "coverage"
    title = N_("Sessions are held")
    why = N_("A session that is not held is care that patients do not get.")
    source = N_("Volumes of the cooperation agreements")
    is_goal = True
    by_place = True
    weight = 1000
    unit = N_("session not held")
    params = {"optional_weight": 200}  # noqa: RUF012 - a mapping that is only read
    labels = {"optional_weight": N_("Cost of an optional session not held")}  # noqa: RUF012 - a mapping that is only read

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each group of sessions, and one more where holding it costs something."""
        for group in scope.demand.groups:
            yield Bound((group.index,), ((1, Unserved(group.index)),), high=0, cost=self._cost(group.first))
            if group.first.held_cost:
                held = tuple((1, HeldAt(group.index, option)) for option in range(len(group.first.options)))
                yield Bound((group.index, "held"), held, high=0, cost=group.first.held_cost)

    def _cost(self, session: Session) -> int:
        if session.unheld_cost is not None:
            return session.unheld_cost
        return self.weight * session.priority if session.priority else self.number("optional_weight")
