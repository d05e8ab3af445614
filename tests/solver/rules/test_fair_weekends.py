from datetime import timedelta

from solver.problem import PastWeek
from tests.solver.build import MONDAY, clinician, held, option, problem, session
from tests.solver.judging import cost

RULE = "fair_weekends"
TEAM = [clinician("A"), clinician("B")]
FRIDAY, SATURDAY, SUNDAY, NEXT = (session(f"S{n}", options=option(n)) for n in (4, 5, 6, 12))
ALL = (FRIDAY, SATURDAY, SUNDAY, NEXT)


def test_both_days_of_a_weekend_count_once_and_friday_not():
    team = problem(TEAM, ALL, weeks=2)

    assert cost(team, RULE, held(FRIDAY, "A"), held(SATURDAY, "A"), held(SUNDAY, "A")) == 0


def test_a_second_weekend_ahead_of_the_team_costs():
    team = problem(TEAM, ALL, weeks=2)

    assert cost(team, RULE, held(SATURDAY, "A"), held(NEXT, "A")) == 15
    assert cost(team, RULE, held(SATURDAY, "A"), held(NEXT, "B")) == 0


def test_weekends_of_the_weeks_before_count():
    past = PastWeek("A", MONDAY - timedelta(weeks=1), weekends=1)
    team = problem(TEAM, ALL, weeks=2, past_weeks=(past,))

    assert cost(team, RULE, held(SATURDAY, "A")) == 15
    assert cost(team, RULE, held(SATURDAY, "B")) == 0
