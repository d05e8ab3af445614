"""A new plan keeps a share of the published one."""

from collections.abc import Iterator

from solver.bounds import Bound, Rule, Scope
from solver.demand import Post
from solver.problem import Problem, Strength
from solver.terms import Assigned, Facts
from solver.text import N_, Message, say

MISSED_COST = 20_000
"""Cost of one seat too few that is kept: no session is worth as much."""


class KeepShare(Rule):
    """At least so many percent of the published seats keep their person and half-day.

    Seats that the filters no longer leave to their person count as lost.  What they would take from the share is not
    asked for; beyond that, a seat too few is paid for dearly and never blocks, so that there always is a plan.
    """

    id = "keep_share"
    title = N_("A share of the published plan stays")
    why = N_("Coordinators decide how much of a known plan may be given up for a better one.")
    source = N_("Chosen when a roster is planned anew")
    strength = Strength.OFF
    weight = MISSED_COST
    unit = N_("published seat too few that is kept")
    params = {"percent": 0}  # noqa: RUF012 - a mapping that is only read
    labels = {  # noqa: RUF012 - a mapping that is only read
        "percent": N_("Share of the published seats, in percent"),
    }

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound on the published seats that can still be kept."""
        published = _published(problem, scope)
        possible = frozenset(scope.leaves().placings)
        left = {placing: count for placing, count in published.items() if placing in possible}
        asked = -(-self.number("percent") * sum(published.values()) // 100)
        low = min(asked, sum(left.values()))
        if low > 0:
            terms = tuple((1, placing) for placing in left)
            yield Bound(("share", low), terms, low=low, cost=self.weight)

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Tell how many seats are kept and how many should be."""
        del problem
        return say(TOO_FEW, kept=facts.total(bound.terms), low=bound.low or 0)


def _published(problem: Problem, scope: Scope) -> dict[Assigned, int]:
    found: dict[Assigned, int] = {}
    for held in problem.published:
        group = scope.demand.group_of[held.session]
        option = scope.demand.options[group.index].get((held.on, held.half_day))
        for seat, who in held.team:
            number = scope.demand.seat_of.get((held.session, seat))
            if option is not None and number is not None and who in problem.clinician:
                placing = Assigned(who, Post(group.index, number), option)
                found[placing] = found.get(placing, 0) + 1
    return found


TOO_FEW = N_("Too few published seats keep their person and half-day: %(kept)d instead of %(low)d.")
