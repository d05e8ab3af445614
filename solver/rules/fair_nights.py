"""Nights are shared fairly among those who can take them."""

from collections.abc import Iterator
from datetime import date

from solver.bounds import Bound, Scope
from solver.demand import Stint
from solver.problem import Clinician, FixedDuty, HalfDay, PastWeek, Problem
from solver.rule_parts.staircase import FairRule
from solver.text import N_


class FairNights(FairRule):
    """Whoever has had more nights than the team, on site or on call, pays for each further one.

    A night weighs 1 / share.  Of duties outside the plan only those count that occupy the person.
    """

    id = "fair_nights"
    title = N_("Nights are shared fairly")
    why = N_("Nights wear people out; whoever always has more of them than the others leaves first.")
    source = N_("Practice of the house")
    is_goal = True
    weight = 10
    unit = N_("full-time night ahead of the team")
    params = {"most_units": 4, "past_weeks": 8}  # noqa: RUF012 - a mapping that is only read
    labels = {  # noqa: RUF012 - a mapping that is only read
        "most_units": N_("Units that one night costs at most"),
        "past_weeks": N_("Weeks before whose nights count"),
    }

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give for each member of a team one bound for each number of nights at which the price rises."""
        if any(stint.half_day is HalfDay.NIGHT for stint in scope.demand.stints):
            yield from super().bounds(problem, scope)

    def piece(self, problem: Problem, person: Clinician, stint: Stint) -> date | None:
        """Give the day on which a night begins."""
        return stint.on if stint.half_day is HalfDay.NIGHT else None

    def piece_of_duty(self, problem: Problem, person: Clinician, duty: FixedDuty) -> date | None:
        """Give the day on which a duty begins that ends on another."""
        return duty.on if duty.exclusive and duty.end_at.date() > duty.start_at.date() else None

    def pieces_of_week(self, week: PastWeek) -> int:
        """Give the nights."""
        return week.nights
