"""Stored feeds and the subscriptions to them, as services and the command line need them."""

import hashlib
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select

from scheduler.duties import Subject
from scheduler.errors import InvalidInput
from scheduler.extensions import db
from scheduler.models import Account, FeedBytes, FeedSubscription, Organisation, Specialty
from scheduler.queries.feed_selections import selection_of
from scheduler.queries.feed_subjects import load_subject, subject_names
from scheduler.scope import Scope
from scheduler.text import N_, say

NOTICE_AFTER = timedelta(days=518)
"""The owner of an address that nobody fetched for 17 months is told that it will stop working …"""
NOTICE_TIME = timedelta(days=30)
"""… so much later, unless someone fetches it meanwhile, which takes the notice back."""

KEY = (
    FeedBytes.feed,
    FeedBytes.subject_id,
    FeedBytes.viewer_id,
    FeedBytes.care_id,
    FeedBytes.language,
    FeedBytes.options,
)
"""The columns of a FeedKey, in its order."""


@dataclass(frozen=True, slots=True)
class FeedKey:
    """Which feed of which subject in which dress: the key of stored bytes, as ``FeedBytes`` tells it."""

    feed: str
    subject_id: int
    viewer_id: int
    care_id: int
    language: str
    options: str


@dataclass(frozen=True, slots=True)
class StoredFeed:
    """What is known of stored bytes beside the bytes; see ``FeedBytes``."""

    bytes_id: int
    key: FeedKey
    wanted: int = 1
    made: int = 0
    etag: str = ""
    modified_at: datetime | None = None
    basis: str = ""
    fresh_until: datetime | None = None

    def is_fresh(self, basis: str, at: datetime) -> bool:
        """Tell whether the bytes hold at an instant, for events made from this basis."""
        is_made = self.made >= self.wanted and self.basis == basis
        return is_made and (self.fresh_until is None or at < self.fresh_until)


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """A subscription as listed on the command line; ``name`` is empty when what it showed is gone."""

    id: int
    feed: str
    name: str
    language: str
    options: str
    label: str
    fetched_by: str
    fetch_count: int


def token_hash(token: str) -> str:
    """Give what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def mark_of(subscription: FeedSubscription) -> str:
    """Give what tells an address of a subscription from the one that replaces it, without telling the address."""
    return subscription.token_hash[:16]


def key_of(row: FeedBytes) -> FeedKey:
    """Give the key of stored bytes."""
    return FeedKey(row.feed, row.subject_id, row.viewer_id, row.care_id, row.language, row.options)


def find_stored(key: FeedKey) -> StoredFeed | None:
    """Load what is known of a feed's stored bytes, if there is a row for them."""
    is_it = and_(*(column == value for column, value in zip(KEY, astuple(key), strict=True)))
    return next(iter(_stored(is_it)), None)


def load_stored(bytes_id: int) -> StoredFeed | None:
    """Load what is known of stored bytes, if there are any with this id."""
    return next(iter(_stored(FeedBytes.id == bytes_id)), None)


def list_stored(bytes_ids: Iterable[int]) -> tuple[StoredFeed, ...]:
    """Load what is known of several stored bytes, in the order of the ids."""
    ids = list(bytes_ids)
    found = {feed.bytes_id: feed for feed in _stored(FeedBytes.id.in_(ids))}
    return tuple(found[bytes_id] for bytes_id in ids if bytes_id in found)


def name_of_care(specialty_id: int) -> str:
    """Give the English name of a specialty."""
    return db.session.scalar(select(Specialty.name).where(Specialty.id == specialty_id)) or ""


def find_subscription(subscription_id: int) -> FeedSubscription | None:
    """Load a subscription that was not revoked."""
    return db.session.scalar(select(FeedSubscription).where(FeedSubscription.id == subscription_id, is_live()))


def newest_subscription_id(scope: Scope) -> int:
    """Give the id of the subscription that an account made last, revoked ones included; 0 when it made none."""
    newest = select(func.max(FeedSubscription.id)).where(FeedSubscription.account_id == scope.account_id)
    return db.session.scalar(newest) or 0


def language_of(clinician_id: int) -> str:
    """Give the language in which a clinician reads pages; English for who has no account."""
    chosen = select(Account.language).where(Account.clinician_id == clinician_id).order_by(Account.id)
    return db.session.scalar(chosen) or "en"


def find_subject(feed_id: str, text: str) -> Subject:
    """Load the one thing of a kind of feed whose code or name it is, or whose name alone holds the text.

    Raises
    ------
    NotFound
        When there is no such kind.
    InvalidInput
        When none fits, or several do.
    """
    wanted = text.strip().casefold()
    subject_id, code, name = selection_of(feed_id).names
    rows = db.session.execute(select(subject_id, code, name).order_by(name, subject_id)).all()
    exact = [row for row in rows if wanted in (row[1].casefold(), row[2].casefold())]
    fitting = exact or [row for row in rows if wanted and wanted in row[2].casefold()]
    if len(fitting) == 1:
        return load_subject(feed_id, fitting[0][0])
    if fitting:
        names = ", ".join(row[2] for row in fitting)
        raise InvalidInput(say(N_("Several fit “%(part)s”: %(names)s."), part=text, names=names))
    raise InvalidInput(say(N_("Nothing fits “%(part)s”."), part=text))


def find_organisation_id(code: str) -> int:
    """Give the id of the organisation with this code.

    Raises
    ------
    InvalidInput
        When there is none.
    """
    found = db.session.scalar(select(Organisation.id).where(func.lower(Organisation.code) == code.strip().lower()))
    if found is None:
        raise InvalidInput(say(N_("Nothing fits “%(part)s”."), part=code))
    return found


def list_all_subscriptions() -> tuple[SubscriptionRow, ...]:
    """List all live subscriptions, for the command line."""
    rows = db.session.execute(
        select(
            FeedSubscription.id,
            FeedBytes.feed,
            FeedBytes.subject_id,
            FeedBytes.language,
            FeedBytes.options,
            FeedSubscription.label,
            FeedSubscription.fetched_by,
            FeedSubscription.fetch_count,
        )
        .join(FeedBytes, FeedBytes.id == FeedSubscription.bytes_id)
        .where(is_live())
        .order_by(FeedSubscription.id)
    ).all()
    names = subject_names((row.feed, row.subject_id) for row in rows)
    return tuple(SubscriptionRow(row[0], row[1], names.get((row[1], row[2]), ""), *row[3:]) for row in rows)


def is_live() -> ColumnElement[bool]:
    """Give the condition that a subscription was not revoked."""
    return FeedSubscription.revoked_at.is_(None)


def _stored(condition: ColumnElement[bool]) -> tuple[StoredFeed, ...]:
    rows = db.session.execute(
        select(
            FeedBytes.id,
            *KEY,
            FeedBytes.wanted,
            FeedBytes.made,
            FeedBytes.etag,
            FeedBytes.modified_at,
            FeedBytes.basis,
            FeedBytes.fresh_until,
        ).where(condition)
    )
    return tuple(StoredFeed(row[0], FeedKey(*row[1:7]), *row[7:]) for row in rows)
