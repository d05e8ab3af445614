"""Shows the consultations under an agreement to the public, and hides them again."""

from sqlalchemy import select

from scheduler.errors import NotAllowed, NotFound
from scheduler.extensions import db
from scheduler.models import AgreementEnrolment, CooperationAgreement, SessionTemplate
from scheduler.models.organisations import zone_site
from scheduler.queries.feed_conditions import PUBLIC_KINDS
from scheduler.queries.feed_touches import Touched
from scheduler.queries.people import KEEPERS, STAFF
from scheduler.scope import Scope
from scheduler.services import journal
from scheduler.services.feeds import mark_stale
from scheduler.text import N_

NOT_THE_HOST = N_("Only a coordinator or administrator of the hospital that hosts can change what the public sees.")


def release(*, actor: Scope, agreement_id: int, is_released: bool) -> CooperationAgreement:
    """Let the public see care, place and time of the consultations under an agreement, or let it see them no more.

    Raises
    ------
    NotFound
        When there is no such agreement in sight.
    NotAllowed
        When the actor is neither coordinator nor administrator of the hospital that hosts.
    """
    agreement = db.session.scalar(
        select(CooperationAgreement).where(CooperationAgreement.id == agreement_id).with_for_update()
    )
    if agreement is None or not _is_in_sight(actor, agreement):
        raise NotFound()
    if actor.role_in(agreement.host_organisation_id) not in KEEPERS:
        raise NotAllowed(NOT_THE_HOST)
    if agreement.is_released != is_released:
        agreement.is_released = is_released
        db.session.flush()
        mark_stale(Touched.of(public=_zones_shown_in(agreement)))
        journal.record(
            actor=actor,
            deed="agreement.released" if is_released else "agreement.withheld",
            subject="cooperation_agreement",
            subject_id=agreement.id,
            organisation_ids=[agreement.home_organisation_id, agreement.host_organisation_id],
        )
    return agreement


def _is_in_sight(actor: Scope, agreement: CooperationAgreement) -> bool:
    parties = {agreement.home_organisation_id, agreement.host_organisation_id}
    if parties & actor.organisations_as(*STAFF):
        return True
    enrolled = select(AgreementEnrolment.id).where(
        AgreementEnrolment.agreement_id == agreement.id, AgreementEnrolment.clinician_id == actor.clinician_id
    )
    return db.session.scalar(enrolled.limit(1)) is not None


def _zones_shown_in(agreement: CooperationAgreement) -> frozenset[int]:
    """Give the zones whose public calendar shows sessions under the agreement."""
    sites = select(SessionTemplate.site_id).where(
        SessionTemplate.agreement_id == agreement.id, SessionTemplate.kind.in_(PUBLIC_KINDS)
    )
    return frozenset(db.session.scalars(select(zone_site.c.zone_id).where(zone_site.c.site_id.in_(sites))))
