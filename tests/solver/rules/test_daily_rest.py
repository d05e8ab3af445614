import pytest

from solver.audit import audit
from solver.problem import Strength
from tests.solver.build import clinician, fixed_duty, held, option, plan, problem, session
from tests.solver.judging import broken, says

FREE = {"max_sessions_per_day": 5}


def employee(**more):
    return clinician("A", contract="employee", **FREE | more)


def two_days(end, start, site="home"):
    late = session("Late", site, options=option(0, "evening", "18:00", end))
    early = session("Early", site, options=option(1, "morning", start))
    return late, early


@pytest.mark.parametrize(("start", "wanted"), [("09:00", set()), ("08:59", {"daily_rest"})])
def test_eleven_hours_lie_between_two_working_days(start, wanted):
    late, early = two_days("22:00", start)

    assert broken(problem([employee()], [late, early]), held(late, "A"), held(early, "A")) == wanted


@pytest.mark.parametrize(("start", "wanted"), [("10:00", set()), ("09:59", {"daily_rest"})])
def test_rest_is_door_to_door_where_travel_counts(start, wanted):
    late, early = two_days("22:00", start, "away")
    world = problem([employee(travel_counts=True)], [late, early])

    assert broken(world, held(late, "A"), held(early, "A")) == wanted


@pytest.mark.parametrize(
    ("home", "end", "start", "wanted"),
    [
        ("home", "20:00", "08:00", set()),
        ("home", "20:00", "07:59", {"daily_rest"}),
        ("home", "19:59", "07:00", set()),
        ("away", "20:00", "07:00", set()),
    ],
    ids=["twelve hours", "a minute less", "shorter spell", "France"],
)
def test_a_belgian_spell_of_twelve_hours_is_followed_by_twelve_of_rest(home, end, start, wanted):
    first = session("First", home, options=option(0, "morning", "08:00", "12:00"))
    last = session("Last", home, options=option(0, "evening", "18:00", end))
    next_day = session("Next", home, options=option(1, "morning", start))
    person = clinician("A", home, contract="employee", **FREE)
    world = problem([person], [first, last, next_day])

    assert broken(world, held(first, "A"), held(last, "A"), held(next_day, "A")) == wanted


@pytest.mark.parametrize(("end", "wanted"), [("21:30", set()), ("21:31", {"daily_rest"})])
def test_rest_counts_from_fixed_duties(end, wanted):
    morning = session("S", options=option(1, "morning"))
    world = problem([employee()], [morning], fixed_duties=(fixed_duty("A", "home", 0, "18:00", end),))

    assert broken(world, held(morning, "A")) == wanted


def test_the_self_employed_are_advised_and_not_bound():
    late, early = two_days("22:00", "08:59")
    world = problem([clinician("A", **FREE)], [late, early])

    judged = audit(world, plan(held(late, "A"), held(early, "A")))

    assert judged.lawful
    assert [(b.rule, b.strength) for b in judged.breaches] == [("daily_rest", Strength.INFO)]


def test_a_rest_is_said_in_hours_and_minutes():
    late, early = two_days("22:00", "08:45")
    world = problem([employee()], [late, early])

    assert says(world, "daily_rest", held(late, "A"), held(early, "A")) == (
        "Dr A would start on 2026-03-03 after too short a rest: 10 h 45 min instead of at least 11 h."
    )


@pytest.mark.parametrize(("start", "wanted"), [("08:00", set()), ("07:59", {"daily_rest"})])
def test_a_fixed_duty_begins_a_long_spell(start, wanted):
    last = session("Last", options=option(0, "evening", "18:00", "20:00"))
    next_day = session("Next", options=option(1, "morning", start))
    world = problem([employee()], [last, next_day], fixed_duties=(fixed_duty("A", "home", 0, "08:00", "12:00"),))

    assert broken(world, held(last, "A"), held(next_day, "A")) == wanted
    assert broken(world, held(next_day, "A")) == set()


@pytest.mark.parametrize(("start", "wanted"), [("08:00", set()), ("07:59", {"daily_rest"})])
def test_a_session_makes_a_spell_long_that_a_fixed_duty_ends(start, wanted):
    first = session("First", options=option(0, "morning", "08:00", "12:00"))
    next_day = session("Next", options=option(1, "morning", start))
    world = problem([employee()], [first, next_day], fixed_duties=(fixed_duty("A", "home", 0, "18:00", "20:00"),))

    assert broken(world, held(first, "A"), held(next_day, "A")) == wanted


def test_a_session_that_makes_the_spell_between_fixed_duties_long_is_refused():
    first = session("First", options=option(0, "morning", "08:00", "12:00"))
    duties = (fixed_duty("A", "home", 0, "18:00", "20:00"), fixed_duty("A", "home", 1, "07:59", "09:00"))

    assert broken(problem([employee()], [first], fixed_duties=duties), held(first, "A")) == {"daily_rest"}
    assert broken(problem([employee()], [first], fixed_duties=duties)) == set()


@pytest.mark.parametrize(("start", "wanted"), [("10:00", set()), ("09:59", {"daily_rest"})])
def test_in_france_a_spell_above_thirteen_hours_is_followed_by_as_long_a_rest(start, wanted):
    first = session("First", options=option(0, "morning", "06:30", "10:00"))
    last = session("Last", options=option(0, "evening", "18:00", "20:15"))
    next_day = session("Next", options=option(1, "morning", start))
    world = problem([clinician("A", "away", contract="employee", **FREE)], [first, last, next_day])

    assert broken(world, held(first, "A"), held(last, "A"), held(next_day, "A")) == wanted
    assert broken(world, held(last, "A"), held(next_day, "A")) == set()
