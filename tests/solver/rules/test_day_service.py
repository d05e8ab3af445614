from dataclasses import replace

import pytest

from tests.solver.build import AWAY, HOME, clinician, day, held, option, problem, seat, session
from tests.solver.judging import cost, says

RULE = "day_service"
PEOPLE = [clinician("A"), clinician("L", "away")]


def price(visit, who="A", people=PEOPLE, **more):
    return cost(problem(people, [visit], **more), RULE, held(visit, who))


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        (option(4, "evening"), 0),
        (option(5, "morning"), 0),
        (option(5, "afternoon"), 500),
        (option(6, "morning"), 500),
        (option(0, "night"), 500),
    ],
    ids=["Friday evening", "Saturday morning", "Saturday afternoon", "Sunday", "night"],
)
def test_a_visit_outside_the_day_service_is_paid_for(place, wanted):
    assert price(session("V", "away", options=place)) == wanted


def test_a_holiday_of_the_host_is_no_day_of_service():
    assert price(session("V", "away"), sites=(HOME, replace(AWAY, holidays=frozenset({day(0)})))) == 500


def test_hosts_cover_and_lines_are_left_alone():
    sunday = option(6)

    assert price(session("V", "away", options=sunday), "L") == 0
    assert price(session("V", "away", options=sunday, line="Urology")) == 0
    assert price(session("V", "away", options=sunday, seats=[seat(exclusive=False)])) == 0


def test_the_law_of_one_country_is_not_that_of_another():
    assert price(session("V", "home", options=option(6)), "L", PEOPLE) == 0


def test_the_site_and_the_day_are_named():
    visit = session("V", "away", options=option(6))

    assert says(problem(PEOPLE, [visit]), RULE, held(visit, "A")) == (
        "Dr A would visit Away Hospital outside the day service on 2026-03-08."
    )
