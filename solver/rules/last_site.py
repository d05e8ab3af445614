"""Planned work ends where the weeks after can begin."""

from collections.abc import Iterator

from solver.bounds import Bound, Rule, Scope
from solver.demand import Stint
from solver.problem import Problem
from solver.rule_parts.last_sites import last_site_before
from solver.terms import EndsAt, Present, Weighted
from solver.text import N_


class LastSiteRule(Rule):
    """The last site at which someone works costs what is recorded for it.

    Where none of the recorded sites is worked at, the one of the latest fixed duty before the planned weeks counts.
    """

    id = "last_site"
    title = N_("The last site of the planned weeks suits what comes after")
    why = N_("Where the work of these weeks ends, that of the next begins.")
    source = N_("Costs as recorded for the clinician")
    is_goal = True
    weight = 1
    unit = N_("point of the last site's cost")

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each clinician with such costs."""
        costs: dict[str, dict[str, int]] = {}
        for fact in problem.last_sites:
            costs.setdefault(fact.clinician, {})[fact.site] = fact.cost
        for who, mine in costs.items():
            if self.applies_to.person(problem, problem.clinician[who]):
                yield from _ending(problem, scope, who, mine)


def _ending(problem: Problem, scope: Scope, who: str, costs: dict[str, int]) -> Iterator[Bound]:
    """Give the bound on what a clinician's last site costs; sites of one cost share a label."""
    start = last_site_before(problem, scope.demand, problem.clinician[who], costs)
    work = (*scope.stints.get(who, ()), *scope.watches.get(who, ()))
    labelled: dict[int, list[Stint]] = {}
    for stint in work:
        if stint.site in costs:
            labelled.setdefault(costs[stint.site], []).append(stint)
    labels = tuple((str(cost), tuple(labelled[cost])) for cost in sorted(labelled))
    before = costs.get(start, 0)
    named = str(before) if start else ""
    ends: Weighted = tuple(
        (cost, EndsAt(who, labels, named, str(cost))) for cost in sorted(set(costs.values())) if cost
    )
    if work and ends:
        # Whoever does not work ends where the work before ended, and pays for that what is taken off here.
        yield Bound((who,), (*ends, (before, Present(who, work))), high=before)
