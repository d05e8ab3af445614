"""Over the reference period nobody works more than forty-eight hours a week on average."""

from collections.abc import Iterator
from datetime import date

from solver.bounds import Bound, Scope
from solver.problem import Clinician, Problem
from solver.rule_parts.once import once
from solver.rule_parts.working_time import WEEK, TimeRule
from solver.terms import Facts
from solver.text import N_, Message, say


class AverageWeek(TimeRule):
    """The average week of each period that ends with a planned week stays below the limit.

    The work of all employers counts: what is recorded of the weeks before, fixed duties and what is planned.  Weeks of
    which nothing is recorded are left out of the average.  A signed consent raises the limit.
    """

    id = "average_week"
    title = N_("Forty-eight hours a week on average, all sites and employers added up")
    why = N_("Each hospital sees its own hours only; the person works them all.")
    source = N_("Directive 2003/88/EC art. 6, 16, 22; Belgian law of 12 Dec 2010 art. 5, 7; CSP R6152-27")
    source_ids = ("WTD-WEEK-48", "WTD-OPTOUT", "WTD-TRAVEL", "BE-AVG-48", "BE-OPT-12", "FR-10HD", "FR-TTA")
    params = {  # noqa: RUF012 - a mapping that is only read
        **TimeRule.params,
        "hours": 48,
        "reference_weeks": 17,
        "reference_weeks_BE": 13,
        "reference_weeks_FR": 17,
    }
    labels = {  # noqa: RUF012 - a mapping that is only read
        **TimeRule.labels,
        "hours": N_("Average working time in a week, in hours"),
        "reference_weeks": N_("Weeks over which the average is taken"),
    }

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each clinician and period whose average could be too high."""
        for person, weeks in self.weeks(problem, scope):
            advice = not self.applies_to.person(problem, person)
            for last in problem.days[::7]:
                past, known = self._period(problem, person, last)
                times = [time for first, time in weeks.items() if self._within(problem, person, first, last)]
                most = self._most(person) * known - past
                terms = tuple(term for time in times for term in time.terms)
                if terms and sum(time.most for time in times) > most:
                    high = max(0, most - sum(time.fixed for time in times))
                    yield Bound((person.id, last), terms, high=high, cost=self.cost(), advice=advice)

    def _most(self, person: Clinician) -> int:
        return 60 * (self.number("hours") + person.opt_out_hours)

    def _within(self, problem: Problem, person: Clinician, first: date, last: date) -> bool:
        """Tell whether a week lies in the period that ends with another."""
        weeks = self.number("reference_weeks", problem.site[person.home_site].country)
        return last - weeks * WEEK < first <= last

    def _period(self, problem: Problem, person: Clinician, last: date) -> tuple[int, int]:
        """Give the minutes recorded of the past weeks of a period, and how many weeks of it are known or planned."""
        own = _recorded(problem).get(person.id, {})
        past = [minutes for first, minutes in own.items() if self._within(problem, person, first, last)]
        planned = sum(self._within(problem, person, first, last) for first in problem.days[::7])
        return sum(past), len(past) + planned

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Name the person, the period, the average and the limit."""
        who, on = bound.subject
        person, last = problem.clinician[str(who)], date.fromisoformat(str(on))
        _, known = self._period(problem, person, last)
        average = (self._most(person) * known + facts.total(bound.terms) - (bound.high or 0)) // known
        values = {"hours": average // 60, "minutes": average % 60, "limit": self._most(person) // 60, "weeks": known}
        return say(TOO_MUCH, values, clinician=person.name, date=last)


def _recorded(problem: Problem) -> dict[str, dict[date, int]]:
    """Give the minutes worked in past weeks, by clinician and Monday."""
    return once(problem, "minutes_of_past_weeks", _minutes)


def _minutes(problem: Problem) -> dict[str, dict[date, int]]:
    found: dict[str, dict[date, int]] = {}
    for week in problem.past_weeks:
        found.setdefault(week.clinician, {})[week.first_on] = sum(minutes for _, minutes in week.minutes)
    return found


TOO_MUCH = N_(
    "%(clinician)s would work %(hours)d h %(minutes)d min a week on average, travel included, up to the week of"
    " %(date)s (weeks counted: %(weeks)d; at most %(limit)d h)."
)
