"""Rows and limits that cut off fractions only."""

import numpy as np
import pytest

from solver.audit import audit
from solver.compiling.naming import admits
from solver.compiling.patterns import MOST_PATTERNS
from solver.linear import Relaxed
from solver.model import compile_model
from solver.searching.rounding import Tightening
from tests.solver.build import clinician, option, problem, session
from tests.solver.worlds import random_plan, random_problem, seeded


def tightened(compiled, rng):
    """Give a model with the rows that many random fractions break."""
    tight = Tightening(compiled)
    for _ in range(5):
        tight.add_rows(np.array([rng.choice((0, 0, 0, 0.3, 0.5)) for _ in compiled.linear.cost]))
    return tight


@pytest.mark.parametrize("most_patterns", [MOST_PATTERNS, 3])
@pytest.mark.parametrize("block", range(3))
def test_no_plan_of_the_model_breaks_an_added_row(block, most_patterns):
    rows = plans = 0
    for seed in range(block * 40, block * 40 + 40):
        rng = seeded(seed)
        world = random_problem(rng, pins=False, people=3, sessions=6)
        compiled = compile_model(world, most_patterns=most_patterns)
        tight = tightened(compiled, rng)
        rows += tight.linear.row_count - compiled.linear.row_count
        for _ in range(8):
            x = compiled.encode(random_plan(rng, world, careful=True))
            if x is not None:
                plans += 1
                assert admits(tight.linear, x), seed

    assert rows > 10
    assert plans > 30


def test_three_sessions_at_two_a_day_need_two_days_of_travel():
    halves = [option(n, half) for n in range(3) for half in ("morning", "afternoon")]
    sessions = [session(f"S{n}", "away", halves, group="G") for n in range(3)]
    compiled = compile_model(problem([clinician("A")], sessions))
    half_days = np.zeros(compiled.linear.column_count)
    for cell in compiled.layout.cells.values():
        half_days[cell.first_column + len(cell.patterns) - 1] = 0.5
    tight = Tightening(compiled)

    added = tight.add_rows(half_days)

    assert added >= 1
    assert {2} == {int(low) for low in tight.linear.row_low[compiled.linear.row_count :]}
    assert tight.add_rows(half_days) == 0


@pytest.mark.parametrize("block", range(3))
def test_choices_that_are_too_dear_go_and_no_plan_within_the_cost_does(block):
    gone = 0
    for seed in range(500 + block * 20, 520 + block * 20):
        rng = seeded(seed)
        world = random_problem(rng, pins=False)
        compiled = compile_model(world)
        linear = compiled.linear
        least = np.where(linear.cost > 0, linear.lower, np.where(linear.cost < 0, linear.upper, 0))
        nothing_forbidden = Relaxed(float(linear.cost @ least) + linear.offset, least, linear.cost.astype(float))
        lawful = [
            p for p in (random_plan(rng, world, careful=True) for _ in range(8)) if compiled.encode(p) is not None
        ]
        for plan in lawful:
            cost = audit(world, plan).cost
            within = Tightening(compiled).within(nothing_forbidden, cost)
            gone += int((within.upper < linear.upper).sum())
            assert all(admits(within, compiled.encode(p)) for p in lawful if audit(world, p).cost <= cost), seed

    assert gone > 0
