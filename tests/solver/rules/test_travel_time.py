import pytest

from solver.problem import RuleSetting, Strength
from tests.solver.build import clinician, fixed_duty, held, option, problem, session
from tests.solver.judging import broken, cost

HERE = session("Here", options=option(0, "morning", "08:00", "12:00"))
JUST = session("Just", "away", options=option(0, "afternoon", "12:40"))
EARLY = session("Early", "away", options=option(0, "afternoon", "12:39"))
WORLD = problem([clinician("A")], [HERE, JUST, EARLY])


def test_travel_and_margin_fit_exactly():
    assert broken(WORLD, held(HERE, "A"), held(JUST, "A")) == set()


def test_a_minute_less_than_travel_and_margin_is_refused():
    assert broken(WORLD, held(HERE, "A"), held(EARLY, "A")) == {"travel_time"}


@pytest.mark.parametrize(("end", "wanted"), [("07:20", set()), ("07:21", {"travel_time"})])
def test_the_way_from_a_fixed_duty_counts_too(end, wanted):
    world = problem([clinician("A")], [HERE], fixed_duties=(fixed_duty("A", "away", 0, "06:00", end),))

    assert broken(world, held(HERE, "A")) == wanted


def test_as_a_warning_it_has_a_price():
    warned = problem([clinician("A")], [HERE, EARLY], settings=(RuleSetting("travel_time", Strength.WARN),))

    assert cost(warned, "travel_time", held(HERE, "A"), held(EARLY, "A")) == 500
