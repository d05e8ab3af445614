"""The sessions under one agreement."""

from scheduler.duties import Subject
from scheduler.feeds.feed import Feed, of_its_office
from scheduler.feeds.variants import BUSY, CANCELLED
from scheduler.scope import Scope
from scheduler.text import N_


def may_subscribe(scope: Scope, subject: Subject, organisation_id: int) -> bool:
    """Tell whether the agreement is in force and the account belongs to a party's office or to someone enrolled."""
    is_enrolled = scope.clinician_id is not None and scope.clinician_id in subject.clinician_ids
    return subject.is_in_force and (is_enrolled or of_its_office(scope, subject, organisation_id))


FEED = Feed(
    id="agreement",
    title=N_("Sessions under one agreement"),
    about=N_("Agreement"),
    shows=N_("All published sessions under a cooperation agreement, on both sides, each with its whole team."),
    audience=N_(
        "Coordinators, managers and administrators of both parties and the clinicians enrolled, "
        "as long as the agreement is in force."
    ),
    name_text=N_("Sessions – %(name)s"),
    events="sessions",
    choices=(BUSY, CANCELLED),
    color="darkorange",
    may_subscribe=may_subscribe,
)
