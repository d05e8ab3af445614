"""Subscriptions to feeds, and which feeds are to be made anew."""

import secrets

from sqlalchemy import update

from config import LANGUAGES
from scheduler import clock
from scheduler.duties import Subject
from scheduler.errors import Conflict, InvalidInput, NotAllowed, NotFound
from scheduler.extensions import db
from scheduler.feeds import Feed, feed_of
from scheduler.feeds.variants import Variant
from scheduler.models import FeedBytes, FeedSubscription
from scheduler.queries.calendar_addresses import is_working
from scheduler.queries.duties import in_chunks
from scheduler.queries.feed_selections import NO_CALENDAR
from scheduler.queries.feed_subjects import list_subjects, load_subject
from scheduler.queries.feed_touches import Touched
from scheduler.queries.feeds import FeedKey, find_subscription, key_of, mark_of, newest_subscription_id, token_hash
from scheduler.scope import Scope
from scheduler.services import journal
from scheduler.services.feed_bytes import keep_bytes
from scheduler.text import N_, say

LABEL_LENGTH = 60
SENT_BEFORE = N_(
    "Nothing was changed: a new address was made since this page was opened. If you did not keep it, make another."
)
NOT_ALLOWED = N_("You may not subscribe to this calendar.")
NO_SUCH_SUBSCRIPTION = N_("There is no such calendar subscription.")
NOT_MADE = N_("The calendar was not made.")
TOKEN_BYTES = 32
"""256 bits."""


