"""An agreement's minimum is reached."""

from collections.abc import Iterator

from solver.bounds import Bound, Rule, Scope
from solver.demand import demand_of
from solver.problem import Problem
from solver.rule_parts.volumes import Counted, counting, line_of, volumes
from solver.text import N_


class AgreementTarget(Rule):
    """Under each line of an agreement, as many sessions a week are held as its minimum, if so many are asked for.

    Sessions count as for the maximum.  What a week does not ask for, no plan can hold: that shortfall is not counted.
    """

    id = "agreement_target"
    title = N_("The minimum of each agreement is reached")
    why = N_("A partner who finds the promised sessions missing stops planning with them.")
    source = N_("Volumes of the cooperation agreements")
    is_goal = True
    weight = 60
    unit = N_("session below the agreed minimum")

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each line with a minimum and week."""
        asked = volumes(problem)
        for volume, terms in counting(problem, scope):
            low = min(line_of(problem, volume).min_per_week or 0, _size(problem, asked[volume]))
            if low:
                yield Bound(volume, terms, low=low)


def _size(problem: Problem, places: tuple[Counted, ...]) -> int:
    """Give how many sessions these places could hold."""
    return sum(demand_of(problem).groups[group].size for group in {place.group for place in places})
