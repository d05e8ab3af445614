"""Works out what an account can see."""

from datetime import date

from sqlalchemy import or_, select

from scheduler.extensions import db
from scheduler.models import Account, CooperationAgreement
from scheduler.scope import Scope


def scope_of(account: Account, on: date) -> Scope:
    """Give the reach of an account on a day: its roles, and its partners through agreements in force that day."""
    roles = tuple(sorted((grant.organisation_id, grant.role) for grant in account.grants))
    own = frozenset(organisation for organisation, _ in roles)
    ties = _agreements_in_force(own, on)
    return Scope(
        account_id=account.id,
        roles=roles,
        partner_ids=frozenset(side for _, home, host in ties for side in (home, host)) - own,
        agreement_ids=frozenset(agreement for agreement, _, _ in ties),
        clinician_id=account.clinician_id,
        is_platform_administrator=account.is_platform_administrator,
    )


def _agreements_in_force(organisation_ids: frozenset[int], on: date) -> list[tuple[int, int, int]]:
    """Give id, home and host organisation of the agreements that tie these organisations on a day."""
    if not organisation_ids:
        return []
    agreement = CooperationAgreement
    rows = db.session.execute(
        select(agreement.id, agreement.home_organisation_id, agreement.host_organisation_id).where(
            agreement.valid_from <= on,
            agreement.valid_until > on,
            or_(
                agreement.home_organisation_id.in_(organisation_ids),
                agreement.host_organisation_id.in_(organisation_ids),
            ),
        )
    )
    return [(row[0], row[1], row[2]) for row in rows]
