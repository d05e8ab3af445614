"""Calendar subscriptions, the bytes that are served to them, and the events these are joined from."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.extensions import Model, UtcDateTime
from scheduler.models.accounts import Account
from scheduler.models.clinicians import Clinician


class FeedBytes(Model):
    """A feed as served, one row per feed, subject and dress; ``modified_at`` never goes back.

    ``wanted`` grows with every change that the feed may show, ``made`` is the ``wanted`` that was read before the
    facts of these bytes were: the bytes hold while both are equal, until ``fresh_until``, and while ``basis`` names
    what events are made from beside facts.  A row without ``basis`` has no bytes: nobody has asked for them yet, or
    nobody does any more.

    ``viewer_id`` is the organisation whose view it is and ``care_id`` the specialty; 0 where the feed has neither.
    ``options`` are the chosen options of the dress, sorted, with commas.  The plain bytes are not kept: they are
    twenty times as long, and unpacking takes less than a millisecond.
    """

    __tablename__ = "feed_bytes"

    id: Mapped[int] = mapped_column(primary_key=True)
    feed: Mapped[str]
    subject_id: Mapped[int]
    viewer_id: Mapped[int] = mapped_column(default=0)
    care_id: Mapped[int] = mapped_column(default=0)
    language: Mapped[str]
    options: Mapped[str] = mapped_column(default="")
    wanted: Mapped[int] = mapped_column(default=1)
    made: Mapped[int] = mapped_column(default=0)
    fresh_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    basis: Mapped[str] = mapped_column(default="")
    etag: Mapped[str] = mapped_column(default="")
    modified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    size: Mapped[int] = mapped_column(default=0)
    event_count: Mapped[int] = mapped_column(default=0)
    gzipped: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (
        UniqueConstraint("feed", "subject_id", "viewer_id", "care_id", "language", "options"),
        Index(
            "ix_feed_bytes_waiting",
            "id",
            sqlite_where=text("made < wanted"),
            postgresql_where=text("made < wanted"),
        ),
        Index("ix_feed_bytes_fresh_until", "fresh_until"),
    )


class FeedSubscription(Model):
    """Someone's secret address of a feed; only the SHA-256 of its token is kept.

    Parameters
    ----------
    account_id
        Who made it; None for the command line.
    organisation_id
        Through which organisation it was made: its administrators see it and may revoke it.
    clinician_id
        Whose duties it shows, for the feed of a clinician.
    notice_at
        When the owner was told that it will expire, as nobody uses it.
    """

    __tablename__ = "feed_subscription"

    id: Mapped[int] = mapped_column(primary_key=True)
    bytes_id: Mapped[int] = mapped_column(ForeignKey("feed_bytes.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    clinician_id: Mapped[int | None] = mapped_column(ForeignKey("clinician.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    label: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fetched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fetched_by: Mapped[str] = mapped_column(default="")
    fetch_count: Mapped[int] = mapped_column(default=0)
    notice_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    bytes: Mapped[FeedBytes] = relationship()
    clinician: Mapped[Clinician | None] = relationship()
    account: Mapped[Account | None] = relationship()


class EventBytes(Model):
    """One event as written once for all feeds that show it in this dress.

    It holds while ``revised_at`` is that of its seat, session or leave.  ``stamped_at`` is the revision that the event
    itself tells, which is older where a revision changed nothing that this dress shows.  What is derived from others
    (``part`` tells them apart) has no revision there: ``digest`` tells whether it changed.
    """

    __tablename__ = "event_bytes"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject_id: Mapped[int]
    part: Mapped[str] = mapped_column(default="")
    dress: Mapped[str]
    uid: Mapped[str]
    sequence: Mapped[int]
    revised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stamped_at: Mapped[datetime] = mapped_column(UtcDateTime)
    digest: Mapped[str] = mapped_column(default="")
    basis: Mapped[str]
    zone: Mapped[str | None]
    start_at: Mapped[datetime] = mapped_column(UtcDateTime)
    end_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (UniqueConstraint("kind", "subject_id", "part", "dress"),)


class CancelledSession(Model):
    """A session that was published as held and is held no more; ``state`` is how it was held last."""

    __tablename__ = "cancelled_session"

    session_id: Mapped[int] = mapped_column(ForeignKey("clinical_session.id", ondelete="CASCADE"), primary_key=True)
    roster_id: Mapped[int] = mapped_column(ForeignKey("roster.id", ondelete="CASCADE"), index=True)
    state: Mapped[dict[str, Any]] = mapped_column(JSON)
    cancelled_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
