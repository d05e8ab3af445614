"""Reads accounts and their sign-ins."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, selectinload

from scheduler.extensions import db
from scheduler.models import AccessGrant, Account, SignIn

IDLE_LIMIT = timedelta(minutes=30)
"""A sign-in ends when it was not seen for so long."""
ABSOLUTE_LIMIT = timedelta(hours=12)
"""A sign-in ends so long after it began, however busy it was."""


def hash_of(secret: str) -> str:
    """Give what is kept of a random secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def find_sign_in(secret: str, *, at: datetime) -> SignIn | None:
    """Load the sign-in to which a cookie's secret belongs, with account and grants, if it still counts."""
    return db.session.scalar(
        select(SignIn)
        .join(SignIn.account)
        .where(
            SignIn.secret_hash == hash_of(secret),
            SignIn.ended_at.is_(None),
            SignIn.seen_at > at - IDLE_LIMIT,
            SignIn.signed_in_at > at - ABSOLUTE_LIMIT,
            Account.disabled_at.is_(None),
        )
        .options(contains_eager(SignIn.account).selectinload(Account.grants))
    )


def find_account(login: str) -> Account | None:
    """Load the account with this login, whether disabled or not."""
    return db.session.scalar(select(Account).where(Account.login == login))


def list_accounts() -> Sequence[Account]:
    """Load all accounts by login, with grants and their organisations; for the command line."""
    return db.session.scalars(
        select(Account)
        .order_by(Account.login)
        .options(selectinload(Account.grants).joinedload(AccessGrant.organisation))
    ).all()
