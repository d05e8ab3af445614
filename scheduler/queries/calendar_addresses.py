"""Live calendar addresses as their owners and the administrators of an organisation see them: never the token."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, select

from scheduler import clock
from scheduler.duties import Subject
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.models import Account, FeedBytes, FeedSubscription, Organisation
from scheduler.queries.feed_access import still_allowed
from scheduler.queries.feed_subjects import load_subjects
from scheduler.queries.feeds import NOTICE_TIME, is_live, mark_of
from scheduler.queries.paging import Page, matching, page_of
from scheduler.scope import Scope
from scheduler.text import N_

LARGE = 1_000_000
"""Bytes above which a calendar program may refuse a feed; Google's limit is the lowest known."""
ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class AddressRow:
    """A live address as listed.

    Parameters
    ----------
    feed, subject, options
        Which calendar of what, and its chosen options; ``subject`` is None for what is there no more.
    organisation
        Through which organisation it was made.
    stops_at
        When it stops working unless it is fetched; None when nothing threatens it.
    mark
        Another one once the address was replaced.
    works
        Whether whoever made it may still subscribe; if not, it answers as if it were unknown.
    """

    id: int
    feed: str
    subject: Subject | None
    language: str
    options: tuple[str, ...]
    label: str
    made_by: str
    organisation: str
    created_at: datetime
    fetched_at: datetime | None
    fetched_by: str
    fetch_count: int
    stops_at: datetime | None
    size: int
    event_count: int
    mark: str
    works: bool

    @property
    def is_large(self) -> bool:
        """Whether some calendar program may refuse it."""
        return self.size > LARGE

    @property
    def kilobytes(self) -> int:
        """Its size in thousands of bytes, rounded up."""
        return -(-self.size // 1000)


def organisation_names(ids: Iterable[int]) -> dict[int, str]:
    """Give the names of organisations."""
    rows = db.session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(set(ids))))
    return dict(rows.all())


def list_own_addresses(scope: Scope) -> tuple[AddressRow, ...]:
    """List the live addresses that an account made, and all to its own clinician's feed; the newest first."""
    return _rows(_is_own(scope))


def load_own_address(scope: Scope, subscription_id: int) -> AddressRow:
    """Load one of the addresses that the account would see in its list.

    Raises
    ------
    NotFound
        When there is none.
    """
    rows = _rows(_is_own(scope), FeedSubscription.id == subscription_id)
    if not rows:
        raise NotFound(N_("There is no such calendar subscription."))
    return rows[0]


def list_stopping_addresses(scope: Scope) -> tuple[AddressRow, ...]:
    """List those of the account's addresses that will stop because nobody uses them."""
    return _rows(_is_own(scope), FeedSubscription.notice_at.is_not(None), _works())


def is_working(subscription_id: int) -> bool:
    """Tell whether whoever made an address may still subscribe; if not, it answers as if it were unknown."""
    found = (
        select(FeedSubscription.id)
        .join(FeedBytes, FeedBytes.id == FeedSubscription.bytes_id)
        .outerjoin(Account, Account.id == FeedSubscription.account_id)
        .where(FeedSubscription.id == subscription_id, is_live(), _works())
    )
    return db.session.scalar(found) is not None


def list_organisation_addresses(
    scope: Scope, *, wanted: str, page: int, text_of: Callable[[AddressRow], str]
) -> Page[AddressRow]:
    """List the live addresses made through the organisations that the account administers, the newest first.

    Parameters
    ----------
    wanted
        Words that are looked for.
    text_of
        Gives where to look for them: what the reader sees of a row.
    """
    is_theirs = FeedSubscription.organisation_id.in_(scope.organisations_as(ADMINISTRATOR))
    if wanted:
        return page_of(matching(_rows(is_theirs), wanted, text_of), page)
    total = db.session.scalar(select(func.count()).select_from(FeedSubscription).where(is_live(), is_theirs)) or 0
    places = page_of(range(total), page)
    return places.with_rows(_rows(is_theirs, places=places.rows))


def _is_own(scope: Scope) -> ColumnElement[bool]:
    is_about = FeedSubscription.clinician_id == scope.clinician_id if scope.clinician_id else false()
    return or_(FeedSubscription.account_id == scope.account_id, is_about)


def _works() -> ColumnElement[bool]:
    return still_allowed(clock.today())


def _rows(*conditions: ColumnElement[bool], places: Sequence[int] | None = None) -> tuple[AddressRow, ...]:
    """Give the live addresses for which the conditions hold, the newest first; only those at some places in a row."""
    statement = (
        select(
            FeedSubscription.id,
            FeedSubscription.token_hash,
            FeedSubscription.label,
            FeedSubscription.created_at,
            FeedSubscription.fetched_at,
            FeedSubscription.fetched_by,
            FeedSubscription.fetch_count,
            FeedSubscription.notice_at,
            FeedBytes.feed,
            FeedBytes.subject_id,
            FeedBytes.language,
            FeedBytes.options,
            FeedBytes.size,
            FeedBytes.event_count,
            Account.name.label("made_by"),
            Organisation.name.label("organisation"),
            _works().label("works"),
        )
        .join(FeedBytes, FeedBytes.id == FeedSubscription.bytes_id)
        .outerjoin(Account, Account.id == FeedSubscription.account_id)
        .outerjoin(Organisation, Organisation.id == FeedSubscription.organisation_id)
        .where(is_live(), *conditions)
        .order_by(FeedSubscription.created_at.desc(), FeedSubscription.id.desc())
    )
    if places is not None:
        statement = statement.limit(len(places)).offset(min(places, default=0))
    found = db.session.execute(statement).all()
    subjects = _subjects((row.feed, row.subject_id) for row in found)
    return tuple(_row(row, subjects) for row in found)


def _subjects(keys: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Subject]:
    ids: dict[str, set[int]] = {}
    for feed, subject_id in keys:
        ids.setdefault(feed, set()).add(subject_id)
    return {(feed, i): subject for feed, wanted in ids.items() for i, subject in load_subjects(feed, wanted).items()}


def _row(row: Any, subjects: Mapping[tuple[str, int], Subject]) -> AddressRow:
    return AddressRow(
        id=row.id,
        feed=row.feed,
        subject=subjects.get((row.feed, row.subject_id)),
        language=row.language,
        options=tuple(option for option in row.options.split(",") if option),
        label=row.label,
        made_by=row.made_by or "",
        organisation=row.organisation or "",
        created_at=row.created_at,
        fetched_at=row.fetched_at,
        fetched_by=row.fetched_by,
        fetch_count=row.fetch_count,
        stops_at=row.notice_at + NOTICE_TIME if row.notice_at is not None else None,
        size=row.size,
        event_count=row.event_count,
        mark=mark_of(row),
        works=bool(row.works),
    )
