"""Calendar feeds: duties in, bytes out.  FEEDS lists them in the order shown to people."""

from dataclasses import dataclass
from typing import Protocol

from scheduler.duties import Duty
from scheduler.feeds.clinician import write_clinician_feed
from scheduler.feeds.ics import FeedStyle
from scheduler.text import N_


class WriteFeed(Protocol):
    """Makes the bytes of a feed that is called by a name and at home in an IANA zone."""

    def __call__(self, duties: tuple[Duty, ...], style: FeedStyle, *, name: str, timezone: str) -> bytes:
        """Give the whole calendar."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A kind of feed: its name in the database, its title for people, and what writes it."""

    id: str
    title: str
    write: WriteFeed


FEEDS = (Feed("clinician", N_("Duties of one clinician"), write_clinician_feed),)
