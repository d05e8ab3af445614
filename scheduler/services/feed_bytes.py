"""Makes the bytes of feeds and keeps them as they are served.

``render_feeds`` only reads; what it gives is stored by the statements of ``keeping``.
"""

import gzip
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import bindparam, update

from config import Config
from scheduler import clock
from scheduler.errors import NotFound
from scheduler.extensions import LateWrite, db
from scheduler.feeds.ics import FORMAT
from scheduler.models import FeedBytes
from scheduler.queries.feeds import FeedKey, StoredFeed, find_stored, load_stored
from scheduler.services.event_store import NewEvent, storing
from scheduler.services.feed_joining import FeedView, Joined, join_feeds, look_at
from scheduler.services.flights import Flights
from scheduler.text import N_

GZIP_LEVEL = 6
"""Level 9 takes longer and saves nearly nothing here."""
ONE_SECOND = timedelta(seconds=1)
"""What Last-Modified can tell apart."""
KEEPING = (
    update(FeedBytes)
    .where(
        FeedBytes.id == bindparam("of"), FeedBytes.etag == bindparam("known_etag"), FeedBytes.made <= bindparam("made")
    )
    .values(
        {
            name: bindparam(name)
            for name in ("gzipped", "etag", "modified_at", "basis", "fresh_until", "size", "event_count", "made")
        }
    )
)
"""Stores a feed in the place of the bytes that were known when it was begun."""
NO_SUCH_FEED = N_("There is no such calendar.")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A feed ready to be served.

    Parameters
    ----------
    made
        What was wanted of the stored feed before the facts were read.
    known_etag
        That of the bytes in whose place these go.
    etag
        The SHA-256 of the body.
    fresh_until
        When the feed may show something else although nobody changed anything.
    new_events
        Events that were written for it and are not stored yet.
    """

    bytes_id: int
    made: int
    known_etag: str
    body: bytes
    gzipped: bytes
    etag: str
    modified_at: datetime
    basis: str
    fresh_until: datetime
    event_count: int
    new_events: tuple[NewEvent, ...]


def basis_now() -> str:
    """Name what events are made of beside facts; stored bytes of another basis are made anew."""
    config: Config = current_app.config["PASSERELLE"]
    return f"{FORMAT} {config.calendar_uid_domain} {config.public_url}"


def render_feeds(feeds: Iterable[StoredFeed]) -> list[Rendered]:
    """Make feeds anew, in their order; nothing is written.

    The time of change only ever grows, when the bytes changed by two seconds at least: some clients know no ETag, and
    the second between is for bytes that are told and cannot be stored.

    Raises
    ------
    NotFound
        When what a feed is about is gone.
    """
    basis, now = basis_now(), clock.now()
    looks = [(feed, look_at(feed.key, basis=basis, now=now)) for feed in feeds]
    joined = join_feeds([view for _, view in looks], basis=basis)
    return [_rendered(feed, view, one, basis=basis, now=now) for (feed, view), one in zip(looks, joined, strict=True)]


def render_if_free(bytes_id: int) -> Rendered | None:
    """Make a stored feed anew for who reads it, without storing it.

    Returns
    -------
    Rendered | None
        None when another thread of this process is at it and there are bytes that can be served meanwhile; when
        there are none, it waits for what the other thread makes.

    Raises
    ------
    NotFound
        When there is no such feed, or what it is about is gone.
    """
    feed = load_stored(bytes_id)
    if feed is None:
        raise NotFound(NO_SUCH_FEED)
    flights: Flights[Rendered] = current_app.extensions.setdefault("feed_flights", Flights())
    return flights.alone(bytes_id, lambda: render_feeds([feed])[0], is_patient=not feed.basis)


def write_feed(key: FeedKey) -> bytes:
    """Give a feed as of now, without storing anything."""
    (rendered,) = render_feeds([StoredFeed(bytes_id=0, key=key)])
    return rendered.body


def keep_bytes(key: FeedKey) -> int:
    """Store a feed that is now subscribed to, unless what is stored still holds; give the id of its row.

    Raises
    ------
    NotFound
        When what it is about is not there.
    """
    feed = find_stored(key)
    if feed is None:
        row = FeedBytes(**asdict(key))
        db.session.add(row)
        db.session.flush()
        feed = StoredFeed(bytes_id=row.id, key=key, wanted=row.wanted)
    if not feed.is_fresh(basis_now(), clock.now()):
        store(render_feeds([feed]))
    return feed.bytes_id


def store(rendered: Sequence[Rendered]) -> None:
    """Store feeds and their new events, all together."""
    for write in keeping(rendered):
        if write.rows is None or write.rows:
            db.session.connection().execute(write.statement, write.rows)


def keeping(rendered: Sequence[Rendered]) -> list[LateWrite]:
    """Give the writes that store feeds and their new events, unless someone stored other bytes first.

    What was wanted when reading began is what these bytes are: a change since then still waits to be made.
    """
    events = {event.key: event for feed in rendered for event in feed.new_events}
    return [*storing(events.values()), LateWrite(KEEPING, [_row(feed) for feed in rendered])]


def _row(feed: Rendered) -> dict[str, object]:
    return {
        "of": feed.bytes_id,
        "known_etag": feed.known_etag,
        "made": feed.made,
        "gzipped": feed.gzipped,
        "etag": feed.etag,
        "modified_at": feed.modified_at,
        "basis": feed.basis,
        "fresh_until": feed.fresh_until,
        "size": len(feed.body),
        "event_count": feed.event_count,
    }


def _rendered(feed: StoredFeed, view: FeedView, joined: Joined, *, basis: str, now: datetime) -> Rendered:
    body = view.body(joined.events)
    etag = hashlib.sha256(body).hexdigest()
    return Rendered(
        bytes_id=feed.bytes_id,
        made=feed.wanted,
        known_etag=feed.etag,
        body=body,
        gzipped=gzip.compress(body, GZIP_LEVEL, mtime=0),
        etag=etag,
        modified_at=_modified(feed, etag, now.replace(microsecond=0)),
        basis=basis,
        fresh_until=view.chosen.fresh_until,
        event_count=len(joined.events),
        new_events=joined.new,
    )


def _modified(feed: StoredFeed, etag: str, now: datetime) -> datetime:
    if feed.modified_at is None:
        return now
    return feed.modified_at if etag == feed.etag else max(feed.modified_at + 2 * ONE_SECOND, now)
