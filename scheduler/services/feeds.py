"""Subscriptions to feeds, and when feeds are made anew."""

import secrets
from collections.abc import Iterable

from sqlalchemy import update

from config import LANGUAGES
from scheduler import clock
from scheduler.errors import Conflict, InvalidInput, NotAllowed, NotFound
from scheduler.extensions import db
from scheduler.models import FeedBytes, FeedSubscription
from scheduler.queries.feeds import (
    FeedOwner,
    clinician_key,
    find_subscription,
    key_of,
    load_owner,
    mark_of,
    newest_subscription_id,
    token_hash,
    waiting_feeds,
)
from scheduler.scope import Scope
from scheduler.services import journal
from scheduler.services.feed_bytes import fill, keep_bytes, render
from scheduler.text import N_

LABEL_LENGTH = 60
SENT_BEFORE = N_(
    "Nothing was changed: a new address was made since this page was opened. If you did not keep it, make another."
)
TOKEN_BYTES = 32
"""256 bits."""


def create_subscription(
    *,
    actor: Scope | None,
    clinician_id: int,
    language: str,
    is_private: bool = False,
    label: str = "",
    newest: int | None = None,
) -> tuple[FeedSubscription, str]:
    """Make a secret address for a clinician's duties; its token is given this once.

    Parameters
    ----------
    actor
        None is the command line, which may do it for anyone.
    newest
        Id of the account's newest subscription as its form knew it: a form that is sent again makes no other one.

    Raises
    ------
    NotFound
        When the account cannot see the clinician.
    NotAllowed
        When the account is neither the clinician's nor that of a coordinator at the clinician's home.
    InvalidInput
        When the language is not offered or the label is too long.
    Conflict
        When the account has a newer subscription than the newest that was named.
    """
    owner = load_owner(clinician_id)
    _check_may_subscribe(actor, owner)
    _check_choices(language, label)
    if actor is not None and newest is not None and newest != newest_subscription_id(actor):
        raise Conflict(SENT_BEFORE)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    subscription = FeedSubscription(
        bytes_id=keep_bytes(clinician_key(owner.id, language, is_private=is_private)).id,
        clinician_id=owner.id,
        organisation_id=owner.organisation_id,
        account_id=actor.account_id if actor else None,
        token_hash=token_hash(token),
        label=label.strip(),
        created_at=clock.now(),
    )
    db.session.add(subscription)
    db.session.flush()
    _tell_journal(actor, "feed.subscribed", subscription, owner)
    return subscription, token


def rotate(*, actor: Scope | None, subscription_id: int, mark: str | None = None) -> str:
    """Replace the address of a subscription: the old one is dead at once, the new token is given this once.

    Parameters
    ----------
    mark
        That of the address to replace: a form that is sent again does not replace the new one.

    Raises
    ------
    NotFound
        When the account has no such subscription, or it was revoked.
    Conflict
        When the address with this mark was replaced already.
    """
    subscription, owner = _load_own(actor, subscription_id)
    if mark is not None and mark != mark_of(subscription):
        raise Conflict(SENT_BEFORE)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    subscription.token_hash = token_hash(token)
    subscription.created_at = clock.now()
    subscription.fetched_at = None
    subscription.fetched_by = ""
    subscription.fetch_count = 0
    keep_bytes(key_of(subscription.bytes))
    db.session.flush()
    _tell_journal(actor, "feed.rotated", subscription, owner)
    return token


def revoke(*, actor: Scope | None, subscription_id: int) -> FeedSubscription:
    """End a subscription; its address is dead at once.

    Raises
    ------
    NotFound
        When the account has no such subscription, or it was revoked.
    """
    subscription, owner = _load_own(actor, subscription_id)
    subscription.revoked_at = clock.now()
    db.session.flush()
    _tell_journal(actor, "feed.revoked", subscription, owner)
    return subscription


def mark_stale(*, clinician_ids: Iterable[int]) -> None:
    """Tell that what these clinicians' feeds show may have changed.

    The feeds are made anew by ``render_stale``, or at the latest when someone next reads them.
    """
    ids = sorted(set(clinician_ids))
    if ids:
        db.session.flush()
        db.session.execute(
            update(FeedBytes)
            .where(FeedBytes.feed == "clinician", FeedBytes.subject_id.in_(ids))
            .values(wanted=FeedBytes.wanted + 1)
        )


def render_stale() -> int:
    """Make anew the feeds that wait and that someone subscribes to; give how many."""
    rows = waiting_feeds()
    for row in rows:
        fill(row, render(key_of(row), etag=row.etag, modified_at=row.modified_at))
    db.session.flush()
    return len(rows)


def _check_may_subscribe(actor: Scope | None, owner: FeedOwner) -> None:
    if actor is None or actor.clinician_id == owner.id or actor.role_in(owner.organisation_id) == "coordinator":
        return
    if owner.organisation_id in actor.organisation_ids:
        raise NotAllowed(N_("Only the clinician and the own coordinator may subscribe to this calendar."))
    raise NotFound(N_("There is no such clinician."))


def _check_choices(language: str, label: str) -> None:
    problems = {}
    if language not in LANGUAGES:
        problems["language"] = N_("Please choose one of the languages offered.")
    if len(label.strip()) > LABEL_LENGTH:
        problems["label"] = N_("Please keep the name under 60 characters.")
    if problems:
        raise InvalidInput(N_("The calendar was not made."), problems)


def _load_own(actor: Scope | None, subscription_id: int) -> tuple[FeedSubscription, FeedOwner]:
    """Load a live subscription that the account made, or that shows the account's own clinician."""
    subscription = find_subscription(subscription_id)
    if subscription is None or subscription.clinician_id is None or not _is_own(actor, subscription):
        raise NotFound(N_("There is no such calendar subscription."))
    return subscription, load_owner(subscription.clinician_id)


def _is_own(actor: Scope | None, subscription: FeedSubscription) -> bool:
    if actor is None or subscription.account_id == actor.account_id:
        return True
    return actor.clinician_id is not None and subscription.clinician_id == actor.clinician_id


def _tell_journal(actor: Scope | None, deed: str, subscription: FeedSubscription, owner: FeedOwner) -> None:
    key = key_of(subscription.bytes)
    journal.record(
        actor=actor,
        deed=deed,
        subject="feed_subscription",
        subject_id=subscription.id,
        organisation_ids=[owner.organisation_id],
        facts={"clinician_id": owner.id, "language": key.language, "is_private": key.is_private},
    )
