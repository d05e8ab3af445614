"""Weekends of work are shared fairly among those who can take them."""

from collections.abc import Iterator
from datetime import date, timedelta

from solver.bounds import Bound, Scope
from solver.demand import Stint
from solver.problem import Clinician, FixedDuty, PastWeek, Problem
from solver.rule_parts.staircase import FairRule
from solver.text import N_

SATURDAY = 6
"""ISO number of the weekday."""


class FairWeekends(FairRule):
    """Whoever has worked more weekends than the team, on either day, on site or on call, pays for each further one.

    A weekend weighs 1 / share and belongs to the week it ends.  Of duties outside the plan only those count that
    occupy the person.
    """

    id = "fair_weekends"
    title = N_("Weekends are shared fairly")
    why = N_("Free weekends are what people compare first.")
    source = N_("Practice of the house")
    is_goal = True
    weight = 15
    unit = N_("full-time weekend ahead of the team")
    params = {"most_units": 4, "past_weeks": 8}  # noqa: RUF012 - a mapping that is only read
    labels = {  # noqa: RUF012 - a mapping that is only read
        "most_units": N_("Units that one weekend costs at most"),
        "past_weeks": N_("Weeks before whose weekends count"),
    }

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give for each member of a team one bound for each number of weekends at which the price rises."""
        if any(stint.on.isoweekday() >= SATURDAY for stint in scope.demand.stints):
            yield from super().bounds(problem, scope)

    def piece(self, problem: Problem, person: Clinician, stint: Stint) -> date | None:
        """Give the Saturday of a weekend."""
        return _saturday(stint.on)

    def piece_of_duty(self, problem: Problem, person: Clinician, duty: FixedDuty) -> date | None:
        """Give the Saturday of a weekend."""
        return _saturday(duty.on) if duty.exclusive else None

    def pieces_of_week(self, week: PastWeek) -> int:
        """Give the weekends."""
        return week.weekends


def _saturday(on: date) -> date | None:
    return on - timedelta(days=on.isoweekday() - SATURDAY) if on.isoweekday() >= SATURDAY else None
