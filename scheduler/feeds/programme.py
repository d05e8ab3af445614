"""The sessions in the zones of one programme that an organisation sees."""

from scheduler.feeds.feed import Feed, of_an_office
from scheduler.feeds.variants import BUSY, CANCELLED
from scheduler.text import N_

FEED = Feed(
    id="programme",
    title=N_("Sessions of one programme"),
    about=N_("Programme"),
    shows=N_(
        "Published sessions at the sites of a programme’s zones: those at your organisation’s sites and those under "
        "its agreements in force."
    ),
    audience=N_("Coordinators, managers and administrators; each organisation sees its own part."),
    name_text=N_("Sessions – %(name)s"),
    events="sessions",
    choices=(BUSY, CANCELLED),
    is_scoped=True,
    is_lean=True,
    color="seagreen",
    may_subscribe=of_an_office,
)
