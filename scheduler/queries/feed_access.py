"""Who may still read a feed, and which sessions an organisation sees: conditions for statements on feeds."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from scheduler.models import (
    AccessGrant,
    Account,
    Affiliation,
    AgreementEnrolment,
    CooperationAgreement,
    FeedBytes,
    FeedSubscription,
    Room,
    SessionTemplate,
    Site,
)
from scheduler.scope import OFFICE

PUBLIC_KINDS = ("consultation", "preop_consultation")
"""Kinds of session that patients come to by appointment: what the public may know of."""

Day = ColumnElement[date] | date


def still_allowed(today: Day) -> ColumnElement[bool]:
    """Give the condition that whoever made an address could make it today.

    It stands beside FeedSubscription, its FeedBytes, and its Account as an outer join: addresses made on the command
    line have none.  Each part looks up a few rows by their keys.
    """
    feed, subject = FeedBytes.feed, FeedBytes.subject_id
    return or_(
        FeedSubscription.account_id.is_(None),
        and_(
            Account.disabled_at.is_(None),
            or_(
                and_(feed == "clinician", or_(Account.clinician_id == subject, _coordinates_home())),
                and_(feed == "site", _in_office(), _owns(select(Site.id).where(Site.id == subject))),
                and_(
                    feed == "room",
                    _in_office(),
                    _owns(select(Room.id).join(Site, Site.id == Room.site_id).where(Room.id == subject)),
                ),
                and_(
                    feed == "agreement",
                    or_(
                        and_(_in_office(), _agreement_holds(today, is_party(FeedSubscription.organisation_id))),
                        and_(_is_enrolled(today), _agreement_holds(today)),
                    ),
                ),
                and_(
                    feed.in_(("specialty", "programme", "zone")),
                    FeedBytes.viewer_id == FeedSubscription.organisation_id,
                    _in_office(),
                ),
            ),
        ),
    )


def seen_by(organisation_id: Any, today: Day) -> ColumnElement[bool]:
    """Say which templates' sessions an organisation sees: at its sites, and under its agreements in force."""
    return or_(
        SessionTemplate.site_id.in_(select(Site.id).where(Site.organisation_id == organisation_id)),
        SessionTemplate.agreement_id.in_(
            select(CooperationAgreement.id).where(in_force(today), is_party(organisation_id))
        ),
    )


def in_force(today: Day) -> ColumnElement[bool]:
    """Say that an agreement holds on a day."""
    return and_(CooperationAgreement.valid_from <= today, CooperationAgreement.valid_until > today)


def enrolment_holds(today: Day) -> ColumnElement[bool]:
    """Say that an enrolment holds on a day."""
    return and_(AgreementEnrolment.valid_from <= today, AgreementEnrolment.valid_until > today)


def is_party(organisation_id: Any) -> ColumnElement[bool]:
    """Say that an organisation, given by id or column, is one of the two sides of an agreement."""
    return or_(
        CooperationAgreement.home_organisation_id == organisation_id,
        CooperationAgreement.host_organisation_id == organisation_id,
    )


def _coordinates_home() -> ColumnElement[bool]:
    """Say that the clinician is still at home where the account subscribed, and that it coordinates there."""
    home = (
        select(Affiliation.organisation_id)
        .where(Affiliation.clinician_id == FeedBytes.subject_id, Affiliation.is_home)
        .correlate(FeedBytes)
        .scalar_subquery()
    )
    return and_(home == FeedSubscription.organisation_id, _has_role("coordinator"))


def _in_office() -> ColumnElement[bool]:
    """Say that the account still works in the office of the organisation through which it subscribed."""
    return _has_role(*OFFICE)


def _has_role(*roles: str) -> ColumnElement[bool]:
    return (
        select(AccessGrant.id)
        .where(
            AccessGrant.account_id == FeedSubscription.account_id,
            AccessGrant.organisation_id == FeedSubscription.organisation_id,
            AccessGrant.role.in_(roles),
        )
        .correlate(FeedSubscription)
        .exists()
    )


def _owns(places: Select[int]) -> ColumnElement[bool]:
    """Say that the site of a place belongs to the organisation through which the account subscribed."""
    return (
        places.where(Site.organisation_id == FeedSubscription.organisation_id)
        .correlate(FeedSubscription, FeedBytes)
        .exists()
    )


def _agreement_holds(today: Day, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
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
