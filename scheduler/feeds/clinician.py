"""The duties of one clinician."""

from collections.abc import Iterable

from scheduler.duties import Duty
from scheduler.feeds.ics import FeedStyle, write_calendar
from scheduler.text import N_


def write_clinician_feed(duties: Iterable[Duty], style: FeedStyle, *, name: str, timezone: str) -> bytes:
    """Give the calendar of a clinician's duties; ``timezone`` is the IANA zone of the home site."""
    title = style.gettext(N_("Roster – %(name)s")) % {"name": name}
    return write_calendar(duties, style, title=title, timezone=timezone)
