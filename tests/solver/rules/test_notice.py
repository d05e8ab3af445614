from datetime import timedelta

import pytest

from solver.audit import why_not
from solver.plan import Plan
from solver.problem import Strength
from tests.solver.build import MONDAY, clinician, held, option, problem, session
from tests.solver.judging import cost, says

RULE = "notice"
PEOPLE = [clinician("A"), clinician("B")]
WORK = session("S", options=(option(4), option(5)))


def world(days, **more):
    """Give the world so many days before the published Friday."""
    return problem(PEOPLE, [WORK], published=(held(WORK, "A"),), today=MONDAY + timedelta(days=4 - days), **more)


@pytest.mark.parametrize(("days", "price"), [(13, 500), (14, 0), (0, 500), (-1, 0)])
def test_a_person_lost_within_the_notice_is_paid_for(days, price):
    assert cost(world(days), RULE, held(WORK, "B")) == price
    assert cost(world(days), RULE, held(WORK, "A")) == 0


def test_another_day_and_a_session_dropped_are_changes():
    assert cost(world(3), RULE, held(WORK, "A", option=1)) == 500
    assert cost(world(3), RULE) == 500


def test_without_a_day_of_the_question_nothing_is_said():
    undated = problem(PEOPLE, [WORK], published=(held(WORK, "A"),))

    assert cost(undated, RULE, held(WORK, "B")) == 0


def test_why_not_warns_that_another_person_loses_the_duty():
    warned = why_not(world(3), Plan((held(WORK, "A"),)), held(WORK, "B"), Strength.WARN)

    assert [reason.rule for reason in warned] == [RULE]


def test_the_duty_and_the_days_left_are_named():
    assert says(world(3), RULE, held(WORK, "B")) == (
        "Dr A would lose the published duty “S” of 2026-03-06 at too short notice (days left: 3; notice: 14 days)."
    )
