from tests.solver.build import clinician, held, option, paper, problem, seat, session
from tests.solver.judging import cost

VISITS = [session(f"V{n}", "away", options=option(n), seats=[seat(side="visitor")]) for n in range(3)]


def world(*people):
    return problem(people, VISITS)


def shared(*people):
    return [held(visit, who) for visit, who in zip(VISITS, people, strict=True)]


def test_one_visit_each_costs_nothing():
    team = world(clinician("A"), clinician("B"), clinician("C"))

    assert cost(team, "fair_share", *shared("A", "B", "C")) == 0


def test_each_visit_ahead_of_the_team_costs_more_than_the_one_before():
    team = world(clinician("A"), clinician("B"), clinician("C"))

    assert cost(team, "fair_share", *shared("A", "A", "B")) == 10
    assert cost(team, "fair_share", *shared("A", "A", "A")) == 30


def test_whoever_has_visited_before_is_ahead():
    team = world(clinician("A", past_visits=1), clinician("B"))

    assert cost(team, "fair_share", *shared("B", "B", "A")) == cost(team, "fair_share", *shared("A", "B", "B")) == 20
    assert cost(team, "fair_share", *shared("A", "A", "B")) == 30


def test_half_a_contract_owes_half_the_visits():
    team = world(clinician("A", share=0.5), clinician("B"))

    assert cost(team, "fair_share", *shared("A", "B", "B")) == 20
    assert cost(team, "fair_share", *shared("A", "A", "B")) == 40


def test_someone_without_papers_is_not_of_the_team():
    alone = world(clinician("A"), clinician("B", registrations=(paper("BE"),)))

    assert cost(alone, "fair_share", *shared("A", "A", "A")) == 0
