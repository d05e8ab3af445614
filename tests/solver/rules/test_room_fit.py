from solver.audit import audit
from solver.problem import HalfDay, Pin
from tests.solver.build import clinician, day, held, option, plan, problem, room, session
from tests.solver.judging import broken, says

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


def test_what_is_said_of_rooms_needs_no_plural_and_says_no_name_twice():
    one, two, late = (
        consultation(id, title="Clinic", options=option(0, "morning", start, "12:30"))
        for id, start in (("1", "08:30"), ("2", "08:30"), ("3", "12:00"))
    )
    world = problem(PEOPLE, [one, two, late], rooms=(room("r1"), room("t", kind="theatre")))

    assert says(world, "room_fit", held(one, "A"), held(two, "B")) == (
        "At one time on 2026-03-02, Home Hospital has too few fitting rooms for its sessions"
        " (sessions: 2; fitting rooms: 1)."
    )
    assert double(world, held(one, "A", room="r1"), held(two, "B", room="r1")) == [
        "r1 would be used twice at the same time on 2026-03-02 (08:30–12:30), both times for “Clinic”."
    ]
    assert double(world, held(one, "A", room="r1"), held(late, "B", room="r1")) == [
        "r1 would be used twice at the same time on 2026-03-02: for “Clinic” (08:30–12:30) and for “Clinic”"
        " (12:00–12:30)."
    ]
    assert says(world, "room_fit", held(one, "A", room="t")) == (
        "t does not fit “Clinic” on 2026-03-02: kind, equipment, opening or pin."
    )


def double(world, *items):
    """Give what is said of rooms that are used twice."""
    return [str(b.message) for b in audit(world, plan(*items)).breaches if "twice" in str(b.message)]
