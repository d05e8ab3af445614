"""Reads clinicians as far as the asker may see them (see ``people``)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from scheduler import clock
from scheduler.duties import Duty
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.models import (
    Affiliation,
    AgreementEnrolment,
    ClinicalSession,
    Clinician,
    CooperationAgreement,
    SessionTemplate,
)
from scheduler.queries.duties import duties_of_clinician
from scheduler.queries.paging import Page, matching, page_of
from scheduler.queries.papers import Paper, worst_of
from scheduler.queries.people import (
    KEEPERS,
    STAFF,
    WITH_PAPERS,
    Absence,
    Sight,
    absence,
    absences_of,
    affiliated,
    in_sight,
    load_people,
    sight_of,
)
from scheduler.scope import Scope
from scheduler.text import N_


@dataclass(frozen=True, slots=True)
class ClinicianRow:
    """A clinician in a list; ``attention`` is the paper to look at first, None for those who may see no papers."""

    id: int
    name: str
    specialties: tuple[str, ...]
    roles: tuple[str, ...]
    organisation: str
    site: str
    country: str
    is_own: bool
    attention: Paper | None


@dataclass(frozen=True, slots=True)
class AffiliationFact:
    """A tie to an organisation; contract and share are told to the own side alone."""

    organisation: str
    site: str
    country: str
    contract: str
    share: float | None
    is_home: bool


@dataclass(frozen=True, slots=True)
class EnrolmentFact:
    """An agreement under which a clinician may work, both days included."""

    agreement_id: int
    title: str
    host: str
    country: str
    first_on: date
    last_on: date
    is_running: bool


@dataclass(frozen=True, slots=True)
class ClinicianFacts:
    """All that the asker may know of one clinician; None stands for what is not the asker's to see."""

    id: int
    name: str
    specialties: tuple[str, ...]
    roles: tuple[str, ...]
    languages: tuple[str, ...]
    affiliations: tuple[AffiliationFact, ...]
    enrolments: tuple[EnrolmentFact, ...]
    papers: tuple[Paper, ...] | None
    absences: tuple[Absence, ...]
    sessions_per_week: int | None
    days_abroad_per_week: int | None
    is_own: bool
    is_self: bool
    can_rename: bool


@dataclass(frozen=True, slots=True)
class DutyInSight:
    """A stretch of work; ``duty`` is None when the asker may know no more than that the clinician is busy."""

    on_date: date
    start_at: datetime
    end_at: datetime
    timezone: str
    duty: Duty | None


def list_clinicians(
    scope: Scope, *, wanted: str = "", specialty: str = "", site_id: int | None = None, page: int = 1
) -> Page[ClinicianRow]:
    """List the clinicians in sight by name, those of the own side and of partners."""
    sight = sight_of(scope, clock.today())
    found = [
        clinician
        for clinician in load_people(in_sight(scope, sight.today), *WITH_PAPERS)
        if (not specialty or specialty in {one.name for one in clinician.specialties})
        and (site_id is None or site_id in {one.site_id for one in clinician.affiliations})
    ]
    stretch = page_of(matching(found, wanted, lambda one: one.name), page)
    return stretch.with_rows(_row(sight, clinician) for clinician in stretch.rows)


def load_clinician(scope: Scope, clinician_id: int) -> ClinicianFacts:
    """Load one clinician with papers, enrolments and leave from today on, as far as the asker may see them.

    Raises
    ------
    NotFound
        When there is no such clinician in sight.
    """
    sight = sight_of(scope, clock.today())
    found = load_people(in_sight(scope, sight.today) & (Clinician.id == clinician_id), *WITH_PAPERS)
    if not found:
        raise NotFound(N_("There is no such clinician, or not one you may see."))
    return _facts(sight, found[0])


def list_duties(scope: Scope, clinician: ClinicianFacts, from_at: datetime, to_at: datetime) -> tuple[DutyInSight, ...]:
    """Give published duties that touch [from_at, to_at): to partners those under their agreements, else when busy."""
    duties = duties_of_clinician(clinician.id, from_at, to_at)
    shared = None if clinician.is_own else _shared_sessions(scope, {duty.session_id for duty in duties})
    return tuple(
        DutyInSight(
            on_date=duty.on_date,
            start_at=duty.start_at,
            end_at=duty.end_at,
            timezone=duty.site.timezone,
            duty=duty if shared is None or duty.session_id in shared else None,
        )
        for duty in duties
        if shared is None or duty.session_id in shared or duty.is_exclusive
    )


