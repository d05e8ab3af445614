import pytest

from solver.problem import Succession
from tests.solver.build import clinician, fixed_duty, held, option, problem, session
from tests.solver.judging import broken, says

LATE = session("Late", options=option(1, "evening"), kind="late")
EARLY = session("Early", options=(option(2), option(3), option(1)), kind="early")
OTHER = session("Other", options=option(2), kind="other")
RULE = (Succession("late", "early"),)


def world(*sessions, successions=RULE, **more):
    return problem([clinician("A"), clinician("B")], sessions, successions=successions, **more)


def test_the_next_day_only():
    asked = world(LATE, EARLY, OTHER)

    assert broken(asked, held(LATE, "A"), held(EARLY, "A")) == {"successions"}
    assert broken(asked, held(LATE, "A"), held(EARLY, "B")) == set()
    assert broken(asked, held(LATE, "A"), held(EARLY, "A", option=1)) == set()
    assert broken(asked, held(LATE, "A"), held(EARLY, "A", option=2)) == set()
    assert broken(asked, held(LATE, "A"), held(OTHER, "A")) == set()
    assert says(asked, "successions", held(LATE, "A"), held(EARLY, "A")) == (
        "Dr A would have “early” on 2026-03-04, right after “late” on the day before."
    )


def test_half_days_are_names_too():
    asked = world(LATE, EARLY, OTHER, successions=(Succession("evening", "morning"),))

    assert broken(asked, held(LATE, "A"), held(OTHER, "A")) == {"successions"}
    assert "“morning”" in says(asked, "successions", held(LATE, "A"), held(OTHER, "A"))


def test_kinds_that_share_their_hours_are_told_apart():
    asked = world(LATE, EARLY, OTHER)

    assert broken(asked, held(LATE, "A"), held(OTHER, "A"), held(EARLY, "B")) == set()


@pytest.mark.parametrize(("kind", "wanted"), [("late", {"successions"}), ("other", set()), ("", set())])
def test_fixed_duties_of_a_recorded_kind_count(kind, wanted):
    duty = fixed_duty("A", "home", 1, "18:00", "20:00", kind=kind)

    assert broken(world(EARLY, fixed_duties=(duty,)), held(EARLY, "A")) == wanted


def test_a_fixed_duty_on_the_day_after_counts():
    duty = fixed_duty("A", "home", 2, "08:00", "09:00", kind="early")

    assert broken(world(LATE, fixed_duties=(duty,)), held(LATE, "A")) == {"successions"}
