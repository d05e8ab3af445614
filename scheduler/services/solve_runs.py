"""Asks for solves and stops them."""

import json
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from scheduler import clock
from scheduler.errors import Conflict, InvalidInput, NotFound
from scheduler.extensions import db
from scheduler.models import RosterVersion, SolveRun
from scheduler.queries.problem import build_problem
from scheduler.queries.roster_access import Reach, check_can_edit, find_roster
from scheduler.queue import send_after_commit
from scheduler.scope import Scope
from scheduler.services import journal
from scheduler.services.rosters import published_version
from scheduler.text import N_
from solver.problem_json import problem_to_json

LEAST_SECONDS = 1
MOST_SECONDS = 3600

ACTIVE = ("queued", "running")
"""States of a run that has not ended; a roster has at most one such run."""


def request_solve(
    *,
    actor: Scope,
    roster_id: int,
    base_version_id: int | None = None,
    seconds: float = 20.0,
    seed: int = 1,
    whole_weeks: bool = False,
) -> SolveRun:
    """Ask for a solve of a roster; the question is written down as it is now.

    Parameters
    ----------
    base_version_id
        The version whose pins stand; None: no pins.
    seconds
        Time for the search, from 1 to 3600.
    whole_weeks
        Plan half-days of the current week that are past, too; for rosters that begin in mid-week.

    Raises
    ------
    NotFound, NotAllowed
        When the actor does not see the roster, or may not change it.
    InvalidInput
        When the time cannot be used.
    Conflict
        When a solve of this roster waits or runs already.
    """
    _, reach = find_roster(actor, roster_id)
    check_can_edit(reach)
    if not LEAST_SECONDS <= seconds <= MOST_SECONDS:
        problem = N_("A solve takes from 1 second to an hour.")
        raise InvalidInput(problem, {"seconds": problem})
    # Asked before the question is made: what is published meanwhile then outdates the result.
    published = published_version(roster_id)
    question = build_problem(roster_id, base_version_id, for_solving=not whole_weeks)
    run = SolveRun(
        roster_id=roster_id,
        base_version_id=base_version_id,
        published_version_id=published.id if published is not None else None,
        problem=json.dumps(problem_to_json(question), ensure_ascii=False),
        seconds=seconds,
        seed=seed,
        requested_by_id=actor.account_id,
        requested_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(run)
    except IntegrityError as error:
        raise Conflict(N_("This roster is being solved already.")) from error
    _record(
        actor, run, reach, "solve.requested", {"seconds": seconds, "seed": seed, "base_version_id": base_version_id}
    )
    send_after_commit(run.id)
    return run


def stop_solve(*, actor: Scope, run_id: int) -> SolveRun:
    """Have a running solve end with the best plan so far; a solve that still waits is cancelled.

    Raises
    ------
    NotFound, NotAllowed
        When the actor does not see the roster, or may not change it.
    Conflict
        When the solve has ended already.
    """
    run = db.session.scalar(
        select(SolveRun).where(SolveRun.id == run_id).with_for_update().execution_options(populate_existing=True)
    )
    if run is None:
        raise NotFound()
    _, reach = find_roster(actor, run.roster_id)
    check_can_edit(reach)
    if run.state not in ACTIVE:
        raise Conflict(N_("This solve has ended already."))
    run.stop_requested = True
    if run.state == "queued":
        run.state = "cancelled"
        run.finished_at = clock.now()
    run.seq += 1
    db.session.flush()
    _record(actor, run, reach, "solve.stopped", {"state": run.state})
    return run


def result_of(run: SolveRun) -> RosterVersion:
    """Give the draft that a solve made.

    Raises
    ------
    Conflict
        When it made none.
    """
    if run.result_version is None:
        raise Conflict(N_("This solve made no draft."))
    return run.result_version


def _record(actor: Scope, run: SolveRun, reach: Reach, deed: str, facts: Mapping[str, object]) -> None:
    journal.record(
        actor=actor,
        deed=deed,
        subject="solve_run",
        subject_id=run.id,
        organisation_ids=reach.owner_ids,
        facts={"roster_id": run.roster_id, **facts},
    )
