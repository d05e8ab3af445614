from solver.problem import Habit
from tests.solver.build import absence, clinician, held, option, problem, session
from tests.solver.judging import cost

VISIT = session("S", "away", options=[option(0), option(1)])
MONDAYS = (Habit("A", "away", 1),)


def test_the_usual_visit_costs_nothing_and_another_day_or_visitor_costs():
    world = problem([clinician("A"), clinician("B")], [VISIT], habits=MONDAYS)

    assert cost(world, "continuity", held(VISIT, "A", option=0)) == 0
    assert cost(world, "continuity", held(VISIT, "A", option=1)) == 5
    assert cost(world, "continuity", held(VISIT, "B", option=0)) == 5


def test_a_usual_visit_that_leave_forbids_is_not_missed():
    world = problem([clinician("A")], [VISIT], habits=MONDAYS, absences=(absence("A", 0),))

    assert cost(world, "continuity", held(VISIT, "A", option=1)) == 0
