"""Solves that were asked for, as shown to people."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, load_only
from sqlalchemy.sql.base import ExecutableOption

from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.models import RosterVersion, SolveRun
from scheduler.queries.roster_access import find_roster
from scheduler.scope import Scope


@dataclass(frozen=True, slots=True)
class RunRow:
    """A solve: how far it is, or how it ended.

    Parameters
    ----------
    state
        queued, running, done, failed or cancelled.
    phase
        starting, building, presolve, searching or done; empty as long as nothing was reported.
    seconds, seconds_allowed
        Time spent searching so far, and allowed.
    cost, bound
        Of the best plan so far, and what no plan can undercut.
    gap
        (cost - bound) / cost, from 0 to 1.
    sessions_not_held
        By the best plan so far.
    status
        optimal, feasible or stopped once the solve is done.
    error
        A whole sentence when the solve failed.
    mark
        Changes whenever anything here does; the page's ETag is made of it.
    """

    id: int
    roster_id: int
    roster_title: str
    base_number: int | None
    state: str
    phase: str
    attempt: int
    seconds: float
    seconds_allowed: float
    seed: int
    cost: int | None
    bound: float | None
    gap: float | None
    sessions_not_held: int | None
    status: str
    error: str
    stop_requested: bool
    can_stop: bool
    result_number: int | None
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    versions: tuple[tuple[str, str], ...]
    mark: str

    @property
    def is_active(self) -> bool:
        """Whether the solve waits or runs."""
        return self.state in ("queued", "running")

    @property
    def was_stopped(self) -> bool:
        """Whether it ended because someone stopped it, with the best plan so far."""
        return self.state == "done" and self.status == "stopped"


def load_run(scope: Scope, run_id: int) -> RunRow:
    """Load a solve.

    Raises
    ------
    NotFound
        When there is no such solve for this account; clinicians see none.
    """
    run = db.session.scalar(select(SolveRun).where(SolveRun.id == run_id).options(*_small()))
    if run is None:
        raise NotFound()
    _, reach = find_roster(scope, run.roster_id)
    if not reach.sees_drafts or reach.agreement_ids is not None:
        raise NotFound()
    return _row(run, can_stop=reach.can_edit)


def find_active_run(roster_id: int) -> int | None:
    """Give the id of the roster's solve that waits or runs, or None."""
    return db.session.scalar(
        select(SolveRun.id).where(
            SolveRun.roster_id == roster_id, SolveRun.kind == "plan", SolveRun.state.in_(("queued", "running"))
        )
    )


def _small() -> tuple[ExecutableOption, ...]:
    """Leave out the long texts: question, outcome and checkpoint."""
    return (
        load_only(
            *(
                getattr(SolveRun, column.key)
                for column in SolveRun.__table__.columns
                if column.key not in ("problem", "outcome", "checkpoint")
            )
        ),
        joinedload(SolveRun.roster),
        joinedload(SolveRun.base_version).load_only(RosterVersion.number),
        joinedload(SolveRun.result_version).load_only(RosterVersion.number),
    )


def _row(run: SolveRun, *, can_stop: bool) -> RunRow:
    progress = run.progress
    cost, bound = progress.get("cost"), progress.get("bound")
    return RunRow(
        id=run.id,
        roster_id=run.roster_id,
        roster_title=run.roster.title,
        base_number=run.base_version.number if run.base_version is not None else None,
        state=run.state,
        phase=progress.get("phase", ""),
        attempt=run.attempt,
        seconds=progress.get("seconds", 0.0),
        seconds_allowed=run.seconds,
        seed=run.seed,
        cost=cost,
        bound=bound,
        gap=None if cost is None or bound is None else max(0.0, (cost - bound) / cost) if cost else 0.0,
        sessions_not_held=progress.get("gaps"),
        status=progress.get("status", ""),
        error=run.error,
        stop_requested=run.stop_requested,
        can_stop=can_stop and run.state in ("queued", "running") and not run.stop_requested,
        result_number=run.result_version.number if run.result_version is not None else None,
        requested_at=run.requested_at,
        started_at=run.started_at,
        finished_at=run.finished_at,
        versions=tuple(sorted(run.versions.items())),
        mark=f"{run.id}-{run.seq}-{run.state}",
    )
