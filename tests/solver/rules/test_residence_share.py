from datetime import timedelta

from solver.problem import PastWeek
from tests.solver.build import MONDAY, clinician, held, option, problem, session
from tests.solver.judging import cost, says

RULE = "residence_share"
VISIT = session("V", "away", options=option(0, "morning", "08:00", "13:00"))
NEAR = session("N", options=option(1, "morning", "08:00", "13:00"))


def world(home, abroad, weeks=13, last=1):
    """Thirteen recorded weeks with so many minutes a week at home and abroad; the last week with other ones."""
    past = [
        PastWeek("A", MONDAY - timedelta(weeks=last + n), minutes=(("BE", home), ("FR", abroad))) for n in range(weeks)
    ]
    return problem([clinician("A")], [VISIT, NEAR], past_weeks=tuple(past))


def test_the_share_at_home_may_fall_to_thirty_percent_and_no_further():
    # 600 of 2000 minutes are thirty percent; who was 300 minutes less abroad has five hours to spare.
    even = world(600, 1400)
    spare = problem([clinician("A")], [VISIT], past_weeks=_with_spare(even, 300))
    short = problem([clinician("A")], [VISIT], past_weeks=_with_spare(even, 280))

    assert cost(spare, RULE, held(VISIT, "A")) == 0
    assert cost(short, RULE, held(VISIT, "A")) == 40


def _with_spare(even, minutes):
    first, *rest = even.past_weeks
    return (PastWeek("A", first.first_on, minutes=(("BE", 600), ("FR", 1400 - minutes))), *rest)


def test_work_at_home_makes_up_for_work_abroad():
    there = world(600, 1400)

    assert cost(there, RULE, held(VISIT, "A")) == 15 * 40
    assert cost(there, RULE, held(VISIT, "A"), held(NEAR, "A")) == 0


def test_who_lies_below_already_is_asked_for_the_planned_weeks_only():
    below = world(100, 1400)

    assert cost(below, RULE) == 0
    assert cost(below, RULE, held(VISIT, "A"), held(NEAR, "A")) == 0
    assert cost(below, RULE, held(VISIT, "A")) == 15 * 40


def test_nothing_is_asked_with_too_few_recorded_weeks_or_older_ones():
    assert cost(world(100, 1400, weeks=12), RULE, held(VISIT, "A")) == 0
    assert cost(world(100, 1400, last=40), RULE, held(VISIT, "A")) == 0


def test_the_share_and_the_country_are_named():
    assert says(world(600, 1400), RULE, held(VISIT, "A")) == (
        "Dr A would do less than 30 % of the working time of twelve months in BE, the country of residence."
    )
