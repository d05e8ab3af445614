"""The sessions under one agreement."""

from collections import defaultdict

from sqlalchemy import ColumnElement, and_, or_, select

from scheduler import clock
from scheduler.duties import Subject
from scheduler.extensions import db
from scheduler.models import (
    Account,
    Affiliation,
    AgreementEnrolment,
    CooperationAgreement,
    FeedBytes,
    FeedSubscription,
    SessionTemplate,
    Site,
)
from scheduler.queries.feed_conditions import SUBJECT, Day, enrolment_holds, in_force, in_office, is_party
from scheduler.queries.feed_selections.selection import Choices, FeedSelection
from scheduler.queries.feed_selections.subjects import by_name, pairs
from scheduler.scope import OFFICE, Scope


def _choices(scope: Scope) -> Choices:
    """Give agreements in force by party, and those in which the account's clinician is enrolled, through the home."""
    today, office = clock.today(), scope.organisations_as(*OFFICE)
    parties = db.session.execute(
        select(
            CooperationAgreement.id,
            CooperationAgreement.home_organisation_id,
            CooperationAgreement.host_organisation_id,
        ).where(in_force(today))
    ).all()
    found = {(agreement_id, party) for agreement_id, home, host in parties for party in {home, host} & office}
    if scope.clinician_id is None:
        return found
    own = db.session.execute(
        select(AgreementEnrolment.agreement_id, Affiliation.organisation_id)
        .join(CooperationAgreement, CooperationAgreement.id == AgreementEnrolment.agreement_id)
        .join(Affiliation, Affiliation.clinician_id == AgreementEnrolment.clinician_id)
        .where(
            AgreementEnrolment.clinician_id == scope.clinician_id,
            enrolment_holds(today),
            in_force(today),
            Affiliation.is_home,
        )
    )
    return found | pairs(own)


def _load(ids: set[int], _viewer_id: int) -> dict[int, Subject]:
    today, agreement = clock.today(), CooperationAgreement
    enrolled: dict[int, set[int]] = defaultdict(set)
    for agreement_id, clinician_id in db.session.execute(
        select(AgreementEnrolment.agreement_id, AgreementEnrolment.clinician_id).where(
            AgreementEnrolment.agreement_id.in_(ids), enrolment_holds(today)
        )
    ):
        enrolled[agreement_id].add(clinician_id)
    rows = db.session.execute(
        select(
            agreement.id,
            agreement.title,
            Site.timezone,
            agreement.home_organisation_id,
            agreement.host_organisation_id,
            in_force(today).label("is_in_force"),
        )
        .join(Site, Site.id == agreement.host_site_id)
        .where(agreement.id.in_(ids))
    )
    return by_name(
        Subject(
            kind="agreement",
            id=row.id,
            name=row.title,
            timezone=row.timezone,
            organisation_ids=frozenset((row.home_organisation_id, row.host_organisation_id)),
            clinician_ids=frozenset(enrolled[row.id]),
            is_in_force=bool(row.is_in_force),
        )
        for row in rows
    )


def _may_read(today: Day) -> ColumnElement[bool]:
    return or_(
        and_(in_office(), _holds(today, is_party(FeedSubscription.organisation_id))),
        and_(_is_enrolled(today), _holds(today)),
    )


def _holds(today: Day, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return (
        select(CooperationAgreement.id)
        .where(CooperationAgreement.id == FeedBytes.subject_id, in_force(today), *conditions)
        .correlate(FeedSubscription, FeedBytes)
        .exists()
    )


def _is_enrolled(today: Day) -> ColumnElement[bool]:
    return (
        select(AgreementEnrolment.id)
        .where(
            AgreementEnrolment.agreement_id == FeedBytes.subject_id,
            AgreementEnrolment.clinician_id == Account.clinician_id,
            enrolment_holds(today),
        )
        .correlate(FeedBytes, Account)
        .exists()
    )


SELECTION = FeedSelection(
    id="agreement",
    names=(CooperationAgreement.id, CooperationAgreement.code, CooperationAgreement.title),
    load=_load,
    touched=lambda shown: {one.agreement_id for one in shown.templates if one.agreement_id is not None},
    shows=lambda: (SessionTemplate.agreement_id == SUBJECT,),
    choices=_choices,
    may_read=_may_read,
    lasts=_holds,
)
