"""The builders of small worlds."""

from tests.solver.build import clinician, problem, session


def test_the_smallest_world_is_a_valid_problem():
    world = problem([clinician("A")], [session("S")])

    assert world.session["S"].seats[0].role == "lead"
