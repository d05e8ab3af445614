"""What rule tests ask of a plan."""

from solver.audit import audit
from solver.plan import Plan
from solver.problem import Held, Problem


def broken(problem: Problem, *held: Held) -> set[str]:
    """Give the ids of rules that a plan of these sessions does not keep."""
    return {breach.rule for breach in audit(problem, Plan(held)).breaches}


def says(problem: Problem, rule: str, *held: Held) -> str:
    """Give what the first breach of a rule says."""
    return next(str(b.message) for b in audit(problem, Plan(held)).breaches if b.rule == rule)


def cost(problem: Problem, rule: str, *held: Held) -> int:
    """Give what a rule or goal costs in a plan of these sessions."""
    return next(c.cost for c in audit(problem, Plan(held)).rule_costs if c.rule == rule)
