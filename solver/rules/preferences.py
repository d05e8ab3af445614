"""Likes and dislikes count a little."""

from collections.abc import Iterator

from solver.bounds import Bound, Rule, Scope
from solver.problem import Problem
from solver.terms import Present
from solver.text import N_


class Preferences(Rule):
    """People work at half-days they like rather than at those they dislike."""

    id = "preferences"
    title = N_("Likes and dislikes of half-days are heard")
    why = N_("A plan that listens is a plan that people keep.")
    source = N_("Preferences as entered by the clinicians")
    is_goal = True
    weight = 2
    unit = N_("degree of liking not met")

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each wish about a half-day at which the person could work."""
        possible = {(who, s.on, s.half_day) for who, stints in scope.leaves().stints.items() for s in stints}
        for wish in dict.fromkeys(problem.preferences):
            who, liking = wish.clinician, wish.liking
            if liking and (who, wish.on, wish.half_day) in possible:
                then = tuple(s for s in scope.stints.get(who, ()) if s.on == wish.on and s.half_day is wish.half_day)
                terms = ((abs(liking), Present(who, then)),)
                subject = (who, wish.on, wish.half_day)
                if liking > 0:
                    yield Bound(subject, terms, low=liking)
                else:
                    yield Bound(subject, terms, high=0)
