"""Work goes to those whom it suits."""

from collections.abc import Iterator

from solver.bounds import Bound, Rule, Scope
from solver.demand import Group
from solver.problem import Problem
from solver.text import N_


class SuitabilityRule(Rule):
    """Each seat costs as much as is recorded for its clinician, site and specialty; of several the least."""

    id = "suitability"
    title = N_("Work goes to those whom it suits")
    why = N_("Routine at a site and in a kind of work makes care safer and days shorter.")
    source = N_("Suitability as recorded by the sites")
    is_goal = True
    weight = 1
    unit = N_("point of unsuitability")

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each placing with a cost."""
        for placing in scope.placings if problem.suitabilities else ():
            cost = self._cost(problem, placing.clinician, scope.demand.groups[placing.post.group], placing.post.seat)
            if cost:
                yield Bound((placing.clinician, placing.post, placing.option), ((cost, placing),), high=0)

    def _cost(self, problem: Problem, who: str, group: Group, seat: int) -> int:
        practised = problem.clinician[who].specialties
        found = (
            problem.suitability.get((who, group.first.site, specialty), 0)
            for specialty in group.seats[seat].specialties
            if specialty in practised
        )
        return min((cost for cost in found if cost is not None), default=0)
