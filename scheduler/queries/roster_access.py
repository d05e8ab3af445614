"""Which rosters and versions an account can see, and what it may do with them."""

from dataclasses import dataclass

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from scheduler.errors import NotAllowed, NotFound
from scheduler.extensions import db
from scheduler.models import (
    ClinicalSession,
    CooperationAgreement,
    PublishedDuty,
    Roster,
    RosterSiteWeek,
    RosterVersion,
    SessionTemplate,
    Site,
)
from scheduler.scope import Scope
from scheduler.text import N_

OFFICE = ("coordinator", "manager", "administrator")
"""Access roles that see the rosters of their organisation, drafts included."""

READ_ONLY = N_("Only a coordinator of one of the roster's hospitals can change it.")


@dataclass(frozen=True, slots=True)
class Reach:
    """What an account sees of one roster.

    Parameters
    ----------
    owner_ids
        Organisations of the roster's sites.
    can_edit
        Whether the account coordinates for one of them.
    sees_drafts
        False for clinicians, who see what is published.
    agreement_ids
        None: all sessions.  Else only those under these agreements: the view of an organisation that sends
        clinicians and owns none of the sites.
    """

    owner_ids: frozenset[int]
    can_edit: bool
    sees_drafts: bool
    agreement_ids: frozenset[int] | None = None

    def includes(self, agreement_id: int | None) -> bool:
        """Tell whether sessions under this agreement (or none) are seen."""
        return self.agreement_ids is None or agreement_id in self.agreement_ids


def find_roster(scope: Scope, roster_id: int) -> tuple[Roster, Reach]:
    """Load a roster with its site-weeks, and what the account sees of it.

    Raises
    ------
    NotFound
        When there is no such roster for this account.
    """
    roster = db.session.scalar(
        select(Roster)
        .where(Roster.id == roster_id)
        .options(selectinload(Roster.site_weeks).joinedload(RosterSiteWeek.site).joinedload(Site.organisation))
    )
    reach = find_reach(scope, roster) if roster is not None else None
    if roster is None or reach is None:
        raise NotFound()
    return roster, reach


def find_reach(scope: Scope, roster: Roster) -> Reach | None:
    """Give what the account sees of a roster; None when it sees nothing of it."""
    owners = frozenset(line.site.organisation_id for line in roster.site_weeks)
    if scope.organisations_as(*OFFICE) & owners:
        return Reach(owners, can_edit=bool(scope.organisations_as("coordinator") & owners), sees_drafts=True)
    shared = frozenset(db.session.scalars(_shared_agreements(scope, roster.id)))
    if shared:
        return Reach(owners, can_edit=False, sees_drafts=True, agreement_ids=shared)
    if scope.clinician_id is not None and db.session.scalar(select(_duties_in(scope.clinician_id, roster.id).exists())):
        return Reach(owners, can_edit=False, sees_drafts=False)
    return None


def find_version(scope: Scope, roster_id: int, number: int) -> tuple[RosterVersion, Reach]:
    """Load a version by its number, and what the account sees of its roster.

    Raises
    ------
    NotFound
        When there is no such version for this account.
    """
    _, reach = find_roster(scope, roster_id)
    version = db.session.scalar(
        select(RosterVersion).where(RosterVersion.roster_id == roster_id, RosterVersion.number == number)
    )
    return _visible(version, reach), reach


def find_version_by_id(scope: Scope, version_id: int, *, lock: bool = False) -> tuple[RosterVersion, Reach]:
    """Load a version by its id, and what the account sees of its roster.

    Parameters
    ----------
    lock
        Keep other writers away until the transaction ends.

    Raises
    ------
    NotFound
        When there is no such version for this account.
    """
    statement = select(RosterVersion).where(RosterVersion.id == version_id).options(joinedload(RosterVersion.roster))
    if lock:
        statement = statement.with_for_update(of=RosterVersion).execution_options(populate_existing=True)
    version = db.session.scalar(statement)
    if version is None:
        raise NotFound()
    _, reach = find_roster(scope, version.roster_id)
    return _visible(version, reach), reach


def check_can_edit(reach: Reach) -> None:
    """Refuse whoever may look only.

    Raises
    ------
    NotAllowed
        When the account coordinates for none of the roster's hospitals.
    """
    if not reach.can_edit:
        raise NotAllowed(READ_ONLY)


def _visible(version: RosterVersion | None, reach: Reach) -> RosterVersion:
    if version is None or (not reach.sees_drafts and version.state != "published"):
        raise NotFound()
    return version


def _duties_in(clinician_id: int, roster_id: int) -> Select[int]:
    return (
        select(PublishedDuty.seat_id)
        .join(ClinicalSession, ClinicalSession.id == PublishedDuty.session_id)
        .where(PublishedDuty.clinician_id == clinician_id, ClinicalSession.roster_id == roster_id)
    )


def _shared_agreements(scope: Scope, roster_id: int) -> Select[int]:
    """Find the agreements of the roster's sessions to which an organisation of the account is a party."""
    mine = scope.organisations_as(*OFFICE)
    agreement = CooperationAgreement
    return (
        select(agreement.id)
        .where(
            agreement.id.in_(scope.agreement_ids),
            or_(agreement.home_organisation_id.in_(mine), agreement.host_organisation_id.in_(mine)),
        )
        .where(
            exists()
            .where(ClinicalSession.template_id == SessionTemplate.id)
            .where(ClinicalSession.roster_id == roster_id, SessionTemplate.agreement_id == agreement.id)
        )
    )
