"""A night on site is followed by a rest at once."""

from collections.abc import Iterator
from datetime import timedelta

from solver.bounds import Bound, Scope
from solver.problem import Problem
from solver.rule_parts.spells import SpellRule, follow, has_nights, works_of
from solver.rule_parts.working_days import is_night
from solver.rule_parts.working_time import EMPLOYED
from solver.terms import Facts
from solver.text import N_, Message


class RestAfterNight(SpellRule):
    """After a night on site begins no work that occupies the clinician for so many hours, fixed duties included."""

    id = "rest_after_night"
    title = N_("A night on site is followed by rest at once")
    why = N_("Time on call in the hospital is working time, even asleep; the rest after it cannot wait.")
    source = N_("CJEU C-303/98 SIMAP, C-151/02 Jaeger; CSP R6152-27")
    source_ids = ("WTD-ONCALL-SITE",)
    applies_to = EMPLOYED
    params = {"rest_hours": 11}  # noqa: RUF012 - a mapping that is only read
    labels = {"rest_hours": N_("Rest after a night on site, in hours")}  # noqa: RUF012 - a mapping that is only read

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give a bound for each night and work that follows too soon."""
        if has_nights(problem, on_site=True):
            rest = timedelta(hours=self.number("rest_hours"))
            for person, works in works_of(problem, scope):
                nights = [work for work in works if is_night(problem, work)]
                yield from self.forbidden(problem, person, follow(nights, works, rest))

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Name the person, the day after the night and the hours."""
        return self.said(TOO_SOON, problem, bound, facts, limit=self.number("rest_hours"), of_last=True)


TOO_SOON = N_("%(clinician)s would work on %(date)s less than %(limit)d h after a night on site.")
