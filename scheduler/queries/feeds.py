"""What feeds are made of, who may subscribe to which, and the bytes that are served."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import joinedload

from scheduler.errors import InvalidInput, NotFound
from scheduler.extensions import db
from scheduler.models import Account, Affiliation, Clinician, FeedBytes, FeedSubscription, Site
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


_SHOWN = (
    joinedload(FeedSubscription.bytes).defer(FeedBytes.gzipped),
    joinedload(FeedSubscription.clinician),
    joinedload(FeedSubscription.account),
)


@dataclass(frozen=True, slots=True)
class FeedOwner:
    """Whose feed it is: the name shown, the home organisation, and the IANA zone of the home site."""

    id: int
    code: str
    name: str
    organisation_id: int
    timezone: str


@dataclass(frozen=True, slots=True)
class FeedKey:
    """Which feed of which subject in which dress: the key of stored bytes, as ``FeedBytes`` tells it."""

    feed: str
    subject_id: int
    viewer_id: int
    care_id: int
    language: str
    options: str

    @property
    def is_private(self) -> bool:
        """Whether it shows when, not where or with whom."""
        return "busy" in self.options.split(",")


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """A subscription as listed; ``mark`` is another one once the address was replaced."""

    id: int
    clinician_name: str
    label: str
    language: str
    is_private: bool
    made_by: str
    created_at: datetime
    fetched_at: datetime | None
    fetched_by: str
    fetch_count: int
    mark: str


def token_hash(token: str) -> str:
    """Give what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def mark_of(subscription: FeedSubscription) -> str:
    """Give what tells an address of a subscription from the one that replaces it, without telling the address."""
    return subscription.token_hash[:16]


def clinician_key(clinician_id: int, language: str, *, is_private: bool) -> FeedKey:
    """Give the key of a clinician's feed."""
    return FeedKey("clinician", clinician_id, 0, 0, language, "busy" if is_private else "")


def find_bytes(key: FeedKey) -> FeedBytes | None:
    """Load the stored bytes of a feed, if there is a row for them."""
    return db.session.scalar(
        select(FeedBytes).where(
            FeedBytes.feed == key.feed,
            FeedBytes.subject_id == key.subject_id,
            FeedBytes.viewer_id == key.viewer_id,
            FeedBytes.care_id == key.care_id,
            FeedBytes.language == key.language,
            FeedBytes.options == key.options,
        )
    )


def key_of(row: FeedBytes) -> FeedKey:
    """Give the key of stored bytes."""
    return FeedKey(row.feed, row.subject_id, row.viewer_id, row.care_id, row.language, row.options)


def waiting_feeds() -> tuple[FeedBytes, ...]:
    """Load the stored feeds that someone subscribes to and that may show something else by now."""
    has_reader = select(FeedSubscription.id).where(FeedSubscription.bytes_id == FeedBytes.id, is_live()).exists()
    return tuple(db.session.scalars(select(FeedBytes).where(FeedBytes.made < FeedBytes.wanted, has_reader)))


def find_subscription(subscription_id: int) -> FeedSubscription | None:
    """Load a subscription that was not revoked."""
    return db.session.scalar(select(FeedSubscription).where(FeedSubscription.id == subscription_id, is_live()))


def load_owner(clinician_id: int) -> FeedOwner:
    """Load whose feed it is.

    Raises
    ------
    NotFound
        When there is no such clinician, or none with a home.
    """
    owners = _owners(Clinician.id == clinician_id)
    if not owners:
        raise NotFound(N_("There is no such clinician."))
    return owners[0]


def subscribable(scope: Scope) -> tuple[FeedOwner, ...]:
    """Load whose feeds an account may subscribe to: its own first, then, for a coordinator, those at home there."""
    owners = _owners(
        or_(
            Clinician.id == scope.clinician_id if scope.clinician_id else false(),
            Affiliation.organisation_id.in_(scope.organisations_as("coordinator")),
        )
    )
    return tuple(sorted(owners, key=lambda owner: owner.id != scope.clinician_id))


