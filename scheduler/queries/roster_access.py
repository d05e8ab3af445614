"""Which rosters and versions an account can see, and what it may do with them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
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
from scheduler.scope import OFFICE, Scope
from scheduler.text import N_

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
    own_ids, editor_ids
        Organisations of which it sees all sessions, and those for which it coordinates; ``discretion`` tells which
        sessions that means.
    agreement_ids
        Not None: only sessions under these agreements are seen, the view of an organisation that sends clinicians
        and owns none of the sites.
    """

    owner_ids: frozenset[int]
    can_edit: bool
    sees_drafts: bool
    own_ids: frozenset[int] = frozenset()
    editor_ids: frozenset[int] = frozenset()
    agreement_ids: frozenset[int] | None = None


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
    reach = find_reaches(scope, [roster]).get(roster.id) if roster is not None else None
    if roster is None or reach is None:
        raise NotFound()
    return roster, reach


def find_reaches(scope: Scope, rosters: Sequence[Roster]) -> dict[int, Reach]:
    """Give by roster id what the account sees of these rosters; those of which it sees nothing are left out."""
    shared = _shared_agreements(scope, [roster.id for roster in rosters])
    own = _with_own_duties(scope, [roster.id for roster in rosters])
    office, editing = scope.organisations_as(*OFFICE), scope.organisations_as("coordinator")
    found = {}
    for roster in rosters:
        owners = frozenset(line.site.organisation_id for line in roster.site_weeks)
        if office & owners:
            found[roster.id] = Reach(owners, bool(editing & owners), True, own_ids=office, editor_ids=editing)
        elif roster.id in shared:
            found[roster.id] = Reach(
                owners, can_edit=False, sees_drafts=True, agreement_ids=frozenset(shared[roster.id])
            )
        elif roster.id in own:
            found[roster.id] = Reach(owners, can_edit=False, sees_drafts=False, own_ids=scope.organisation_ids)
    return found


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


def _with_own_duties(scope: Scope, roster_ids: list[int]) -> frozenset[int]:
    """Give the rosters in whose published version the account's clinician has a duty."""
    if scope.clinician_id is None:
        return frozenset()
    rows = db.session.scalars(
        select(ClinicalSession.roster_id)
        .join(PublishedDuty, PublishedDuty.session_id == ClinicalSession.id)
        .where(PublishedDuty.clinician_id == scope.clinician_id, ClinicalSession.roster_id.in_(roster_ids))
        .distinct()
    )
    return frozenset(rows)


def _shared_agreements(scope: Scope, roster_ids: list[int]) -> dict[int, set[int]]:
    """Give by roster id the agreements of its sessions to which an organisation of the account is a party."""
    mine = scope.organisations_as(*OFFICE)
    if not mine or not scope.agreement_ids:
        return {}
    agreement = CooperationAgreement
    rows = db.session.execute(
        select(ClinicalSession.roster_id, agreement.id)
        .join(SessionTemplate, SessionTemplate.id == ClinicalSession.template_id)
        .join(agreement, agreement.id == SessionTemplate.agreement_id)
        .where(
            ClinicalSession.roster_id.in_(roster_ids),
            agreement.id.in_(scope.agreement_ids),
            or_(agreement.home_organisation_id.in_(mine), agreement.host_organisation_id.in_(mine)),
        )
        .distinct()
    )
    found: dict[int, set[int]] = {}
    for roster_id, agreement_id in rows:
        found.setdefault(roster_id, set()).add(agreement_id)
    return found
