from solver.facts import WorkLimit
from tests.solver.build import clinician, day, held, option, problem, seat, session
from tests.solver.judging import broken, says

CASES = [
    session(f"case{n}", options=option(0, "morning", "08:00", end), seats=[seat(exclusive=False)])
    for n, end in enumerate(("10:00", "10:00", "11:00"))
]
ALL = [held(case, "A") for case in CASES]


def world(*limits, sessions=CASES):
    return problem([clinician("A", limits=limits)], sessions)


def limit(minutes, number=None):
    on = None if number is None else day(number)
    return WorkLimit("booked_minutes_per_day", high=minutes, on=on)


def test_a_day_is_booked_up_to_its_last_minute():
    assert broken(world(limit(420)), *ALL) == set()
    assert broken(world(limit(419)), *ALL) == {"booked_minutes"}
    assert says(world(limit(419)), "booked_minutes", *ALL) == (
        "Dr A would be booked beyond the day on 2026-03-02 (minutes booked: 420; minutes there are: 419)."
    )


def test_nobody_without_such_a_limit_is_held_to_one():
    assert broken(world(), *ALL) == set()


def test_the_limit_of_a_day_goes_before_that_of_all_days():
    assert broken(world(limit(419), limit(420, 0)), *ALL) == set()
    assert broken(world(limit(420), limit(419, 0)), *ALL) == {"booked_minutes"}
    assert broken(world(limit(419, 1)), *ALL) == set()


def test_a_session_longer_than_the_day_is_refused_by_itself():
    assert broken(world(limit(180)), ALL[2]) == set()
    assert says(world(limit(179)), "booked_minutes", ALL[2]) == (
        "“case2” takes 180 minutes, and Dr A has 179 minutes to be booked on 2026-03-02."
    )


def test_sessions_that_occupy_the_person_are_booked_too():
    later = session("later", options=option(0, "afternoon"))

    assert broken(world(limit(420), sessions=[*CASES[:2], later]), *ALL[:1], held(later, "A")) == set()
    assert broken(world(limit(420), sessions=[*CASES[:2], later]), *ALL[:2], held(later, "A")) == {"booked_minutes"}
