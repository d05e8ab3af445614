import pytest

from tests.solver.build import clinician, held, problem, seat, session
from tests.solver.judging import broken


def test_a_clinician_with_role_and_one_of_the_specialties_may_take_the_seat():
    world = session("S", seats=[seat("lead", "lead", "oncology", "urology")])

    assert broken(problem([clinician("A")], [world]), held(world, "A")) == set()


@pytest.mark.parametrize(
    "wanted",
    [seat("lead", "surgeon"), seat("lead", "lead", "oncology"), seat(side="visitor")],
    ids=["role", "specialty", "side"],
)
def test_a_clinician_without_role_specialty_or_side_is_refused(wanted):
    world = session("S", seats=[wanted])

    assert broken(problem([clinician("A")], [world]), held(world, "A")) == {"role_and_specialty"}


def test_a_visitor_takes_visiting_seats_and_no_host_seats():
    visiting = session("V", "away", seats=[seat(side="visitor")])
    hosting = session("H", "away", seats=[seat(side="host")])
    world = problem([clinician("A")], [visiting, hosting])

    assert broken(world, held(visiting, "A")) == set()
    assert broken(world, held(hosting, "A")) == {"role_and_specialty"}
