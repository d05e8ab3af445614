"""No spell of work is longer than a day and a night."""

from collections.abc import Iterator
from datetime import timedelta

from solver.bounds import Bound, Scope
from solver.problem import Problem
from solver.rule_parts.spells import SpellRule, spells, works_of
from solver.rule_parts.working_time import EMPLOYED
from solver.terms import Facts
from solver.text import N_, Message


class LongestSpell(SpellRule):
    """Work between which lies less than the rest is one spell, fixed duties included; it ends after so many hours."""

    id = "longest_spell"
    title = N_("No spell of work is longer than a day and a night")
    why = N_("After a day and a night awake, hands and judgement are those of someone who has drunk.")
    source = N_("Belgian law of 12 Dec 2010 art. 5; CSP R6152-27")
    source_ids = ("BE-SHIFT-24", "FR-REST-11")
    applies_to = EMPLOYED
    params = {"hours": 0, "hours_BE": 24, "hours_FR": 24, "rest_hours": 11}  # noqa: RUF012 - a mapping that is only read
    labels = {  # noqa: RUF012 - a mapping that is only read
        "hours": N_("Longest spell of work, in hours (0: no limit)"),
        "rest_hours": N_("A pause of so many hours ends a spell"),
    }

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give a bound for each spell that is too long."""
        for person, works in works_of(problem, scope):
            country = problem.site[person.home_site].country
            limit = timedelta(hours=self.number("hours", country))
            if limit:
                rest = timedelta(hours=self.number("rest_hours", country))
                yield from self.forbidden(problem, person, spells(works, rest, limit))

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Name the person, the day, the hours and the limit."""
        country = problem.site[problem.clinician[str(bound.subject[0])].home_site].country
        return self.said(TOO_LONG, problem, bound, facts, limit=self.number("hours", country))


TOO_LONG = N_(
    "%(clinician)s would work for %(hours)d h %(minutes)d min from %(date)s without a rest between"
    " (at most %(limit)d h)."
)
