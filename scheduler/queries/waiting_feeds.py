"""Which feeds are to be made anew ahead of their readers, and what of calendars nobody needs any more."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from scheduler.extensions import db
from scheduler.models import FeedBytes, FeedSubscription
from scheduler.queries.feed_selections import SELECTIONS_BY_ID
from scheduler.queries.feeds import NOTICE_AFTER, NOTICE_TIME, StoredFeed, is_live, list_stored


@dataclass(frozen=True, slots=True)
class Expiring:
    """Subscriptions that nobody uses: whose owners are to be told, and those whose time is up."""

    to_notice: tuple[FeedSubscription, ...]
    to_end: tuple[FeedSubscription, ...]


def waiting_feeds(*, now: datetime, basis: str | None, besides: Collection[int], limit: int) -> tuple[StoredFeed, ...]:
    """Give feeds with readers that may show something else by now; those fetched last come first.

    Parameters
    ----------
    basis
        Also those that were made from another basis; None: do not look, as that reads every row.
    besides
        Ids to leave out.
    """
    due = [
        select(FeedBytes.id).where(FeedBytes.made < FeedBytes.wanted),
        select(FeedBytes.id).where(FeedBytes.fresh_until <= now),
    ]
    if basis is not None:
        due.append(select(FeedBytes.id).where(FeedBytes.basis != basis))
    last_use = func.max(func.coalesce(FeedSubscription.fetched_at, FeedSubscription.created_at))
    rows = db.session.scalars(
        select(FeedBytes.id)
        .outerjoin(FeedSubscription, and_(FeedSubscription.bytes_id == FeedBytes.id, is_live()))
        .where(
            or_(*(FeedBytes.id.in_(ids) for ids in due)),
            or_(is_open(), FeedSubscription.id.is_not(None)),
            FeedBytes.id.not_in(besides),
        )
        .group_by(FeedBytes.id)
        .order_by(last_use.desc().nulls_last(), FeedBytes.id)
        .limit(limit)
    )
    return list_stored(rows)


def is_any_waiting(now: datetime) -> bool:
    """Tell quickly whether there may be feeds to make anew."""
    waits = exists().where(FeedBytes.made < FeedBytes.wanted)
    ran_out = exists().where(FeedBytes.fresh_until <= now)
    return bool(db.session.scalar(select(waits)) or db.session.scalar(select(ran_out)))


def expiring_subscriptions(now: datetime) -> Expiring:
    """Load the subscriptions that were not fetched for long."""
    last_use = func.coalesce(FeedSubscription.fetched_at, FeedSubscription.created_at)
    is_unused = last_use <= now - NOTICE_AFTER
    return Expiring(
        to_notice=_live(is_unused, FeedSubscription.notice_at.is_(None)),
        to_end=_live(is_unused, FeedSubscription.notice_at <= now - NOTICE_TIME),
    )


def has_no_reader() -> ColumnElement[bool]:
    """Say that stored bytes are neither public nor subscribed to."""
    subscribed = exists().where(FeedSubscription.bytes_id == FeedBytes.id, is_live())
    return and_(~is_open(), ~subscribed)


def is_open() -> ColumnElement[bool]:
    """Say that stored bytes are open to all: somebody may read them without a subscription."""
    return FeedBytes.feed.in_([selection.id for selection in SELECTIONS_BY_ID.values() if selection.is_open])


def _live(*conditions: ColumnElement[bool]) -> tuple[FeedSubscription, ...]:
    return tuple(
        db.session.scalars(select(FeedSubscription).where(is_live(), *conditions).order_by(FeedSubscription.id))
    )
