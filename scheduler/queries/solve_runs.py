"""Solves that were asked for, as shown to people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, load_only
from sqlalchemy.sql.base import ExecutableOption

from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.models import RosterVersion, SolveRun
from scheduler.queries.questions import RuleLine, check_question, rule_lines
from scheduler.queries.roster_access import find_roster
from scheduler.scope import Scope
from solver.outcome import RuleCost
from solver.records_json import decode_record


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
    mode, keep_percent
        What might change; see ``services.solve_runs.request_solve``.
    rules
        What each rule costs in the best plan so far, dearest first; rules that cost nothing are left out.
    engine
        What found the best plan so far: ``greedy``, ``neighbourhoods`` or an engine.
    mark
        Changes whenever anything here does; the page's ETag is made of it.
    """

    id: int
    kind: str
    mode: str
    keep_percent: int
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
    rules: tuple[RuleLine, ...]
    engine: str
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
    check_question(scope, reach, run)
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
        kind=run.kind,
        mode=run.asked.get("mode", ""),
        keep_percent=run.asked.get("keep_percent", 0),
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
        rules=_rules(progress.get("rule_costs", [])),
        engine=progress.get("engine", ""),
        mark=f"{run.id}-{run.seq}-{run.state}",
    )


def _rules(kept: Iterable[Mapping[str, Any]]) -> tuple[RuleLine, ...]:
    costs: list[RuleCost] = [decode_record(RuleCost, dict(one)) for one in kept]
    return rule_lines(sorted((one for one in costs if one.cost), key=lambda one: -one.cost))
