"""What serving a feed reads: few columns, and statements that are built once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import ColumnElement, Executable, and_, bindparam, func, or_, select

from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.models import AccessGrant, Account, Affiliation, FeedBytes, FeedSubscription
from scheduler.queries.feeds import VARIANT, FeedVariant, bytes_of_subscription, is_live, token_hash, variant_of
from scheduler.text import N_

UNUSED_LIMIT = timedelta(days=548)
"""An address that was not fetched for 18 months stops working."""


@dataclass(frozen=True, slots=True)
class ServedFeed:
    """What is known of a feed before any bytes are read."""

    subscription_id: int
    variant: FeedVariant
    bytes_id: int
    etag: str
    modified_at: datetime
    basis: str
    is_stale: bool


def find_served_feed(token: str, at: datetime) -> ServedFeed:
    """Load what serving a token's feed needs.

    Raises
    ------
    NotFound
        When the token is unknown, revoked or long unused, or whoever made it may no longer: all alike.
    """
    row = db.session.execute(
        _served_statement(), {"token_hash": token_hash(token), "since": at - UNUSED_LIMIT}
    ).one_or_none()
    if row is None:
        raise NotFound(N_("There is no calendar at this address."))
    return ServedFeed(
        subscription_id=row.id,
        variant=variant_of(row),
        bytes_id=row.bytes_id,
        etag=row.etag,
        modified_at=row.modified_at,
        basis=row.basis,
        is_stale=row.is_stale,
    )


def load_bytes(bytes_id: int, *, gzipped: bool) -> bytes:
    """Load the stored bytes of a feed."""
    column = FeedBytes.gzipped if gzipped else FeedBytes.body
    return db.session.execute(select(column).where(FeedBytes.id == bytes_id)).scalar_one()


@cache
def _served_statement() -> Executable:
    """Give the statement of ``find_served_feed``: to build it takes longer than to run it."""
    subscription = FeedSubscription
    return (
        select(
            subscription.id,
            *VARIANT,
            FeedBytes.id.label("bytes_id"),
            FeedBytes.etag,
            FeedBytes.modified_at,
            FeedBytes.basis,
            FeedBytes.is_stale,
        )
        .join(FeedBytes, bytes_of_subscription())
        .outerjoin(subscription.account)
        .where(
            subscription.token_hash == bindparam("token_hash"),
            is_live(),
            _maker_may_still(),
            func.coalesce(subscription.fetched_at, subscription.created_at) > bindparam("since"),
        )
    )


def _maker_may_still() -> ColumnElement[bool]:
    """Give the condition that whoever made the address could still make it today."""
    is_coordinator_there = (
        select(AccessGrant.id)
        .join(Affiliation, Affiliation.organisation_id == AccessGrant.organisation_id)
        .where(
            AccessGrant.account_id == Account.id,
            AccessGrant.role == "coordinator",
            Affiliation.clinician_id == FeedSubscription.clinician_id,
            Affiliation.is_home,
        )
        .exists()
    )
    return and_(
        Account.disabled_at.is_(None),
        or_(Account.id.is_(None), Account.clinician_id == FeedSubscription.clinician_id, is_coordinator_there),
    )
