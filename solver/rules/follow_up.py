"""Whoever operated sees the patients again."""

from collections.abc import Iterator

from solver.bounds import Bound, Rule, Scope
from solver.demand import Stint, demand_of
from solver.problem import FollowUp, Problem
from solver.rule_parts.once import once
from solver.terms import Assigned, Present, Weighted
from solver.text import N_

KIND = "consultation"
"""Kind of session in which patients are seen again."""


class FollowUpRule(Rule):
    """A visitor who has operated holds a consultation at the site in the weeks after, where the filters leave one."""

    id = "follow_up"
    title = N_("Whoever operated sees the patients again")
    why = N_("The surgeon who knows what was found asks the right question two weeks later.")
    source = N_("Good practice")
    source_ids = ("CLIN-PAIR",)
    is_goal = True
    weight = 25
    unit = N_("follow-up consultation not held by the surgeon")

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give one bound for each follow-up that is possible within the planned weeks."""
        if problem.follow_ups:
            possible, planned = _consultations(problem, scope.leaves()), _consultations(problem, scope)
            for wish in dict.fromkeys(problem.follow_ups):
                if _terms(problem, wish, possible):
                    subject = (wish.clinician, wish.site, wish.from_on)
                    yield Bound(subject, _terms(problem, wish, planned), low=1)


Placings = dict[tuple[str, str], list[tuple[Stint, Assigned]]]
"""Consultations by clinician and site."""


def _consultations(problem: Problem, scope: Scope) -> Placings:
    wanted = {(wish.clinician, wish.site) for wish in problem.follow_ups}
    found: Placings = {}
    for placing in scope.placings:
        group = scope.demand.groups[placing.post.group]
        key = (placing.clinician, group.first.site)
        if key in wanted and group.first.kind == KIND and group.seats[placing.post.seat].exclusive:
            found.setdefault(key, []).append((group.stints[placing.post.seat][placing.option], placing))
    return found


def _terms(problem: Problem, wish: FollowUp, placings: Placings) -> Weighted:
    """Give presence at stints that are consultations only, and the placings at those that are not."""
    mine = placings.get((wish.clinician, wish.site), ())
    mixed = once(problem, "mixed_stints", _mixed)
    within = [(s, placing) for s, placing in mine if wish.from_on <= s.on < wish.until_on]
    pure = tuple(dict.fromkeys(stint for stint, _ in within if stint not in mixed))
    whole = ((1, Present(wish.clinician, pure)),) if pure else ()
    return (*whole, *((1, placing) for stint, placing in within if stint in mixed))


def _mixed(problem: Problem) -> frozenset[Stint]:
    """Give the stints of consultations that are stints of other work too."""
    kinds: dict[Stint, set[str]] = {}
    for group in demand_of(problem).groups:
        for stints in group.stints:
            for stint in stints:
                kinds.setdefault(stint, set()).add(group.first.kind)
    return frozenset(stint for stint, found in kinds.items() if len(found) > 1)
