"""What a worker does to the row of a solve run: claim it, report, finish it, give it back.

Whoever claims a run gets a number, its fence.  Each later write asks for that number, so that a worker that was
taken for dead and replaced can write no more.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update

from scheduler import clock
from scheduler.errors import Conflict
from scheduler.extensions import db
from scheduler.models import Account, RosterSiteWeek, RosterVersion, Site, SolveRun
from scheduler.queries.scopes import scope_of
from scheduler.scope import Scope
from scheduler.services import drafts, journal
from scheduler.services.judging import judge_version
from scheduler.services.solve_runs import EVERYTHING
from scheduler.text import N_
from solver.audit import audit
from solver.explain import explain_gaps
from solver.outcome import Outcome, SolveStatus
from solver.plan import Plan
from solver.problem_json import outcome_to_json, plan_to_json, problem_from_json
from solver.records_json import encode_record

LEASE = timedelta(seconds=30)
"""How long a claim holds without a sign of life."""
MOST_ATTEMPTS = 3
LOST_AFTER = timedelta(seconds=5)
"""After so long a queued run that nobody was told about is sent again."""

TAKEN_OVER = N_("Another worker has taken over this solve.")
GAVE_UP = N_("The solve was interrupted three times and is not tried again. Ask for it once more.")
OUTDATED = N_("Sessions or people changed while the solver worked, and its plan fits no more. Solve once more.")
FAILED = N_("The solver could not be run. The administrator finds the reason in the log.")


class Fenced(Conflict):
    """The claim is no longer the latest one, or the run has ended."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A run as claimed: its question, and the number that each write must carry.

    ``checkpoint`` is a plan as JSON: the best one of an earlier attempt, or the one that a question is about.
    """

    run_id: int
    fence: int
    attempt: int
    kind: str
    asked: dict[str, Any]
    problem: str
    seconds: float
    seed: int
    checkpoint: str | None


def claim_run(*, run_id: int, owner: str, lease: timedelta = LEASE) -> Claim | None:
    """Claim a run that waits or whose worker gave no sign of life; None when there is nothing to claim."""
    now = clock.now()
    row = db.session.execute(
        update(SolveRun)
        .where(SolveRun.id == run_id, _free(now), SolveRun.attempt < MOST_ATTEMPTS)
        .values(
            state="running",
            fence=SolveRun.fence + 1,
            attempt=SolveRun.attempt + 1,
            seq=SolveRun.seq + 1,
            owner=owner,
            lease_until=now + lease,
            started_at=now,
            progress={"phase": "starting", "seconds": 0.0},
        )
        .returning(
            SolveRun.id,
            SolveRun.fence,
            SolveRun.attempt,
            SolveRun.kind,
            SolveRun.asked,
            SolveRun.problem,
            SolveRun.seconds,
            SolveRun.seed,
            SolveRun.checkpoint,
        )
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return Claim(*row) if row is not None else None


def beat(
    claim: Claim,
    *,
    progress: Mapping[str, Any] | None = None,
    checkpoint: Plan | None = None,
    lease: timedelta = LEASE,
) -> bool:
    """Give a sign of life, with what is new; tell whether someone asked to stop.

    Raises
    ------
    Fenced
        When the run is no longer this worker's.
    """
    news: dict[str, Any] = {"lease_until": clock.now() + lease}
    if progress is not None:
        news |= {"progress": dict(progress), "seq": SolveRun.seq + 1}
    if checkpoint is not None:
        news["checkpoint"] = json.dumps(plan_to_json(checkpoint))
    return _write(claim, news)


def finish_run(claim: Claim, outcome: Outcome) -> RosterVersion:
    """End a run and make the draft of its plan, both or neither.

    Raises
    ------
    Fenced
        When the run is no longer this worker's.
    Conflict
        When sessions or people of the plan are no longer there.
    """
    problem = problem_from_json(json.loads(claim.problem))
    _write(
        claim,
        {
            "state": "done",
            "finished_at": clock.now(),
            "lease_until": None,
            "seq": SolveRun.seq + 1,
            "outcome": json.dumps(outcome_to_json(outcome), ensure_ascii=False),
            "versions": dict(outcome.versions),
            "progress": _summary(outcome),
        },
    )
    run = _load(claim.run_id)
    version = drafts.accept_outcome(
        actor=_requester(run),
        roster_id=run.roster_id,
        base_version_id=run.base_version_id,
        published_version_id=run.published_version_id,
        problem=problem,
        outcome=outcome,
    )
    run.result_version_id = version.id
    if run.asked.get("mode", EVERYTHING) != EVERYTHING:
        # The question weighed changes otherwise than the hospitals do; the draft is judged by their own weights.
        judge_version(version)
    db.session.flush()
    _record(run, "solve.finished", {"status": outcome.status, "cost": outcome.cost, "version_id": version.id})
    return version


def finish_question(claim: Claim, answer: Mapping[str, Any], *, seconds: float) -> None:
    """End a run with the answer to its question, as JSON.

    Parameters
    ----------
    seconds
        How long it took.

    Raises
    ------
    Fenced
        When the run is no longer this worker's.
    """
    _write(
        claim,
        {
            "state": "done",
            "finished_at": clock.now(),
            "lease_until": None,
            "seq": SolveRun.seq + 1,
            "outcome": json.dumps(answer, ensure_ascii=False),
            "progress": {"phase": "done", "seconds": seconds},
        },
    )
    _record(_load(claim.run_id), "question.answered", {"kind": claim.kind})


def cancel_question(claim: Claim) -> None:
    """End a question that someone stopped while it was looked into; half an answer would be none.

    Raises
    ------
    Fenced
        When the run is no longer this worker's.
    """
    values = {"state": "cancelled", "finished_at": clock.now(), "lease_until": None, "owner": None}
    _write(claim, {**values, "seq": SolveRun.seq + 1})


def give_back(claim: Claim, *, error: str = FAILED, final: bool = False) -> str:
    """End an attempt that led to nothing: the run waits for another one, or has failed; give its new state.

    Raises
    ------
    Fenced
        When the run is no longer this worker's.
    """
    failed = final or claim.attempt >= MOST_ATTEMPTS
    ended = {"state": "failed", "finished_at": clock.now(), "error": error} if failed else {"state": "queued"}
    _write(claim, {**ended, "lease_until": None, "owner": None, "seq": SolveRun.seq + 1})
    if failed:
        _record(_load(claim.run_id), "solve.failed", {"attempt": claim.attempt})
    return str(ended["state"])


def reap() -> list[int]:
    """Free the runs whose worker gave no sign of life; give the ids of queued runs that may have got lost.

    A run that lost its worker three times has failed.
    """
    now = clock.now()
    expired = and_(SolveRun.state == "running", SolveRun.lease_until < now)
    freed = {"lease_until": None, "owner": None, "seq": SolveRun.seq + 1}
    given_up = _change(
        expired,
        SolveRun.attempt >= MOST_ATTEMPTS,
        values={"state": "failed", "finished_at": now, "error": GAVE_UP, **freed},
    )
    waiting = set(_change(expired, values={"state": "queued", **freed}))
    for run_id in given_up:
        _record(_load(run_id), "solve.failed", {"attempt": MOST_ATTEMPTS})
    lost = select(SolveRun.id).where(SolveRun.state == "queued", SolveRun.requested_at < now - LOST_AFTER)
    return sorted(waiting.union(db.session.scalars(lost)))


def _change(*conditions: ColumnElement[bool], values: dict[str, Any]) -> list[int]:
    """Change all runs that meet the conditions; give their ids."""
    return list(
        db.session.scalars(
            update(SolveRun)
            .where(*conditions)
            .values(**values)
            .returning(SolveRun.id)
            .execution_options(synchronize_session=False)
        )
    )


def release(*, owner: str) -> None:
    """Let go of all that a worker has claimed, because it ends in good order: that is no failed attempt."""
    values = {"state": "queued", "lease_until": None, "owner": None, "attempt": SolveRun.attempt - 1}
    _change(*_claimed_by(owner), values={**values, "seq": SolveRun.seq + 1})


def expire(*, owner: str) -> None:
    """End the leases of a worker that is known to be dead, so that nobody waits for it."""
    _change(*_claimed_by(owner), values={"lease_until": clock.now() - LEASE})


def _claimed_by(owner: str) -> tuple[ColumnElement[bool], ...]:
    return SolveRun.state == "running", SolveRun.owner == owner


def judged_outcome(claim: Claim, plan: Plan, *, note: str) -> Outcome:
    """Give the outcome of a solve that was broken off: the plan it showed last, judged by the rules."""
    problem = problem_from_json(json.loads(claim.problem))
    judgement = audit(problem, plan)
    return Outcome(
        status=SolveStatus.STOPPED if judgement.lawful else SolveStatus.FAILED,
        plan=plan,
        cost=judgement.cost,
        bound=0.0,
        rule_costs=judgement.rule_costs,
        breaches=judgement.breaches,
        gaps=explain_gaps(problem, plan),
        seed=claim.seed,
        note=note,
    )


def _free(now: object) -> ColumnElement[bool]:
    return or_(SolveRun.state == "queued", and_(SolveRun.state == "running", SolveRun.lease_until < now))


def _write(claim: Claim, values: dict[str, Any]) -> bool:
    stop = db.session.execute(
        update(SolveRun)
        .where(SolveRun.id == claim.run_id, SolveRun.fence == claim.fence, SolveRun.state == "running")
        .values(**values)
        .returning(SolveRun.stop_requested)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if stop is None:
        raise Fenced(TAKEN_OVER)
    return bool(stop)


def _load(run_id: int) -> SolveRun:
    return db.session.get_one(SolveRun, run_id, populate_existing=True)


def _requester(run: SolveRun) -> Scope | None:
    account = db.session.get(Account, run.requested_by_id) if run.requested_by_id is not None else None
    return scope_of(account, clock.today()) if account is not None else None


def _summary(outcome: Outcome) -> dict[str, Any]:
    """Give the last progress of a run that ended well."""
    return {
        "phase": "done",
        "seconds": outcome.seconds,
        "cost": outcome.cost,
        "bound": outcome.bound,
        "gaps": len(outcome.gaps),
        "rule_costs": [encode_record(one) for one in outcome.rule_costs],
        "engine": outcome.engine,
        "status": str(outcome.status),
    }


def _record(run: SolveRun, deed: str, facts: Mapping[str, Any]) -> None:
    owners = db.session.scalars(
        select(Site.organisation_id)
        .join(RosterSiteWeek, RosterSiteWeek.site_id == Site.id)
        .where(RosterSiteWeek.roster_id == run.roster_id)
        .distinct()
    )
    journal.record(
        actor=None,
        deed=deed,
        subject="solve_run",
        subject_id=run.id,
        organisation_ids=owners,
        facts={"roster_id": run.roster_id, **facts},
    )
