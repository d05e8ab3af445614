from dataclasses import replace

import pytest

from tests.solver.build import AWAY, HOME, clinician, day, held, problem, session
from tests.solver.judging import broken

VISIT = session("S", "away")
PEOPLE = [clinician("A"), clinician("L", "away")]
RULE = "holidays_both_sides"


def world(home=HOME, away=AWAY):
    return problem(PEOPLE, [VISIT], sites=(home, away))


@pytest.mark.parametrize("field", ["holidays", "closed_on"])
def test_nobody_works_on_the_hosts_holidays_and_closures(field):
    closed = world(away=replace(AWAY, **{field: frozenset({day(0)})}))

    assert RULE in broken(closed, held(VISIT, "A"))
    assert broken(closed, held(VISIT, "L")) == {RULE}


def test_a_holiday_at_home_keeps_the_visitor_and_not_the_host():
    feast = world(home=replace(HOME, holidays=frozenset({day(0)})))

    assert broken(feast, held(VISIT, "A")) == {RULE}
    assert broken(feast, held(VISIT, "L")) == set()


def test_a_closure_at_home_and_the_next_day_change_nothing():
    other = world(
        home=replace(HOME, closed_on=frozenset({day(0)}), holidays=frozenset({day(1)})),
        away=replace(AWAY, holidays=frozenset({day(1)})),
    )

    assert broken(other, held(VISIT, "A")) == set()
