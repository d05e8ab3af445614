"""What each person needs to see first: rosters of these weeks, people away, papers, accounts, organisations."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from scheduler import clock
from scheduler.extensions import db
from scheduler.models import AccessGrant, Account, JournalEntry, Organisation, RosterVersion, Site
from scheduler.queries.approvals import ApprovalState, approval_states
from scheduler.queries.paging import folded
from scheduler.queries.papers import Paper
from scheduler.queries.people import WITH_PAPERS, in_sight, load_people, sight_of
from scheduler.queries.rosters import RosterRow, VersionRow, list_rosters
from scheduler.scope import Scope

WEEKS_SHOWN = 2
"""This week and the next."""
ENTRIES_SHOWN = 15
"""Latest entries of the journal."""
ENTRIES_SEARCHED = 1000
"""How far back to look for them among the entries of all organisations."""


@dataclass(frozen=True, slots=True)
class RosterToday:
    """A roster as it stands, and what it waits for.

    Parameters
    ----------
    version
        What there is to work on: a draft newer than the published version, else the published one; None for none.
    keys
        Keys the draft needs.
    step
        What comes next: solve, repair, approve, wait (for other keys), publish, or open when nothing is to be done.
    """

    row: RosterRow
    version: VersionRow | None
    keys: tuple[ApprovalState, ...]
    step: str

    @property
    def is_waiting(self) -> bool:
        """Whether the asker has to do something for it to go on."""
        return self.step in ("solve", "repair", "approve", "publish")


@dataclass(frozen=True, slots=True)
class WeekToday:
    """A week from Monday to Sunday, and the rosters that begin to be shown with it; ``is_covered`` by any roster."""

    monday: date
    last_on: date
    number: int
    is_this_week: bool
    is_covered: bool
    rosters: tuple[RosterToday, ...]


@dataclass(frozen=True, slots=True)
class ExpiringPaper:
    """A paper that is missing, has ended or ends soon, and whose it is."""

    clinician_id: int
    clinician: str
    organisation: str
    paper: Paper


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account of an organisation the asker administers."""

    id: int
    name: str
    login: str
    organisation: str
    role: str
    is_disabled: bool


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry of the journal; ``actor`` is empty when the app did it by itself."""

    id: int
    done_at: datetime
    actor: str
    deed: str


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """An organisation as the platform administrator sees it."""

    id: int
    name: str
    country: str
    sites: int
    accounts: int


def list_weeks(scope: Scope) -> tuple[WeekToday, ...]:
    """Give this week and the next with their rosters; a roster over both stands under the first."""
    rows = sorted(list_rosters(scope), key=lambda row: (row.first_on, folded(row.title)))
    first = clock.monday_of(clock.today())
    weeks: list[WeekToday] = []
    placed: set[int] = set()
    for number in range(WEEKS_SHOWN):
        monday = first + timedelta(weeks=number)
        covering = [row for row in rows if row.first_on <= monday <= row.last_on]
        new = [row for row in covering if row.id not in placed]
        placed.update(row.id for row in new)
        weeks.append(
            WeekToday(
                monday=monday,
                last_on=monday + timedelta(days=6),
                number=monday.isocalendar().week,
                is_this_week=number == 0,
                is_covered=bool(covering),
                rosters=tuple(_roster_today(scope, row) for row in new),
            )
        )
    return tuple(weeks)


def list_expiring(scope: Scope) -> tuple[ExpiringPaper, ...]:
    """Give the papers in sight that need attention: missing ones first, then by last day."""
    sight = sight_of(scope, clock.today())
    found = [
        ExpiringPaper(person.id, person.name, person.home.organisation.name, paper)
        for person in load_people(in_sight(scope, sight.today), *WITH_PAPERS)
        for paper in sight.papers(person) or ()
        if paper.level != "ok"
    ]
    return tuple(sorted(found, key=lambda one: (one.paper.last_on or date.min, folded(one.clinician))))


def list_accounts_of(scope: Scope) -> tuple[AccountRow, ...]:
    """Give the accounts of the organisations the asker administers, by name."""
    grants = db.session.scalars(
        select(AccessGrant)
        .where(AccessGrant.organisation_id.in_(scope.organisations_as("administrator")))
        .options(joinedload(AccessGrant.account), joinedload(AccessGrant.organisation))
    )
    rows = [
        AccountRow(
            id=grant.account_id,
            name=grant.account.name,
            login=grant.account.login,
            organisation=grant.organisation.name,
            role=grant.role,
            is_disabled=grant.account.disabled_at is not None,
        )
        for grant in grants
    ]
    return tuple(sorted(rows, key=lambda row: (folded(row.organisation), folded(row.name))))


def list_latest_entries(scope: Scope) -> tuple[EntryRow, ...]:
    """Give the latest entries of the journal that the asker may read as an administrator, newest first."""
    mine = scope.organisations_as("administrator")
    if not mine:
        return ()
    latest = db.session.scalars(
        select(JournalEntry)
        .options(joinedload(JournalEntry.actor))
        .order_by(JournalEntry.id.desc())
        .limit(ENTRIES_SEARCHED)
    )
    entries = islice((one for one in latest if mine.intersection(one.organisation_ids)), ENTRIES_SHOWN)
    return tuple(
        EntryRow(one.id, one.done_at, one.actor.name if one.actor is not None else "", one.deed) for one in entries
    )


def list_organisations() -> tuple[OrganisationRow, ...]:
    """Give all organisations by name; for the platform administrator."""
    sites = dict(db.session.execute(select(Site.organisation_id, func.count()).group_by(Site.organisation_id)).all())
    accounts = dict(
        db.session.execute(
            select(AccessGrant.organisation_id, func.count())
            .join(Account, Account.id == AccessGrant.account_id)
            .where(Account.disabled_at.is_(None))
            .group_by(AccessGrant.organisation_id)
        ).all()
    )
    rows = [
        OrganisationRow(one.id, one.name, one.country, sites.get(one.id, 0), accounts.get(one.id, 0))
        for one in db.session.scalars(select(Organisation))
    ]
    return tuple(sorted(rows, key=lambda row: folded(row.name)))


def _roster_today(scope: Scope, row: RosterRow) -> RosterToday:
    draft = row.drafts[-1] if row.drafts else None
    if draft is None or (row.published is not None and draft.number < row.published.number):
        return RosterToday(row, row.published, (), "solve" if row.can_edit and row.published is None else "open")
    version = db.session.get_one(RosterVersion, draft.id)
    keys = approval_states(scope, version)
    return RosterToday(row, draft, keys, _step(row, draft, keys))


def _step(row: RosterRow, draft: VersionRow, keys: tuple[ApprovalState, ...]) -> str:
    if not row.can_edit:
        return "open"
    if not draft.held:
        return "solve"
    if draft.blocks:
        return "repair"
    missing = [key for key in keys if key.needed and not key.given_by]
    if not missing:
        return "publish" if any(key.needed for key in keys) else "open"
    return "approve" if any(key.can_give for key in missing) else "wait"