def list_specialties(scope: Scope) -> tuple[str, ...]:
    """List the English names of the specialties of the clinicians in sight."""
    clinicians = load_people(in_sight(scope, clock.today()), selectinload(Clinician.specialties))
    return tuple(sorted({one.name for clinician in clinicians for one in clinician.specialties}))


def list_own_clinicians(scope: Scope) -> tuple[tuple[int, str], ...]:
    """List id and name of those for whom the asker may enter leave: a coordinator's own people, and oneself."""
    mine = affiliated(scope.organisations_as("coordinator"), clock.today()) | (Clinician.id == scope.clinician_id)
    return tuple((one.id, one.name) for one in load_people(mine))


def _row(sight: Sight, clinician: Clinician) -> ClinicianRow:
    home = clinician.home
    return ClinicianRow(
        id=clinician.id,
        name=clinician.name,
        specialties=tuple(one.name for one in clinician.specialties),
        roles=tuple(one.code for one in clinician.roles),
        organisation=home.organisation.name,
        site=home.site.name,
        country=home.site.country,
        is_own=sight.is_own(clinician),
        attention=worst_of(sight.papers(clinician) or ()),
    )


def _facts(sight: Sight, clinician: Clinician) -> ClinicianFacts:
    is_self = sight.is_self(clinician)
    is_own = is_self or sight.is_own(clinician, *STAFF)
    leave = absences_of([clinician.id], sight.today, None)[clinician.id]
    return ClinicianFacts(
        id=clinician.id,
        name=clinician.name,
        specialties=tuple(one.name for one in clinician.specialties),
        roles=tuple(one.code for one in clinician.roles),
        languages=tuple(clinician.languages),
        affiliations=tuple(_affiliation(one, is_own=is_own) for one in clinician.affiliations),
        enrolments=tuple(
            _enrolment(one, sight.today)
            for one in _load_enrolments(clinician.id)
            if is_own or one.agreement_id in sight.scope.agreement_ids
        ),
        papers=sight.papers(clinician),
        absences=tuple(absence(one, knows_kind=sight.knows_leave_kinds(clinician)) for one in leave),
        sessions_per_week=clinician.max_sessions_per_week if is_own else None,
        days_abroad_per_week=clinician.max_days_abroad_per_week if is_own else None,
        is_own=is_own,
        is_self=is_self,
        can_rename=sight.scope.role_in(clinician.home.organisation_id) in KEEPERS,
    )


def _shared_sessions(scope: Scope, session_ids: set[int]) -> set[int]:
    """Give those of the sessions that are held under agreements of the asker."""
    return set(
        db.session.scalars(
            select(ClinicalSession.id)
            .join(ClinicalSession.template)
            .where(ClinicalSession.id.in_(session_ids), SessionTemplate.agreement_id.in_(scope.agreement_ids))
        )
    )


def _load_enrolments(clinician_id: int) -> list[AgreementEnrolment]:
    return list(
        db.session.scalars(
            select(AgreementEnrolment)
            .where(AgreementEnrolment.clinician_id == clinician_id)
            .order_by(AgreementEnrolment.valid_from, AgreementEnrolment.id)
            .options(joinedload(AgreementEnrolment.agreement).joinedload(CooperationAgreement.host_site))
        )
    )


def _enrolment(enrolment: AgreementEnrolment, today: date) -> EnrolmentFact:
    agreement = enrolment.agreement
    return EnrolmentFact(
        agreement_id=agreement.id,
        title=agreement.title,
        host=agreement.host_site.name,
        country=agreement.host_site.country,
        first_on=enrolment.valid_from,
        last_on=enrolment.valid_until - timedelta(days=1),
        is_running=enrolment.valid_from <= today < enrolment.valid_until,
    )


def _affiliation(affiliation: Affiliation, *, is_own: bool) -> AffiliationFact:
    return AffiliationFact(
        organisation=affiliation.organisation.name,
        site=affiliation.site.name,
        country=affiliation.site.country,
        contract=affiliation.contract if is_own else "",
        share=affiliation.share if is_own else None,
        is_home=affiliation.is_home,
    )
