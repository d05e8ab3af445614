"""No day has more working time than the law allows."""

from collections.abc import Iterator
from datetime import date

from solver.bounds import Bound, Scope
from solver.problem import Problem, Strength
from solver.rule_parts.working_time import TimeRule
from solver.terms import Facts
from solver.text import N_, Fact, Message, say


class LongestDay(TimeRule):
    """The working time of one day, of all sites and fixed duties, stays below the limit of the home country.

    A limit of 0 hours is none.  A night belongs to the day on which it begins.
    """

    id = "longest_day"
    title = N_("No day is longer than the law allows")
    why = N_("The last patient of a long day has a right to a clinician who is awake.")
    source = "LU Code du travail"
    source_ids = ("LU-WT",)
    strength = Strength.WARN
    params = {**TimeRule.params, "hours": 0, "hours_LU": 10}  # noqa: RUF012 - a mapping that is only read
    labels = {  # noqa: RUF012 - a mapping that is only read
        **TimeRule.labels,
        "hours": N_("Working time on one day, in hours (0: no limit)"),
    }

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each clinician and day that could be too long."""
        for who, stints in scope.stints.items():
            person = problem.clinician[who]
            most = 60 * self.number("hours", problem.site[person.home_site].country)
            advice = not self.applies_to.person(problem, person)
            for on, time in self.days(problem, person, stints) if most else ():
                if time.terms and time.most > most:
                    high = max(0, most - time.fixed)
                    yield Bound((who, on), time.terms, high=high, cost=self.cost(), advice=advice)

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Name the person, the day, the hours and the limit."""
        who, on = bound.subject
        person = problem.clinician[str(who)]
        most = self.number("hours", problem.site[person.home_site].country)
        minutes = 60 * most + facts.total(bound.terms) - (bound.high or 0)
        values: dict[str, Fact] = {"clinician": person.name, "date": date.fromisoformat(str(on)), "limit": most}
        return say(TOO_LONG, values, hours=minutes // 60, minutes=minutes % 60)


TOO_LONG = N_(
    "%(clinician)s would work %(hours)d h %(minutes)d min on %(date)s, travel included (at most %(limit)d h)."
)
