"""What the database knows of each kind of feed; SELECTIONS has them in the order of ``scheduler.feeds.FEEDS``."""

from scheduler.errors import NotFound
from scheduler.queries.feed_selections import agreement, clinician, programme, public, room, site, specialty, zone
from scheduler.queries.feed_selections.selection import FeedSelection, TouchedSessions, TouchedTemplate
from scheduler.text import N_

__all__ = [
    "NO_CALENDAR",
    "SELECTIONS",
    "SELECTIONS_BY_ID",
    "FeedSelection",
    "TouchedSessions",
    "TouchedTemplate",
    "selection_of",
]

NO_CALENDAR = N_("There is no such calendar.")
SELECTIONS = (
    clinician.SELECTION,
    site.SELECTION,
    room.SELECTION,
    specialty.SELECTION,
    agreement.SELECTION,
    programme.SELECTION,
    zone.SELECTION,
    public.SELECTION,
)
SELECTIONS_BY_ID = {selection.id: selection for selection in SELECTIONS}


def selection_of(feed_id: str) -> FeedSelection:
    """Give what the database knows of the kind of feed with this id.

    Raises
    ------
    NotFound
        When there is no such kind.
    """
    if feed_id not in SELECTIONS_BY_ID:
        raise NotFound(NO_CALENDAR)
    return SELECTIONS_BY_ID[feed_id]
