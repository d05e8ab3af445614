from dataclasses import replace

import pytest

from solver.audit import why_not
from solver.plan import Plan
from solver.problem import AgreementLine, AppliesTo, HomeMinimum, RuleSetting
from tests.solver.build import (
    AWAY,
    HOME,
    absence,
    agreement,
    clinician,
    day,
    fixed_duty,
    held,
    option,
    problem,
    session,
)
from tests.solver.judging import broken, says

RULE = "home_minimum"
HOME_ORG, AWAY_ORG = HOME.organisation, AWAY.organisation
PEOPLE = [clinician("A"), clinician("B"), clinician("C")]
ONE, TWO = (session(f"V{n}", "away", options=option(0, "morning", f"0{8 + n}:00")) for n in range(2))
MINIMUM = (HomeMinimum("home", "urology", 2),)


def world(sessions=(ONE, TWO), **more):
    return problem(PEOPLE, sessions, **{"home_minimums": MINIMUM, **more})


def test_so_many_stay_and_not_one_less():
    assert broken(world(), held(ONE, "A")) == set()
    assert broken(world(), held(ONE, "A"), held(TWO, "B")) == {RULE}
    assert broken(world(home_minimums=()), held(ONE, "A"), held(TWO, "B")) == set()


def test_other_specialties_and_the_other_half_of_the_day_are_not_counted():
    afternoon = session("V", "away", options=option(0, "afternoon"))
    others = (HomeMinimum("home", "cardiology", 3), HomeMinimum("away", "urology", 3))

    assert broken(world((ONE, afternoon)), held(ONE, "A"), held(afternoon, "B")) == set()
    assert broken(world(home_minimums=others), held(ONE, "A"), held(TWO, "B")) == set()


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({"absences": (absence("C", 0, "07:00", "11:00"),)}, {RULE}),
        ({"absences": (absence("C", 0, "12:00", "18:00"),)}, set()),
        ({"fixed_duties": (fixed_duty("C", "away", 0, "10:00", "16:00"),)}, {RULE}),
        ({"fixed_duties": (fixed_duty("C", "home", 0, "10:00", "16:00"),)}, set()),
    ],
    ids=["on leave", "on leave later", "on duty away", "on duty at home"],
)
def test_leave_and_fixed_duties_count(more, wanted):
    assert broken(world(**more), held(ONE, "A")) == wanted


def test_where_leave_alone_leaves_too_few_nobody_goes_and_staying_is_enough():
    leave = (absence("B", 0), absence("C", 0))

    assert broken(world(absences=leave)) == set()
    assert broken(world(absences=leave), held(ONE, "A")) == {RULE}
    assert says(world(absences=leave), RULE, held(ONE, "A")) == (
        "Too few clinicians of urology would stay at Home Hospital at a half-day of 2026-03-02: 0 (at least 2)."
    )


@pytest.mark.parametrize("closed", ["weekend", "holiday"])
def test_a_service_that_is_closed_needs_nobody(closed):
    number = 5 if closed == "weekend" else 0
    visits = [session(f"W{n}", "away", options=option(number)) for n in range(2)]
    home = replace(HOME, closed_on=frozenset({day(0)}))
    there = world(visits, sites=(home, AWAY) if closed == "holiday" else (HOME, AWAY))

    assert RULE not in broken(there, held(visits[0], "A"), held(visits[1], "B"))


@pytest.mark.parametrize(("today", "wanted"), [(0, {RULE}), (1, set())])
def test_days_that_are_past_are_not_asked_about(today, wanted):
    assert broken(world(today=day(today)), held(ONE, "A"), held(TWO, "B")) == wanted


def at_home(number, **more):
    setting = RuleSetting(RULE, params=(("people_at_home", number),))
    return world(**{"home_minimums": (), "agreements": (agreement(PEOPLE),), "settings": (setting,), **more})


def test_a_number_for_all_specialties_that_send_visitors():
    assert broken(at_home(2), held(ONE, "A")) == set()
    assert broken(at_home(2), held(ONE, "A"), held(TWO, "B")) == {RULE}
    assert broken(at_home(1), held(ONE, "A"), held(TWO, "B")) == set()
    assert broken(at_home(0), held(ONE, "A"), held(TWO, "B")) == set()
    assert says(at_home(2), RULE, held(ONE, "A"), held(TWO, "B")) == (
        "Too few clinicians of urology would stay at Home Hospital at a half-day of 2026-03-02: 1 (at least 2)."
    )


def test_a_recorded_minimum_goes_before_the_number_for_all():
    recorded = (HomeMinimum("home", "urology", 1),)

    assert broken(at_home(3, home_minimums=recorded), held(ONE, "A"), held(TWO, "B")) == set()


def test_a_specialty_that_sends_nobody_needs_no_number():
    others = agreement(PEOPLE, lines=(AgreementLine("cardiology"),))

    assert RULE not in broken(at_home(3, agreements=(others,)), held(ONE, "A"))


def test_an_exception_sets_the_number_for_one_organisation():
    away = RuleSetting(RULE, params=(("people_at_home", 3),), applies_to=AppliesTo(organisations=frozenset({AWAY_ORG})))
    home = replace(away, applies_to=AppliesTo(organisations=frozenset({HOME_ORG})))

    assert RULE not in broken(at_home(0, settings=(away,)), held(ONE, "A"))
    assert RULE in broken(at_home(0, settings=(home,)), held(ONE, "A"))


def test_why_not_counts_the_colleagues_who_are_away():
    asked = why_not(world(), Plan((held(ONE, "A"),)), held(TWO, "B"))

    assert [reason.rule for reason in asked] == [RULE]
    assert why_not(world(), Plan(()), held(TWO, "B")) == ()


def test_the_numbers_are_named():
    assert says(world(), RULE, held(ONE, "A"), held(TWO, "B")) == (
        "Too few clinicians of urology would stay at Home Hospital at a half-day of 2026-03-02: 1 (at least 2)."
    )
