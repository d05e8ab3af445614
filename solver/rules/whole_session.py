"""A session is held whole, at one of its half-days, or not at all."""

from collections.abc import Iterator

from solver.bounds import Bound, Rule, Scope
from solver.problem import Problem
from solver.terms import Facts, Flawed
from solver.text import N_, Message


class WholeSession(Rule):
    """A session is held whole, at one of its half-days, or not at all."""

    id = "whole_session"
    title = N_("A session is held with its whole team or not at all")
    why = N_("A list without its anaesthetist is no list: half a team would only hide the gap.")
    source = N_("Practice of the house")
    can_change = False

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each session that is held with an empty seat or where it cannot be."""
        for session in scope.flaws:
            yield Bound((session,), ((1, Flawed(session)),), high=0)

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Say what is wrong with the session."""
        return facts.flaws[str(bound.subject[0])]
