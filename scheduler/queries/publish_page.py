"""What publishing a draft would change for whom, and who holds the keys that are missing."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from scheduler.extensions import db
from scheduler.models import AccessGrant, Account
from scheduler.queries.approvals import ApprovalState
from scheduler.queries.board import Board, load_board
from scheduler.queries.roster_changes import Change, Elsewhere, all_changes
from scheduler.scope import Scope


@dataclass(frozen=True, slots=True)
class PersonChanges:
    """All that changes for one person."""

    clinician_id: int
    name: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class PublishPage:
    """A draft before it is published.

    Parameters
    ----------
    board
        The draft with its gaps, breaches and keys.
    people
        Whose duties change, by name.
    elsewhere
        How much changes that the reader does not see, site by site.
    coordinators
        By organisation id the names of those who can give its key.
    """

    board: Board
    people: tuple[PersonChanges, ...]
    elsewhere: tuple[Elsewhere, ...]
    coordinators: dict[int, tuple[str, ...]]

    @property
    def person_count(self) -> int:
        """The number of people whose duties change, also of those whom the reader does not see."""
        known = {person.clinician_id for person in self.people}
        return len(known.union(*(site.clinician_ids for site in self.elsewhere)))

    @property
    def needed(self) -> tuple[ApprovalState, ...]:
        """The keys that this draft needs."""
        return tuple(key for key in self.board.approvals if key.needed)

    @property
    def missing(self) -> tuple[ApprovalState, ...]:
        """The keys that it needs and does not have."""
        return tuple(key for key in self.needed if not key.given_by)

    @property
    def is_ready(self) -> bool:
        """Whether nothing but a reason for warnings stands in the way."""
        return not (self.missing or self.board.is_outdated or self.board.count_of("block")) and bool(self.person_count)


def load_publish_page(scope: Scope, roster_id: int, number: int) -> PublishPage:
    """Load what the page before publishing shows.

    Raises
    ------
    NotFound
        When there is no such version for this account.
    """
    board = load_board(scope, roster_id, number)
    found: dict[int, list[Change]] = {}
    changes, elsewhere = all_changes(scope, board.version_id)
    for change in changes:
        found.setdefault(change.clinician_id, []).append(change)
    people = tuple(PersonChanges(i, changes[0].clinician_name, tuple(changes)) for i, changes in found.items())
    return PublishPage(board, people, elsewhere, _coordinators(key.organisation_id for key in board.approvals))


def _coordinators(organisation_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    rows = db.session.execute(
        select(AccessGrant.organisation_id, Account.name)
        .join(Account, Account.id == AccessGrant.account_id)
        .where(
            AccessGrant.organisation_id.in_(list(organisation_ids)),
            AccessGrant.role == "coordinator",
            Account.disabled_at.is_(None),
        )
        .order_by(Account.name)
    )
    found: dict[int, tuple[str, ...]] = {}
    for organisation_id, name in rows:
        found[organisation_id] = (*found.get(organisation_id, ()), name)
    return found
