"""The background work on feeds: what waits is made anew, and what nobody needs any more is thrown away."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, update

from scheduler import clock
from scheduler.extensions import db, rollback
from scheduler.feeds.window import feed_window
from scheduler.models import EventBytes, FeedBytes
from scheduler.queries.feeds import StoredFeed
from scheduler.queries.waiting_feeds import expiring_subscriptions, has_no_reader, is_any_waiting, waiting_feeds
from scheduler.services.cancelled import forget_cancelled
from scheduler.services.feed_bytes import Rendered, basis_now, render_feeds
from scheduler.services.feeds import end_subscription

log = logging.getLogger(__name__)

AT_ONCE = 20
"""Feeds made and stored together: one write to disk for all of them, and no reader waits long for his."""
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)
"""A feed that cannot be made is tried again after a pause that doubles each time."""


@dataclass(frozen=True, slots=True)
class Pause:
    """How often a feed could not be made, and when to try again."""

    failures: int
    until: datetime


@dataclass(slots=True)
class FeedWork:
    """What one worker knows of its work on feeds.

    Parameters
    ----------
    pauses
        Feeds that could not be made, by the id of their bytes.
    checked_basis
        The basis of which no stored feed differs, as far as is known.
    """

    pauses: dict[int, Pause] = field(default_factory=dict)
    checked_basis: str | None = None

    def next_feeds(self, limit: int = AT_ONCE) -> tuple[StoredFeed, ...]:
        """Give the feeds to make next; none when all that can be made are as they should be."""
        now, basis = clock.now(), basis_now()
        is_checked = self.checked_basis == basis
        if is_checked and not is_any_waiting(now):
            return ()
        paused = [bytes_id for bytes_id, pause in self.pauses.items() if pause.until > now]
        feeds = waiting_feeds(now=now, basis=None if is_checked else basis, besides=paused, limit=limit)
        if not feeds and not is_checked:
            self.checked_basis = basis
        return feeds

    def render(self, feeds: Sequence[StoredFeed]) -> list[Rendered]:
        """Make feeds, leaving out those that cannot be made; nothing is written."""
        try:
            rendered = render_feeds(feeds)
        except Exception:
            log.warning("Making %d calendars at once failed; they are made one by one.", len(feeds), exc_info=True)
            rollback()
            rendered = [one for feed in feeds for one in self._render_alone(feed)]
        for one in rendered:
            self.pauses.pop(one.bytes_id, None)
        return rendered

    def _render_alone(self, feed: StoredFeed) -> list[Rendered]:
        try:
            return render_feeds([feed])
        except Exception:
            rollback()
            before = self.pauses.get(feed.bytes_id)
            failures = before.failures + 1 if before else 1
            pause = min(FIRST_PAUSE * 2 ** min(failures - 1, 20), LONGEST_PAUSE)
            self.pauses[feed.bytes_id] = Pause(failures, clock.now() + pause)
            log.exception("Calendar %d cannot be made; what is stored stays. Next try in %s.", feed.bytes_id, pause)
            return []


def keep_house() -> None:
    """Throw away what no feed shows or serves any more, and end subscriptions that nobody uses, after a notice."""
    now = clock.now()
    forget_cancelled(at=now)
    first, _ = feed_window(clock.today())
    db.session.execute(delete(EventBytes).where(EventBytes.end_at < first))
    _end_unused(now)
    db.session.flush()
    _forget_unread()


def _forget_unread() -> None:
    """Throw away bytes without a reader, so that they wait for nothing; when they changed last is kept."""
    db.session.execute(
        update(FeedBytes)
        .where(has_no_reader(), or_(FeedBytes.basis != "", FeedBytes.made < FeedBytes.wanted))
        .values(made=FeedBytes.wanted, basis="", fresh_until=None, gzipped=None, size=0, event_count=0)
        .execution_options(synchronize_session=False)
    )


def _end_unused(now: datetime) -> None:
    expiring = expiring_subscriptions(now)
    for subscription in expiring.to_notice:
        subscription.notice_at = now
    for subscription in expiring.to_end:
        end_subscription(subscription, actor=None, deed="feed.expired")
