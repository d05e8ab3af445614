"""Journeys are bundled."""

from collections.abc import Iterator
from datetime import date

from solver.bounds import Bound, Rule, Scope
from solver.demand import Stint
from solver.problem import Problem
from solver.terms import Present
from solver.text import N_


class Trips(Rule):
    """Few days at sites away from home: two sessions on one day cost one journey."""

    id = "trips"
    title = N_("Journeys are bundled")
    why = N_("An hour on the road is an hour without patients.")
    source = N_("Practice of the house")
    is_goal = True
    weight = 20
    unit = N_("day of one clinician at a site away from home")

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each clinician, day and site away; a fixed duty there has paid the way already."""
        for who, stints in scope.stints.items():
            home = problem.clinician[who].home_site
            paid = {(duty.on, duty.site) for duty in scope.demand.duties.get(who, ())}
            away: dict[tuple[date, str], list[Stint]] = {}
            for stint in stints:
                if stint.site != home and (stint.on, stint.site) not in paid:
                    away.setdefault((stint.on, stint.site), []).append(stint)
            for place, there in away.items():
                yield Bound((who, *place), ((1, Present(who, tuple(there))),), high=0)
