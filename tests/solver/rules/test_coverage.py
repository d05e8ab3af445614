import pytest

from tests.solver.build import clinician, held, problem, session
from tests.solver.judging import cost


@pytest.mark.parametrize(("priority", "wanted"), [(0, 200), (1, 1000), (3, 3000)])
def test_a_session_not_held_costs_by_its_priority(priority, wanted):
    one = session("S", priority=priority)
    world = problem([clinician("A")], [one])

    assert cost(world, "coverage") == wanted
    assert cost(world, "coverage", held(one, "A")) == 0
