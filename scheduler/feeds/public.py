"""What the public may know of the care in one zone: no names."""

from scheduler.duties import Subject
from scheduler.feeds.feed import Feed
from scheduler.scope import Scope
from scheduler.text import N_


def may_subscribe(_scope: Scope, _subject: Subject, _organisation_id: int) -> bool:
    """Nobody needs to: the address is open to all."""
    return False


FEED = Feed(
    id="public",
    title=N_("Consultations open to the public"),
    about=N_("Zone"),
    shows=N_(
        "Consultations in an access zone under agreements released for the public: which care, where and when. "
        "No names, no rooms."
    ),
    audience=N_("Anyone, without signing in; the address is no secret."),
    name_text=N_("Consultations – %(name)s"),
    events="public",
    color="cadetblue",
    may_subscribe=may_subscribe,
)
