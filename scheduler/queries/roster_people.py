"""Which clinicians an account may know of when it plans a roster."""

from collections.abc import Iterable

from sqlalchemy import or_, select

from scheduler import clock
from scheduler.extensions import db
from scheduler.models import Affiliation, Clinician, SessionTemplate
from scheduler.queries.people import in_sight
from scheduler.scope import Scope


def known_clinicians(scope: Scope, templates: Iterable[SessionTemplate]) -> frozenset[int]:
    """Give the ids of those in sight, and of the hosts' own people where the account's agreements have sessions.

    Whoever plans a joint list must be able to name the surgeon and the anaesthetist of the host.  People of the
    sending side who are not enrolled stay unknown to the host.
    """
    hosts = {t.site.organisation_id for t in templates if t.agreement_id in scope.agreement_ids}
    at_home = Clinician.affiliations.any(Affiliation.is_home & Affiliation.organisation_id.in_(hosts))
    return frozenset(db.session.scalars(select(Clinician.id).where(or_(in_sight(scope, clock.today()), at_home))))
