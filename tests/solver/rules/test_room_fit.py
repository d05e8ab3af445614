from solver.problem import HalfDay, Pin
from tests.solver.build import clinician, day, held, option, problem, room, session
from tests.solver.judging import broken

PEOPLE = [clinician("A"), clinician("B"), clinician("C")]


def consultation(id, **more):
    return session(id, room_kind="consulting", **more)


def test_as_many_sessions_as_rooms_are_held_at_once():
    one, two, three = consultation("1"), consultation("2"), consultation("3")
    world = problem(PEOPLE, [one, two, three], rooms=(room("r1"), room("r2")))

    assert broken(world, held(one, "A"), held(two, "B")) == set()
    assert broken(world, held(one, "A"), held(two, "B"), held(three, "C")) == {"room_fit"}


def test_equipment_is_counted_by_itself():
    plain, laser, more = consultation("1"), *(consultation(n, equipment=frozenset({"laser"})) for n in "23")
    rooms = (room("r1"), room("r2", equipment=frozenset({"laser"})))
    world = problem(PEOPLE, [plain, laser, more], rooms=rooms)

    assert broken(world, held(plain, "A"), held(laser, "B")) == set()
    assert broken(world, held(more, "A"), held(laser, "B")) == {"room_fit"}


def test_a_room_serves_only_the_half_days_at_which_it_is_open():
    one = consultation("1", options=[option(0), option(1)])
    open_at = frozenset({(day(1), HalfDay.MORNING)})
    world = problem(PEOPLE, [one], rooms=(room("r1", open_at=open_at),))

    assert broken(world, held(one, "A", option=1)) == set()
    assert broken(world, held(one, "A", option=0)) == {"room_fit"}


def test_sessions_of_other_half_days_that_overlap_need_two_rooms():
    long = consultation("L", options=option(0, "morning", "08:00", "13:00"))
    midday = consultation("M", options=option(0, "midday"))
    later = consultation("N", options=option(0, "midday", "13:00", "13:30"))
    world = problem(PEOPLE, [long, midday, later], rooms=(room("r1"),))

    assert broken(world, held(long, "A"), held(midday, "B")) == {"room_fit"}
    assert broken(world, held(long, "A"), held(later, "B")) == set()


def test_a_named_room_is_used_once_at_a_time_and_must_fit():
    one, two = consultation("1"), consultation("2")
    world = problem(PEOPLE, [one, two], rooms=(room("r1"), room("r2"), room("t", kind="theatre")))

    assert broken(world, held(one, "A", room="r1"), held(two, "B", room="r2")) == set()
    assert broken(world, held(one, "A", room="r1"), held(two, "B", room="r1")) == {"room_fit"}
    assert broken(world, held(one, "A", room="t")) == {"room_fit"}


def test_a_pinned_room_is_the_only_one_that_serves():
    one = consultation("1")
    world = problem(PEOPLE, [one], rooms=(room("r1"), room("r2")), pins=(Pin("1", room="r1"),))

    assert broken(world, held(one, "A", room="r1")) == set()
    assert broken(world, held(one, "A", room="r2")) == {"room_fit"}
