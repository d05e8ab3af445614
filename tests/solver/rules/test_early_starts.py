from datetime import timedelta

import pytest

from solver.problem import PastWeek
from tests.solver.build import MONDAY, clinician, held, option, problem, session
from tests.solver.judging import cost

RULE = "early_starts"
TEAM = [clinician("A"), clinician("B")]


def visits(start, site="away"):
    return [session(f"V{n}", site, options=option(n, "morning", start)) for n in range(2)]


@pytest.mark.parametrize(("start", "wanted"), [("07:29", 5), ("07:30", 0)])
def test_a_second_journey_before_seven_ahead_of_the_team_costs(start, wanted):
    one, other = visits(start)
    team = problem(TEAM, [one, other])

    assert cost(team, RULE, held(one, "A"), held(other, "A")) == wanted
    assert cost(team, RULE, held(one, "A"), held(other, "B")) == 0


def test_early_work_at_home_is_no_journey():
    one, other = visits("06:00", "home")

    assert cost(problem(TEAM, [one, other]), RULE, held(one, "A"), held(other, "A")) == 0


def test_early_journeys_of_the_weeks_before_count():
    one, other = visits("07:00")
    past = PastWeek("A", MONDAY - timedelta(weeks=1), early_starts=2)

    assert cost(problem(TEAM, [one, other], past_weeks=(past,)), RULE, held(one, "A")) == 10