def find_clinician(text: str) -> FeedOwner:
    """Load the one clinician whose code or name it is, or whose name alone holds the text.

    Raises
    ------
    InvalidInput
        When none fits, or several do.
    """
    wanted = text.strip().casefold()
    owners = _owners(true())
    exact = [owner for owner in owners if wanted in (owner.code.casefold(), owner.name.casefold())]
    fitting = exact or [owner for owner in owners if wanted and wanted in owner.name.casefold()]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        names = ", ".join(owner.name for owner in fitting)
        raise InvalidInput(say(N_("Several clinicians fit “%(part)s”: %(names)s."), part=text, names=names))
    raise InvalidInput(say(N_("No clinician fits “%(part)s”."), part=text))


def list_subscriptions(scope: Scope) -> tuple[SubscriptionRow, ...]:
    """List the live subscriptions that an account made, and all to its own clinician's feed; the newest first."""
    rows = db.session.scalars(
        select(FeedSubscription)
        .where(is_live(), _is_of(scope))
        .options(*_SHOWN)
        .order_by(FeedSubscription.created_at.desc(), FeedSubscription.id.desc())
    )
    return tuple(_row(subscription) for subscription in rows)


def load_subscription(scope: Scope, subscription_id: int) -> SubscriptionRow:
    """Load one of the subscriptions that the account would see in its list.

    Raises
    ------
    NotFound
        When there is none.
    """
    for row in list_subscriptions(scope):
        if row.id == subscription_id:
            return row
    raise NotFound(N_("There is no such calendar subscription."))


def newest_subscription_id(scope: Scope) -> int:
    """Give the id of the subscription that an account made last, revoked ones included; 0 when it made none."""
    newest = select(func.max(FeedSubscription.id)).where(FeedSubscription.account_id == scope.account_id)
    return db.session.scalar(newest) or 0


def language_of(clinician_id: int) -> str:
    """Give the language in which a clinician reads pages; English for who has no account."""
    chosen = select(Account.language).where(Account.clinician_id == clinician_id).order_by(Account.id)
    return db.session.scalar(chosen) or "en"


def list_all_subscriptions() -> tuple[SubscriptionRow, ...]:
    """List all live subscriptions, for the command line."""
    rows = db.session.scalars(select(FeedSubscription).where(is_live()).options(*_SHOWN).order_by(FeedSubscription.id))
    return tuple(_row(subscription) for subscription in rows)


def _is_of(scope: Scope) -> ColumnElement[bool]:
    is_about = FeedSubscription.clinician_id == scope.clinician_id if scope.clinician_id else false()
    return or_(FeedSubscription.account_id == scope.account_id, is_about)


def _owners(condition: ColumnElement[bool]) -> tuple[FeedOwner, ...]:
    rows = db.session.execute(
        select(Clinician.id, Clinician.code, Clinician.name, Affiliation.organisation_id, Site.timezone)
        .join(Affiliation, and_(Affiliation.clinician_id == Clinician.id, Affiliation.is_home))
        .join(Site, Site.id == Affiliation.site_id)
        .where(condition)
        .order_by(Clinician.sort_name, Clinician.name, Clinician.id)
    )
    return tuple(FeedOwner(*row) for row in rows)


def is_live() -> ColumnElement[bool]:
    """Give the condition that a subscription was not revoked."""
    return FeedSubscription.revoked_at.is_(None)


def _row(subscription: FeedSubscription) -> SubscriptionRow:
    return SubscriptionRow(
        id=subscription.id,
        clinician_name=subscription.clinician.name if subscription.clinician else "",
        label=subscription.label,
        language=subscription.bytes.language,
        is_private=key_of(subscription.bytes).is_private,
        made_by=subscription.account.name if subscription.account else "",
        created_at=subscription.created_at,
        fetched_at=subscription.fetched_at,
        fetched_by=subscription.fetched_by,
        fetch_count=subscription.fetch_count,
        mark=mark_of(subscription),
    )
