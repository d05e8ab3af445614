"""Who may still read a feed: the condition of the statement that looks up an address."""

from collections import defaultdict
from collections.abc import Callable

from sqlalchemy import ColumnElement, and_, or_

from scheduler.models import Account, FeedBytes, FeedSubscription
from scheduler.queries.feed_conditions import Day
from scheduler.queries.feed_selections import SELECTIONS_BY_ID


def still_allowed(today: Day) -> ColumnElement[bool]:
    """Give the condition that whoever made an address could make it today.

    It stands beside FeedSubscription, its FeedBytes, and its Account as an outer join: addresses made on the command
    line have none, and hold for as long as what they are about.  Each part looks up a few rows by their keys; feeds
    with the same condition share one.
    """
    parts: dict[Callable[[Day], ColumnElement[bool]], list[str]] = defaultdict(list)
    for selection in SELECTIONS_BY_ID.values():
        if selection.may_read is not None:
            parts[selection.may_read].append(selection.id)
    lasting = [
        or_(FeedBytes.feed != selection.id, selection.lasts(today))
        for selection in SELECTIONS_BY_ID.values()
        if selection.lasts is not None
    ]
    return or_(
        and_(FeedSubscription.account_id.is_(None), *lasting),
        and_(
            Account.disabled_at.is_(None),
            or_(*(and_(FeedBytes.feed.in_(feed_ids), may_read(today)) for may_read, feed_ids in parts.items())),
        ),
    )
