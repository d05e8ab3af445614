from tests.solver.build import clinician, fixed_duty, held, option, problem, session
from tests.solver.judging import broken, says

CLOCKS = ("morning", "afternoon", "evening")


def half_days(number, site="home", **more):
    return [session(f"{number}{clock}", site, options=option(number, clock), **more) for clock in CLOCKS]


def all_held(sessions):
    return [held(s, "A") for s in sessions]


def test_a_day_holds_as_many_sessions_as_the_contract_allows():
    day = half_days(0)
    world = problem([clinician("A", max_sessions_per_day=2)], day)

    assert broken(world, *all_held(day[:2])) == set()
    assert broken(world, *all_held(day)) == {"max_sessions"}
    assert says(world, "max_sessions", *all_held(day)) == (
        "Dr A would have more sessions on 2026-03-02 than the contract allows: 3 (at most 2 a day)."
    )


def test_a_week_holds_as_many_sessions_as_the_contract_allows():
    week = [*half_days(0)[:2], *half_days(2)[:1]]

    assert broken(problem([clinician("A", max_sessions_per_week=3)], week), *all_held(week)) == set()
    assert broken(problem([clinician("A", max_sessions_per_week=2)], week), *all_held(week)) == {"max_sessions"}


def test_days_abroad_are_counted_and_not_sessions():
    week = [*half_days(0, "away")[:2], *half_days(2, "away")[:1]]

    assert broken(problem([clinician("A", max_days_abroad_per_week=2)], week), *all_held(week)) == set()
    assert broken(problem([clinician("A", max_days_abroad_per_week=1)], week), *all_held(week)) == {"max_sessions"}


def test_a_meeting_does_not_count():
    day = [*half_days(0)[:2], session("mdt", options=option(0, "midday", "12:50", "13:10"), counts_as_session=False)]

    assert broken(problem([clinician("A", max_sessions_per_day=2)], day), *all_held(day)) == set()


def test_fixed_duties_count_and_the_empty_plan_keeps_the_rule_all_the_same():
    day = half_days(0)[:2]
    duties = tuple(fixed_duty("A", "home", 0, *times) for times in (("05:00", "06:00"), ("06:00", "07:00")))
    one = problem([clinician("A")], day, fixed_duties=duties[:1])
    both = problem([clinician("A", max_sessions_per_day=1)], day, fixed_duties=duties)

    assert broken(one, *all_held(day[:1])) == set()
    assert broken(one, *all_held(day)) == {"max_sessions"}
    assert broken(both) == set()
