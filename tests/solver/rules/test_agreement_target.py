from solver.problem import AgreementLine
from tests.solver.build import agreement, clinician, held, option, problem, session
from tests.solver.judging import cost

RULE = "agreement_target"
PEOPLE = [clinician("A")]
VISITS = [session(f"V{n}", "away", options=option(n), agreement="pact") for n in (0, 1, 2, 7)]


def price(wanted, *numbers):
    lines = (AgreementLine("urology", min_per_week=wanted),)
    there = problem(PEOPLE, VISITS, weeks=2, agreements=(agreement(PEOPLE, lines=lines),))
    return cost(there, RULE, *(held(VISITS[n], "A") for n in numbers))


def test_each_session_below_the_minimum_costs():
    assert price(2, 0, 1, 3) == 0
    assert price(2, 0, 3) == 60
    assert price(2, 3) == 120


def test_what_a_week_does_not_ask_for_is_not_counted():
    assert price(1, 0) == 60
    assert price(2, 0, 1) == 60
    assert price(None) == price(0) == 0


def test_a_session_may_be_held_in_either_of_two_weeks():
    moving = session("M", "away", options=(option(0), option(7)), agreement="pact")
    lines = (AgreementLine("urology", min_per_week=1),)
    there = problem(PEOPLE, [moving], weeks=2, agreements=(agreement(PEOPLE, lines=lines),))

    assert cost(there, RULE, held(moving, "A")) == 60
    assert cost(there, RULE) == 120
