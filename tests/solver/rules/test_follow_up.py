import pytest

from solver.problem import FollowUp
from tests.solver.build import clinician, day, held, option, problem, session
from tests.solver.judging import cost

RULE = "follow_up"
PEOPLE = [clinician("A"), clinician("B")]
CLINIC = session("C", "away", options=option(2))


def price(*plan, who="A", site="away", first=2, last=3, sessions=(CLINIC,)):
    there = problem(PEOPLE, sessions, follow_ups=(FollowUp(who, site, day(first), day(last)),))
    return cost(there, RULE, *plan)


def test_the_surgeon_holds_the_consultation():
    assert price(held(CLINIC, "A")) == 0
    assert price(held(CLINIC, "B")) == price() == 25


@pytest.mark.parametrize(
    "more",
    [{"first": 3, "last": 9}, {"first": 0, "last": 2}, {"site": "home"}, {"sessions": ()}],
    ids=["later", "before", "elsewhere", "none asked for"],
)
def test_what_is_not_possible_is_not_counted(more):
    assert price(**more) == 0


def test_theatre_is_no_consultation_even_at_the_same_hours():
    theatre = session("T", "away", options=option(2), kind="joint_theatre")

    assert price(held(theatre, "A"), sessions=(CLINIC, theatre)) == 25
    assert price(held(CLINIC, "A"), sessions=(CLINIC, theatre)) == 0
