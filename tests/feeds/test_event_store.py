"""Each event is written once per revision and dress."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scheduler.duties import TravelBlock
from scheduler.feeds.events import WrittenEvent
from scheduler.services.event_store import EventKey, KnownEvent, write_event, write_way
from tests.feeds.build import REVISED_AT, lines_of, make_duty, make_place, make_session, make_style

HOUR = timedelta(hours=1)


def key_of(kind, subject_id=7, part="", dress="en"):
    return EventKey(kind, subject_id, part, dress)


def stored(event):
    """The event as it would be loaded."""
    return KnownEvent(
        uid=event.written.uid,
        sequence=event.sequence,
        stamped_at=event.stamped_at,
        digest=event.digest,
        basis=event.basis,
        zone=event.written.zone,
        start_at=event.written.start_at,
        end_at=event.written.end_at,
        body=event.written.body,
    )


def write(kind, fact, known=None, **style):
    return write_event(key_of(kind), fact, make_style(**style), known=stored(known) if known else None, basis="basis")


def test_a_new_event_tells_the_revision_of_its_duty():
    event = write("duty", make_duty(sequence=3))

    assert (event.revised_at, event.stamped_at, event.sequence) == (REVISED_AT, REVISED_AT, 3)
    assert b"SEQUENCE:3" in event.written.body


def test_a_revision_that_changes_what_is_shown_is_told():
    duty = make_duty()
    revised = replace(duty, room="Consulting 9", revised_at=REVISED_AT + HOUR)

    event = write("duty", revised, known=write("duty", duty))

    assert event.stamped_at == REVISED_AT + HOUR
    assert b"Consulting 9" in event.written.body


def test_a_revision_that_changes_nothing_shown_leaves_the_event_as_it_was():
    session = make_session()
    before = write("public", session)
    revised = replace(session, team=session.team[:1], revised_at=REVISED_AT + HOUR)

    event = write("public", revised, known=before)

    assert event.written.body == before.written.body
    assert (event.revised_at, event.stamped_at) == (REVISED_AT + HOUR, REVISED_AT)


def test_who_is_busy_is_not_told_of_another_colleague():
    duty = make_duty()
    before = write("duty", duty, is_private=True)

    event = write("duty", replace(duty, colleagues=(), revised_at=REVISED_AT + HOUR), known=before, is_private=True)

    assert event.written.body == before.written.body


def test_a_new_sequence_is_told_even_when_all_else_is_as_it_was():
    duty = make_duty()
    again = replace(duty, sequence=2, revised_at=REVISED_AT + HOUR)

    event = write("duty", again, known=write("duty", duty))

    assert b"SEQUENCE:2" in event.written.body
    assert event.stamped_at == REVISED_AT + HOUR


def make_way(**facts):
    duty = make_duty()
    start_at = duty.start_at - HOUR
    block = TravelBlock("duty", 7, "out", make_place(), make_place(name="Far"), start_at, duty.start_at, 60, False)
    return replace(block, **facts)


def write_travel(block, known=None, *, revised_at=REVISED_AT):
    return write_way(
        key_of("travel", part="there"),
        block,
        make_style(),
        known=stored(known) if known else None,
        revised_at=revised_at,
        basis="basis",
    )


def test_a_way_begins_with_the_revision_of_its_duty():
    way = write_travel(make_way())

    assert (way.sequence, way.stamped_at) == (0, REVISED_AT)


def test_a_way_that_did_not_change_is_taken_from_the_store():
    first = write_travel(make_way())

    again = write_travel(make_way(), first, revised_at=REVISED_AT + HOUR)

    assert isinstance(again, WrittenEvent)
    assert again == first.written


def test_a_way_at_another_time_has_a_higher_sequence():
    first = write_travel(make_way())
    later = make_way(start_at=first.written.start_at + timedelta(minutes=10))

    moved = write_travel(later, first, revised_at=REVISED_AT + HOUR)

    assert (moved.sequence, moved.stamped_at) == (1, REVISED_AT + HOUR)


def test_a_way_that_changes_without_its_duty_is_a_second_younger():
    first = write_travel(make_way())

    renamed = write_travel(make_way(to_place=make_place(name="Renamed", town="Elsewhere")), first)

    assert (renamed.sequence, renamed.stamped_at) == (0, REVISED_AT + timedelta(seconds=1))
    assert [line for line in lines_of(renamed.written.body) if line.startswith("LAST-MODIFIED")] == [
        "LAST-MODIFIED:20260302T140501Z"
    ]


def test_a_way_whose_facts_changed_unseen_keeps_its_stamps():
    first = write_travel(make_way())
    unseen = make_way(from_place=replace(make_place(), latitude=51.0))

    again = write_travel(unseen, first, revised_at=REVISED_AT + HOUR)

    assert again.written == first.written
    assert (again.stamped_at, again.revised_at) == (REVISED_AT, REVISED_AT + HOUR)
    assert again.digest != first.digest


@pytest.mark.parametrize("basis", ["basis", "another"])
def test_what_was_written_from_another_basis_is_looked_at_again(basis):
    first = write_travel(make_way())
    known = replace(stored(first), basis=basis)

    again = write_way(
        key_of("travel", part="there"), make_way(), make_style(), known=known, revised_at=REVISED_AT, basis="basis"
    )

    assert isinstance(again, WrittenEvent) == (basis == "basis")
