import pytest

from solver.problem import Travel
from tests.solver.build import clinician, held, option, problem, seat, session
from tests.solver.judging import broken, cost, says

RULE = "standby_distance"
PEOPLE = [clinician("A"), clinician("L", "away")]


def world(minutes, **seats):
    night = session("Night", "away", options=option(0, "night"), seats=[seat(**seats)], line="Urology", line_choice=1)
    return problem(PEOPLE, [night], travel=(Travel("home", "away", minutes),)), night


@pytest.mark.parametrize(("minutes", "wanted"), [(30, 0), (31, 500)])
def test_on_call_beyond_the_response_time_is_paid_for(minutes, wanted):
    there, night = world(minutes, exclusive=False)

    assert cost(there, RULE, held(night, "A")) == wanted
    assert cost(there, RULE, held(night, "L")) == 0


def test_who_stays_on_site_may_come_from_afar():
    there, night = world(90)

    assert RULE not in broken(there, held(night, "A"))


def test_the_minutes_and_the_limit_are_named():
    there, night = world(40, exclusive=False)

    assert says(there, RULE, held(night, "A")) == (
        "Dr A is on call for Away Hospital on 2026-03-02 at 40 minutes' distance, more than the response time of 30"
        " minutes."
    )
