import pytest

from solver.problem import HalfDay, Preference
from tests.solver.build import clinician, day, held, option, problem, session
from tests.solver.judging import cost

MOVABLE = session("S", options=[option(0), option(1)])


@pytest.mark.parametrize(("liking", "then", "otherwise"), [(-3, 6, 0), (2, 0, 4), (0, 0, 0)])
def test_likes_and_dislikes_cost_by_degree(liking, then, otherwise):
    wish = Preference("A", day(0), HalfDay.MORNING, liking)
    world = problem([clinician("A")], [MOVABLE], preferences=(wish,))

    assert cost(world, "preferences", held(MOVABLE, "A", option=0)) == then
    assert cost(world, "preferences", held(MOVABLE, "A", option=1)) == otherwise
