"""Two plans side by side: what differs in cost, rule by rule, and which sessions are held otherwise."""

from collections.abc import Iterator
from dataclasses import dataclass

from solver.outcome import RuleCost
from solver.plan import Plan
from solver.problem import Held, Problem


@dataclass(frozen=True, slots=True)
class PlanChange:
    """A session that is held otherwise in another plan; None where it is not held.  Rooms are not compared."""

    session: str
    before: Held | None
    after: Held | None


def rule_differences(before: tuple[RuleCost, ...], after: tuple[RuleCost, ...]) -> tuple[RuleCost, ...]:
    """Give by how much units and cost of each rule change, rules without a change left out, dearest first."""
    known = {one.rule: one for one in before}
    found = []
    for one in after:
        old = known.get(one.rule, RuleCost(one.rule, 0, 0))
        if (one.units, one.cost) != (old.units, old.cost):
            found.append(RuleCost(one.rule, one.units - old.units, one.cost - old.cost))
    return tuple(sorted(found, key=lambda rule: -rule.cost))


def plan_changes(problem: Problem, before: Plan, after: Plan) -> tuple[PlanChange, ...]:
    """Give the sessions that are held otherwise, in the order of the problem."""
    return tuple(_changes(problem, before, after))


def _changes(problem: Problem, before: Plan, after: Plan) -> Iterator[PlanChange]:
    for session in problem.sessions:
        one, other = before.by_session.get(session.id), after.by_session.get(session.id)
        if _essence(one) != _essence(other):
            yield PlanChange(session.id, one, other)


def _essence(held: Held | None) -> object:
    return None if held is None else (held.on, held.half_day, frozenset(held.team))
