from solver.problem import RuleSetting, Strength
from tests.solver.build import clinician, fixed_duty, held, option, problem, seat, session
from tests.solver.judging import cost

CASES = [session(f"case{n}", options=option(0), seats=[seat(exclusive=False)]) for n in range(2)]
NEXT_DAY = session("next", options=option(1))
SETTINGS = (RuleSetting("days_opened", strength=Strength.WARN, weight=30),)
WORLD = problem([clinician("A")], [*CASES, NEXT_DAY], settings=SETTINGS)


def test_a_day_is_opened_once_for_all_its_cases():
    assert cost(WORLD, "days_opened") == 0
    assert cost(WORLD, "days_opened", held(CASES[0], "A"), held(CASES[1], "A")) == 30
    assert cost(WORLD, "days_opened", held(CASES[0], "A"), held(NEXT_DAY, "A")) == 60


def test_a_fixed_duty_has_opened_the_day():
    duty = fixed_duty("A", "home", 1, "18:00", "19:00")
    world = problem([clinician("A")], [*CASES, NEXT_DAY], settings=SETTINGS, fixed_duties=(duty,))

    assert cost(world, "days_opened", held(NEXT_DAY, "A")) == 0
