import pytest

from solver.audit import audit
from solver.problem import RuleSetting, Strength, WorkLimit
from tests.solver.build import clinician, fixed_duty, held, option, plan, problem, session
from tests.solver.judging import broken, cost, says

FREE = {"max_sessions_per_day": 5, "max_sessions_per_week": 20}
LISTS = [session(f"L{n}", options=option(n)) for n in range(14)]
NIGHTS = [session(f"N{n}", options=option(n, "night"), kind="duty") for n in range(14)]
MEETING = session("M", options=option(0, "midday"), kind="mdt", counts_as_session=False)


def limited(name, low=None, high=None, kind="", sessions=(*LISTS, *NIGHTS, MEETING), **more):
    person = clinician("A", limits=(WorkLimit(name, low, high, kind),), **FREE)
    return problem([person], sessions, weeks=2, **more)


def lists(*days):
    return [held(LISTS[n], "A") for n in days]


def nights(*days):
    return [held(NIGHTS[n], "A") for n in days]


CASES = {
    "all minutes": ("minutes", 480, "", lists(0, 8), lists(0, 7, 8)),
    "minutes a week": ("minutes_per_week", 480, "", lists(0, 2, 7, 9), lists(0, 2, 4)),
    "minutes a day": ("minutes_per_day", 300, "", [*lists(0), held(MEETING, "A")], nights(0)),
    "sessions": ("sessions", 2, "", [*lists(0, 1), held(MEETING, "A")], lists(0, 1, 2)),
    "sessions of a kind": ("sessions", 1, "duty", [*lists(0, 1), *nights(2)], nights(0, 8)),
    "sessions of a half-day": ("sessions", 1, "night", [*lists(0, 1), *nights(2)], nights(0, 8)),
    "nights": ("nights", 1, "", [*lists(0, 1), *nights(2)], nights(0, 8)),
    "weekends": ("weekends", 1, "", lists(5, 6, 7), lists(5, 13)),
}


@pytest.mark.parametrize("case", CASES)
def test_a_limit_is_reached_and_not_passed(case):
    name, high, kind, good, bad = CASES[case]
    world = limited(name, high=high, kind=kind)

    assert broken(world, *good) == set()
    assert broken(world, *bad) == {"work_limits"}


@pytest.mark.parametrize("case", CASES)
def test_less_than_the_contract_asks_for_is_paid_for(case):
    name, high, kind, good, _ = CASES[case]
    world = limited(name, low=high, kind=kind, sessions=(*LISTS, *NIGHTS, MEETING))

    judged = audit(world, plan(*good))

    assert judged.lawful
    if not name.startswith("minutes_per"):
        assert cost(world, "work_limits", *good) == 0
        assert cost(world, "work_limits") == high * (10 if name == "minutes" else 500)


def test_a_low_end_can_forbid():
    block = RuleSetting("work_limits", params=(("lows_block", 1),))
    world = limited("sessions", low=2, settings=(block,))

    assert not audit(world, plan(*lists(0))).lawful
    assert audit(world, plan(*lists(0, 1))).lawful


def test_fixed_duties_count():
    duty = fixed_duty("A", "home", 5, "20:00", "04:00", kind="duty")
    for name, high, kind, more in (
        ("minutes", 480 + 240, "", lists(0)),
        ("minutes_per_week", 480 + 240, "", lists(0)),
        ("nights", 2, "", nights(0)),
        ("sessions", 2, "duty", nights(0)),
        ("sessions", 2, "", lists(0)),
        ("weekends", 2, "", lists(6, 13)),
    ):
        kept = limited(name, high=high, kind=kind, fixed_duties=(duty,))
        tight = limited(name, high=high - 1, kind=kind, fixed_duties=(duty,))

        assert "work_limits" not in broken(kept, *more), name
        assert "work_limits" in broken(tight, *more), name
        assert broken(limited(name, high=0, kind=kind, fixed_duties=(duty,))) == set(), name


def test_it_is_said_what_is_counted():
    week = limited("minutes_per_week", high=480)
    kind = limited("sessions", high=1, kind="duty")

    assert says(week, "work_limits", *lists(7, 8, 9)) == (
        "Dr A would work more in the week of 2026-03-09 than the contract allows: 720 minutes (at most 480)."
    )
    assert says(kind, "work_limits", *nights(0, 1)) == (
        "Dr A would have “duty” more often than the contract allows: 2 (at most 1)."
    )


def test_minutes_above_a_weakened_limit_cost_by_the_minute():
    world = limited("minutes", high=470, settings=(RuleSetting("work_limits", strength=Strength.WARN),))

    assert cost(world, "work_limits", *lists(0, 1)) == 10 * 10
