"""What feeds are made of, who may subscribe to which, and the bytes that are served."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, false, func, literal, or_, select, true
from sqlalchemy.orm import joinedload

from scheduler.errors import InvalidInput, NotFound
from scheduler.extensions import db
from scheduler.models import Account, Affiliation, Clinician, FeedBytes, FeedSubscription, Site
from scheduler.scope import Scope
from scheduler.text import N_, say

VARIANT = (FeedSubscription.clinician_id, FeedSubscription.language, FeedSubscription.is_private)
"""The columns that tell which variant a subscription is served."""


@dataclass(frozen=True, slots=True)
class FeedOwner:
    """Whose feed it is: the name shown, the home organisation, and the IANA zone of the home site."""

    id: int
    code: str
    name: str
    organisation_id: int
    timezone: str


@dataclass(frozen=True, slots=True)
class FeedVariant:
    """Which feed in which dress; its two names are the key of its stored bytes."""

    clinician_id: int
    language: str
    is_private: bool

    @property
    def feed(self) -> str:
        """The feed's name among the stored bytes."""
        return feed_name(self.clinician_id)

    @property
    def name(self) -> str:
        """The variant's name among the stored bytes."""
        return f"{self.language}-busy" if self.is_private else self.language


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


def feed_name(clinician_id: int) -> str:
    """Give the key of a clinician's feed among the stored bytes."""
    return f"clinician/{clinician_id}"


def stale_feeds() -> dict[FeedVariant, FeedBytes]:
    """Load the stored feeds that are stale and that someone subscribes to."""
    rows = db.session.execute(
        select(FeedBytes, *VARIANT)
        .join(FeedSubscription, bytes_of_subscription())
        .where(FeedBytes.is_stale, is_live())
        .order_by(FeedBytes.id)
    )
    return {variant_of(row): row.FeedBytes for row in rows}


def find_bytes(variant: FeedVariant) -> FeedBytes | None:
    """Load the stored bytes of a feed, if they were ever made."""
    return db.session.scalar(select(FeedBytes).where(FeedBytes.feed == variant.feed, FeedBytes.variant == variant.name))


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
        .options(joinedload(FeedSubscription.clinician), joinedload(FeedSubscription.account))
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
    rows = db.session.scalars(
        select(FeedSubscription)
        .where(is_live())
        .options(joinedload(FeedSubscription.clinician), joinedload(FeedSubscription.account))
        .order_by(FeedSubscription.id)
    )
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


def variant_of(row: Any) -> FeedVariant:
    """Give the variant that a row with the columns of VARIANT tells."""
    return FeedVariant(clinician_id=row.clinician_id, language=row.language, is_private=row.is_private)


def is_live() -> ColumnElement[bool]:
    """Give the condition that a subscription was not revoked."""
    return FeedSubscription.revoked_at.is_(None)


def bytes_of_subscription() -> ColumnElement[bool]:
    """Give the condition that ties a subscription to the stored bytes it is served."""
    busy = case((FeedSubscription.is_private, "-busy"), else_="")
    return and_(
        FeedBytes.feed == literal("clinician/") + cast(FeedSubscription.clinician_id, String),
        FeedBytes.variant == FeedSubscription.language + busy,
    )


def _row(subscription: FeedSubscription) -> SubscriptionRow:
    return SubscriptionRow(
        id=subscription.id,
        clinician_name=subscription.clinician.name if subscription.clinician else "",
        label=subscription.label,
        language=subscription.language,
        is_private=subscription.is_private,
        made_by=subscription.account.name if subscription.account else "",
        created_at=subscription.created_at,
        fetched_at=subscription.fetched_at,
        fetched_by=subscription.fetched_by,
        fetch_count=subscription.fetch_count,
        mark=mark_of(subscription),
    )
