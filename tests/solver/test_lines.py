"""A week with round-the-clock duty lines on both sides of the border, with all rules on."""

import pytest

from solver.audit import audit
from solver.engines.process import EnginePool
from solver.generate import generate
from solver.outcome import SolveStatus
from solver.problem import Strength
from solver.search import solve

BURDENS = ("fair_nights", "line_handover")


@pytest.mark.parametrize("seed", [1, 2])
def test_a_pilot_week_with_lines_is_solved_lawfully_and_proven(seed):
    problem = generate("pilot", seed, lines=True)

    with EnginePool() as pool:
        outcome = solve(problem, seconds=60, pool=pool)

    judged = audit(problem, outcome.plan)
    held = outcome.plan.by_session
    assert (outcome.status, outcome.cost) == (SolveStatus.OPTIMAL, judged.cost)
    assert not [b for b in judged.breaches if b.strength is not Strength.INFO]
    assert all(session.id in held for session in problem.sessions if session.line_choice == 1)
    assert all(cost.units for cost in judged.rule_costs if cost.rule in BURDENS)
