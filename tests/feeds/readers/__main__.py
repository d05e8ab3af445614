"""Reads whole feeds: each kind in each of its variants with every day, hour and zone around the clock changes.

``python -m tests.feeds.readers [FEED ...]`` tells for each feed and reader how many events were seen as they are meant;
a feed takes a minute or two.  The tests give each calendar a part of that.
"""

import sys

from scheduler.feeds import FEEDS
from tests.feeds.readers.calendars import calendar_of, slots, variants_of
from tests.feeds.readers.comparing import differences
from tests.feeds.readers.independent import ALL_READERS


def main(asked):
    failed = 0
    for feed in [feed for feed in FEEDS if not asked or feed.id in asked]:
        calendars = [calendar_of(feed, variant, slots()) for variant in variants_of(feed)]
        meant = {calendar.name: calendar.meant for calendar in calendars}
        for reader in ALL_READERS:
            seen = reader.read_all({calendar.name: calendar.body for calendar in calendars})
            found = differences(reader, meant, seen)
            failed += len(found)
            counted = f"{len(calendars)} calendars, {sum(map(len, seen.values()))} events"
            print(
                f"{feed.id:<12}{reader.name:<24}{counted}, {len(found)} differences", *found, sep="\n    ", flush=True
            )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
