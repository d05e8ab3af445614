"""Makes the bytes of feeds and keeps them as they are served."""

import gzip
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import Executable, update

from config import Config
from scheduler import clock
from scheduler.extensions import db
from scheduler.feeds.clinician import write_clinician_feed
from scheduler.feeds.ics import FeedStyle
from scheduler.feeds.window import feed_window
from scheduler.i18n import gettext_for
from scheduler.models import FeedBytes
from scheduler.queries.duties import duties_of_clinician
from scheduler.queries.feeds import FeedOwner, FeedVariant, find_bytes, load_owner
from scheduler.queries.served_feeds import ServedFeed

FORMAT = 2
"""Raise it when the same duties are to give other bytes."""

ONE_SECOND = timedelta(seconds=1)
"""What Last-Modified can tell apart."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A feed ready to be served; ``etag`` is the SHA-256 of the body."""

    body: bytes
    gzipped: bytes
    etag: str
    modified_at: datetime
    basis: str


def basis_now() -> str:
    """Name what feeds are made of beside duties; stored bytes of another basis are made anew when next read."""
    config: Config = current_app.config["PASSERELLE"]
    month = clock.today().replace(day=1)
    return f"{FORMAT} {month} {config.calendar_uid_domain} {config.public_url}"


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


def render(variant: FeedVariant, *, etag: str, modified_at: datetime | None) -> Rendered:
    """Make a feed anew; ``etag`` and ``modified_at`` are those of the bytes served last.

    The time of change only ever grows, by a second at least when the bytes changed: some clients know no ETag.
    """
    body = write_feed(load_owner(variant.clinician_id), variant.language, is_private=variant.is_private)
    new_etag = hashlib.sha256(body).hexdigest()
    now = clock.now().replace(microsecond=0)
    if modified_at is None:
        modified_at = now
    elif new_etag != etag:
        modified_at = max(modified_at + ONE_SECOND, now)
    return Rendered(
        body=body,
        gzipped=gzip.compress(body, mtime=0),
        etag=new_etag,
        modified_at=modified_at,
        basis=basis_now(),
    )


def keep_bytes(variant: FeedVariant) -> None:
    """Store a feed that is now subscribed to, unless what is stored still holds."""
    row = find_bytes(variant)
    if row is None:
        row = FeedBytes(feed=variant.feed, variant=variant.name)
        fill(row, render(variant, etag="", modified_at=None))
        db.session.add(row)
    elif row.is_stale or row.basis != basis_now():
        fill(row, render(variant, etag=row.etag, modified_at=row.modified_at))


def fill(row: FeedBytes, rendered: Rendered) -> None:
    """Put new bytes in the place of the old ones."""
    row.body = rendered.body
    row.gzipped = rendered.gzipped
    row.etag = rendered.etag
    row.modified_at = rendered.modified_at
    row.basis = rendered.basis
    row.is_stale = False


def keeping(served: ServedFeed, rendered: Rendered) -> Executable:
    """Give the statement that stores what was rendered while being read, unless someone stored other bytes first."""
    return (
        update(FeedBytes)
        .where(
            FeedBytes.id == served.bytes_id,
            FeedBytes.etag == served.etag,
            FeedBytes.basis == served.basis,
            FeedBytes.is_stale == served.is_stale,
        )
        .values(
            body=rendered.body,
            gzipped=rendered.gzipped,
            etag=rendered.etag,
            modified_at=rendered.modified_at,
            basis=rendered.basis,
            is_stale=False,
        )
    )
