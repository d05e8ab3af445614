"""Makes feeds anew in the background, each batch in a transaction of its own."""

from apiflask import APIFlask

from scheduler.extensions import reading, transaction
from scheduler.services import feed_work
from scheduler.services.feed_bytes import store
from scheduler.services.feed_work import AT_ONCE, FeedWork


def render_some(app: APIFlask, work: FeedWork, *, limit: int = AT_ONCE) -> int:
    """Make the feeds that wait and were fetched last; give how many were looked at.

    The database's one writer is asked for only when all is ready to be stored.
    """
    with app.app_context(), reading():
        feeds = work.next_feeds(limit)
        rendered = work.render(feeds) if feeds else []
    if rendered:
        with app.app_context(), transaction():
            store(rendered)
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
