"""Few people are needed."""

from collections.abc import Iterator

from solver.bounds import Bound, Rule, Scope
from solver.problem import Problem, Strength
from solver.terms import Present
from solver.text import N_


class FewPeople(Rule):
    """Each clinician who is planned at all counts once, however much the clinician works."""

    id = "few_people"
    title = N_("Few people share the work")
    why = N_("Everyone who works at a site has to be inducted, insured and kept informed there.")
    source = N_("Practice of the house")
    is_goal = True
    strength = Strength.OFF
    weight = 50
    unit = N_("clinician who is planned at all")

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each clinician with any work."""
        for person in problem.clinicians:
            work = (*scope.stints.get(person.id, ()), *scope.watches.get(person.id, ()))
            if work and self.applies_to.person(problem, person):
                yield Bound((person.id,), ((1, Present(person.id, work)),), high=0)
