from dataclasses import replace

import pytest

from tests.solver.build import clinician, day, held, option, problem, session
from tests.solver.judging import cost

PEOPLE = [clinician("A"), clinician("B")]
ONE, TWO = (session(name, group="G", options=[option(0), option(1)]) for name in "12")
WORLD = problem(PEOPLE, [ONE, TWO], published=(held(ONE, "A"), held(TWO, "B", option=1)))


def test_the_published_plan_costs_nothing():
    assert cost(WORLD, "stability", held(ONE, "A"), held(TWO, "B", option=1)) == 0


def test_interchangeable_sessions_may_swap_names():
    assert cost(WORLD, "stability", held(TWO, "A"), held(ONE, "B", option=1)) == 0


def test_another_person_costs_one_change_and_another_half_day_two():
    assert cost(WORLD, "stability", held(ONE, "B"), held(TWO, "B", option=1)) == 60
    assert cost(WORLD, "stability", held(ONE, "A", option=1), held(TWO, "B", option=1)) == 120


@pytest.mark.parametrize(("today", "price"), [(-6, 120), (-7, 60), (1, 60)], ids=["six days", "a week", "past"])
def test_changes_within_the_next_days_cost_more(today, price):
    near = replace(WORLD, today=day(today))

    assert cost(near, "stability", held(ONE, "B"), held(TWO, "B", option=1)) == price
