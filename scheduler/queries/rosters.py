"""Rosters and their versions as lists and heads of pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from scheduler.extensions import db
from scheduler.models import (
    Account,
    DraftEdit,
    Placement,
    Roster,
    RosterSiteWeek,
    RosterVersion,
    SolveRun,
)
from scheduler.queries.discretion import seen_sessions
from scheduler.queries.roster_access import Reach, find_reaches, find_roster, find_version
from scheduler.queries.roster_changes import Change, SideState, differences
from scheduler.scope import Scope
from solver.problem import Strength

__all__ = [
    "Change",
    "RosterPage",
    "RosterRow",
    "SideState",
    "VersionPage",
    "VersionRow",
    "current_number",
    "differences",
    "list_rosters",
    "load_roster",
    "load_version",
]


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version as listed.

    Parameters
    ----------
    cost, gaps, blocks, warnings
        What its audit found; None for cost when it was never judged.
    held
        Number of sessions held.
    """

    id: int
    number: int
    state: str
    revision: int
    created_at: datetime
    created_by: str
    published_at: datetime | None
    published_by: str
    reason: str
    cost: int | None
    held: int
    gaps: int
    blocks: int
    warnings: int


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A roster as listed: its weeks [first_on, last_on], its sites, its published version and open drafts."""

    id: int
    title: str
    first_on: date
    last_on: date
    weeks: int
    site_names: tuple[str, ...]
    published: VersionRow | None
    drafts: tuple[VersionRow, ...]
    can_edit: bool

    @property
    def current_number(self) -> int | None:
        """The version to open first: the published one, else the newest draft."""
        shown = self.published or (self.drafts[-1] if self.drafts else None)
        return shown.number if shown is not None else None


@dataclass(frozen=True, slots=True)
class RosterPage:
    """A roster with all its versions, oldest first; ``running_id`` is the solve that is under way."""

    row: RosterRow
    versions: tuple[VersionRow, ...]
    running_id: int | None


@dataclass(frozen=True, slots=True)
class VersionPage:
    """The head of a version's pages.

    Parameters
    ----------
    based_on
        Number of the version that was published when this draft was made.
    is_outdated
        Whether another version was published since, so that this draft cannot be.
    undo, redo
        What would be undone or done again: the deed's code, or None, also when it is of another hospital alone.
    """

    roster: RosterRow
    version: VersionRow
    based_on: int | None
    is_editable: bool
    is_outdated: bool
    undo: str | None
    redo: str | None


def list_rosters(scope: Scope) -> tuple[RosterRow, ...]:
    """Give the rosters that the account can see, latest weeks first."""
    rosters = db.session.scalars(
        select(Roster)
        .options(selectinload(Roster.site_weeks).joinedload(RosterSiteWeek.site))
        .order_by(Roster.first_on.desc(), Roster.title, Roster.id)
    ).all()
    reaches = find_reaches(scope, rosters)
    versions = _open_versions(reaches)
    return tuple(
        _roster_row(roster, reaches[roster.id], versions.get(roster.id, []))
        for roster in rosters
        if roster.id in reaches
    )


def load_roster(scope: Scope, roster_id: int) -> RosterPage:
    """Load a roster with all versions the account can see.

    Raises
    ------
    NotFound
        When there is no such roster for this account.
    """
    roster, reach = find_roster(scope, roster_id)
    running = db.session.scalar(
        select(SolveRun.id).where(
            SolveRun.roster_id == roster.id, SolveRun.kind == "plan", SolveRun.state.in_(("queued", "running"))
        )
    )
    return RosterPage(
        row=_roster_row(roster, reach, _open_versions([roster.id]).get(roster.id, [])),
        versions=tuple(
            _seen(row, reach) for row in _version_rows(roster.versions) if reach.sees_drafts or row.state == "published"
        ),
        running_id=running if reach.sees_drafts else None,
    )


def current_number(scope: Scope, roster_id: int) -> int | None:
    """Give the number of the version to open first: the published one, else the newest draft; None if there is none.

    Raises
    ------
    NotFound
        When there is no such roster for this account.
    """
    return load_roster(scope, roster_id).row.current_number


def load_version(scope: Scope, roster_id: int, number: int) -> VersionPage:
    """Load the head of a version's pages.

    Raises
    ------
    NotFound
        When there is no such version for this account.
    """
    version, reach = find_version(scope, roster_id, number)
    roster = version.roster
    published = next((v for v in roster.versions if v.state == "published"), None)
    is_draft = version.state == "draft"
    is_editable = is_draft and reach.can_edit
    done = [e for e in version.edits if not e.is_undone]
    undone = [e for e in version.edits if e.is_undone]
    own = seen_sessions(scope, reach, roster.id, to_edit=True) if is_editable and version.edits else frozenset()
    return VersionPage(
        roster=_roster_row(roster, reach, _open_versions([roster.id]).get(roster.id, [])),
        version=_seen(_version_rows([version])[0], reach),
        based_on=version.based_on.number if version.based_on is not None else None,
        is_editable=is_editable,
        is_outdated=is_draft and version.based_on_id != (published.id if published is not None else None),
        undo=_own_deed(done[-1:], own),
        redo=_own_deed(undone[:1], own),
    )


def _own_deed(steps: Iterable[DraftEdit], session_ids: frozenset[int]) -> str | None:
    """Give the deed of a step of undo, if all its sessions are the account's to change."""
    return next((step.deed for step in steps if {int(i) for i in step.before} <= session_ids), None)


