"""The usual visitor comes on the usual day."""

from collections.abc import Iterator

from solver.bounds import Bound, Rule, Scope
from solver.problem import Problem
from solver.terms import Present
from solver.text import N_


class Continuity(Rule):
    """A clinician who usually visits a site on a weekday, and could, does."""

    id = "continuity"
    title = N_("The usual visitor comes on the usual day")
    why = N_("Patients and colleagues know whom they will meet, and diaries keep their shape.")
    source = N_("Practice of the house")
    is_goal = True
    weight = 5
    unit = N_("usual visit not made")

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each usual visit that the filters leave possible."""
        possible = {(who, s.site, s.on) for who, stints in scope.leaves().stints.items() for s in stints}
        for habit in dict.fromkeys(problem.habits):
            who, site = habit.clinician, habit.site
            for on in problem.days:
                if on.isoweekday() == habit.weekday and (who, site, on) in possible:
                    there = tuple(s for s in scope.stints.get(who, ()) if s.on == on and s.site == site)
                    yield Bound((who, site, on), ((1, Present(who, there)),), low=1)
