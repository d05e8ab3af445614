"""Which clinicians are in sight of whom, and what may be known of them: the table "who sees what" for people.

Coordinators, managers and administrators see the clinicians of their organisations, and those of partners who are
enrolled in an agreement in force; a clinician sees the own record.  Everyone else finds nothing.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from scheduler.extensions import db
from scheduler.models import Affiliation, AgreementEnrolment, Clinician, CooperationAgreement, Leave, Site
from scheduler.queries.paging import folded
from scheduler.queries.papers import Paper, papers_of, without_numbers
from scheduler.scope import Scope

STAFF = ("administrator", "coordinator", "manager")
"""Access roles that see the people of their organisations."""
KEEPERS = ("administrator", "coordinator")
"""Access roles that see papers."""


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which a clinician is away, both ends included; ``kind`` is empty for those who may not know."""

    first_on: date
    last_on: date
    kind: str


@dataclass(frozen=True, slots=True)
class Sight:
    """What one asker may know of people on a day.

    Parameters
    ----------
    verdict_ids
        Clinicians of partners whose papers the asker may judge, without their numbers.
    countries
        By clinician id: where the agreements may have the clinician work.
    """

    scope: Scope
    today: date
    verdict_ids: frozenset[int]
    countries: dict[int, frozenset[str]]

    def is_own(self, clinician: Clinician, *roles: str) -> bool:
        """Tell whether the clinician belongs to an organisation in which the asker has one of the roles (none: any)."""
        owners = self.scope.organisations_as(*roles) if roles else self.scope.organisation_ids
        return any(
            one.organisation_id in owners and (one.valid_until is None or one.valid_until > self.today)
            for one in clinician.affiliations
        )

    def is_self(self, clinician: Clinician) -> bool:
        """Tell whether the clinician is the asker."""
        return clinician.id == self.scope.clinician_id

    def knows_leave_kinds(self, clinician: Clinician) -> bool:
        """Tell whether the asker may know why the clinician is away."""
        return self.is_self(clinician) or self.is_own(clinician, "coordinator")

    def papers(self, clinician: Clinician) -> tuple[Paper, ...] | None:
        """Give papers in full, or verdicts alone to a partner, or None when they are not the asker's to see."""
        is_kept = self.is_self(clinician) or self.is_own(clinician, *KEEPERS)
        if not is_kept and (clinician.id not in self.verdict_ids or self.is_own(clinician)):
            return None
        papers = papers_of(clinician, self.countries.get(clinician.id, frozenset()), self.today)
        return papers if is_kept else without_numbers(papers)


def sight_of(scope: Scope, today: date) -> Sight:
    """Work out what the asker may know of people today."""
    verdicts = db.session.scalars(_enrolled_with(scope, scope.organisations_as(*KEEPERS), today))
    return Sight(scope, today, frozenset(verdicts), _countries(today))


def load_people(condition: ColumnElement[bool], *options: ExecutableOption) -> list[Clinician]:
    """Load the clinicians that meet a condition, in the order in which people look names up."""
    clinicians = db.session.scalars(select(Clinician).where(condition).options(*options)).unique()
    return sorted(clinicians, key=lambda one: (folded(one.sort_name or one.name), one.id))


def in_sight(scope: Scope, today: date) -> ColumnElement[bool]:
    """Say which clinicians the asker may see at all."""
    staffed = scope.organisations_as(*STAFF)
    return or_(
        Clinician.id == scope.clinician_id,
        affiliated(staffed, today),
        Clinician.id.in_(_enrolled_with(scope, staffed, today)),
    )


def affiliated(organisation_ids: Collection[int], today: date) -> ColumnElement[bool]:
    """Say which clinicians are tied to one of these organisations today or later."""
    return Clinician.affiliations.any(
        Affiliation.organisation_id.in_(organisation_ids)
        & or_(Affiliation.valid_until.is_(None), Affiliation.valid_until > today)
    )


def absences_of(clinician_ids: Collection[int], first_on: date, until_on: date | None) -> dict[int, list[Leave]]:
    """Load leave that touches [first_on, until_on) by clinician id; None leaves the end open."""
    wanted = select(Leave).where(Leave.clinician_id.in_(clinician_ids), Leave.end_on > first_on)
    if until_on is not None:
        wanted = wanted.where(Leave.start_on < until_on)
    found: dict[int, list[Leave]] = defaultdict(list)
    for leave in db.session.scalars(wanted.order_by(Leave.start_on)):
        found[leave.clinician_id].append(leave)
    return found


def absence(leave: Leave, *, knows_kind: bool) -> Absence:
    """Give a leave as far as the asker may know it."""
    return Absence(leave.start_on, leave.end_on - timedelta(days=1), leave.kind if knows_kind else "")


WITH_PAPERS: tuple[ExecutableOption, ...] = (
    selectinload(Clinician.specialties),
    selectinload(Clinician.roles),
    selectinload(Clinician.affiliations).options(joinedload(Affiliation.organisation), joinedload(Affiliation.site)),
    selectinload(Clinician.registrations),
    selectinload(Clinician.insurances),
)
"""What to load with clinicians whose rows and papers are shown."""


def _enrolled_with(scope: Scope, organisation_ids: Collection[int], today: date) -> Select[int]:
    """Select those who are or will be enrolled in agreements in force that tie these organisations."""
    agreement = CooperationAgreement
    return (
        select(AgreementEnrolment.clinician_id)
        .join(AgreementEnrolment.agreement)
        .where(
            agreement.id.in_(scope.agreement_ids),
            or_(
                agreement.home_organisation_id.in_(organisation_ids),
                agreement.host_organisation_id.in_(organisation_ids),
            ),
            AgreementEnrolment.valid_until > today,
        )
    )


def _countries(today: date) -> dict[int, frozenset[str]]:
    rows = db.session.execute(
        select(AgreementEnrolment.clinician_id, Site.country)
        .join(AgreementEnrolment.agreement)
        .join(Site, Site.id == CooperationAgreement.host_site_id)
        .where(AgreementEnrolment.valid_until > today)
    )
    found: dict[int, set[str]] = defaultdict(set)
    for clinician_id, country in rows:
        found[clinician_id].add(country)
    return {clinician_id: frozenset(countries) for clinician_id, countries in found.items()}
