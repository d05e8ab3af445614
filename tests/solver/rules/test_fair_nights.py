from datetime import timedelta

from solver.problem import PastWeek
from tests.solver.build import MONDAY, clinician, fixed_duty, held, option, problem, seat, session
from tests.solver.judging import cost

RULE = "fair_nights"
NIGHTS = [
    session(f"N{n}", options=option(2 * n, "night"), seats=[seat(exclusive=n > 0)], line="Urology") for n in range(3)
]


def world(*people, **more):
    return problem(people, NIGHTS, **more)


def shared(*people):
    return [held(night, who) for night, who in zip(NIGHTS, people, strict=True)]


def test_one_night_each_costs_nothing():
    team = world(clinician("A"), clinician("B"), clinician("C"))

    assert cost(team, RULE, *shared("A", "B", "C")) == 0


def test_each_night_ahead_of_the_team_costs_more_than_the_one_before():
    team = world(clinician("A"), clinician("B"), clinician("C"))

    assert cost(team, RULE, *shared("A", "A", "B")) == 10
    assert cost(team, RULE, *shared("A", "A", "A")) == 30


def test_half_a_contract_owes_half_the_nights():
    team = world(clinician("A", share=0.5), clinician("B"))

    assert cost(team, RULE, *shared("A", "B", "B")) == 20
    assert cost(team, RULE, *shared("A", "A", "B")) == 40


def test_nights_of_the_last_eight_weeks_count():
    def team(weeks):
        week = PastWeek("A", MONDAY - timedelta(weeks=weeks), nights=1)
        return world(clinician("A"), clinician("B"), past_weeks=(week,))

    assert cost(team(8), RULE, *shared("A", "B", "B")) == 20
    assert cost(team(9), RULE, *shared("A", "B", "B")) == 10


def test_a_fixed_night_of_these_weeks_counts():
    team = world(clinician("A"), clinician("B"), fixed_duties=(fixed_duty("A", "home", 5, "20:00", "08:00"),))

    assert cost(team, RULE, *shared("A", "A", "B")) == 30


def test_days_are_no_nights():
    evening = session("E", options=option(0, "evening"))

    assert cost(problem([clinician("A"), clinician("B")], [evening]), RULE, held(evening, "A")) == 0
