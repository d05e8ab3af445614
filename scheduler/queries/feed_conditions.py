"""Conditions that the statements of several feeds share: which sessions they show, and who may read them."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, and_, bindparam, or_, select

from scheduler.models import (
    AccessGrant,
    AgreementEnrolment,
    CooperationAgreement,
    FeedSubscription,
    SessionTemplate,
    Site,
    Specialty,
)
from scheduler.models.organisations import zone_site
from scheduler.scope import OFFICE

PUBLIC_KINDS = ("consultation", "preop_consultation")
"""Kinds of session that patients come to by appointment: what the public may know of."""
SUBJECT = bindparam("subject_id", type_=Integer)
"""What the feed that is read is about …"""
VIEWER = bindparam("viewer_id", type_=Integer)
"""… the organisation whose view it is …"""
TODAY = bindparam("today", type_=Date)
"""… and the day on which agreements have to be in force."""

Day = ColumnElement[date] | date


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


def in_zone() -> ColumnElement[bool]:
    """Say which templates' sessions are held in the zone that a feed is about."""
    return SessionTemplate.site_id.in_(select(zone_site.c.site_id).where(zone_site.c.zone_id == SUBJECT))


def name_of_specialty(specialty_id: ColumnElement[int]) -> Any:
    """Give the name of a specialty, by which templates know it."""
    return select(Specialty.name).where(Specialty.id == specialty_id).scalar_subquery()


def in_office() -> ColumnElement[bool]:
    """Say that the account still works in the office of the organisation through which it subscribed."""
    return has_role(*OFFICE)


def has_role(*roles: str) -> ColumnElement[bool]:
    """Say that the account still has one of these roles in the organisation through which it subscribed."""
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
