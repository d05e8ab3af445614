"""The sessions in one zone that an organisation sees."""

from scheduler.feeds.feed import Feed, of_an_office
from scheduler.feeds.variants import BUSY, CANCELLED
from scheduler.text import N_

FEED = Feed(
    id="zone",
    title=N_("Sessions in one zone"),
    about=N_("Zone"),
    shows=N_(
        "Published sessions at the sites of an access zone: those at your organisation’s sites and those under its "
        "agreements in force."
    ),
    audience=N_("Coordinators, managers and administrators; each organisation sees its own part."),
    name_text=N_("Sessions – %(name)s"),
    events="sessions",
    choices=(BUSY, CANCELLED),
    is_scoped=True,
    is_lean=True,
    color="olivedrab",
    may_subscribe=of_an_office,
)
