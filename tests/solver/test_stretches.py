from random import Random

import numpy as np
import pytest

from solver.audit import audit
from solver.compiling.naming import admits
from solver.compiling.stretches import Stretches
from solver.model import compile_model
from solver.plan import Plan
from solver.problem import WorkLimit
from tests.solver.build import clinician, fixed_duty, held, option, problem, session

DAYS = [session(f"day{n}", options=option(n)) for n in range(7)]


def world(*limits, **more):
    person = clinician("A", limits=tuple(WorkLimit(*limit) for limit in limits))
    return problem([person], DAYS, **more)


LIMITS = [
    (("days_in_a_row", 2, 3),),
    (("days_in_a_row", None, 2), ("days_off_in_a_row", 2, None)),
    (("days_in_a_row", 3, None), ("days_off_in_a_row", 3, None)),
]


@pytest.mark.parametrize("limits", LIMITS)
def test_the_flow_allows_exactly_the_lawful_stretches(limits):
    given = world(*limits)
    compiled = compile_model(given)
    wide = Stretches(compiled).widen(compiled.linear)

    for number in range(2**7):
        worked = [DAYS[n] for n in range(7) if number >> n & 1]
        plan = Plan(tuple(held(one, "A") for one in worked))
        x = compiled.encode(plan)

        assert (x is not None) == audit(given, plan).lawful
        if x is not None:
            assert admits(wide.linear, wide.complete(x))


def test_no_other_values_go_with_a_plan_that_breaks_a_limit():
    compiled = compile_model(world(("days_in_a_row", 2, 3)))
    plan = compiled.encode(Plan())
    lone = plan.copy()
    cell = next(cell for (_, on), cell in compiled.layout.cells.items() if on == DAYS[3].options[0].on)
    lone[cell.first_column] = 1

    wide = Stretches(compiled).widen(compiled.linear)

    assert admits(wide.linear, wide.complete(plan))
    assert not admits(wide.linear, wide.complete(lone))


def test_a_part_of_a_model_is_widened_around_what_is_fixed():
    compiled = compile_model(world(("days_in_a_row", 2, 3)))
    x = compiled.encode(Plan(tuple(held(DAYS[n], "A") for n in (2, 3))))
    columns = np.flatnonzero(Random(1).choices([0, 1], k=compiled.linear.column_count)).astype(np.int64)
    whole = compiled.linear
    part = type(whole)(
        cost=whole.cost[columns],
        lower=whole.lower[columns],
        upper=whole.upper[columns],
        row_start=np.zeros(1, np.int64),
        columns=np.zeros(0, np.int64),
        values=np.zeros(0, np.int64),
        row_low=np.zeros(0),
        row_high=np.zeros(0),
    )

    wide = Stretches(compiled).widen(part, columns, x)

    assert wide.narrow_count == len(columns) < wide.linear.column_count
    assert admits(wide.linear, wide.complete(x[columns]))


def test_there_is_no_flow_without_limits_or_around_fixed_duties():
    duty = fixed_duty("A", "home", -1, "08:00", "12:00")

    assert not Stretches(compile_model(world()))
    assert not Stretches(compile_model(world(("days_in_a_row", 2, 3), fixed_duties=(duty,))))
