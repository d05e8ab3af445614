"""What people ask for on single days is heard."""

from collections.abc import Iterator

from solver.bounds import Bound, Rule, Scope
from solver.problem import Problem
from solver.rule_parts.working_days import Work
from solver.text import N_


class Wishes(Rule):
    """Each wish that is not met costs its weight: for a kind of work or a half-day on one day, or against it."""

    id = "wishes"
    title = N_("Wishes for single days are heard")
    why = N_("A day that matters to somebody costs the plan little, and the person much.")
    source = N_("Wishes as entered by the clinicians")
    is_goal = True
    weight = 1
    unit = N_("unit of a wish not met")

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each wish; one for work that the person cannot have that day costs in any plan."""
        if problem.wishes:
            work = Work(problem, scope)
            days = {who: work.days(who) for who in {wish.clinician for wish in problem.wishes}}
            for number, wish in enumerate(problem.wishes):
                names = frozenset({wish.kind} - {""})
                term = work.present(wish.clinician, days[wish.clinician].get(wish.on, ()), names)
                terms = () if term is None else ((1, term),)
                if wish.on in work.facts.duties_of(wish.clinician, names):
                    continue
                if wish.wanted:
                    yield Bound((wish.clinician, number), terms, low=1, cost=wish.weight * self.weight)
                elif terms:
                    yield Bound((wish.clinician, number), terms, high=0, cost=wish.weight * self.weight)
