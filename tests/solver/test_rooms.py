"""Rooms are named exactly where that is possible, and what had a room keeps it."""

from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.problem import HalfDay, Pin
from solver.rooms import RoomsLacking, name_rooms
from tests.solver.build import at, clinician, day, held, option, plan, problem, room, session

ANNA = clinician("anna")


def consult(name, options=(), **more):
    return session(name, options=options, room_kind="consulting", **more)


def world(sessions, rooms, **more):
    return problem([ANNA], sessions, rooms=tuple(rooms), **more)


def named(facts, *items):
    return {h.session: h.room for h in name_rooms(facts, plan(*items)).held}


def test_sessions_at_the_same_time_get_different_rooms():
    a, b = consult("a"), consult("b")

    rooms = named(world([a, b], [room("r1"), room("r2")]), held(a, "anna"), held(b, "anna"))

    assert set(rooms.values()) == {"r1", "r2"}


def test_sessions_one_after_the_other_may_share_a_room():
    a, b = consult("a", option(0, "morning")), consult("b", option(0, "afternoon"))

    assert named(world([a, b], [room("r1")]), held(a, "anna"), held(b, "anna")) == {"a": "r1", "b": "r1"}


def test_a_session_that_needs_no_room_gets_none():
    a = session("a")

    assert named(world([a], [room("r1")]), held(a, "anna")) == {"a": None}


def test_kind_equipment_site_and_opening_are_kept():
    a = consult("a", equipment=frozenset({"laser"}))
    rooms = [
        room("theatre", kind="theatre", equipment=frozenset({"laser"})),
        room("bare"),
        room("away", "away", equipment=frozenset({"laser"})),
        room("closed", equipment=frozenset({"laser"}), open_at=frozenset({(day(1), HalfDay.MORNING)})),
        room("right", equipment=frozenset({"laser", "scope"})),
    ]

    assert named(world([a], rooms), held(a, "anna")) == {"a": "right"}


def test_a_published_room_is_kept():
    a, b = consult("a"), consult("b")
    facts = world([a, b], [room("r1"), room("r2")], published=(held(b, "anna", room="r1"),))

    assert named(facts, held(a, "anna"), held(b, "anna")) == {"a": "r2", "b": "r1"}


def test_a_published_room_is_given_up_when_another_needs_it():
    a, b = consult("a", equipment=frozenset({"laser"})), consult("b")
    rooms = [room("r1", equipment=frozenset({"laser"})), room("r2")]
    facts = world([a, b], rooms, published=(held(b, "anna", room="r1"),))

    assert named(facts, held(a, "anna"), held(b, "anna")) == {"a": "r1", "b": "r2"}


def test_a_pinned_room_is_kept():
    a, b = consult("a"), consult("b")
    facts = world([a, b], [room("r1"), room("r2")], pins=(Pin("b", room="r1"),))

    assert named(facts, held(a, "anna", room="r1"), held(b, "anna")) == {"a": "r2", "b": "r1"}


def test_a_pinned_room_that_does_not_fit_yields():
    a = consult("a")
    facts = world([a], [room("r1"), room("shut", open_at=frozenset())], pins=(Pin("a", room="shut"),))

    assert named(facts, held(a, "anna")) == {"a": "r1"}


def test_a_room_of_the_past_is_kept_even_if_it_would_not_fit_today():
    a = consult("a")
    pin = Pin("a", room="shut", history=True)
    facts = world([a], [room("r1"), room("shut", open_at=frozenset())], pins=(pin,))

    assert named(facts, held(a, "anna")) == {"a": "shut"}


def test_the_room_of_the_plan_goes_before_the_published_one():
    a = consult("a")
    facts = world([a], [room("r1"), room("r2")], published=(held(a, "anna", room="r1"),))

    assert named(facts, held(a, "anna", room="r2")) == {"a": "r2"}


def test_when_rooms_are_short_the_higher_priority_has_one_and_it_is_said():
    a, b = consult("a", priority=1), consult("b", priority=2)
    facts = world([a, b], [room("r1")], published=(held(a, "anna", room="r1"),))

    with pytest.raises(RoomsLacking) as caught:
        name_rooms(facts, plan(held(a, "anna"), held(b, "anna")))

    assert caught.value.sessions == ("a",)
    assert {h.session: h.room for h in caught.value.plan.held} == {"a": None, "b": "r1"}


def test_partly_overlapping_sessions_are_coloured():
    times = [("08:00", "10:00"), ("09:00", "12:00"), ("11:00", "13:00"), ("10:00", "11:00")]
    sessions = [consult(str(i), option(0, "morning", start, end)) for i, (start, end) in enumerate(times)]

    rooms = named(world(sessions, [room("r1"), room("r2")]), *(held(s, "anna") for s in sessions))

    assert rooms["0"] != rooms["1"] != rooms["2"]
    assert rooms["3"] != rooms["1"]


TAGS = ("x", "y")
tags = st.frozensets(st.sampled_from(TAGS))
spans = st.tuples(st.integers(0, 5), st.integers(1, 3))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(spans, tags), min_size=1, max_size=5), st.lists(tags, min_size=1, max_size=3))
def test_rooms_are_found_exactly_when_some_naming_exists(wanted, equipment):
    sessions = []
    for i, ((start, length), needs) in enumerate(wanted):
        begin = at(0, "08:00") + timedelta(hours=start)
        times = option(0, "morning", f"{begin:%H:%M}", f"{begin + timedelta(hours=length):%H:%M}")
        sessions.append(consult(str(i), times, equipment=needs))
    facts = world(sessions, [room(f"r{i}", equipment=e) for i, e in enumerate(equipment)])
    items = [held(s, "anna") for s in sessions]

    try:
        naming = [h.room for h in name_rooms(facts, plan(*items)).held]
    except RoomsLacking as lacking:
        naming = [h.room for h in lacking.plan.held]

    assert right(sessions, facts, naming)
    assert (None not in naming) == any(
        right(sessions, facts, list(rooms)) for rooms in product(facts.room, repeat=len(sessions))
    )


def right(sessions, facts, naming):
    times = [(s.options[0].start_at, s.options[0].end_at) for s in sessions]
    fit = all(r is None or s.equipment <= facts.room[r].equipment for s, r in zip(sessions, naming, strict=True))
    return fit and not any(
        naming[i] is not None and naming[i] == naming[j] and times[i][0] < times[j][1] and times[j][0] < times[i][1]
        for i in range(len(sessions))
        for j in range(i)
    )
