"""The duties of one clinician."""

from scheduler.duties import Subject
from scheduler.feeds.feed import Feed
from scheduler.feeds.variants import OPTIONS
from scheduler.scope import Scope
from scheduler.text import N_


def may_subscribe(scope: Scope, subject: Subject, organisation_id: int) -> bool:
    """Tell whether it is the account's own calendar, or that of someone at home where the account coordinates."""
    if scope.clinician_id is not None and scope.clinician_id in subject.clinician_ids:
        return True
    return organisation_id in subject.organisation_ids and scope.role_in(organisation_id) == "coordinator"


FEED = Feed(
    id="clinician",
    title=N_("Duties of one clinician"),
    about=N_("Clinician"),
    shows=N_("All published duties of a clinician at all hospitals: when, where, in which role and with whom."),
    audience=N_("The clinician, and the coordinators of the clinician’s home hospital."),
    name_text=N_("Roster – %(name)s"),
    events="duties",
    choices=OPTIONS,
    color="steelblue",
    may_subscribe=may_subscribe,
)
