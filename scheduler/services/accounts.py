"""Makes and changes accounts, and signs them in and out."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Update, select, update

from config import LANGUAGES
from scheduler import clock
from scheduler.errors import Conflict, InvalidInput, NotAllowed, NotFound
from scheduler.extensions import db
from scheduler.models import ACCESS_ROLES, AccessGrant, Account, SignIn
from scheduler.queries.accounts import find_account, hash_of
from scheduler.scope import Scope
from scheduler.services import journal, throttle
from scheduler.text import N_

SEEN_EVERY = timedelta(minutes=1)
"""How often at most a sign-in notes that it was seen."""
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256

_hasher = PasswordHasher()


class SignedIn(NamedTuple):
    """An account, and the secret that its browser's cookie is to carry."""

    account: Account
    secret: str


def create_account(
    *,
    actor: Scope | None,
    login: str,
    name: str,
    password: str,
    language: str = "en",
    roles: Mapping[int, str] | None = None,
    clinician_id: int | None = None,
    is_platform_administrator: bool = False,
    is_demonstration: bool = False,
) -> Account:
    """Make an account with its access roles by organisation id.

    Raises
    ------
    InvalidInput, Conflict, NotAllowed
        When a value cannot be used, the login is taken, or the actor does not administer an organisation.
    """
    login = login.strip()
    _check(login=login, password=password, language=language)
    if find_account(login) is not None:
        raise Conflict(N_("There is an account with this login already."))
    if actor is not None and is_platform_administrator and not actor.is_platform_administrator:
        raise NotAllowed(N_("Only a platform administrator may make another one."))
    account = Account(
        login=login,
        name=name.strip() or login,
        password_hash=_hasher.hash(password),
        language=language,
        clinician_id=clinician_id,
        is_platform_administrator=is_platform_administrator,
        is_demonstration=is_demonstration,
        created_at=clock.now(),
    )
    db.session.add(account)
    db.session.flush()
    journal.record(
        actor=actor,
        deed="account.created",
        subject="account",
        subject_id=account.id,
        organisation_ids=(roles or {}).keys(),
        facts={"is_platform_administrator": is_platform_administrator, "clinician_id": clinician_id},
    )
    for organisation_id, role in (roles or {}).items():
        grant_role(actor=actor, account_id=account.id, organisation_id=organisation_id, role=role)
    return account


def create_admin(*, login: str, name: str, password: str) -> Account:
    """Make a platform administrator, who creates organisations and sees no rosters; for the command line."""
    return create_account(actor=None, login=login, name=name, password=password, is_platform_administrator=True)


def grant_role(*, actor: Scope | None, account_id: int, organisation_id: int, role: str) -> AccessGrant:
    """Give an account its one access role in an organisation, in place of one it may have had there.

    Its sign-ins end, so that no browser goes on with what it could do before.
    """
    if role not in ACCESS_ROLES:
        raise InvalidInput(N_("There is no such access role."))
    _check_administers(actor, organisation_id)
    account = _load(account_id)
    if account.grants and organisation_id not in {grant.organisation_id for grant in account.grants}:
        _check_keeps(actor, account)
    if account.is_platform_administrator:
        raise NotAllowed(N_("The platform administrator sees no rosters and so has no role in an organisation."))
    grant = next((grant for grant in account.grants if grant.organisation_id == organisation_id), None)
    if grant is None:
        grant = AccessGrant(organisation_id=organisation_id, role=role)
        account.grants.append(grant)
    grant.role = role
    end_sign_ins(account_id)
    db.session.flush()
    journal.record(
        actor=actor,
        deed="account.role_granted",
        subject="account",
        subject_id=account_id,
        organisation_ids=[organisation_id],
        facts={"organisation_id": organisation_id, "role": role},
    )
    return grant


def set_password(*, actor: Scope | None, account_id: int, password: str) -> None:
    """Change a password; all sign-ins of the account end."""
    account = _load(account_id)
    if actor is None or actor.account_id != account_id:
        _check_keeps(actor, account)
    _check(password=password)
    account.password_hash = _hasher.hash(password)
    end_sign_ins(account_id)
    db.session.flush()
    journal.record(actor=actor, deed="account.password_changed", subject="account", subject_id=account_id)


