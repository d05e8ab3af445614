"""A substantial part of the work stays in the country of residence."""

from collections.abc import Iterator
from datetime import timedelta

from solver.bounds import Bound, Rule, Scope
from solver.problem import Clinician, Problem, Strength
from solver.rule_parts.once import once
from solver.terms import Facts, Weighted, Works
from solver.text import N_, Message, say

STEP = 6
"""Minutes in which working time is counted: a tenth of an hour."""

HORIZON = timedelta(weeks=52)
"""Twelve months, over which the law looks."""


class ResidenceShare(Rule):
    """Over twelve months, history included, this share of working time lies in the country of the home site.

    Asked of people of whom at least ``least_past_weeks`` weeks are recorded.  Someone who lies below already is
    asked only that the planned weeks themselves keep the share.
    """

    id = "residence_share"
    title = N_("Enough of the work lies in the country of residence")
    why = N_("Below a quarter, social security moves to the other country, for all activity.")
    source = N_("Regulation (EC) 987/2009 art. 14(8), 14(10); CJEU C-203/24 Hakamp")
    source_ids = ("SOC-25",)
    strength = Strength.WARN
    weight = 40
    unit = N_("six minutes of work at home too few")
    params = {"share_percent": 30, "least_past_weeks": 13}  # noqa: RUF012 - a mapping that is only read
    labels = {  # noqa: RUF012 - a mapping that is only read
        "share_percent": N_("Share of working time in the country of residence, in percent"),
        "least_past_weeks": N_("Weeks recorded before the rule is asked"),
    }

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each clinician whose weeks are recorded and who may work abroad."""
        for who, (home, abroad, weeks) in once(problem, "recorded_minutes", _recorded).items():
            person = problem.clinician[who]
            enough = weeks >= self.number("least_past_weeks")
            if enough and who in scope.stints and self.applies_to.person(problem, person):
                past = self._worth(home, at_home=True) + self._worth(abroad, at_home=False)
                terms, fixed = self._planned(problem, scope, person)
                low = min(0, -past - fixed)
                if sum(min(0, amount) for amount, _ in terms) < low:
                    yield Bound((who,), terms, low=low)

    def _worth(self, minutes: int, *, at_home: bool) -> int:
        """Give what working time adds to, or takes from, the balance that may not fall below zero."""
        percent = self.number("share_percent")
        return (100 - percent) * minutes // (100 * STEP) if at_home else -(percent * minutes // (100 * STEP))

    def _planned(self, problem: Problem, scope: Scope, person: Clinician) -> tuple[Weighted, int]:
        """Give the stints with their worth, and the worth of the fixed duties of the planned weeks."""
        country = problem.site[person.home_site].country
        terms = tuple(
            (self._worth(_minutes(stint.end_at - stint.start_at), at_home=at_home), Works(person.id, (stint,)))
            for stint in scope.stints.get(person.id, ())
            for at_home in [problem.site[stint.site].country == country]
        )
        fixed = sum(
            self._worth(_minutes(duty.end_at - duty.start_at), at_home=problem.site[duty.site].country == country)
            for duty in scope.demand.duties.get(person.id, ())
            if duty.exclusive and problem.first_on <= duty.on <= problem.days[-1]
        )
        return terms, fixed

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Name the person, the country and the share that should stay there."""
        person = problem.clinician[str(bound.subject[0])]
        country = problem.site[person.home_site].country
        return say(TOO_LITTLE, clinician=person.name, country=country, percent=self.number("share_percent"))


def _recorded(problem: Problem) -> dict[str, tuple[int, int, int]]:
    """Give by clinician the minutes at home and abroad in the weeks recorded, and how many these are."""
    since = problem.first_on + timedelta(weeks=problem.weeks) - HORIZON
    totals: dict[str, tuple[int, int, int]] = {}
    for week in problem.past_weeks:
        if week.first_on >= since and week.minutes:
            country = problem.site[problem.clinician[week.clinician].home_site].country
            home = sum(minutes for where, minutes in week.minutes if where == country)
            abroad = sum(minutes for where, minutes in week.minutes if where != country)
            before = totals.get(week.clinician, (0, 0, 0))
            totals[week.clinician] = before[0] + home, before[1] + abroad, before[2] + 1
    return totals


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds()) // 60


TOO_LITTLE = N_(
    "%(clinician)s would do less than %(percent)d %% of the working time of twelve months in %(country)s, the country"
    " of residence."
)
