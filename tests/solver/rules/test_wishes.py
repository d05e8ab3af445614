from solver.problem import RuleSetting, Wish
from tests.solver.build import clinician, day, held, option, problem, session
from tests.solver.judging import cost

MORNING = session("S", options=(option(0), option(1)))
NIGHT = session("N", options=option(0, "night"), kind="duty")


def world(*wishes, **more):
    return problem([clinician("A"), clinician("B")], [MORNING, NIGHT], wishes=wishes, **more)


def test_work_wished_for_and_not_given_costs_its_weight():
    asked = world(Wish("A", day(0), "duty", weight=7))

    assert cost(asked, "wishes") == 7
    assert cost(asked, "wishes", held(MORNING, "A")) == 7
    assert cost(asked, "wishes", held(NIGHT, "A")) == 0
    assert cost(asked, "wishes", held(NIGHT, "B")) == 7


def test_work_not_wished_for_and_given_costs_its_weight():
    asked = world(Wish("A", day(0), wanted=False, weight=3), settings=(RuleSetting("wishes", weight=10),))

    assert cost(asked, "wishes") == 0
    assert cost(asked, "wishes", held(MORNING, "A")) == 30
    assert cost(asked, "wishes", held(MORNING, "A", option=1)) == 0
    assert cost(asked, "wishes", held(MORNING, "A"), held(NIGHT, "A")) == 30


def test_a_wish_may_name_a_half_day():
    asked = world(Wish("A", day(0), "night", wanted=False))

    assert cost(asked, "wishes", held(MORNING, "A")) == 0
    assert cost(asked, "wishes", held(NIGHT, "A")) == 1


def test_what_cannot_be_had_costs_in_any_plan():
    assert cost(world(Wish("A", day(4), weight=2)), "wishes", held(MORNING, "A")) == 2
