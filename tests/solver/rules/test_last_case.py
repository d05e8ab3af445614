import pytest

from tests.solver.build import clinician, held, option, problem, seat, session
from tests.solver.judging import cost, says

RULE = "last_case"
PEOPLE = [clinician("A"), clinician("L", "away", roles=("lead", "cover"))]


def theatre(number, hours, kind="joint_theatre"):
    cover = [seat("cover", "cover", exclusive=False, cover_hours=hours)] if hours else []
    return session("List", "away", options=option(number), seats=[seat(), *cover], kind=kind)


def price(operation, who="A", *more):
    team = (who, "L")[: len(operation.seats)]
    return cost(problem(PEOPLE, [operation, *more]), RULE, held(operation, *team))


@pytest.mark.parametrize(
    ("number", "hours", "wanted"),
    [(0, None, 500), (0, 2, 500), (0, 3, 0), (3, 47, 0), (4, 47, 500), (4, 48, 0)],
)
def test_cover_lasts_some_hours_and_before_a_weekend_until_it_is_over(number, hours, wanted):
    assert price(theatre(number, hours)) == wanted


def test_hosts_and_consultations_are_not_asked():
    assert price(theatre(4, None), "L") == 0
    assert price(theatre(4, None, kind="consultation")) == 0


@pytest.mark.parametrize(("start", "wanted"), [("12:30", 0), ("13:00", 500)], ids=["at once", "after a break"])
def test_a_duty_line_of_the_specialty_is_cover(start, wanted):
    line = session("Line", "away", options=option(0, "afternoon", start, "20:00"), line="Urology")
    other = session(
        "Other", "away", options=option(0, "afternoon", "12:30", "20:00"), line="X", seats=[seat("a", "b", "x")]
    )

    assert price(theatre(0, None), "A", line, other) == wanted


def test_the_list_and_the_hours_are_named():
    assert says(problem(PEOPLE, [theatre(4, None)]), RULE, held(theatre(4, None), "A")) == (
        "“List” of Dr A at Away Hospital on 2026-03-06 is not followed by cover of the host for 48 hours."
    )
