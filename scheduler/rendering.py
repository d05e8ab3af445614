"""Makes feeds anew in the background, each batch in a transaction of its own."""

import logging

from apiflask import APIFlask
from sqlalchemy.exc import OperationalError

from scheduler.extensions import reading, transaction
from scheduler.services import feed_work
from scheduler.services.feed_bytes import store
from scheduler.services.feed_work import AT_ONCE, FeedWork

log = logging.getLogger(__name__)


def render_some(app: APIFlask, work: FeedWork, *, limit: int = AT_ONCE) -> int:
    """Make the feeds that wait and were fetched last; give how many were looked at.

    The database's one writer is asked for only when all is ready to be stored.  Where others keep it busy, as a large
    roster that is being published does, nothing is stored and all of it goes on waiting.
    """
    with app.app_context(), reading():
        feeds = work.next_feeds(limit)
        rendered = work.render(feeds) if feeds else []
    if not rendered:
        return len(feeds)
    try:
        with app.app_context(), transaction():
            store(rendered)
    except OperationalError as error:
        # The error's own text would bring entries, and with them names, into the log.
        log.warning("The database was busy: %d calendars are made later (%s).", len(rendered), error.orig)
        return 0
    return len(feeds)


def render_all(app: APIFlask, work: FeedWork | None = None) -> int:
    """Make all feeds that wait and can be made; give how many."""
    work, count = work or FeedWork(), 0
    while some := render_some(app, work):
        count += some
    return count


def keep_house(app: APIFlask) -> None:
    """Throw away what no feed needs any more, and end subscriptions that nobody uses."""
    with app.app_context(), transaction():
        feed_work.keep_house()
