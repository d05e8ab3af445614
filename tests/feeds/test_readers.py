"""Readers that are not ours find every duty at the right instant, taking the zones from the file itself."""

from datetime import date, timedelta

import pytest

from tests.feeds.build import make_duty, make_place, write
from tests.feeds.readers.independent import READERS, Seen

ZONES = ("Europe/Brussels", "Europe/Paris", "Europe/Luxembourg")
CHANGES = (date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28))


def around_the_changes():
    duties = []
    for zone in ZONES:
        site = make_place(zone, name=f"Site, of; {zone}")
        for change in CHANGES:
            for day in range(-2, 3):
                on = change + timedelta(days=day)
                duties += [
                    make_duty(on, "08:30", "12:30", site=site),
                    make_duty(on, "20:00", "08:00", site=site),
                    make_duty(on, "00:30", "02:30", site=site),
                    make_duty(on, "02:30", "06:00", site=site),
                ]
        duties += [make_duty(date(2026, month, 15), "13:30", "17:30", site=site) for month in range(1, 13)]
    return [duty for duty in duties if duty.start_at < duty.end_at]


@pytest.mark.parametrize("read", READERS)
def test_every_event_is_read_at_its_instant(read):
    duties = around_the_changes()

    seen = read(write(*duties))

    times = {one.uid: (one.start_at, one.end_at) for one in seen}
    assert times == {f"{duty.uid}@roster.example": (duty.start_at, duty.end_at) for duty in duties}


@pytest.mark.parametrize("read", READERS)
def test_a_night_keeps_its_clock_times_over_a_change(read):
    nights = {
        change: make_duty(change - timedelta(days=1), "20:00", "08:00", site=make_place("Europe/Luxembourg"))
        for change in CHANGES
    }

    seen = {one.uid: one.end_at - one.start_at for one in read(write(*nights.values()))}

    hours = [seen[f"{nights[change].uid}@roster.example"] / timedelta(hours=1) for change in CHANGES]
    assert hours == [11, 13, 11]


@pytest.mark.parametrize("read", READERS)
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


@pytest.mark.parametrize("read", READERS)
def test_a_private_feed_is_read_with_the_same_times(read):
    duties = around_the_changes()

    seen = read(write(*duties, is_private=True))

    assert {one.summary for one in seen} == {"Busy"}
    assert sorted((one.start_at, one.end_at) for one in seen) == sorted((one.start_at, one.end_at) for one in duties)
