"""Few days are opened."""

from collections.abc import Iterator
from datetime import date

from solver.bounds import Bound, Rule, Scope
from solver.demand import Stint
from solver.problem import Problem, Strength
from solver.terms import Present
from solver.text import N_


class DaysOpened(Rule):
    """Each day on which a person, or a theatre's team, is needed at all counts; a fixed duty has opened it anyway."""

    id = "days_opened"
    title = N_("A person or a theatre is needed on few days")
    why = N_("To open a theatre costs a team, whether one case is done there or five.")
    source = N_("Practice of the house")
    is_goal = True
    strength = Strength.OFF
    weight = 30
    unit = N_("day of one clinician with any work")

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each clinician and day without a fixed duty."""
        for person in problem.clinicians:
            if not self.applies_to.person(problem, person):
                continue
            open_on = {duty.on for duty in scope.demand.duties.get(person.id, ())}
            days: dict[date, list[Stint]] = {}
            for stint in (*scope.stints.get(person.id, ()), *scope.watches.get(person.id, ())):
                if stint.on not in open_on:
                    days.setdefault(stint.on, []).append(stint)
            for on, there in days.items():
                yield Bound((person.id, on), ((1, Present(person.id, tuple(there))),), high=0)
