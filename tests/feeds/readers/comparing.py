"""Compares what a reader saw with what was meant."""

from collections import Counter
from dataclasses import astuple, fields

from tests.feeds.readers.seen import Seen

NAMES = [field.name for field in fields(Seen)]


def differences(reader, meant, seen, *, most=20):
    """Give what a reader missed and what it saw beyond what was meant, calendar by calendar, up to a number."""
    found = [] if meant.keys() == seen.keys() else [f"calendars: {sorted(meant.keys() ^ seen.keys())}"]
    for name in meant:
        wanted, got = _counted(reader, meant[name]), _counted(reader, seen.get(name, ()))
        found += [f"{name}: missed {row}" for row in (wanted - got).elements()]
        found += [f"{name}: saw {row}" for row in (got - wanted).elements()]
    return found[:most]


def _counted(reader, events):
    """Count equal events, of those fields that the reader can give."""
    shown = [NAMES.index(name) for name in NAMES if name not in reader.blind_to]
    rows = [tuple(str(astuple(event)[index]) for index in shown) for event in events]
    return Counter(set(rows) if reader.joins_equals else rows)
