from solver.problem import HalfDay, Quota, RuleSetting, Strength
from tests.solver.build import clinician, day, held, option, problem, session
from tests.solver.judging import broken, cost, says

OPTIONS = (option(0), option(0, "afternoon"))
LISTS = [session(f"list{n}", options=OPTIONS, kind="list") for n in range(2)]
OTHER = session("clinic", options=OPTIONS, kind="clinic")
PEOPLE = [clinician("A"), clinician("B")]


def world(low, high, strength=None):
    quota = Quota(day(0), HalfDay.AFTERNOON, frozenset({"home"}), frozenset({"list"}), low, high)
    setting = RuleSetting("quotas", strength=strength, weight=70)
    return problem(PEOPLE, [*LISTS, OTHER], quotas=(quota,), settings=(setting,))


def test_as_many_as_the_quota_says_break_nothing():
    plan = held(LISTS[0], "A", option=1), held(LISTS[1], "B", option=0)

    assert "quotas" not in broken(world(1, 1), *plan)


def test_one_too_many_is_forbidden():
    plan = held(LISTS[0], "A", option=1), held(LISTS[1], "B", option=1)

    assert "quotas" in broken(world(0, 1), *plan)
    assert says(world(0, 1), "quotas", *plan).endswith("of 2026-03-02: 2 (at most 1).")
    assert cost(world(0, 1, Strength.WARN), "quotas", *plan) == 70


def test_each_one_too_few_is_paid_for():
    plan = held(OTHER, "A", option=1), held(LISTS[1], "B", option=0)

    assert cost(world(2, 2), "quotas", *plan) == 140
    assert says(world(1, None), "quotas", *plan).endswith("of 2026-03-02: 0 (at least 1).")
