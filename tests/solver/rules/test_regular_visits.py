from datetime import timedelta

from solver.problem import PastWeek
from tests.solver.build import MONDAY, clinician, day, fixed_duty, held, option, paper, problem, session
from tests.solver.judging import cost, says

RULE = "regular_visits"
VISITS = [session(f"V{n}", "away", options=option(n)) for n in range(5)]
DECLARED = (paper("BE"), paper("FR", kind="temporary_declaration"))


def visiting(count, registrations=DECLARED, **more):
    there = problem([clinician("A", registrations=registrations)], VISITS, **more)
    return there, [held(visit, "A") for visit in VISITS[:count]]


def price(count, *registrations, **more):
    there, plan = visiting(count, registrations or DECLARED, **more)
    return cost(there, RULE, *plan)


def before(weeks, days):
    return (PastWeek("A", MONDAY - timedelta(weeks=weeks), visits=(("FR", days), ("LU", 3))),)


def test_four_days_are_occasional_and_the_fifth_is_paid_for():
    assert price(4) == 0
    assert price(5) == 500


def test_a_full_registration_bears_any_number_of_visits():
    assert price(5, paper("FR")) == price(5, *DECLARED, paper("FR")) == 0
    assert price(5, *DECLARED, paper("FR", start=day(4))) == 0


def test_visits_of_the_twelve_weeks_before_count():
    assert price(1, past_weeks=before(12, 4)) == 500
    assert price(1, past_weeks=before(13, 4)) == 0
    assert price(1, past_weeks=before(12, 3)) == 0


def test_fixed_duties_count_and_the_past_alone_costs_nothing():
    elsewhere = {"fixed_duties": (fixed_duty("A", "away", 6, "09:00", "12:00"),)}

    assert price(4, **elsewhere) == 500
    assert price(0, past_weeks=before(1, 7)) == 0
    assert price(1, past_weeks=before(1, 7)) == 500


def test_the_days_and_the_limit_are_named():
    there, plan = visiting(2, past_weeks=before(1, 4))

    assert says(there, RULE, *plan) == (
        "Dr A would visit FR on more days in 13 weeks than a declaration of temporary service is for: 6 (at most 4)."
    )
