"""What is published changes as little as possible."""

from collections.abc import Iterator
from datetime import date, timedelta

from solver.bounds import Bound, Rule, Scope
from solver.demand import Demand, Post
from solver.problem import Problem
from solver.terms import Assigned, HeldAt
from solver.text import N_


class Stability(Rule):
    """Published half-days and people stay; when one person falls ill, nothing else moves.

    From the day of the question on, changes within ``near_days`` cost ``near_factor`` times as much.
    """

    id = "stability"
    title = N_("A published plan changes as little as possible")
    why = N_("People have arranged their lives by it; each change costs messages, trust and patients' dates.")
    source = N_("Practice of the house")
    is_goal = True
    weight = 60
    unit = N_("seat or half-day changed")
    params = {"near_days": 7, "near_factor": 2}  # noqa: RUF012 - a mapping that is only read
    labels = {  # noqa: RUF012 - a mapping that is only read
        "near_days": N_("Days from today in which changes cost more"),
        "near_factor": N_("How many times as much they cost"),
    }

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each published half-day of a group, and one for each person published there."""
        half_days: dict[HeldAt, int] = {}
        people: dict[Assigned, int] = {}
        for at, seats in _published(problem, scope.demand):
            half_days[at] = half_days.get(at, 0) + 1
            for seat in seats:
                people[seat] = people.get(seat, 0) + 1
        for at, count in half_days.items():
            yield Bound(tuple(at), ((1, at),), low=count, cost=self._cost(problem, _day(scope.demand, at)))
        for seat, count in people.items():
            on = _day(scope.demand, HeldAt(seat.post.group, seat.option))
            yield Bound(tuple(seat), ((1, seat),), low=count, cost=self._cost(problem, on))

    def _cost(self, problem: Problem, on: date) -> int | None:
        today = problem.today
        near = today is not None and today <= on < today + timedelta(days=self.number("near_days"))
        return self.weight * self.number("near_factor") if near else None


def _day(demand: Demand, at: HeldAt) -> date:
    return demand.groups[at.group].first.options[at.option].on


def _published(problem: Problem, demand: Demand) -> Iterator[tuple[HeldAt, list[Assigned]]]:
    for held in problem.published:
        group = demand.group_of[held.session]
        option = demand.options[group.index].get((held.on, held.half_day))
        if option is not None:
            numbers = ((demand.seat_of.get((held.session, seat)), who) for seat, who in held.team)
            seats = [
                Assigned(who, Post(group.index, n), option)
                for n, who in numbers
                if n is not None and who in problem.clinician
            ]
            yield HeldAt(group.index, option), seats
