"""Solves one asked-for run: claims it, follows a child process, and writes down how it goes and ends."""

import json
import logging
import os
import socket
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from apiflask import APIFlask

from config import Config
from scheduler.answers import PLAN
from scheduler.errors import AppError
from scheduler.extensions import db, transaction
from scheduler.models import SolveRun
from scheduler.queue import current_queue
from scheduler.scope import Scope
from scheduler.services import solve_work
from scheduler.services.solve_runs import ACTIVE, request_solve
from scheduler.services.solve_work import Claim, Fenced
from scheduler.solve_process import ChildEnded, SolveProcess
from solver.outcome import Outcome, SolveStatus
from solver.plan import Plan
from solver.problem_json import outcome_from_json, plan_from_json

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a worker does what, in seconds.

    Parameters
    ----------
    report
        At most so often progress is written.
    beat
        So often a sign of life is given, and a wish to stop is looked for, when there is no progress.
    checkpoint
        At most so often the best plan is kept.
    obey
        How long a child may take to stop; then it is ended and the plan it showed last is kept.
    """

    lease: timedelta = solve_work.LEASE
    report: float = 0.5
    beat: float = 1.0
    checkpoint: float = 5.0
    obey: float = 5.0


TOLD = ("phase", "seconds", "cost", "bound", "gaps", "rule_costs", "engine")
"""What of an event of progress is written down."""

PACE = Pace()
WAIT_SECONDS = 0.2


def solve_now(app: APIFlask, *, actor: Scope, roster_id: int, whole_weeks: bool = False) -> int:
    """Solve a roster here and now, by the same steps as in the background; give the id of the new draft.

    Raises
    ------
    AppError
        When the solve cannot be asked for or fails.
    """
    config: Config = app.config["PASSERELLE"]
    with app.app_context():
        with transaction():
            run_id = request_solve(
                actor=actor, roster_id=roster_id, seconds=config.solve_seconds, whole_weeks=whole_weeks
            ).id
        execute(app, run_id)
        # A worker that runs beside this process may have been faster.
        while _is_active(run_id):
            time.sleep(WAIT_SECONDS)
        with transaction():
            run = db.session.get_one(SolveRun, run_id, populate_existing=True)
            if run.result_version_id is None:
                raise AppError(run.error or solve_work.FAILED)
            return run.result_version_id


def _is_active(run_id: int) -> bool:
    with transaction():
        return db.session.get_one(SolveRun, run_id, populate_existing=True).state in ACTIVE


def execute(app: APIFlask, run_id: int, pace: Pace = PACE) -> None:
    """Claim a run, solve it in a child process and write down how it ends; nothing when it cannot be claimed."""
    with app.app_context():
        with transaction():
            claim = solve_work.claim_run(run_id=run_id, owner=process_name(), lease=pace.lease)
        if claim is None:
            return
        log.info("solve run %d: attempt %d begins", claim.run_id, claim.attempt)
        try:
            (_Attempt if claim.kind == PLAN else _Inquiry)(claim, pace).run()
        except Fenced:
            log.warning("solve run %d: another worker has taken over", claim.run_id)


def _question(claim: Claim) -> dict[str, Any]:
    """Give what the child is told."""
    return {
        "kind": claim.kind,
        "asked": claim.asked,
        "problem": json.loads(claim.problem),
        "seconds": claim.seconds,
        "seed": claim.seed,
        "checkpoint": json.loads(claim.checkpoint) if claim.checkpoint is not None else None,
    }


def _give_back(claim: Claim) -> None:
    """Have another attempt made, if there may be one."""
    with transaction():
        state = solve_work.give_back(claim)
    if state == "queued":
        current_queue().send(claim.run_id)


class _Inquiry:
    """One attempt at a claimed question: it ends with the whole answer or with none."""

    def __init__(self, claim: Claim, pace: Pace) -> None:
        self._claim, self._pace = claim, pace
        self._began = time.monotonic()

    def run(self) -> None:
        """Follow the child until it answers, someone stops it, or it is gone."""
        with SolveProcess(_question(self._claim)) as child:
            try:
                answer = self._follow(child)
            except ChildEnded as ended:
                log.error("solve run %d: %s", self._claim.run_id, ended)
                _give_back(self._claim)
                return
        with transaction():
            if answer is None:
                solve_work.cancel_question(self._claim)
            else:
                solve_work.finish_question(self._claim, answer, seconds=time.monotonic() - self._began)

    def _follow(self, child: SolveProcess) -> dict[str, Any] | None:
        """Give the answer; None when someone asked to stop."""
        while True:
            event = child.next_event(self._pace.beat)
            if event is not None:
                answer: dict[str, Any] = event["answer"]
                return answer
            with transaction():
                if solve_work.beat(self._claim, lease=self._pace.lease):
                    return None


class _Attempt:
    """One attempt at a claimed solve."""

    def __init__(self, claim: Claim, pace: Pace) -> None:
        self._claim, self._pace = claim, pace
        self._news: dict[str, Any] | None = None
        self._plan: Plan | None = None
        self._kept_plan: Plan | None = None
        self._reported_at = self._kept_at = time.monotonic()
        self._stopped_at: float | None = None

    def run(self) -> None:
        with SolveProcess(_question(self._claim)) as child:
            try:
                outcome = self._follow(child)
            except ChildEnded as ended:
                log.error("solve run %d: %s", self._claim.run_id, ended)
                outcome = self._outcome_of_plan("the solving process ended early") if self._stopped_at else None
        if outcome is None or outcome.status is SolveStatus.FAILED:
            _give_back(self._claim)
        else:
            self._finish(outcome)

    def _follow(self, child: SolveProcess) -> Outcome | None:
        """Read events until the outcome; None when the child had to be ended and had shown no plan."""
        while True:
            event = child.next_event(0.1)
            if event is not None and event["event"] == "outcome":
                return outcome_from_json(event["outcome"])
            if event is not None:
                self._take(event)
            if self._is_due() and self._beat() and self._stopped_at is None:
                self._stopped_at = time.monotonic()
                child.stop()
            if self._stopped_at is not None and time.monotonic() > self._stopped_at + self._pace.obey:
                return self._outcome_of_plan("the solver did not stop in time")

    def _take(self, event: dict[str, Any]) -> None:
        self._news = {key: event[key] for key in TOLD}
        if event["plan"] is not None:
            self._plan = plan_from_json(event["plan"])

    def _is_due(self) -> bool:
        since = time.monotonic() - self._reported_at
        return since >= (self._pace.report if self._news is not None else self._pace.beat)

    def _beat(self) -> bool:
        """Write what is new and give a sign of life; tell whether someone asked to stop."""
        now = time.monotonic()
        keep = self._plan is not self._kept_plan and now - self._kept_at >= self._pace.checkpoint
        with transaction():
            stop = solve_work.beat(
                self._claim,
                progress=self._news,
                checkpoint=self._plan if keep else None,
                lease=self._pace.lease,
            )
        self._news, self._reported_at = None, now
        if keep:
            self._kept_plan, self._kept_at = self._plan, now
        return stop

    def _outcome_of_plan(self, note: str) -> Outcome | None:
        """Make an outcome of the plan that was shown last, when there will be no better one."""
        if self._plan is None:
            return None
        return solve_work.judged_outcome(self._claim, self._plan, note=note)

    def _finish(self, outcome: Outcome) -> None:
        try:
            with transaction():
                solve_work.finish_run(self._claim, outcome)
        except Fenced:
            raise
        except AppError as error:
            log.warning("solve run %d: its plan fits no more: %s", self._claim.run_id, error.message)
            with transaction():
                solve_work.give_back(self._claim, error=solve_work.OUTDATED, final=True)


def process_name(pid: int | None = None) -> str:
    """Give the name under which a process of this machine, or this process, claims runs."""
    return f"{socket.gethostname()}:{pid or os.getpid()}"
