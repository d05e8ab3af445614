"""What serving a feed reads: few columns, and statements that are built once."""

import gzip
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import ColumnElement, Executable, and_, bindparam, func, or_, select

from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.models import AccessGrant, Account, Affiliation, FeedBytes, FeedSubscription
from scheduler.queries.feeds import KEY, FeedKey, is_live, token_hash
from scheduler.text import N_

UNUSED_LIMIT = timedelta(days=548)
"""An address that was not fetched for 18 months stops working."""


@dataclass(frozen=True, slots=True)
class ServedFeed:
    """What is known of a feed before any bytes are read; ``modified_at`` is None while it was never made."""

    subscription_id: int
    key: FeedKey
    bytes_id: int
    etag: str
    modified_at: datetime | None
    basis: str
    wanted: int
    made: int
    fresh_until: datetime | None

    def is_fresh(self, basis: str, at: datetime) -> bool:
        """Tell whether the stored bytes hold at an instant, for events made from this basis."""
        return self.made >= self.wanted and self.basis == basis and (self.fresh_until is None or at < self.fresh_until)


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
        key=FeedKey(row.feed, row.subject_id, row.viewer_id, row.care_id, row.language, row.options),
        bytes_id=row.bytes_id,
        etag=row.etag,
        modified_at=row.modified_at,
        basis=row.basis,
        wanted=row.wanted,
        made=row.made,
        fresh_until=row.fresh_until,
    )


def load_bytes(bytes_id: int, *, gzipped: bool) -> bytes:
    """Load the stored bytes of a feed that was made."""
    stored = db.session.execute(select(FeedBytes.gzipped).where(FeedBytes.id == bytes_id)).scalar_one()
    if stored is None:
        raise LookupError(f"the feed {bytes_id} was never made")
    return stored if gzipped else gzip.decompress(stored)


@cache
def _served_statement() -> Executable:
    """Give the statement of ``find_served_feed``: to build it takes longer than to run it."""
    subscription = FeedSubscription
    return (
        select(
            subscription.id,
            *KEY,
            FeedBytes.id.label("bytes_id"),
            FeedBytes.etag,
            FeedBytes.modified_at,
            FeedBytes.basis,
            FeedBytes.wanted,
            FeedBytes.made,
            FeedBytes.fresh_until,
        )
        .join(FeedBytes, FeedBytes.id == subscription.bytes_id)
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
