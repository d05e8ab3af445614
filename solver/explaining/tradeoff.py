"""The trade-off between two goals: what one gains when the other gives way, all else weighing as it does."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from solver.audit import audit
from solver.bounds import Rule
from solver.case import case_of
from solver.engines.process import EnginePool
from solver.outcome import RuleCost, SolveStatus
from solver.plan import Plan
from solver.problem import MOST_WEIGHT, Problem, RuleSetting, Session
from solver.search import solve

MOST_FACTOR = 50
"""How many times its weight a goal counts at its end of the curve."""

LEAST_SECONDS = 0.5
"""What one point is given at least."""


@dataclass(frozen=True, slots=True)
class TradeOffPoint:
    """A plan on the curve; units and costs are those of the audit at the problem's own weights.

    Parameters
    ----------
    factors
        How many times its weight each of the two goals counted when the plan was found.
    proven
        No plan is as good in both goals and in all else and better in one: the solve ended with proof.
    """

    factors: tuple[int, int]
    one: RuleCost
    other: RuleCost
    cost: int
    gaps: int
    proven: bool
    plan: Plan


def trade_off(
    problem: Problem, one: str, other: str, *, points: int = 5, seconds: float = 30.0, pool: EnginePool | None = None
) -> tuple[TradeOffPoint, ...]:
    """Give plans between the best for one goal and the best for another, none of which is worse in both.

    Parameters
    ----------
    one, other
        Ids of two goals in force.
    points
        How many solves at most, at least 3; fewer points come of it where plans repeat.

    Returns
    -------
    tuple[TradeOffPoint, ...]
        By cost of the first goal, the least first.

    Raises
    ------
    ValueError
        When one of the goals is not in force, or both are the same.
    """
    goals = {rule.id: rule for rule in case_of(problem).rules if rule.is_goal}
    if one == other or not {one, other} <= set(goals):
        raise ValueError(f"needs two different goals out of {', '.join(goals)}")
    with contextlib.ExitStack() as stack:
        engines = pool or stack.enter_context(EnginePool())
        curve = _Curve(problem, (goals[one], goals[other]), engines, seconds / max(points, 3))
        curve.search(max(points, 3), time.monotonic() + seconds)
        return curve.front()


class _Curve:
    """The points found so far."""

    def __init__(self, problem: Problem, goals: tuple[Rule, Rule], pool: EnginePool, seconds: float) -> None:
        self._problem, self._goals, self._pool, self._seconds = problem, goals, pool, max(LEAST_SECONDS, seconds)
        self._found: dict[tuple[int, int], TradeOffPoint] = {}

    def search(self, points: int, until: float) -> None:
        """Look at both ends and at the weights as they are, then across the widest stretches between."""
        for factors in ((1, 1), (MOST_FACTOR, 1), (1, MOST_FACTOR)):
            self._solve(factors)
        while len(self._found) < points and time.monotonic() < until:
            between = next((f for f in self._stretches() if f not in self._found), None)
            if between is None:
                return
            self._solve(between)

    def front(self) -> tuple[TradeOffPoint, ...]:
        """Give the points that no other one is better than in one goal and as good as in the other."""
        ordered = sorted(self._found.values(), key=lambda p: (p.one.cost, p.other.cost, p.cost, not p.proven))
        kept: list[TradeOffPoint] = []
        for point in ordered:
            if not kept or point.other.cost < kept[-1].other.cost:
                kept.append(point)
        return tuple(kept)

    def _stretches(self) -> Iterator[tuple[int, int]]:
        """Give the weights at which two neighbours on the curve cost the same, of the widest stretch first."""
        pairs = [(q.one.cost - p.one.cost, p.other.cost - q.other.cost) for p, q in pairwise(self.front())]
        for wide, high in sorted(pairs, key=lambda pair: -pair[0] * pair[1]):
            if high >= wide:
                yield min(MOST_FACTOR, round(high / wide)), 1
            else:
                yield 1, min(MOST_FACTOR, round(wide / high))

    def _solve(self, factors: tuple[int, int]) -> None:
        weighed = self._problem
        for goal, factor in zip(self._goals, factors, strict=True):
            weighed = _weighed(weighed, goal, factor)
        plans = [point.plan for point in self._found.values()]
        hint = min(plans, key=lambda plan: audit(weighed, plan).cost, default=None)
        outcome = solve(weighed, seconds=self._seconds, hint=hint, pool=self._pool)
        judged = audit(self._problem, outcome.plan)
        costs = {rule.rule: rule for rule in judged.rule_costs}
        self._found[factors] = TradeOffPoint(
            factors=factors,
            one=costs[self._goals[0].id],
            other=costs[self._goals[1].id],
            cost=judged.cost,
            gaps=len(self._problem.sessions) - len(outcome.plan.held),
            proven=outcome.status is SolveStatus.OPTIMAL,
            plan=outcome.plan,
        )


def _weighed(problem: Problem, goal: Rule, factor: int) -> Problem:
    """Give the problem with a goal that counts so many times as much."""
    if factor == 1:
        return problem
    kept = [s for s in problem.settings if s.rule != goal.id or s.applies_to is not None]
    own = problem.setting.get(goal.id) or RuleSetting(goal.id)
    params = tuple((name, _times(goal.number(name), factor)) for name in goal.params if name.endswith("_weight"))
    others = tuple(pair for pair in own.params if not pair[0].endswith("_weight"))
    own = replace(own, weight=_times(goal.weight, factor), params=(*others, *params))
    sessions = problem.sessions
    if goal.id == "coverage":
        sessions = tuple(_dearer(session, factor) for session in sessions)
    return replace(problem, settings=(*kept, own), sessions=sessions)


def _dearer(session: Session, factor: int) -> Session:
    unheld = None if session.unheld_cost is None else _times(session.unheld_cost, factor)
    return replace(session, unheld_cost=unheld, held_cost=_times(session.held_cost, factor))


def _times(weight: int, factor: int) -> int:
    return min(MOST_WEIGHT, weight * factor)
