"""Visits are shared fairly among those who can make them."""

import math
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from solver.bounds import Bound, Rule, Scope
from solver.demand import Stint
from solver.problem import Clinician, Problem, Side
from solver.terms import Present
from solver.text import N_

LEAST_SHARE = 0.1
"""Nobody's share counts for less, so that a recorded zero does not decide a plan."""

Team = tuple[str, str, str]
"""Home organisation, host organisation, specialty."""


class FairShare(Rule):
    """Whoever is ahead of the team pays for each further visit, the more the further ahead.

    A team is everyone of one organisation who could take a visitor's seat of one specialty at another.  A day of
    visiting weighs 1 / share.  With the member who has had the least as the start, every visit costs one unit for
    each whole visit, beyond the first, by which it takes its maker above the start.  These prices rise evenly, so
    that the cheapest split of any number of visits is the most even one, for everyone and not only for the two at
    the ends; and they say so to the solver without any search.
    """

    id = "fair_share"
    title = N_("Visits are shared fairly")
    why = N_("When the same person always drives, the cooperation depends on one person.")
    source = N_("Practice of the house")
    is_goal = True
    weight = 10
    unit = N_("full-time visit ahead of the team")
    params = {"most_units": 4}  # noqa: RUF012 - a mapping that is only read
    labels = {"most_units": N_("Units that one visit costs at most")}  # noqa: RUF012 - a mapping that is only read

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give for each member of a team of two or more one bound for each height at which the price rises."""
        for team, people in _teams_of(problem, scope).items():
            start = min(_height(person, person.past_visits) for person in people)
            for person in people:
                yield from self._steps(problem, scope, person, team, start)

    def _steps(self, problem: Problem, scope: Scope, person: Clinician, team: Team, start: float) -> Iterator[Bound]:
        gone, days = _visits(problem, scope, person.id, team[1])
        terms = tuple((1, Present(person.id, tuple(there))) for there in days.values())
        past = person.past_visits + len(gone)
        prices = [0, *(self._price(person, past + n, start) for n in range(1, len(terms) + 1))]
        for visits, (lower, higher) in enumerate(pairwise(prices)):
            if higher > lower:
                subject = (person.id, team, visits)
                yield Bound(subject, terms, high=visits, cost=self.weight * (higher - lower))

    def _price(self, person: Clinician, visits: int, start: float) -> int:
        """Give the units that the latest of a member's visits costs."""
        ahead = math.ceil(_height(person, visits) - start - 1e-9) - 1
        return min(max(ahead, 0), self.number("most_units"))


def _height(person: Clinician, visits: int) -> float:
    return visits / max(LEAST_SHARE, person.share)


def _teams_of(problem: Problem, scope: Scope) -> dict[Team, list[Clinician]]:
    """Give the teams of two or more, which follow from the problem alone; worked out once."""
    found: dict[Team, list[Clinician]] | None = problem.__dict__.get("_visiting_teams")
    if found is None:
        teams = _teams(problem, scope.leaves())
        found = {team: [problem.clinician[who] for who in sorted(teams[team])] for team in sorted(teams)}
        found = problem.__dict__["_visiting_teams"] = {team: people for team, people in found.items() if people[1:]}
    return found


def _teams(problem: Problem, leaves: Scope) -> dict[Team, set[str]]:
    found: dict[Team, set[str]] = {}
    for who, post in dict.fromkeys((who, post) for who, post, _ in leaves.placings):
        group = leaves.demand.groups[post.group]
        seat, site = group.seats[post.seat], group.first.site
        if seat.side is Side.VISITOR and seat.exclusive and problem.is_visitor(who, site):
            host = problem.site[site].organisation
            for specialty in problem.clinician[who].specialties.intersection(seat.specialties):
                found.setdefault((problem.organisation_of(who), host, specialty), set()).add(who)
    return found


def _visits(problem: Problem, scope: Scope, who: str, host: str) -> tuple[set[date], dict[date, list[Stint]]]:
    """Give the days of fixed duties at the host's sites, and the stints there of all other days."""
    gone = {d.on for d in scope.demand.duties.get(who, ()) if problem.site[d.site].organisation == host}
    days: dict[date, list[Stint]] = {}
    for stint in scope.stints.get(who, ()):
        if problem.site[stint.site].organisation == host and stint.on not in gone:
            days.setdefault(stint.on, []).append(stint)
    return gone, days
