from dataclasses import replace

import pytest

from solver.audit import refusals
from solver.problem import Travel
from tests.solver.build import clinician, fixed_duty, held, option, problem, seat, session
from tests.solver.judging import broken, says

RULE = "duty_lines"
PEOPLE = [clinician("A"), clinician("B")]
ON_CALL = seat(exclusive=False)
NIGHT = session("Night", options=option(0, "night"), seats=[ON_CALL], line="Urology", line_choice=1)


def world(*sessions, minutes=45, **more):
    return problem(PEOPLE, sessions, travel=(Travel("home", "away", minutes),), **more)


def test_the_base_and_the_second_call_of_a_line_are_two_people():
    second = replace(NIGHT, id="Second", group="Second", line_choice=2)

    assert broken(world(NIGHT, second), held(NIGHT, "A"), held(second, "B")) == set()
    assert broken(world(NIGHT, second), held(NIGHT, "A"), held(second, "A")) == {RULE}
    assert says(world(NIGHT, second), RULE, held(NIGHT, "A"), held(second, "A")) == (
        "Dr A would answer for two places at once on 2026-03-02: “Night” and “Night”."
    )


def test_two_lines_on_call_at_one_site_may_be_answered_by_one_person():
    other = replace(NIGHT, id="Other", group="Other", line="Oncology")

    assert broken(world(NIGHT, other), held(NIGHT, "A"), held(other, "A")) == set()


@pytest.mark.parametrize(("start", "wanted"), [("21:00", {RULE}), ("08:00", set())], ids=["meets", "follows"])
def test_a_line_on_site_leaves_nobody_for_a_line_on_call(start, wanted):
    day = 0 if start == "21:00" else 1
    on_site = session("Site", options=option(day, "evening", start, "23:00"), line="Oncology", line_choice=1)

    assert broken(world(NIGHT, on_site), held(NIGHT, "A"), held(on_site, "A")) == wanted


@pytest.mark.parametrize(("end", "wanted"), [("19:45", set()), ("19:46", {RULE})])
def test_the_way_back_to_a_line_may_take_the_response_time_longer(end, wanted):
    visit = session("Visit", "away", options=option(0, "evening", "17:00", end))

    assert broken(world(NIGHT, visit), held(NIGHT, "A"), held(visit, "A")) == wanted


@pytest.mark.parametrize(("start", "wanted"), [("08:15", set()), ("08:14", {RULE})])
def test_nobody_leaves_a_line_early_for_the_morning_elsewhere(start, wanted):
    visit = session("Visit", "away", options=option(1, "morning", start, "12:00"))

    assert broken(world(NIGHT, visit), held(NIGHT, "A"), held(visit, "A")) == wanted


def test_work_elsewhere_during_a_line_is_said_to_meet_it():
    visit = session("Visit", "away", options=option(0, "evening", "19:00", "21:00"))

    assert says(world(NIGHT, visit), "theatre_team", held(NIGHT, "A"), held(visit, "A")) == (
        "Dr A is on call for “Night” of 2026-03-02 and would be at Away Hospital for “Visit” on 2026-03-02."
    )


@pytest.mark.parametrize(("end", "wanted"), [("19:45", []), ("19:46", [RULE])])
def test_a_fixed_duty_elsewhere_leaves_time_for_the_way(end, wanted):
    there = world(NIGHT, fixed_duties=(fixed_duty("A", "away", 0, "17:00", end),))

    assert [r.rule for r in refusals(there, "Night", "lead", "A", NIGHT.options[0])] == wanted
