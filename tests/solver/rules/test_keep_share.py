from dataclasses import replace

from solver.problem import RuleSetting, Strength
from tests.solver.build import absence, clinician, held, option, problem, session
from tests.solver.judging import broken, cost, says

PEOPLE = [clinician(name) for name in "ABCD"]
SESSIONS = [session(name, options=[option(n), option(n + 1)]) for n, name in enumerate("1234")]
PUBLISHED = tuple(held(one, who) for one, who in zip(SESSIONS, "ABCD", strict=True))


def world(percent, **more):
    setting = RuleSetting("keep_share", strength=Strength.WARN, params=(("percent", percent),))
    return problem(PEOPLE, SESSIONS, published=PUBLISHED, settings=(setting,), **more)


def test_half_of_the_seats_kept_is_enough_for_half():
    plan = (*PUBLISHED[:2], held(SESSIONS[2], "A"), held(SESSIONS[3], "D", option=1))

    assert "keep_share" not in broken(world(50), *plan)


def test_one_seat_less_is_paid_for_dearly():
    plan = (PUBLISHED[0], held(SESSIONS[1], "C"), held(SESSIONS[2], "A"))

    assert cost(world(50), "keep_share", *plan) == 20_000
    assert "1 instead of 2" in says(world(50), "keep_share", *plan)


def test_shares_are_rounded_up():
    assert "keep_share" in broken(world(51), *PUBLISHED[:2])
    assert "keep_share" not in broken(world(51), *PUBLISHED[:3])


def test_seats_that_a_rule_takes_away_are_not_asked_for():
    ill = world(100, absences=(absence("D", 3),))

    assert "keep_share" not in broken(ill, *PUBLISHED[:3])
    assert "keep_share" in broken(ill, *PUBLISHED[:2])


def test_nothing_is_asked_for_unless_chosen():
    silent = replace(world(100), settings=())

    assert "keep_share" not in broken(silent)
