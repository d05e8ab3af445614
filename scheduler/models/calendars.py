"""Calendar subscriptions and the bytes that are served to them."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.extensions import Model, UtcDateTime
from scheduler.models.accounts import Account
from scheduler.models.clinicians import Clinician


class FeedSubscription(Model):
    """Someone's secret address of a feed; only the SHA-256 of its token is kept."""

    __tablename__ = "feed_subscription"

    id: Mapped[int] = mapped_column(primary_key=True)
    feed: Mapped[str] = mapped_column(default="clinician")
    clinician_id: Mapped[int | None] = mapped_column(ForeignKey("clinician.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    language: Mapped[str] = mapped_column(default="en")
    is_private: Mapped[bool] = mapped_column(default=False)
    label: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fetched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fetched_by: Mapped[str] = mapped_column(default="")
    fetch_count: Mapped[int] = mapped_column(default=0)
    clinician: Mapped[Clinician | None] = relationship()
    account: Mapped[Account | None] = relationship()


class FeedBytes(Model):
    """A feed as served, one row per feed and variant; ``modified_at`` never goes back.

    ``basis`` names what the bytes were made from beside duties: window, addresses, format.
    """

    __tablename__ = "feed_bytes"

    id: Mapped[int] = mapped_column(primary_key=True)
    feed: Mapped[str]
    variant: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    gzipped: Mapped[bytes] = mapped_column(LargeBinary)
    etag: Mapped[str]
    modified_at: Mapped[datetime] = mapped_column(UtcDateTime)
    basis: Mapped[str] = mapped_column(default="")
    is_stale: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (UniqueConstraint("feed", "variant"),)
