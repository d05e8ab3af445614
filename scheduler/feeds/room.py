"""The sessions in one room."""

from scheduler.feeds.feed import Feed, of_its_office
from scheduler.feeds.variants import BUSY, CANCELLED
from scheduler.text import N_

FEED = Feed(
    id="room",
    title=N_("Sessions in one room"),
    about=N_("Room"),
    shows=N_("All published sessions in a room, each with its whole team; the title begins with who holds it."),
    audience=N_("Coordinators, managers and administrators of the organisation that owns the room."),
    name_text=N_("Room – %(name)s"),
    events="sessions",
    choices=(BUSY, CANCELLED),
    is_clinician_first=True,
    color="slategray",
    may_subscribe=of_its_office,
)