def disable(*, actor: Scope | None, account_id: int) -> None:
    """Let an account sign in no more; all its sign-ins end."""
    account = _load(account_id)
    _check_keeps(actor, account)
    account.disabled_at = account.disabled_at or clock.now()
    end_sign_ins(account_id)
    db.session.flush()
    journal.record(
        actor=actor,
        deed="account.disabled",
        subject="account",
        subject_id=account_id,
        organisation_ids=[grant.organisation_id for grant in account.grants],
    )


def change_language(*, account_id: int, language: str) -> None:
    """Have an account see pages in another language."""
    _check(language=language)
    _load(account_id).language = language
    db.session.flush()


def find_by_password(login: str, password: str, *, demonstration_allowed: bool) -> Account | None:
    """Give the account that this password opens, or None; takes as long whether there is such a login or not."""
    account = find_account(login.strip())
    matches = _matches(account.password_hash if account else _nobodys_hash(), password)
    if account is None or not matches or account.disabled_at is not None:
        return None
    if account.is_demonstration and not demonstration_allowed:
        return None
    return account


def open_sign_in(account: Account, password: str) -> SignedIn:
    """Sign an account in whose password was just seen, and give the new secret of its cookie."""
    if _hasher.check_needs_rehash(account.password_hash):
        account.password_hash = _hasher.hash(password)
    now = clock.now()
    secret = secrets.token_urlsafe(32)
    db.session.add(
        SignIn(account_id=account.id, secret_hash=hash_of(secret), signed_in_at=now, seen_at=now, ended_at=None)
    )
    db.session.flush()
    return SignedIn(account, secret)


def sign_in(login: str, password: str, address: str, *, demonstration_allowed: bool = True) -> SignedIn:
    """Do all steps of signing in; a page takes them one by one, so as not to hold up writers while it hashes.

    Raises
    ------
    TooMany
        When this account or address has to wait.
    InvalidInput
        When login and password do not belong together, without telling which of them is wrong.
    """
    attempt_id = throttle.note_try(login, address)
    account = find_by_password(login, password, demonstration_allowed=demonstration_allowed)
    if account is None:
        raise InvalidInput(N_("This login and password do not belong together."))
    throttle.note_success(attempt_id)
    return open_sign_in(account, password)


def sign_out(secret: str) -> None:
    """End the sign-in to which a cookie's secret belongs."""
    db.session.execute(
        update(SignIn)
        .where(SignIn.secret_hash == hash_of(secret), SignIn.ended_at.is_(None))
        .values(ended_at=clock.now())
    )


def end_sign_ins(account_id: int) -> None:
    """End all sign-ins of an account."""
    db.session.execute(
        update(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None)).values(ended_at=clock.now())
    )


def seen_statement(sign_in_id: int, at: datetime) -> Update:
    """Give the statement that notes when a sign-in was seen; for ``write_later``."""
    return update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=at)


@cache
def _nobodys_hash() -> str:
    """Give what to look at when there is no such account, so that the answer takes as long as when there is one."""
    return _hasher.hash(secrets.token_urlsafe(32))


def _matches(password_hash: str, password: str) -> bool:
    try:
        return len(password) <= LONGEST_PASSWORD and _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _check(*, login: str | None = None, password: str | None = None, language: str | None = None) -> None:
    problems = {}
    if login is not None and not 2 <= len(login) <= 80:
        problems["login"] = N_("A login has 2 to 80 characters.")
    if password is not None and not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        problems["password"] = N_("A password has 12 to 256 characters.")
    if language is not None and language not in LANGUAGES:
        problems["language"] = N_("This language is not offered.")
    if problems:
        raise InvalidInput(" ".join(problems.values()), problems)


def _check_administers(actor: Scope | None, organisation_id: int) -> None:
    if actor is None or actor.is_platform_administrator or actor.role_in(organisation_id) == "administrator":
        return
    raise NotAllowed(N_("Only an administrator of the organisation may give roles in it."))


def _check_keeps(actor: Scope | None, account: Account) -> None:
    """Refuse to touch an account that reaches further than the actor administers: it would open what lies there."""
    if actor is None or actor.is_platform_administrator:
        return
    reach = {grant.organisation_id for grant in account.grants}
    if account.is_platform_administrator or not reach <= actor.organisations_as("administrator"):
        raise NotAllowed(N_("This account also works for others. Ask the platform administrator."))


def _load(account_id: int) -> Account:
    account = db.session.scalar(select(Account).where(Account.id == account_id))
    if account is None:
        raise NotFound(N_("There is no such account."))
    return account
