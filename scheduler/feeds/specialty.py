"""The sessions of one specialty that an organisation sees."""

from scheduler.feeds.feed import Feed, of_an_office
from scheduler.feeds.variants import BUSY, CANCELLED
from scheduler.text import N_

FEED = Feed(
    id="specialty",
    title=N_("Sessions of one specialty"),
    about=N_("Specialty"),
    shows=N_(
        "All published sessions of a specialty at your organisation’s sites and under its agreements in force, "
        "each with its whole team."
    ),
    audience=N_("Coordinators, managers and administrators; each organisation sees its own part."),
    name_text=N_("Sessions – %(name)s"),
    events="sessions",
    choices=(BUSY, CANCELLED),
    is_scoped=True,
    color="mediumpurple",
    may_subscribe=of_an_office,
)
