from solver.problem import RuleSetting, Strength
from solver.rules import active_rules
from tests.solver.build import clinician, held, option, problem, session
from tests.solver.judging import cost

DAYS = [session(f"day{n}", options=option(n)) for n in range(2)]
WORLD = problem(
    [clinician("A"), clinician("B")], DAYS, settings=(RuleSetting("few_people", strength=Strength.WARN, weight=50),)
)


def test_each_person_planned_costs_once():
    assert cost(WORLD, "few_people") == 0
    assert cost(WORLD, "few_people", held(DAYS[0], "A"), held(DAYS[1], "A")) == 50
    assert cost(WORLD, "few_people", held(DAYS[0], "A"), held(DAYS[1], "B")) == 100


def test_the_goal_is_off_unless_asked_for():
    assert all(rule.id != "few_people" for rule in active_rules(problem([clinician("A")], DAYS)))
