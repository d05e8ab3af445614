"""Visits are shared fairly among those who can make them."""

from collections.abc import Iterator
from datetime import date

from solver.bounds import Bound, Rule, Scope
from solver.demand import Stint
from solver.problem import Problem, Side
from solver.terms import Present, Spread, Weighted
from solver.text import N_

LEAST_SHARE = 0.1
"""Nobody's share counts for less, so that a recorded zero does not decide a plan."""

Team = tuple[str, str, str]
"""Home organisation, host organisation, specialty."""


class FairShare(Rule):
    """The days of visiting, past ones included and weighed by contract share, lie close together within a team.

    A team is everyone of one organisation who could take a visitor's seat of one specialty at another.
    """

    id = "fair_share"
    title = N_("Visits are shared fairly")
    why = N_("When the same person always drives, the cooperation depends on one person.")
    source = N_("Practice of the house")
    is_goal = True
    weight = 1
    unit = N_("tenth of a full-time visit between most and least")

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each team of two or more."""
        for team, members in _teams(problem, scope.leaves()).items():
            if len(members) > 1:
                counts = tuple(_visits(problem, scope, who, team[1]) for who in members)
                yield Bound(team, ((1, Spread(counts)),), high=0)


def _teams(problem: Problem, leaves: Scope) -> dict[Team, list[str]]:
    found: dict[Team, set[str]] = {}
    for who, post, _ in leaves.placings:
        group = leaves.demand.groups[post.group]
        seat, site = group.seats[post.seat], group.first.site
        if seat.side is Side.VISITOR and seat.exclusive and problem.is_visitor(who, site):
            host = problem.site[site].organisation
            for specialty in problem.clinician[who].specialties.intersection(seat.specialties):
                found.setdefault((problem.organisation_of(who), host, specialty), set()).add(who)
    return {team: sorted(found[team]) for team in sorted(found)}


def _visits(problem: Problem, scope: Scope, who: str, host: str) -> tuple[int, Weighted]:
    """Give the constant and the terms of one member's visits, in tenths of a full-time visit."""
    person = problem.clinician[who]
    amount = round(10 / max(LEAST_SHARE, person.share))
    gone = {d.on for d in scope.demand.duties.get(who, ()) if problem.site[d.site].organisation == host}
    days: dict[date, list[Stint]] = {}
    for stint in scope.stints.get(who, ()):
        if problem.site[stint.site].organisation == host and stint.on not in gone:
            days.setdefault(stint.on, []).append(stint)
    terms = tuple((amount, Present(who, tuple(there))) for there in days.values())
    return amount * (person.past_visits + len(gone)), terms
