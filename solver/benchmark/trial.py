"""One solver on one problem: what it found, when, and what the audit says of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from solver.audit import audit
from solver.plan import Plan
from solver.problem import Problem, Strength
from solver.rooms import RoomsLacking, name_rooms
from solver.searching.greedy import lawful_part

MOST_POINTS = 60
"""Plans judged of one run, so that judging does not take longer than solving."""


@dataclass(slots=True)
class Trial:
    """What came of one solver on one problem; every cost is the audit's.

    Attributes
    ----------
    bound
        None when the solver claims none.
    breaches
        Blocking rules broken in the last plan as given; the cost is that of its lawful part.
    seconds
        Until the end; ``first`` until the first plan.
    curve
        Pairs of seconds and cost of the best plan until then.
    """

    problem: str
    solver: str
    seed: int
    limit: float
    cost: int | None = None
    bound: float | None = None
    gaps: int | None = None
    breaches: int = 0
    status: str = "nothing"
    seconds: float = 0.0
    first: float | None = None
    memory_mb: int | None = None
    note: str = ""
    curve: list[tuple[float, int]] = field(default_factory=list)

    @property
    def gap(self) -> float | None:
        """Give (cost - bound) / cost; None without a cost or a bound."""
        if self.cost is None or self.bound is None:
            return None
        return max(0.0, (self.cost - self.bound) / self.cost) if self.cost else 0.0


def judge(trial: Trial, problem: Problem, found: Iterable[tuple[float, Plan]]) -> None:
    """Judge the plans that a solver reported, with the seconds of each: the last, and enough others for a curve."""
    plans = list(found)
    step = -(-len(plans) // MOST_POINTS) if plans else 1
    for seconds, plan in [*plans[:-1][::step], *plans[-1:]]:
        lawful, broken = _lawful(problem, plan)
        cost = audit(problem, lawful).cost
        trial.first = seconds if trial.first is None else trial.first
        trial.breaches = broken
        if trial.cost is None or cost < trial.cost:
            trial.cost, trial.gaps = cost, len(problem.sessions) - len(lawful.held)
            trial.curve.append((round(seconds, 3), cost))


def _lawful(problem: Problem, plan: Plan) -> tuple[Plan, int]:
    """Give the lawful part of a plan, rooms named, and the number of blocking breaches it had."""
    try:
        named = name_rooms(problem, plan)
    except RoomsLacking as lacking:
        named = lacking.plan.without(lacking.sessions)
    broken = sum(b.strength is Strength.BLOCK for b in audit(problem, named).breaches)
    return (lawful_part(problem, named) if broken else named), broken
