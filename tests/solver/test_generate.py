"""Generated problems are repeatable, of the promised size, and hold what makes planning hard."""

import pytest

from solver.generate import SIZES, estimated_minutes, generate
from solver.problem import Side


@pytest.mark.parametrize("size", ["pilot", "zone", "network"])
def test_a_size_keeps_its_numbers(size):
    problem = generate(size, 1)

    assert (len(problem.sites), len(problem.clinicians), len(problem.sessions)) == SIZES[size]


def test_the_same_seed_gives_the_same_problem():
    assert generate("zone", 7) == generate("zone", 7)


def test_another_seed_gives_another_problem():
    assert generate("pilot", 1) != generate("pilot", 2)


def test_more_weeks_give_as_many_more_sessions():
    problem = generate("pilot", 1, weeks=4)

    assert len(problem.sessions) == 4 * SIZES["pilot"][2]
    assert {o.on.isocalendar().week for s in problem.sessions for o in s.options} == {9, 10, 11, 12}


def test_an_unknown_size_is_refused():
    with pytest.raises(ValueError, match="size must be one of"):
        generate("world", 1)


def test_a_zone_holds_the_traps():
    problem = generate("zone", 1)

    assert problem.absences
    assert problem.fixed_duties
    assert any(p.valid_until.year == 2027 for c in problem.clinicians for p in c.registrations)
    assert any(len(c.insurances[0].countries) == 1 and len(c.registrations) > 1 for c in problem.clinicians)


def test_a_joint_theatre_list_asks_for_both_sides_and_cover():
    session = next(s for s in generate("pilot", 1).sessions if s.kind == "joint_theatre")

    seats = {seat.role: seat for seat in session.seats}

    assert seats["lead"].side is Side.VISITOR
    assert {seats[r].side for r in ("counterpart", "anaesthetist", "cover")} == {Side.HOST}
    assert not seats["cover"].exclusive


@pytest.mark.parametrize("seed", range(1, 4))
def test_every_seat_has_someone_with_its_role_and_specialty(seed):
    problem = generate("pilot", seed)

    for session in problem.sessions:
        for seat in session.seats:
            assert any(
                seat.role in c.roles and c.specialties.intersection(seat.specialties)
                for c in problem.clinicians
                if seat.side is Side.ANY or problem.is_visitor(c.id, session.site) == (seat.side is Side.VISITOR)
            )


@pytest.mark.parametrize(
    ("north_km", "minutes"),
    [(0, 6), (5 / 1.3, 6 + 7.5), (20 / 1.3, 6 + 23.1), (50 / 1.3, 56), (140 / 1.3, 118)],
)
def test_travel_is_estimated_by_the_length_of_the_road(north_km, minutes):
    north = north_km / 6371 * 57.29578

    assert estimated_minutes((50.0, 4.0), (50.0 + north, 4.0)) == pytest.approx(minutes, abs=0.6)
