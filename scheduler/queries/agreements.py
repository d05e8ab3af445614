"""Reads cooperation agreements: those that tie an organisation of the asker, or in which the asker is enrolled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from scheduler import clock
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.i18n import shown
from scheduler.models import AgreementEnrolment, AgreementLine, Clinician, CooperationAgreement
from scheduler.queries.paging import Page, folded, matching, page_of
from scheduler.queries.papers import Paper, worst_of
from scheduler.queries.people import KEEPERS, STAFF, WITH_PAPERS, in_sight, load_people, sight_of
from scheduler.scope import Scope
from scheduler.text import N_

ENDING_DAYS = 90
"""An agreement that ends within so many days is marked."""


@dataclass(frozen=True, slots=True)
class SideFact:
    """One side of an agreement."""

    organisation: str
    site_id: int
    site: str
    town: str
    country: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """An agreement in a list; ``state`` is coming, running, ending or over."""

    id: int
    code: str
    title: str
    kind: str
    home: SideFact
    host: SideFact
    specialties: tuple[str, ...]
    state: str
    first_on: date
    last_on: date
    frequency: str
    enrolled: int


@dataclass(frozen=True, slots=True)
class LineFact:
    """A specialty of an agreement: kinds of session (none: all) and sessions a week."""

    specialty: str
    kinds: tuple[str, ...]
    least: int | None
    target: int | None
    most: int | None


@dataclass(frozen=True, slots=True)
class EnrolledPerson:
    """Someone enrolled; ``attention`` is the paper to look at first, None when papers are not the asker's to see."""

    clinician_id: int
    name: str
    specialties: tuple[str, ...]
    first_on: date
    last_on: date
    attention: Paper | None


@dataclass(frozen=True, slots=True)
class SourceFact:
    """Where facts were read; ``address`` is empty when it has none on the web."""

    title: str
    address: str


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """All about one agreement.

    Parameters
    ----------
    invented
        Names of the facts that no source gives.
    is_released, can_release
        Whether the public sees its consultations, and whether the asker may change that.
    """

    row: AgreementRow
    legal_basis: str
    note: str
    sources: tuple[SourceFact, ...]
    invented: tuple[str, ...]
    lines: tuple[LineFact, ...]
    people: tuple[EnrolledPerson, ...]
    is_released: bool
    can_release: bool


def list_agreements(scope: Scope, *, wanted: str = "", state: str = "", page: int = 1) -> Page[AgreementRow]:
    """List the agreements in sight, those in force first, then by title as the reader sees it."""
    today = clock.today()
    agreements = db.session.scalars(select(CooperationAgreement).where(_in_sight(scope)).options(*_FOR_ROWS)).unique()
    rows = [_row(scope, agreement, today) for agreement in agreements]
    rows = matching(rows, wanted, lambda one: f"{shown(one.title)} {one.home.organisation} {one.host.organisation}")
    kept = [row for row in rows if state in ("", row.state)]
    kept.sort(key=lambda one: (("ending", "running", "coming", "over").index(one.state), folded(shown(one.title))))
    return page_of(kept, page)


def load_agreement(scope: Scope, agreement_id: int) -> AgreementFacts:
    """Load one agreement with its lines and the people enrolled, as far as the asker may see them.

    Raises
    ------
    NotFound
        When there is no such agreement in sight.
    """
    agreement = db.session.scalar(
        select(CooperationAgreement)
        .where(_in_sight(scope), CooperationAgreement.id == agreement_id)
        .options(*_FOR_ROWS)
    )
    if agreement is None:
        raise NotFound(N_("There is no such agreement, or not one you may see."))
    return AgreementFacts(
        row=_row(scope, agreement, clock.today()),
        legal_basis=agreement.legal_basis,
        note=agreement.note,
        sources=tuple(_source(text) for text in agreement.sources),
        invented=tuple(agreement.invented),
        lines=tuple(_line(line) for line in sorted(agreement.lines, key=lambda one: one.specialty.name)),
        people=_people(scope, agreement.enrolments),
        is_released=agreement.is_released,
        can_release=scope.role_in(agreement.host_organisation_id) in KEEPERS,
    )


_FOR_ROWS: tuple[ExecutableOption, ...] = (
    joinedload(CooperationAgreement.home_organisation),
    joinedload(CooperationAgreement.host_organisation),
    joinedload(CooperationAgreement.home_site),
    joinedload(CooperationAgreement.host_site),
    selectinload(CooperationAgreement.lines).joinedload(AgreementLine.specialty),
    selectinload(CooperationAgreement.enrolments),
)


def _in_sight(scope: Scope) -> ColumnElement[bool]:
    staffed = scope.organisations_as(*STAFF)
    return or_(
        CooperationAgreement.home_organisation_id.in_(staffed),
        CooperationAgreement.host_organisation_id.in_(staffed),
        CooperationAgreement.enrolments.any(AgreementEnrolment.clinician_id == scope.clinician_id),
    )


def _row(scope: Scope, agreement: CooperationAgreement, today: date) -> AgreementRow:
    last_on = agreement.valid_until - timedelta(days=1)
    return AgreementRow(
        id=agreement.id,
        code=agreement.code,
        title=agreement.title,
        kind=agreement.kind,
        home=_side(scope, agreement, "home"),
        host=_side(scope, agreement, "host"),
        specialties=tuple(sorted({line.specialty.name for line in agreement.lines})),
        state=_state(agreement.valid_from, last_on, today),
        first_on=agreement.valid_from,
        last_on=last_on,
        frequency=agreement.frequency,
        enrolled=len({one.clinician_id for one in agreement.enrolments if one.valid_from <= today < one.valid_until}),
    )


def _side(scope: Scope, agreement: CooperationAgreement, which: str) -> SideFact:
    organisation = agreement.home_organisation if which == "home" else agreement.host_organisation
    site = agreement.home_site if which == "home" else agreement.host_site
    return SideFact(
        organisation=organisation.name,
        site_id=site.id,
        site=site.name,
        town=site.town,
        country=site.country,
        is_own=organisation.id in scope.organisation_ids,
    )


def _state(first_on: date, last_on: date, today: date) -> str:
    if today < first_on:
        return "coming"
    if today > last_on:
        return "over"
    return "ending" if last_on <= today + timedelta(days=ENDING_DAYS) else "running"


def _source(text: str) -> SourceFact:
    """Split "Title, https://…" at the address."""
    title, separator, address = text.rpartition(", https://")
    return SourceFact(title, f"https://{address}") if separator else SourceFact(text, "")


def _line(line: AgreementLine) -> LineFact:
    return LineFact(
        specialty=line.specialty.name,
        kinds=tuple(line.kinds),
        least=line.min_per_week,
        target=line.target_per_week,
        most=line.max_per_week,
    )


def _people(scope: Scope, enrolments: Sequence[AgreementEnrolment]) -> tuple[EnrolledPerson, ...]:
    """Give the enrolled people in sight whose enrolment is not over, by name."""
    sight = sight_of(scope, clock.today())
    dates = {one.clinician_id: one for one in enrolments if one.valid_until > sight.today}
    people = load_people(in_sight(scope, sight.today) & Clinician.id.in_(dates), *WITH_PAPERS)
    return tuple(
        EnrolledPerson(
            clinician_id=one.id,
            name=one.name,
            specialties=tuple(specialty.name for specialty in one.specialties),
            first_on=dates[one.id].valid_from,
            last_on=dates[one.id].valid_until - timedelta(days=1),
            attention=worst_of(sight.papers(one) or ()),
        )
        for one in people
    )
