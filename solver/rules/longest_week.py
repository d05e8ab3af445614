"""No single week has more working time than the law allows."""

from collections.abc import Iterator
from datetime import date

from solver.bounds import Bound, Scope
from solver.problem import Problem
from solver.rule_parts.working_time import TimeRule
from solver.terms import Facts
from solver.text import N_, Fact, Message, say


class LongestWeek(TimeRule):
    """The working time of one week, of all sites and fixed duties, stays below the limit of the home country.

    A limit of 0 hours is none.  Where ``blocks`` is 0 for a country, more is warned of and not forbidden.
    """

    id = "longest_week"
    title = N_("No week is longer than the law allows")
    why = N_("An average says nothing about the week in which everything comes together.")
    source = N_("Belgian law of 12 Dec 2010 art. 5; LU Code du travail")
    source_ids = ("BE-ABS-60", "LU-WT", "WTD-TRAVEL")
    params = {  # noqa: RUF012 - a mapping that is only read
        **TimeRule.params,
        "hours": 0,
        "hours_BE": 60,
        "hours_LU": 48,
        "blocks": 1,
        "blocks_LU": 0,
    }
    labels = {  # noqa: RUF012 - a mapping that is only read
        **TimeRule.labels,
        "hours": N_("Working time in one week, in hours (0: no limit)"),
        "blocks": N_("More is forbidden (1) or warned of (0)"),
    }

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each clinician and week that could be too long."""
        for person, weeks in self.weeks(problem, scope):
            country = problem.site[person.home_site].country
            most = 60 * self.number("hours", country)
            advice = not self.applies_to.person(problem, person)
            cost = self.cost(blocks=bool(self.number("blocks", country)))
            for first, time in weeks.items() if most else ():
                if time.terms and time.most > most:
                    high = max(0, most - time.fixed)
                    yield Bound((person.id, first), time.terms, high=high, cost=cost, advice=advice)

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Name the person, the week, the hours and the limit."""
        who, first = bound.subject
        person = problem.clinician[str(who)]
        most = self.number("hours", problem.site[person.home_site].country)
        minutes = 60 * most + facts.total(bound.terms) - (bound.high or 0)
        values: dict[str, Fact] = {"clinician": person.name, "date": date.fromisoformat(str(first)), "limit": most}
        return say(TOO_LONG, values, hours=minutes // 60, minutes=minutes % 60)


TOO_LONG = N_(
    "%(clinician)s would work %(hours)d h %(minutes)d min in the week of %(date)s, travel included"
    " (at most %(limit)d h)."
)
