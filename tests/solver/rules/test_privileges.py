from solver.problem import Suitability
from tests.solver.build import clinician, held, problem, seat, session
from tests.solver.judging import broken, says

LIST = session("list", seats=[seat("lead", "lead", "urology", "surgery")])
BOTH = clinician("A", specialties=frozenset({"urology", "surgery"}))


def world(*refused):
    return problem([BOTH], [LIST], suitabilities=tuple(Suitability("A", "home", s, None) for s in refused))


def test_one_granted_specialty_of_the_seat_is_enough():
    assert broken(world("urology"), held(LIST, "A")) == set()


def test_a_seat_without_any_granted_specialty_is_refused():
    both = world("urology", "surgery")

    assert broken(both, held(LIST, "A")) == {"privileges"}
    assert says(both, "privileges", held(LIST, "A")) == "Dr A has no privilege for urology, surgery at Home Hospital."


def test_a_privilege_of_a_specialty_that_the_clinician_does_not_practise_does_not_help():
    urologist = problem([clinician("A")], [LIST], suitabilities=(Suitability("A", "home", "urology", None),))

    assert broken(urologist, held(LIST, "A")) == {"privileges"}
