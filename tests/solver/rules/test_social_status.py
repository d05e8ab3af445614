import pytest

from solver.problem import Enrolment
from tests.solver.build import LONG_AGO, agreement, clinician, day, held, option, problem, session
from tests.solver.judging import cost, says

RULE = "social_status"
VISIT = session("V", "away", options=option(2))


def world(home, host, until=3):
    person = clinician("A", contract=home)
    pact = agreement([person], enrolments=(Enrolment("A", LONG_AGO, day(until), contract=host),))
    return problem([person], [VISIT], agreements=(pact,))


@pytest.mark.parametrize(
    ("home", "host", "price"),
    [
        ("self-employed", "employee", 500),
        ("employee", "self-employed", 500),
        ("employee", "praticien contractuel", 0),
        ("self-employed", "self-employed", 0),
        ("self-employed", "", 0),
    ],
)
def test_another_status_abroad_is_paid_for(home, host, price):
    assert cost(world(home, host), RULE, held(VISIT, "A")) == price


def test_an_enrolment_that_has_ended_says_nothing():
    assert cost(world("self-employed", "employee", until=2), RULE, held(VISIT, "A")) == 0


def test_both_contracts_are_named():
    assert says(world("self-employed", "employee"), RULE, held(VISIT, "A")) == (
        "Dr A is “self-employed” at home and “employee” at Away Hospital: all activity may fall under one country's"
        " social security."
    )
