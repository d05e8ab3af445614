"""Where served feeds come from: stored bytes, bytes served lately, and bytes made anew for whoever comes first."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from apiflask import APIFlask
from sqlalchemy.exc import IntegrityError

from config import Config
from scheduler.extensions import (
    BUSY_SECONDS,
    LATE_BUSY_SECONDS,
    LateWrite,
    db,
    reading,
    take_late_writes,
    write_late,
)
from scheduler.feeds.shelf import Shelf
from scheduler.queries.feed_lookup import FeedLookup, Served
from scheduler.services import feed_bytes
from scheduler.services.public_feeds import PublicFeed, making_row, public_feed_of

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _MadeAnew:
    """What was made for a reader and may not be stored yet, as the database is busy."""

    made: int
    etag: str
    modified_at: datetime
    fresh_until: datetime


class FeedSource:
    """The feeds of one app, for requests that run in no app context."""

    def __init__(self, app: APIFlask) -> None:
        config: Config = app.config["PASSERELLE"]
        self._app = app
        self._shelf = Shelf(config.feed_cache_mb * 2**20)
        self._made_anew: dict[int, _MadeAnew] = {}
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

    def renewed(self, served: Served, at: datetime, late: list[LateWrite]) -> Served:
        """Give a feed that is no longer fresh as it is now; the old bytes while someone else makes the new ones.

        Should that fail, the old bytes stay in use.

        Parameters
        ----------
        late
            Gets what is to be written once the reader has been answered.
        """
        lately = self._made_anew.get(served.bytes_id)
        if lately and lately.made >= served.wanted and at < lately.fresh_until:
            return replace(served, etag=lately.etag, modified_at=lately.modified_at)
        try:
            rendered = self._render(served.bytes_id, late)
        except Exception:
            log.exception("The calendar %d could not be made anew.", served.bytes_id)
            return served
        if rendered is None:
            return served
        self._made_anew[served.bytes_id] = _MadeAnew(
            rendered.made, rendered.etag, rendered.modified_at, rendered.fresh_until
        )
        return replace(
            served,
            etag=rendered.etag,
            modified_at=rendered.modified_at,
            bodies=(rendered.body, rendered.gzipped),
        )

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
                self._made_anew.pop(served.bytes_id, None)
            else:
                self._shelf.put(key, body)
        return body

    def write(self, late: list[LateWrite], *, patience: float = LATE_BUSY_SECONDS) -> bool:
        """Write what waited until a reader was answered; tell whether the database had time for it."""
        with self._app.app_context():
            return write_late(late, patience=patience)

    def _render(self, bytes_id: int, late: list[LateWrite]) -> feed_bytes.Rendered | None:
        with self._app.app_context(), reading():
            rendered = feed_bytes.render_if_free(bytes_id)
            late += take_late_writes()
        return rendered

    def _find_stored(self, feed: PublicFeed, at: datetime) -> Served | None:
        return self._lookup.find_public(feed.zone_id, feed.care_id, language=feed.language, at=at)

    def _made_row(self, feed: PublicFeed, at: datetime) -> Served | None:
        try:
            self.write([LateWrite(making_row(feed))], patience=BUSY_SECONDS)
        except IntegrityError:
            log.info("Another reader of the calendar of zone %d came first.", feed.zone_id)
        return self._find_stored(feed, at)
