"""The sessions of one site."""

from scheduler.feeds.feed import Feed, of_its_office
from scheduler.feeds.variants import BUSY, CANCELLED
from scheduler.text import N_

FEED = Feed(
    id="site",
    title=N_("Sessions at one site"),
    about=N_("Site"),
    shows=N_("All published sessions at a site: when, in which room and of which specialty. Teams are a click away."),
    audience=N_("Coordinators, managers and administrators of the organisation that owns the site."),
    name_text=N_("Sessions – %(name)s"),
    events="sessions",
    choices=(BUSY, CANCELLED),
    is_lean=True,
    color="teal",
    may_subscribe=of_its_office,
)
