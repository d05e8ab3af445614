import math

import pytest

from solver.compiling.columns import Layout, Matrix
from solver.compiling.tightening import tighten
from solver.model import compile_model
from solver.problem import RuleSetting, Strength
from tests.solver.build import clinician, option, problem, session


@pytest.fixture
def gathered():
    """Two days and a column that tells whether any is worked, and one column besides."""
    matrix, layout = Matrix(), Layout()
    one, other, used, _besides = (matrix.column() for _ in range(4))
    layout.present.append((used, {one: 1, other: 1}))
    return matrix, layout


def test_a_limit_on_work_holds_only_for_those_who_work_at_all(gathered):
    matrix, layout = gathered
    matrix.row({0: 7, 1: 24}, high=50)

    tighten(matrix, layout)

    assert matrix.rows == [({0: 7, 1: 24, 2: -50}, -math.inf, 0)]


@pytest.mark.parametrize(
    "row",
    [
        ({0: 1, 3: 1}, -math.inf, 1),  # something else than what is told
        ({0: 1, 1: -1}, -math.inf, 1),  # no plain sum
        ({0: 1, 1: 1}, 1, 1),  # asks for work, too
        ({0: 1, 1: 1}, -math.inf, 0),  # nothing left to tighten
        ({0: 1, 1: 1}, 1, math.inf),
    ],
)
def test_other_rows_stay_as_they_are(gathered, row):
    matrix, layout = gathered
    matrix.row(*row)

    tighten(matrix, layout)

    assert matrix.rows == [row]


def test_the_narrowest_of_several_columns_is_taken(gathered):
    matrix, layout = gathered
    layout.present.append((3, {0: 1}))
    matrix.row({0: 1}, high=1)

    tighten(matrix, layout)

    assert matrix.rows == [({0: 1, 3: -1}, -math.inf, 0)]


def test_a_compiled_problem_is_tightened():
    days = [session(f"day{n}", options=option(n)) for n in range(3)]
    setting = RuleSetting("few_people", strength=Strength.WARN, weight=50)
    person = clinician("A", max_sessions_per_week=2)

    compiled = compile_model(problem([person], days, settings=(setting,)))

    (used, _), *_ = compiled.layout.present
    linear = compiled.linear
    rows = range(linear.row_count)
    entries = [slice(linear.row_start[row], linear.row_start[row + 1]) for row in rows]
    found = [dict(zip(linear.columns[e].tolist(), linear.values[e].tolist(), strict=True)) for e in entries]
    assert any(row.get(used) == -2 for row in found)