def create_subscription(
    *,
    actor: Scope | None,
    feed: str,
    subject_id: int,
    variant: Variant,
    label: str = "",
    organisation_id: int | None = None,
    newest: int | None = None,
) -> tuple[FeedSubscription, str]:
    """Make a secret address of a feed; its token is given this once.

    Parameters
    ----------
    actor
        None is the command line, which may do it for anyone.
    feed, subject_id
        Id of the kind of feed, and of what it is about.
    organisation_id
        Through which organisation it is made; None: the first through which the account may.
    newest
        Id of the account's newest subscription as its form knew it: a form that is sent again makes no other one.

    Raises
    ------
    NotFound
        When there is no such feed for the account.
    NotAllowed
        When the account sees what the feed is about and may not subscribe to it.
    InvalidInput
        When the language is not offered, the label is too long, or the feed has no such options.
    Conflict
        When the account has a newer subscription than the newest that was named.
    """
    kind, subject = feed_of(feed), load_subject(feed, subject_id)
    through = _organisation(actor, kind, subject, organisation_id)
    _check_choices(kind, variant, label)
    if actor is not None and newest is not None and newest != newest_subscription_id(actor):
        raise Conflict(SENT_BEFORE)
    key = FeedKey(feed, subject_id, through if kind.is_scoped else 0, 0, variant.language, variant.options)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    subscription = FeedSubscription(
        bytes_id=keep_bytes(key),
        clinician_id=subject_id if kind.events == "duties" else None,
        organisation_id=through,
        account_id=actor.account_id if actor else None,
        token_hash=token_hash(token),
        label=label.strip(),
        created_at=clock.now(),
    )
    db.session.add(subscription)
    db.session.flush()
    _tell_journal(actor, "feed.subscribed", subscription)
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
    NotAllowed
        When whoever made it may no longer subscribe: a new address would not work either.
    Conflict
        When the address with this mark was replaced already.
    """
    subscription = _load(subscription_id)
    if not _is_own(actor, subscription):
        raise NotFound(NO_SUCH_SUBSCRIPTION)
    if not is_working(subscription_id):
        raise NotAllowed(NOT_ALLOWED)
    if mark is not None and mark != mark_of(subscription):
        raise Conflict(SENT_BEFORE)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    subscription.token_hash = token_hash(token)
    subscription.created_at = clock.now()
    subscription.fetched_at = None
    subscription.fetched_by = ""
    subscription.fetch_count = 0
    subscription.notice_at = None
    keep_bytes(key_of(subscription.bytes))
    db.session.flush()
    _tell_journal(actor, "feed.rotated", subscription)
    return token


def revoke(*, actor: Scope | None, subscription_id: int) -> FeedSubscription:
    """End a subscription; its address is dead at once.

    Whoever made it may, the clinician whose duties it shows, and administrators of the organisation through which it
    was made.

    Raises
    ------
    NotFound
        When the account has no such subscription, or it was revoked.
    """
    subscription = _load(subscription_id)
    if not (_is_own(actor, subscription) or _is_administered(actor, subscription)):
        raise NotFound(NO_SUCH_SUBSCRIPTION)
    end_subscription(subscription, actor=actor, deed="feed.revoked")
    return subscription


def end_subscription(subscription: FeedSubscription, *, actor: Scope | None, deed: str) -> None:
    """End a subscription for a reason that the journal keeps."""
    subscription.revoked_at = clock.now()
    db.session.flush()
    _tell_journal(actor, deed, subscription)


def mark_stale(touched: Touched) -> None:
    """Tell that what these feeds show may have changed.

    They are made anew in the background, or by whoever reads them first; the bytes there are stay until then.
    """
    db.session.flush()
    for feed, ids in touched.subjects.items():
        for some in in_chunks(ids):
            db.session.execute(
                update(FeedBytes)
                .where(FeedBytes.feed == feed, FeedBytes.subject_id.in_(some))
                .values(wanted=FeedBytes.wanted + 1)
                .execution_options(synchronize_session=False)
            )


def _organisation(actor: Scope | None, feed: Feed, subject: Subject, organisation_id: int | None) -> int:
    """Give the organisation through which the subscription is made, if the account may make it."""
    if actor is None:
        return _organisation_of(subject) if organisation_id is None else organisation_id
    if organisation_id is None:
        offered = (through for one, through in list_subjects(actor, feed.id) if one.id == subject.id)
        organisation_id = next(offered, 0)
    if organisation_id and feed.may_subscribe(actor, subject, organisation_id):
        return organisation_id
    if actor.organisation_ids & (subject.organisation_ids or actor.organisation_ids):
        raise NotAllowed(NOT_ALLOWED)
    raise NotFound(NO_CALENDAR)


def _organisation_of(subject: Subject) -> int:
    """Give the organisation of a subject for the command line, which has to name one where there are several views."""
    if not subject.organisation_ids:
        problem = say(N_("Say whose view of this calendar it shall be."))
        raise InvalidInput(problem, {"organisation": problem})
    return min(subject.organisation_ids)


def _check_choices(feed: Feed, variant: Variant, label: str) -> None:
    problems = {}
    if variant.language not in LANGUAGES:
        problems["language"] = N_("Please choose one of the languages offered.")
    if len(label.strip()) > LABEL_LENGTH:
        problems["label"] = N_("Please keep the name under 60 characters.")
    if not set(filter(None, variant.options.split(","))) <= set(feed.choices):
        problems["options"] = N_("Please choose among what is offered for this kind of calendar.")
    if problems:
        raise InvalidInput(NOT_MADE, problems)


def _load(subscription_id: int) -> FeedSubscription:
    subscription = find_subscription(subscription_id)
    if subscription is None:
        raise NotFound(NO_SUCH_SUBSCRIPTION)
    return subscription


def _is_own(actor: Scope | None, subscription: FeedSubscription) -> bool:
    """Tell whether the account made it, or it shows the account's own clinician."""
    if actor is None or subscription.account_id == actor.account_id:
        return True
    return actor.clinician_id is not None and subscription.clinician_id == actor.clinician_id


def _is_administered(actor: Scope | None, subscription: FeedSubscription) -> bool:
    through = subscription.organisation_id
    return actor is not None and through is not None and actor.role_in(through) == "administrator"


def _tell_journal(actor: Scope | None, deed: str, subscription: FeedSubscription) -> None:
    key = key_of(subscription.bytes)
    through = subscription.organisation_id
    journal.record(
        actor=actor,
        deed=deed,
        subject="feed_subscription",
        subject_id=subscription.id,
        organisation_ids=[] if through is None else [through],
        facts={"feed": key.feed, "subject_id": key.subject_id, "language": key.language, "options": key.options},
    )