def _open_versions(roster_ids: Iterable[int]) -> dict[int, list[VersionRow]]:
    """Give by roster id the published version and the drafts, by number."""
    versions = db.session.scalars(
        select(RosterVersion)
        .where(RosterVersion.roster_id.in_(list(roster_ids)), RosterVersion.state.in_(("published", "draft")))
        .order_by(RosterVersion.number)
    ).all()
    found: dict[int, list[VersionRow]] = {}
    for version, row in zip(versions, _version_rows(versions), strict=True):
        found.setdefault(version.roster_id, []).append(row)
    return found


def _roster_row(roster: Roster, reach: Reach, versions: Iterable[VersionRow]) -> RosterRow:
    shown = [_seen(row, reach) for row in versions if row.state == "published" or reach.sees_drafts]
    return RosterRow(
        id=roster.id,
        title=roster.title,
        first_on=roster.first_on,
        last_on=roster.first_on + timedelta(days=7 * roster.weeks - 1),
        weeks=roster.weeks,
        site_names=tuple(sorted({line.site.name for line in roster.site_weeks})),
        published=next((row for row in shown if row.state == "published"), None),
        drafts=tuple(row for row in shown if row.state == "draft"),
        can_edit=reach.can_edit,
    )


def _seen(row: VersionRow, reach: Reach) -> VersionRow:
    """Leave out how a version was judged, and why it was published all the same, for those who only read it."""
    return row if reach.sees_drafts else replace(row, cost=None, gaps=0, blocks=0, warnings=0, reason="")


def _version_rows(versions: Iterable[RosterVersion]) -> tuple[VersionRow, ...]:
    versions = list(versions)
    held = _counts_of_held(v.id for v in versions)
    names = _account_names(who for v in versions for who in (v.created_by_id, v.published_by_id))
    return tuple(_version_row(v, held.get(v.id, 0), names) for v in versions)


def _version_row(version: RosterVersion, held: int, names: Mapping[int, str]) -> VersionRow:
    # Counted in the JSON as it is: making records of all findings would take long for a long list.
    breaches = [breach["strength"] for breach in version.findings.get("breaches", ())]
    return VersionRow(
        id=version.id,
        number=version.number,
        state=version.state,
        revision=version.revision,
        created_at=version.created_at,
        created_by=names.get(version.created_by_id or 0, ""),
        published_at=version.published_at,
        published_by=names.get(version.published_by_id or 0, ""),
        reason=version.reason,
        cost=version.findings.get("cost"),
        held=held,
        gaps=len(version.findings.get("gaps", ())),
        blocks=breaches.count(Strength.BLOCK),
        warnings=breaches.count(Strength.WARN),
    )


def _counts_of_held(version_ids: Iterable[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(Placement.version_id, func.count())
        .where(Placement.version_id.in_(list(version_ids)))
        .group_by(Placement.version_id)
    )
    return dict(rows.all())


def _account_names(ids: Iterable[int | None]) -> dict[int, str]:
    wanted = {i for i in ids if i is not None}
    return dict(db.session.execute(select(Account.id, Account.name).where(Account.id.in_(wanted))).all())
