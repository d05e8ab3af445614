"""Visitors share the way."""

from collections.abc import Iterator
from datetime import date

from solver.bounds import Bound, Rule, Scope
from solver.demand import Stint
from solver.problem import Problem, Strength
from solver.terms import AnyOf, Present
from solver.text import N_

Way = tuple[str, str, date]
"""Home site, host site and day."""


class Carpool(Rule):
    """Of the people of one site who could go to another on a day, nobody goes there alone: two or more, or none.

    A day on which only one of them could go costs nothing.  A fixed duty there is a journey that is made anyhow.
    Off unless asked for: the weighing of who joins whom makes large weeks slow to prove.
    """

    id = "carpool"
    title = N_("Visitors travel together")
    why = N_("Two colleagues in one car are half the kilometres, and an hour to talk the patients through.")
    source = N_("Practice of the house")
    is_goal = True
    strength = Strength.OFF
    weight = 4
    unit = N_("journey made alone")

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each way and day that two people or more could share."""
        going = _going(problem, scope)
        made = _made(problem, scope)
        for way, people in _going(problem, scope.leaves()).items():
            gone = made.get(way, set())
            if len(gone | set(people)) < 2 or len(gone) > 1:
                continue
            found = sorted(going.get(way, {}).items())
            journeys = tuple(Present(who, tuple(stints)) for who, stints in found if who not in gone)
            if gone:
                yield Bound(way, tuple((1, journey) for journey in journeys), low=1)
            elif journeys:
                yield Bound(way, ((2, AnyOf(journeys)), *((-1, journey) for journey in journeys)), high=0)


def _going(problem: Problem, scope: Scope) -> dict[Way, dict[str, list[Stint]]]:
    """Give who may work where away from the home site on which day."""
    found: dict[Way, dict[str, list[Stint]]] = {}
    for who, stints in scope.stints.items():
        home = problem.clinician[who].home_site
        for stint in stints:
            if stint.site != home:
                found.setdefault((home, stint.site, stint.on), {}).setdefault(who, []).append(stint)
    return found


def _made(problem: Problem, scope: Scope) -> dict[Way, set[str]]:
    """Give who makes which way for a fixed duty."""
    found: dict[Way, set[str]] = {}
    for who, duties in scope.demand.duties.items():
        home = problem.clinician[who].home_site
        for duty in duties:
            if duty.exclusive and duty.site != home:
                found.setdefault((home, duty.site, duty.on), set()).add(who)
    return found
