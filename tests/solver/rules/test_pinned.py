from solver.case import case_of
from solver.problem import Pin
from tests.solver.build import absence, clinician, day, held, option, problem, session
from tests.solver.judging import broken, cost

PEOPLE = [clinician("A"), clinician("B")]
MOVABLE = session("S", options=[option(0), option(1)])


def test_a_pinned_person_keeps_the_seat():
    world = problem(PEOPLE, [MOVABLE], pins=(Pin("S", seat="lead", clinician="A"),))

    assert broken(world, held(MOVABLE, "A")) == set()
    assert broken(world, held(MOVABLE, "B")) == {"pinned"}


def test_a_pinned_half_day_stays():
    world = problem(PEOPLE, [MOVABLE], pins=(Pin("S", on=day(1), half_day="morning"),))

    assert broken(world, held(MOVABLE, "A", option=1)) == set()
    assert broken(world, held(MOVABLE, "A", option=0)) == {"pinned"}


def test_a_pin_that_meets_new_leave_yields_and_is_reported():
    pins = (Pin("S", on=day(0), half_day="morning", seat="lead", clinician="A"),)
    world = problem(PEOPLE, [MOVABLE], pins=pins, absences=(absence("A", 0),))

    assert broken(world, held(MOVABLE, "B")) == set()
    assert [str(m) for m in case_of(world).yielded_pins] == [
        "Dr A is no longer pinned to “S”, because a rule forbids it.",
        "Dr A is absent during this duty of 2026-03-02.",
    ]


def test_no_filter_undoes_the_past():
    pins = (Pin("S", on=day(0), half_day="morning", seat="lead", clinician="A", history=True),)
    world = problem(PEOPLE, [MOVABLE], pins=pins, absences=(absence("A", 0),))

    assert broken(world, held(MOVABLE, "A")) == set()
    assert case_of(world).yielded_pins == ()


def test_leaving_out_the_past_costs_more_than_anything_gains():
    pins = (Pin("S", on=day(0), half_day="morning", seat="lead", clinician="A", history=True),)

    assert cost(problem(PEOPLE, [MOVABLE], pins=pins), "pinned") == 10_000
