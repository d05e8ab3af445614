from tests.solver.build import clinician, fixed_duty, held, option, problem, session
from tests.solver.judging import cost

MORNING, AFTERNOON = (session(c, "away", options=option(0, c)) for c in ("morning", "afternoon"))
NEXT_DAY = session("next", "away", options=option(1))
AT_HOME = session("home", options=option(1))
WORLD = problem([clinician("A")], [MORNING, AFTERNOON, NEXT_DAY, AT_HOME])


def test_two_sessions_on_one_day_are_one_journey():
    assert cost(WORLD, "trips", held(MORNING, "A"), held(AFTERNOON, "A")) == 20


def test_two_days_are_two_journeys_and_home_is_none():
    assert cost(WORLD, "trips", held(MORNING, "A"), held(NEXT_DAY, "A")) == 40
    assert cost(WORLD, "trips", held(AT_HOME, "A")) == 0


def test_a_fixed_duty_there_has_paid_the_way():
    duty = fixed_duty("A", "away", 0, "18:00", "19:00")

    assert cost(problem([clinician("A")], [MORNING], fixed_duties=(duty,)), "trips", held(MORNING, "A")) == 0
