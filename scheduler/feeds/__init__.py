"""Calendar feeds: frozen records in, bytes out.  FEEDS lists the kinds of feed in the order shown to people."""

from scheduler.errors import NotFound
from scheduler.feeds import agreement, clinician, programme, public, room, site, specialty, zone
from scheduler.feeds.feed import Feed
from scheduler.text import N_

__all__ = ["FEEDS", "FEEDS_BY_ID", "Feed", "feed_of"]

FEEDS = (
    clinician.FEED,
    site.FEED,
    room.FEED,
    specialty.FEED,
    agreement.FEED,
    programme.FEED,
    zone.FEED,
    public.FEED,
)
FEEDS_BY_ID = {feed.id: feed for feed in FEEDS}


def feed_of(feed_id: str) -> Feed:
    """Give the kind of feed with this id.

    Raises
    ------
    NotFound
        When there is no such kind.
    """
    if feed_id not in FEEDS_BY_ID:
        raise NotFound(N_("There is no such kind of calendar."))
    return FEEDS_BY_ID[feed_id]
