from dataclasses import replace

from solver.problem import RuleSetting, Strength
from tests.solver.build import clinician, held, option, problem, session
from tests.solver.judging import cost

CASE = session("case", options=[option(1), option(3), option(3, "afternoon")])
WORLD = problem([clinician("A")], [CASE], settings=(RuleSetting("waiting", strength=Strength.WARN, weight=7),))


def test_the_first_day_offered_costs_nothing_and_each_later_one_its_price():
    assert cost(WORLD, "waiting", held(CASE, "A")) == 0
    assert cost(WORLD, "waiting", held(CASE, "A", option=1)) == 14
    assert cost(WORLD, "waiting", held(CASE, "A", option=2)) == 14
    assert cost(WORLD, "waiting") == 0


def test_the_order_in_which_days_are_offered_does_not_matter():
    turned = replace(CASE, options=tuple(reversed(CASE.options)))

    assert cost(replace(WORLD, sessions=(turned,)), "waiting", held(turned, "A", option=0)) == 14
