"""Where served feeds come from: stored bytes, bytes served lately, and bytes made anew for whoever comes first."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from apiflask import APIFlask
from sqlalchemy.exc import IntegrityError

from config import Config
from scheduler.extensions import BUSY_SECONDS, LATE_BUSY_SECONDS, LateWrite, db, reading, write_late
from scheduler.feeds.shelf import Shelf
from scheduler.queries.feed_lookup import FeedLookup, Served
from scheduler.services import feed_bytes
from scheduler.services.public_feeds import PublicFeed, making_row, public_feed_of

TRIES = 3
"""How often a feed is made for one reader while others change it or store theirs."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _NotStored:
    """What this process made for a reader and found the database too busy for; ``instead_of`` is what is stored."""

    made: int
    etag: str
    modified_at: datetime
    fresh_until: datetime
    instead_of: str


class FeedSource:
    """The feeds of one app, for requests that run in no app context."""

    def __init__(self, app: APIFlask) -> None:
        config: Config = app.config["PASSERELLE"]
        self._app = app
        self._shelf = Shelf(config.feed_cache_mb * 2**20)
        self._not_stored: dict[int, _NotStored] = {}
        with app.app_context():
            self._lookup = FeedLookup(db.engine, feed_bytes.basis_now())

    def find(self, token: str, at: datetime) -> Served | None:
        """Find what is stored for a secret address; None if it leads nowhere, for whatever reason."""
        return self._lookup.find(token, at)

    def find_public(self, slug: str, language: str, at: datetime) -> Served | None:
        """Find what is stored for a public address; None if it leads nowhere.

        Who is the first to ask makes the row for the bytes.
        """
        feed = public_feed_of(slug, language, self._lookup.load_zones())
        if feed is None:
            return None
        return self._find_stored(feed, at) or self._made_row(feed, at)

    def renewed(self, served: Served, at: datetime) -> Served:
        """Give a feed that is no longer fresh as it is now; the last known bytes while someone else makes the new ones.

        It is stored before it is told, so that all processes know the same bytes by the same date.  Where the database
        is busy, this process remembers it.  Should it fail to be made, the last known bytes stay in use.
        """
        for _ in range(TRIES):
            lately = self._not_stored.get(served.bytes_id)
            if lately and lately.instead_of == served.etag:
                served = replace(served, etag=lately.etag, modified_at=lately.modified_at)
                if lately.made >= served.wanted and at < lately.fresh_until:
                    return served
            try:
                rendered = self._render(served.bytes_id)
            except Exception:
                log.exception("The calendar %d could not be made anew.", served.bytes_id)
                return served
            if rendered is None:
                return served
            served = self._kept(served, rendered, at)
            if served.is_fresh:
                break
        return served

    def load(self, served: Served, *, gzipped: bool) -> bytes | None:
        """Load the bytes of a feed; None if others took their place meanwhile, so that it has to be found again."""
        key = (served.etag, gzipped)
        body = self._shelf.get(key)
        if body is None:
            if served.bodies:
                body = served.bodies[gzipped]
            else:
                body = self._lookup.load_bytes(served.bytes_id, served.etag, gzipped=gzipped)
            if body is None:
                self._not_stored.pop(served.bytes_id, None)
            else:
                self._shelf.put(key, body)
        return body

    def write(self, late: list[LateWrite], *, patience: float = LATE_BUSY_SECONDS) -> bool:
        """Write what waited until a reader was answered; tell whether the database had time for it."""
        with self._app.app_context():
            return write_late(late, patience=patience)

    def _render(self, bytes_id: int) -> feed_bytes.Rendered | None:
        with self._app.app_context(), reading():
            return feed_bytes.render_if_free(bytes_id)

    def _kept(self, served: Served, rendered: feed_bytes.Rendered, at: datetime) -> Served:
        """Store what was made, and give what is stored then: others may have come first."""
        if not self.write(feed_bytes.keeping([rendered])):
            return self._remembered(served, rendered)
        self._not_stored.pop(served.bytes_id, None)
        stored = self._lookup.find_again(served, at)
        bodies = (rendered.body, rendered.gzipped) if stored.etag == rendered.etag else None
        return replace(stored, bodies=bodies)

    def _remembered(self, served: Served, rendered: feed_bytes.Rendered) -> Served:
        """Remember what could not be stored.

        Its date is one that nothing stored later has: in the same second, another process may store other bytes.
        """
        dated = rendered.modified_at
        if rendered.etag != rendered.known_etag:
            dated -= feed_bytes.ONE_SECOND
        if served.modified_at and served.etag != rendered.etag:
            dated = max(dated, served.modified_at + feed_bytes.ONE_SECOND)
        self._not_stored[served.bytes_id] = _NotStored(
            made=rendered.made,
            etag=rendered.etag,
            modified_at=dated,
            fresh_until=rendered.fresh_until,
            instead_of=rendered.known_etag,
        )
        bodies = (rendered.body, rendered.gzipped)
        return replace(served, etag=rendered.etag, modified_at=dated, bodies=bodies, is_fresh=True)

    def _find_stored(self, feed: PublicFeed, at: datetime) -> Served | None:
        return self._lookup.find_public(feed.zone_id, feed.care_id, language=feed.language, at=at)

    def _made_row(self, feed: PublicFeed, at: datetime) -> Served | None:
        try:
            self.write([LateWrite(making_row(feed))], patience=BUSY_SECONDS)
        except IntegrityError:
            log.info("Another reader of the calendar of zone %d came first.", feed.zone_id)
        return self._find_stored(feed, at)
