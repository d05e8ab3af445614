"""Accounts, what they may do where, and their sign-ins."""

from datetime import datetime

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.extensions import Model, UtcDateTime
from scheduler.models.clinicians import Clinician
from scheduler.models.organisations import Organisation

ACCESS_ROLES = ("administrator", "coordinator", "manager", "clinician")
"""What an account may be in an organisation; the platform administrator stands apart."""


class Account(UserMixin, Model):
    """Someone's login.  ``language`` is a locale code of config.LANGUAGES."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    clinician_id: Mapped[int | None] = mapped_column(ForeignKey("clinician.id"), unique=True)
    is_platform_administrator: Mapped[bool] = mapped_column(default=False)
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    clinician: Mapped[Clinician | None] = relationship()
    grants: Mapped[list["AccessGrant"]] = relationship(back_populates="account", cascade="all, delete-orphan")


class AccessGrant(Model):
    """The one access role of an account in an organisation."""

    __tablename__ = "access_grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[str]
    account: Mapped[Account] = relationship(back_populates="grants")
    organisation: Mapped[Organisation] = relationship()

    __table_args__ = (
        UniqueConstraint("account_id", "organisation_id"),
        CheckConstraint("role in ('administrator', 'coordinator', 'manager', 'clinician')", name="role"),
    )


class SignIn(Model):
    """A signed-in browser; the cookie carries the secret, the row only its SHA-256."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    secret_hash: Mapped[str] = mapped_column(unique=True)
    signed_in_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    account: Mapped[Account] = relationship()


class SignInAttempt(Model):
    """A failed or successful try, counted per login and per address to slow down guessing."""

    __tablename__ = "sign_in_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str]
    address: Mapped[str]
    tried_at: Mapped[datetime] = mapped_column(UtcDateTime)
    succeeded: Mapped[bool]

    __table_args__ = (
        Index("ix_sign_in_attempt_login_tried", "login", "tried_at"),
        Index("ix_sign_in_attempt_address_tried", "address", "tried_at"),
    )
