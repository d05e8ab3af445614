"""Slows down guessing of passwords: tries are counted per account and per address, in the database."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select

from scheduler import clock
from scheduler.errors import TooMany
from scheduler.extensions import db
from scheduler.models import SignInAttempt
from scheduler.text import N_

FREE_PER_PAIR = 5
"""Failed tries for one account from one address before each further one has to wait."""
FREE_PER_ACCOUNT = 20
"""The same for one account from all addresses; one that signed in from an address before is not held up there."""
FREE_PER_ADDRESS = 100
"""The same for one address and all accounts: a whole hospital may sit behind it."""
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=15)
MEMORY = timedelta(hours=1)
"""Failed tries older than this are forgiven."""
KEPT = timedelta(days=30)
"""Tries older than this are deleted."""


def note_try(login: str, address: str) -> int:
    """Count a try before the password is looked at, and give its id.

    Raises
    ------
    TooMany
        When this account or this address has to wait; the try is then not counted.
    """
    now = clock.now()
    who = name_of(login)
    wait = max(_wait(now, *conditions, free=free) for conditions, free in _limits(now, who, address))
    if wait > timedelta():
        seconds = int(wait.total_seconds()) + 1
        raise TooMany(N_("There were too many tries to sign in. Please wait a while and try again."), seconds)
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.tried_at < now - KEPT))
    attempt = SignInAttempt(login=who, address=address, tried_at=now, succeeded=False)
    db.session.add(attempt)
    db.session.flush()
    return attempt.id


def note_success(attempt_id: int) -> None:
    """Mark a try as successful, which forgives the failed ones before it."""
    attempt = db.session.get_one(SignInAttempt, attempt_id)
    attempt.succeeded = True
    db.session.flush()


def name_of(login: str) -> str:
    """Give the form in which tries keep a login: people sometimes type their password there."""
    return hashlib.sha256(login.strip().casefold().encode()).hexdigest()


def _limits(now: datetime, who: str, address: str) -> list[tuple[tuple[ColumnElement[bool], ...], int]]:
    mine, here = SignInAttempt.login == who, SignInAttempt.address == address
    limits: list[tuple[tuple[ColumnElement[bool], ...], int]] = [
        ((mine, here), FREE_PER_PAIR),
        ((here,), FREE_PER_ADDRESS),
    ]
    known_here = select(SignInAttempt.id).where(mine, here, SignInAttempt.succeeded).limit(1)
    if db.session.scalar(known_here) is None:
        limits.append(((mine,), FREE_PER_ACCOUNT))
    return limits


def _wait(now: datetime, *conditions: ColumnElement[bool], free: int) -> timedelta:
    """Give how long to wait: nothing for the free tries, then one minute, two, four … after the last one."""
    since = now - MEMORY
    if free != FREE_PER_ADDRESS:  # a success of one account must not forgive guesses at others
        last_success = db.session.scalar(
            select(func.max(SignInAttempt.tried_at)).where(*conditions, SignInAttempt.succeeded)
        )
        since = max(since, last_success) if last_success else since
    failed = (*conditions, SignInAttempt.succeeded.is_(False), SignInAttempt.tried_at > since)
    count, last = db.session.execute(select(func.count(), func.max(SignInAttempt.tried_at)).where(*failed)).one()
    if count < free:
        return timedelta()
    pause = min(FIRST_WAIT * 2 ** min(count - free, 10), LONGEST_WAIT)
    return last + pause - now
