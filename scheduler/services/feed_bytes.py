"""Makes the bytes of feeds and keeps them as they are served."""

import gzip
import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import Executable, update

from config import Config
from scheduler import clock
from scheduler.extensions import db
from scheduler.feeds.clinician import write_clinician_feed
from scheduler.feeds.ics import FeedStyle
from scheduler.feeds.window import feed_window, next_month
from scheduler.i18n import gettext_for
from scheduler.models import FeedBytes
from scheduler.queries.duties import duties_of_clinician
from scheduler.queries.feeds import FeedKey, FeedOwner, find_bytes, load_owner
from scheduler.queries.served_feeds import ServedFeed

FORMAT = 3
"""Raise it when the same duties are to give other bytes."""

GZIP_LEVEL = 6
"""Level 9 takes longer and saves nearly nothing here."""

ONE_SECOND = timedelta(seconds=1)
"""What Last-Modified can tell apart."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A feed ready to be served; ``etag`` is the SHA-256 of the body, and it holds until ``fresh_until``."""

    body: bytes
    gzipped: bytes
    etag: str
    modified_at: datetime
    basis: str
    fresh_until: datetime
    event_count: int


def basis_now() -> str:
    """Name what events are made of beside facts; stored bytes of another basis are made anew."""
    config: Config = current_app.config["PASSERELLE"]
    return f"{FORMAT} {config.calendar_uid_domain} {config.public_url}"


def write_feed(owner: FeedOwner, language: str, *, is_private: bool) -> bytes:
    """Give a clinician's calendar as of now."""
    config: Config = current_app.config["PASSERELLE"]
    style = FeedStyle(
        gettext=gettext_for(language),
        uid_domain=config.calendar_uid_domain,
        public_url=config.public_url,
        is_private=is_private,
    )
    duties = duties_of_clinician(owner.id, *feed_window(clock.today()))
    return write_clinician_feed(duties, style, name=owner.name, timezone=owner.timezone)


def render(key: FeedKey, *, etag: str, modified_at: datetime | None) -> Rendered:
    """Make a feed anew; ``etag`` and ``modified_at`` are those of the bytes served last.

    The time of change only ever grows, by a second at least when the bytes changed: some clients know no ETag.
    """
    body = write_feed(load_owner(key.subject_id), key.language, is_private=key.is_private)
    new_etag = hashlib.sha256(body).hexdigest()
    now = clock.now().replace(microsecond=0)
    if modified_at is None:
        modified_at = now
    elif new_etag != etag:
        modified_at = max(modified_at + ONE_SECOND, now)
    return Rendered(
        body=body,
        gzipped=gzip.compress(body, GZIP_LEVEL, mtime=0),
        etag=new_etag,
        modified_at=modified_at,
        basis=basis_now(),
        fresh_until=next_month(clock.today()),
        event_count=body.count(b"BEGIN:VEVENT"),
    )


def keep_bytes(key: FeedKey) -> FeedBytes:
    """Store a feed that is now subscribed to, unless what is stored still holds."""
    row = find_bytes(key)
    if row is None:
        row = FeedBytes(**asdict(key), wanted=1, made=0, basis="", etag="")
        db.session.add(row)
    fresh = row.fresh_until is not None and clock.now() < row.fresh_until
    if row.made < row.wanted or row.basis != basis_now() or not fresh:
        fill(row, render(key, etag=row.etag, modified_at=row.modified_at))
    db.session.flush()
    return row


def fill(row: FeedBytes, rendered: Rendered) -> None:
    """Put new bytes in the place of the old ones."""
    for name, value in _columns(rendered).items():
        setattr(row, name, value)
    row.made = row.wanted


def keeping(served: ServedFeed, rendered: Rendered) -> Executable:
    """Give the statement that stores what was rendered while being read, unless someone stored other bytes first.

    What was wanted when reading began is what these bytes are: a change since then still waits to be made.
    """
    return (
        update(FeedBytes)
        .where(FeedBytes.id == served.bytes_id, FeedBytes.etag == served.etag, FeedBytes.made <= served.wanted)
        .values(made=served.wanted, **_columns(rendered))
    )


def _columns(rendered: Rendered) -> dict[str, object]:
    return {
        "gzipped": rendered.gzipped,
        "etag": rendered.etag,
        "modified_at": rendered.modified_at,
        "basis": rendered.basis,
        "fresh_until": rendered.fresh_until,
        "size": len(rendered.body),
        "event_count": rendered.event_count,
    }
