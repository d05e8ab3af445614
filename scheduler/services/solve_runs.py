"""Asks for solves and stops them."""

import json
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from scheduler import clock
from scheduler.errors import Conflict, InvalidInput, NotFound
from scheduler.extensions import db
from scheduler.models import RosterVersion, SolveRun
from scheduler.queries.problem import build_problem, plan_of
from scheduler.queries.questions import check_question
from scheduler.queries.roster_access import Reach, check_can_edit, find_roster
from scheduler.queue import send_after_commit
from scheduler.scope import Scope
from scheduler.services import journal
from scheduler.services.rosters import published_version
from scheduler.text import N_
from solver.plan import Plan
from solver.problem import Problem
from solver.problem_json import plan_to_json, problem_to_json
from solver.searching.replanning import Replanning, replanned

LEAST_SECONDS = 1
MOST_SECONDS = 3600

ACTIVE = ("queued", "running")
"""States of a run that has not ended; a roster has at most one such solve."""

EVERYTHING = Replanning.EVERYTHING.value
NOTHING_PUBLISHED = N_("Nothing is published yet: there is no version to keep.")
NOTHING_TO_FILL = N_("Choose the version of which gaps are to be filled.")


def request_solve(
    *,
    actor: Scope,
    roster_id: int,
    base_version_id: int | None = None,
    seconds: float = 20.0,
    seed: int = 1,
    whole_weeks: bool = False,
    mode: str = EVERYTHING,
    keep_percent: int = 0,
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
    mode
        What may change, by ``solver.searching.replanning.Replanning``: everything; as little as possible of what is
        published; nothing of the version started from, or else of the published one, but its gaps; or all but a share.
    keep_percent
        The share of what is published to keep at least, from 0 to 100.

    Raises
    ------
    NotFound, NotAllowed
        When the actor does not see the roster, or may not change it.
    InvalidInput
        When the time or the share cannot be used, or there is no version to keep.
    Conflict
        When a solve of this roster waits or runs already.
    """
    _, reach = find_roster(actor, roster_id)
    check_can_edit(reach)
    if not LEAST_SECONDS <= seconds <= MOST_SECONDS:
        problem = N_("A solve takes from 1 second to an hour.")
        raise InvalidInput(problem, {"seconds": problem})
    if not 0 <= keep_percent <= 100:
        problem = N_("Keep 0 to 100 percent.")
        raise InvalidInput(problem, {"keep_percent": problem})
    # Asked before the question is made: what is published meanwhile then outdates the result.
    published = published_version(roster_id)
    question = build_problem(roster_id, base_version_id, for_solving=not whole_weeks)
    known = _known_plan(base_version_id, published)
    question = _asked_question(question, Replanning(mode), keep_percent, known)
    run = SolveRun(
        roster_id=roster_id,
        asked={"mode": mode, "keep_percent": keep_percent},
        checkpoint=json.dumps(plan_to_json(known)) if known is not None else None,
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
        actor,
        run,
        reach,
        "solve.requested",
        {"seconds": seconds, "seed": seed, "base_version_id": base_version_id, "mode": mode},
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
    check_question(actor, reach, run)
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


def _known_plan(base_version_id: int | None, published: RosterVersion | None) -> Plan | None:
    """Give the plan that people know: of the version started from, else the published one; None if there is none."""
    base = db.session.get(RosterVersion, base_version_id) if base_version_id is not None else published
    return plan_of(base) if base is not None else None


def _asked_question(question: Problem, mode: Replanning, keep_percent: int, known: Plan | None) -> Problem:
    """Give the question as what may change makes it.

    Raises
    ------
    InvalidInput
        When there is nothing to keep.
    """
    if mode is Replanning.FILL_GAPS:
        if known is None:
            raise InvalidInput(NOTHING_TO_FILL, {"mode": NOTHING_TO_FILL})
        # What counts as a change is told from what is published, whichever version is filled up.
        return replace(replanned(question, mode, base=known), published=question.published)
    if mode is not Replanning.EVERYTHING and not question.published:
        raise InvalidInput(NOTHING_PUBLISHED, {"mode": NOTHING_PUBLISHED})
    return replanned(question, mode, keep_percent=keep_percent)


def _record(actor: Scope, run: SolveRun, reach: Reach, deed: str, facts: Mapping[str, object]) -> None:
    journal.record(
        actor=actor,
        deed=deed,
        subject="solve_run",
        subject_id=run.id,
        organisation_ids=reach.owner_ids,
        facts={"roster_id": run.roster_id, **facts},
    )
