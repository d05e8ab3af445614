import pytest

from solver.audit import audit
from solver.problem import RuleSetting, Strength, WorkLimit
from tests.solver.build import clinician, fixed_duty, held, option, plan, problem, session
from tests.solver.judging import broken, cost, says

FREE = {"max_sessions_per_day": 5, "max_sessions_per_week": 14}
WEEK = [session(f"D{n}", options=option(n)) for n in range(7)]
NIGHTS = [session(f"N{n}", options=option(n, "night"), kind="night_duty") for n in range(7)]


def limited(name, low=None, high=None, kind="", sessions=WEEK, **more):
    person = clinician("A", limits=(WorkLimit(name, low, high, kind),), **FREE)
    return problem([person, clinician("B", **FREE)], sessions, **more)


def works(*days, sessions=WEEK):
    return [held(sessions[n], "A") for n in days]


def test_so_many_days_in_a_row_and_no_more():
    world = limited("days_in_a_row", high=3)

    assert broken(world, *works(0, 1, 2, 4, 5, 6)) == set()
    assert broken(world, *works(1, 2, 3, 4)) == {"days_in_a_row"}
    assert says(world, "days_in_a_row", *works(1, 2, 3, 4)) == (
        "Dr A would work more than 3 days in a row from 2026-03-03."
    )


def test_fixed_duties_around_the_planned_days_count():
    before = tuple(fixed_duty("A", "home", -n, "08:00", "12:00") for n in (1, 2))
    after = tuple(fixed_duty("A", "home", 6 + n, "08:00", "12:00") for n in (1, 2))
    world = limited("days_in_a_row", high=3, fixed_duties=(*before, *after))

    assert broken(world, *works(0, 6)) == set()
    assert broken(world, *works(0, 1)) == {"days_in_a_row"}
    assert broken(world, *works(5, 6)) == {"days_in_a_row"}


def test_duties_that_are_too_many_by_themselves_forbid_nothing():
    duties = tuple(fixed_duty("A", "home", n, "08:00", "12:00") for n in range(4))

    assert broken(limited("days_in_a_row", high=3, fixed_duties=duties)) == set()


@pytest.mark.parametrize(
    ("days", "wanted"),
    [
        ((1, 2, 3), set()),
        ((1, 2), {"days_in_a_row"}),
        ((3,), {"days_in_a_row"}),
        ((0,), set()),
        ((0, 1), set()),
        ((5, 6), set()),
        ((), set()),
    ],
)
def test_work_lasts_so_many_days_unless_it_touches_an_end(days, wanted):
    assert broken(limited("days_in_a_row", low=3), *works(*days)) == wanted


@pytest.mark.parametrize(("known", "wanted"), [(0, set()), (1, {"days_in_a_row"})])
def test_where_the_days_before_are_known_work_can_begin_on_the_first(known, wanted):
    setting = RuleSetting("days_in_a_row", params=(("first_day_counts", known),))
    world = limited("days_in_a_row", low=3, settings=(setting,))

    assert broken(world, *works(0, 1)) == wanted


@pytest.mark.parametrize(
    ("days", "wanted"),
    [
        ((0, 3), set()),
        ((0, 2), {"days_in_a_row"}),
        ((1, 6), set()),
        ((5,), set()),
        ((1,), set()),
        ((0, 1, 2, 3, 4, 5, 6), set()),
    ],
)
def test_rest_lasts_so_many_days_unless_it_touches_an_end(days, wanted):
    assert broken(limited("days_off_in_a_row", low=2), *works(*days)) - {"weekly_rest"} == wanted


def test_rest_that_began_before_the_first_day_goes_on():
    duty = (fixed_duty("A", "home", -2, "08:00", "12:00"),)

    assert broken(limited("days_off_in_a_row", low=2, fixed_duties=duty), *works(1)) == set()
    assert broken(limited("days_off_in_a_row", low=2, fixed_duties=duty), *works(0)) == {"days_in_a_row"}


def test_too_long_a_time_off_is_paid_for():
    world = limited("days_off_in_a_row", high=4)

    assert cost(world, "days_in_a_row", *works(2)) == 0
    assert cost(world, "days_in_a_row", *works(1)) == 500
    assert cost(world, "days_in_a_row") == 1500
    assert audit(world, plan()).lawful


@pytest.mark.parametrize("kind", ["", "night_duty"])
def test_nights_come_in_pairs(kind):
    world = limited("nights_in_a_row", 2, 2, kind, sessions=[*NIGHTS, *WEEK])

    assert broken(world, *works(1, 2, sessions=NIGHTS)) == set()
    assert broken(world, *works(2, sessions=NIGHTS)) == {"days_in_a_row"}
    assert broken(world, *works(1, 2, 3, sessions=NIGHTS)) == {"days_in_a_row"}
    assert broken(world, *works(2)) == set()


@pytest.mark.parametrize("hours", [("20:00", "08:00"), ("23:00", "03:00"), ("00:00", "03:00")])
def test_a_fixed_duty_is_a_night_by_its_hours(hours):
    duty = (fixed_duty("A", "home", -1, *hours),)
    free = {"sessions": NIGHTS, "fixed_duties": duty}

    assert broken(limited("nights_in_a_row", high=1, **free), *works(0, sessions=NIGHTS)) == {"days_in_a_row"}


def test_a_fixed_duty_has_a_kind_where_it_is_recorded():
    free = {"sessions": NIGHTS, "kind": "night_duty"}
    duty = fixed_duty("A", "home", -1, "08:00", "12:00", kind="night_duty")
    other = fixed_duty("A", "home", -1, "08:00", "12:00", kind="consultation")

    for one, wanted in ((duty, {"days_in_a_row"}), (other, set())):
        world = limited("nights_in_a_row", high=1, fixed_duties=(one,), **free)
        assert broken(world, *works(0, sessions=NIGHTS)) == wanted


def test_kinds_that_share_their_hours_are_told_apart():
    twins = [session(f"T{n}", options=option(n, "night"), kind="other") for n in range(7)]
    world = limited("nights_in_a_row", high=1, kind="night_duty", sessions=[*NIGHTS, *twins])

    assert broken(world, held(NIGHTS[0], "A"), held(NIGHTS[1], "A")) == {"days_in_a_row"}
    assert broken(world, held(NIGHTS[0], "A"), held(twins[1], "A")) == set()


def test_a_hospital_can_make_it_a_warning():
    setting = RuleSetting("days_in_a_row", strength=Strength.WARN)
    world = limited("days_in_a_row", high=3, settings=(setting,))

    judged = audit(world, plan(*works(0, 1, 2, 3, 4)))

    assert judged.lawful
    assert judged.cost == 2 * 500 + cost(world, "coverage", *works(0, 1, 2, 3, 4))
