"""Readers that are not ours find every event at the right instant, taking the zones from the file itself."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest

from scheduler.feeds.events import write_duty, write_leave, write_public, write_session, write_travel
from scheduler.i18n import gettext_for
from tests.feeds.build import (
    REVISED_AT,
    joined,
    make_block,
    make_duty,
    make_leave,
    make_place,
    make_session,
    make_style,
    write,
)
from tests.feeds.readers.independent import READERS, Seen

ZONES = ("Europe/Brussels", "Europe/Paris", "Europe/Luxembourg")
CHANGES = (date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28))
CLOCKS = (("08:30", "12:30"), ("20:00", "08:00"), ("00:30", "02:30"), ("02:30", "06:00"))
PUBLIC_URL = "https://roster.example"


def around_the_changes(make):
    """What happens on the days around each change, in each zone, and once a month in the year of two of them."""
    events = []
    for zone in ZONES:
        site = make_place(zone, name=f"Site, of; {zone}")
        for change in CHANGES:
            for day in range(-2, 3):
                on = change + timedelta(days=day)
                events += [make(on, starts, ends, site=site) for starts, ends in CLOCKS]
        events += [make(date(2026, month, 15), "13:30", "17:30", site=site) for month in range(1, 13)]
    return [event for event in events if event.start_at < event.end_at]


def duties_around_the_changes(**choices):
    return [write_duty(duty, make_style(**choices)) for duty in around_the_changes(make_duty)]


def ways_around_the_changes():
    """Half an hour before and after each duty, so that many begin or end within the change."""
    return [
        write_travel(make_block(duty, part=part), make_style(), revised_at=REVISED_AT, sequence=0)
        for duty in around_the_changes(make_duty)
        for part in ("out", "back")
    ]


def sessions_around_the_changes(**choices):
    return [
        write_session(fact, make_style(public_url=PUBLIC_URL, **choices)) for fact in around_the_changes(make_session)
    ]


def cancelled_around_the_changes():
    style = make_style(gettext=gettext_for("fr"))
    return [
        written
        for fact, duty in zip(around_the_changes(make_session), around_the_changes(make_duty), strict=True)
        for written in (
            write_session(replace(fact, is_cancelled=True), style),
            write_duty(replace(duty, is_cancelled=True), style),
        )
    ]


def with_reminders():
    hour = timedelta(hours=1)
    style = make_style()
    return [write_duty(duty, style, reminder=hour) for duty in around_the_changes(make_duty)] + [
        write_session(fact, style, reminder=hour) for fact in around_the_changes(make_session)
    ]


KINDS = {
    "duties": duties_around_the_changes,
    "private duties": lambda: duties_around_the_changes(is_private=True),
    "lean duties": lambda: duties_around_the_changes(is_lean=True),
    "travel": ways_around_the_changes,
    "sessions": sessions_around_the_changes,
    "private sessions": lambda: sessions_around_the_changes(is_private=True),
    "lean sessions": lambda: sessions_around_the_changes(is_lean=True),
    "sessions of a room": lambda: sessions_around_the_changes(is_clinician_first=True),
    "cancelled": cancelled_around_the_changes,
    "public": lambda: [write_public(fact, make_style()) for fact in around_the_changes(make_session)],
    "reminders": with_reminders,
}


@cache
def events_of(kind):
    return KINDS[kind]()


every_reader = pytest.mark.parametrize("read", READERS)


@every_reader
@pytest.mark.parametrize("kind", KINDS)
def test_every_event_is_read_at_its_instant(read, kind):
    written = events_of(kind)

    seen = read(joined(*written))

    assert {one.uid: (one.start_at, one.end_at) for one in seen} == {
        one.uid: (one.start_at, one.end_at) for one in written
    }
    assert len(seen) == len(written)


@every_reader
def test_leave_is_read_as_whole_days_also_when_the_clocks_change(read):
    spells = [
        (change + timedelta(days=before), change + timedelta(days=before + days))
        for change in CHANGES
        for before in (-2, -1, 0, 1)
        for days in (1, 2, 7)
    ]
    leave = [make_leave(*spell) for spell in spells]

    seen = read(joined(*(write_leave(fact, make_style()) for fact in leave)))

    days = {one.uid: (one.start_at, one.end_at) for one in seen}
    assert days == {f"{fact.uid}@roster.example": (fact.start_on, fact.end_on) for fact in leave}
    assert {one.summary for one in seen} == {"Leave"}


@every_reader
def test_a_night_keeps_its_clock_times_over_a_change(read):
    nights = {
        (zone, change): make_duty(change - timedelta(days=1), "20:00", "08:00", site=make_place(zone))
        for zone in ZONES
        for change in CHANGES
    }

    seen = {one.uid: one.end_at - one.start_at for one in read(write(*nights.values()))}

    for zone in ZONES:
        hours = [seen[f"{nights[zone, change].uid}@roster.example"] / timedelta(hours=1) for change in CHANGES]
        assert hours == [11, 13, 11]


@every_reader
def test_texts_are_read_as_they_were_meant(read):
    duty = make_duty(site=make_place(name="St-Luc, bât. B; Lüttich"), room="Salle 3")

    assert read(write(duty)) == [
        Seen(
            uid=f"{duty.uid}@roster.example",
            start_at=duty.start_at,
            end_at=duty.end_at,
            summary="Salle 3 · Urology – Maubeuge",
            location="St-Luc, bât. B; Lüttich, Maubeuge, Salle 3",
        )
    ]


@every_reader
def test_a_backslash_before_a_letter_is_read_as_it_was_typed(read):
    [seen] = read(write(make_duty(room=r"A\new\Nord; B\,C")))

    assert seen.location.endswith(r"A\new\Nord; B\,C")


@every_reader
def test_a_private_feed_is_read_as_busy_alone(read):
    seen = read(joined(*duties_around_the_changes(is_private=True)))

    assert {(one.summary, one.location) for one in seen} == {("Busy", "")}


@every_reader
def test_a_cancelled_event_is_read_as_cancelled(read):
    [cancelled] = read(write(make_duty(is_cancelled=True)))
    [held] = read(write(make_duty()))

    assert (cancelled.status, held.status) == ("CANCELLED", "CONFIRMED")
    assert cancelled.summary.startswith("Cancelled: ")
