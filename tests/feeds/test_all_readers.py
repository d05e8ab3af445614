"""Nine readers that are not ours see every kind of feed and download alike, around the clock changes in all zones."""

from datetime import timedelta
from operator import attrgetter

import pytest

from scheduler.feeds import FEEDS
from tests.feeds.readers.calendars import (
    CHANGES,
    LANGUAGES,
    ZONES,
    calendar_with_unheard_of_zones,
    calendars_of_downloads,
    calendars_of_feeds,
    nights,
    slots,
)
from tests.feeds.readers.comparing import differences
from tests.feeds.readers.independent import ALL_READERS


@pytest.mark.slow
@pytest.mark.parametrize("reader", ALL_READERS, ids=attrgetter("name"))
def test_every_feed_and_download_is_read_as_it_is_meant(reader):
    calendars = [*calendars_of_feeds(), *calendars_of_downloads()]
    if reader.takes_zones_from_file:
        calendars.append(calendar_with_unheard_of_zones())

    seen = reader.read_all({calendar.name: calendar.body for calendar in calendars})

    assert differences(reader, {calendar.name: calendar.meant for calendar in calendars}, seen) == []


def test_the_calendars_hold_every_kind_of_feed_in_every_language_with_every_choice():
    names = [calendar.name for calendar in calendars_of_feeds()]

    for feed in FEEDS:
        of_feed = [name.split() for name in names if name.split()[0] == feed.id]
        assert {language for _, language, *_ in of_feed} == set(LANGUAGES)
        assert {option for _, _, *options in of_feed for option in ",".join(options).split(",")} >= set(feed.choices)
    assert len(names) == len(set(names))


@pytest.mark.parametrize("kind", ["duty", "session"])
def test_together_the_calendars_hold_every_hour_around_the_changes(kind):
    held = {
        (one.start_at, one.end_at, zone)
        for calendar in calendars_of_feeds()
        for one in calendar.meant
        for zone in ZONES
        if one.uid.startswith(f"{kind}-{zone}-") and "travel" not in one.uid
    }

    assert held == {(start_at, end_at, zone) for zone, start_at, end_at in slots()}


@pytest.mark.parametrize("zone", ZONES)
def test_a_night_lasts_longer_or_shorter_when_the_clocks_change(zone):
    hours = [(end_at - start_at) / timedelta(hours=1) for _, start_at, end_at in nights(zone)]

    assert dict(zip(CHANGES, hours, strict=True)) == dict(zip(CHANGES, [11, 13, 11], strict=True))
