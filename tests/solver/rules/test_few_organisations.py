from solver.problem import RuleSetting, WorkLimit
from tests.solver.build import clinician, fixed_duty, held, option, problem, session
from tests.solver.judging import broken, says

HOME = session("home list")
AWAY = session("away list", "away", options=option(1))
RULE = "few_organisations"


def world(most, *, duties=(), **params):
    person = clinician("A", limits=(WorkLimit("organisations", high=most),))
    setting = RuleSetting(RULE, params=tuple(params.items()))
    return problem([person], [HOME, AWAY], fixed_duties=duties, settings=(setting,))


def test_as_many_organisations_as_allowed_break_nothing():
    assert RULE not in broken(world(2), held(HOME, "A"), held(AWAY, "A"))
    assert RULE not in broken(world(1), held(AWAY, "A"))


def test_one_more_is_forbidden():
    both = held(HOME, "A"), held(AWAY, "A")

    assert RULE in broken(world(1), *both)
    assert says(world(1), RULE, *both).endswith("(at most 1).")


def test_the_organisation_of_an_earlier_duty_counts():
    duty = fixed_duty("A", "home", -3, "08:00", "12:00")

    assert RULE in broken(world(1, duties=(duty,)), held(AWAY, "A"))
    assert RULE not in broken(world(1, duties=(duty,)), held(HOME, "A"))
    assert RULE not in broken(world(2, duties=(duty,)), held(AWAY, "A"))


def test_a_day_off_may_count_like_an_organisation():
    duty = fixed_duty("A", "home", -3, "08:00", "12:00")
    strict = world(2, duties=(duty,), days_off_count=1)

    assert RULE in broken(strict, held(AWAY, "A"))
    assert RULE not in broken(strict, held(HOME, "A"), held(AWAY, "A"))
    assert RULE not in broken(strict, held(HOME, "A"))
