"""So many sessions of a kind are held at a half-day, no fewer and no more."""

from collections.abc import Iterator

from solver.bounds import Bound, Rule, Scope
from solver.problem import HalfDay, Problem, Quota
from solver.terms import Facts, HeldAt
from solver.text import N_, Message, say


class Quotas(Rule):
    """At the half-day of a quota, the sessions that it counts are as many as it says.

    Too many are forbidden where the rule blocks; each one too few costs the rule's weight, since a plan with gaps is
    better than none.
    """

    id = "quotas"
    title = N_("As many sessions are held at a half-day as was agreed")
    why = N_("Recovery beds, sterile sets and night duties ask for a number, whichever sessions make it up.")
    source = N_("Quotas as recorded by the sites")

    def is_joint(self, problem: Problem) -> bool:
        """Sessions far from one another may count towards one quota."""
        return bool(problem.quotas)

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each quota."""
        held: dict[tuple[object, HalfDay], list[HeldAt]] = {}
        for group, number in scope.held:
            option = scope.demand.groups[group].first.options[number]
            held.setdefault((option.on, option.half_day), []).append(HeldAt(group, number))
        for i, quota in enumerate(problem.quotas):
            here = held.get((quota.on, quota.half_day), ())
            terms = tuple((1, term) for term in here if _counts(scope, quota, term))
            if quota.low:
                yield Bound((i,), terms, low=quota.low, cost=self.weight)
            if quota.high is not None and terms:
                yield Bound((i,), terms, high=quota.high)

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Name the day, the number held and the limits."""
        quota = problem.quotas[int(str(bound.subject[0]))]
        count = facts.total(bound.terms)
        if bound.low is not None:
            return say(TOO_FEW, date=quota.on, count=count, limit=quota.low)
        return say(TOO_MANY, date=quota.on, count=count, limit=quota.high or 0)


def _counts(scope: Scope, quota: Quota, term: HeldAt) -> bool:
    session = scope.demand.groups[term.group].first
    return (not quota.sites or session.site in quota.sites) and (not quota.kinds or session.kind in quota.kinds)


TOO_FEW = N_(
    "Too few of the sessions that a quota counts are held at a half-day of %(date)s: %(count)d (at least %(limit)d)."
)
TOO_MANY = N_(
    "Too many of the sessions that a quota counts are held at a half-day of %(date)s: %(count)d (at most %(limit)d)."
)
