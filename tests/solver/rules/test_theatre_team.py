import pytest

from solver.audit import refusals
from tests.solver.build import clinician, fixed_duty, held, option, problem, seat, session
from tests.solver.judging import broken, says

ROLES = ("lead", "counterpart", "cover")
TEAM = [
    seat("lead", "lead"),
    seat("counterpart", "counterpart"),
    seat("cover", "cover", exclusive=False, cover_hours=24),
]
LIST = session("List", seats=TEAM, kind="joint_theatre")
PEOPLE = [clinician("A", roles=ROLES), clinician("B", roles=ROLES)]


def test_the_counterpart_may_cover():
    assert broken(problem(PEOPLE, [LIST]), held(LIST, "A", "B", "B")) == set()


def test_two_exclusive_seats_go_to_two_people():
    assert "theatre_team" in broken(problem(PEOPLE, [LIST]), held(LIST, "A", "A", "B"))


@pytest.mark.parametrize(
    ("site", "number", "wanted"),
    [("home", 0, set()), ("away", 0, {"theatre_team"}), ("away", 1, set())],
    ids=["same site", "elsewhere within the day", "elsewhere after it"],
)
def test_whoever_covers_works_at_the_same_site_meanwhile(site, number, wanted):
    start = ("14:00", "17:00") if number == 0 else ("12:30", "17:00")
    later = session("Later", site, options=option(number, "afternoon", *start))

    world = problem(PEOPLE, [LIST, later])

    assert broken(world, held(LIST, "A", "B", "B"), held(later, "B")) == wanted


def test_two_covers_at_two_sites_exclude_each_other():
    far = session("Far", "away", options=option(0, "afternoon"), seats=[TEAM[2]])
    near = session("Near", "home", options=option(0, "afternoon"), seats=[TEAM[2]])
    world = problem(PEOPLE, [LIST, far, near])

    assert broken(world, held(LIST, "A", "B", "B"), held(far, "B")) == {"theatre_team"}
    assert broken(world, held(LIST, "A", "B", "B"), held(near, "B")) == set()


def test_a_fixed_duty_elsewhere_refuses_cover():
    world = problem(PEOPLE, [LIST], fixed_duties=(fixed_duty("B", "away", 0, "20:00", "22:00"),))

    assert broken(world, held(LIST, "A", "B", "A")) == set()
    assert [r.rule for r in refusals(world, "List", "cover", "B", LIST.options[0])] == ["theatre_team"]


def test_cover_and_work_elsewhere_are_named_with_their_days():
    later = session("Later", "away", title="List", options=option(0, "afternoon", "14:00"))

    assert says(problem(PEOPLE, [LIST, later]), "theatre_team", held(LIST, "A", "B", "B"), held(later, "B")) == (
        "Dr B covers after “List” of 2026-03-02 and would be at Away Hospital for “List” on 2026-03-02."
    )
