"""The solvers that are compared, each given a problem and a time: ours, its bare engine, and two peers."""

import contextlib
import json
import queue
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from solver.benchmark.memory import PeakMemory
from solver.benchmark.peers.question import Question
from solver.benchmark.trial import Trial, judge
from solver.engines.process import EnginePool
from solver.linear import LinearStatus
from solver.model import compile_model
from solver.outcome import Progress
from solver.plan import Plan
from solver.problem import Problem
from solver.search import solve

ROOT = Path(__file__).parents[2]
TIMEFOLD = ROOT / "build/timefold/bin/python"
"""Python of the environment that ``./run bench solver`` makes for Timefold where there is a Java."""

GRACE = 240.0
"""Seconds that a peer has beyond its limit for starting, reading and ending; then it is killed."""

ENDING = 5.0
"""Seconds for a peer to end by itself after its last line."""

Found = list[tuple[float, Plan]]


def passerelle(trial: Trial, problem: Problem, pool: EnginePool) -> None:
    """Run the product's own search."""
    found: Found = []

    def progress(step: Progress) -> None:
        if step.plan is not None:
            found.append((step.seconds, step.plan))

    outcome = solve(problem, seconds=trial.limit, seed=trial.seed, on_progress=progress, pool=pool, explain=False)
    trial.seconds, trial.status, trial.bound = outcome.seconds, outcome.status.value, outcome.bound
    trial.note = outcome.note
    judge(trial, problem, [*found, (outcome.seconds, outcome.plan)])
    trial.first = outcome.first_plan_seconds


def highs(trial: Trial, problem: Problem, pool: EnginePool) -> None:
    """Run HiGHS alone on the compiled model: no first plan, no neighbourhoods."""
    engine = pool.engine("highs")
    began = time.perf_counter()
    compiled = compile_model(problem)
    found: list[tuple[float, Any]] = []

    def take(event: Any) -> None:
        if event.x is not None:
            found.append((time.perf_counter() - began, event.x))

    left = max(0.2, trial.limit - (time.perf_counter() - began))
    answer = engine.solve(compiled.linear, seconds=left, seed=trial.seed, on_event=take)
    trial.seconds = time.perf_counter() - began
    trial.status, trial.note = answer.status.value, answer.note
    trial.bound = float(answer.bound) if answer.bound > -1e30 else None
    if answer.x is not None and answer.status is not LinearStatus.INFEASIBLE:
        found.append((trial.seconds, answer.x))
    judge(trial, problem, [(seconds, compiled.decode(x)) for seconds, x in found])


def tutorial(trial: Trial, problem: Problem, pool: EnginePool) -> None:
    """Run CP-SAT as its tutorials use it."""
    del pool
    _peer(trial, problem, [sys.executable, "-m", "solver.benchmark.peers.tutorial"])


def timefold(trial: Trial, problem: Problem, pool: EnginePool) -> None:
    """Run Timefold, where its environment and a Java are there."""
    del pool
    if not TIMEFOLD.exists() or shutil.which("java") is None:
        trial.status, trial.note = "not run", "Timefold's environment or Java is missing"
        return
    _peer(trial, problem, [str(TIMEFOLD), str(ROOT / "solver/benchmark/peers/timefold_peer.py")])


CONTENDERS: dict[str, Callable[[Trial, Problem, EnginePool], None]] = {
    "passerelle": passerelle,
    "highs": highs,
    "tutorial": tutorial,
    "timefold": timefold,
}
"""By name, in the order of the table."""


def run_trial(trial: Trial, problem: Problem, pool: EnginePool) -> Trial:
    """Run the solver that a trial names, and fill in what came of it."""
    with PeakMemory() as peak:
        CONTENDERS[trial.solver](trial, problem, pool)
    trial.memory_mb = peak.megabytes
    return trial


def _peer(trial: Trial, problem: Problem, command: list[str]) -> None:
    question = Question(problem)
    told = json.dumps(question.to_json())
    lines: queue.Queue[str | None] = queue.Queue()
    process = subprocess.Popen(  # noqa: S603 - our own modules
        [*command, str(trial.limit), str(trial.seed)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        text=True,
    )
    threading.Thread(target=_converse, args=(process, told, lines), daemon=True).start()
    answers = _answers(lines, trial.limit + GRACE)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=ENDING)
    ended = process.poll()
    process.kill()
    process.wait()
    found = [(line["seconds"], question.plan(line["taken"])) for line in answers if "taken" in line]
    failed = "killed" if ended is None else f"failed with code {ended}"
    nothing: dict[str, Any] = {"status": failed, "bound": None, "end": trial.limit}
    end = next((line for line in answers if "status" in line), nothing)
    trial.status, trial.bound = end["status"], end["bound"]
    trial.seconds = end["end"]
    if question.unstated:
        trial.note = f"cannot be told: {', '.join(question.unstated)}"
    judge(trial, problem, found)


def _converse(process: "subprocess.Popen[str]", told: str, lines: "queue.Queue[str | None]") -> None:
    assert process.stdin is not None  # noqa: S101 - asked for above
    assert process.stdout is not None  # noqa: S101 - asked for above
    with process.stdout:
        with contextlib.suppress(BrokenPipeError), process.stdin:
            process.stdin.write(told)
        for line in process.stdout:
            lines.put(line)
    lines.put(None)


def _answers(lines: "queue.Queue[str | None]", seconds: float) -> list[dict[str, Any]]:
    """Give what a peer prints until it ends or its time is up."""
    until, found = time.monotonic() + seconds, []
    while (left := until - time.monotonic()) > 0:
        try:
            line = lines.get(timeout=left)
        except queue.Empty:
            break
        if line is None:
            break
        if line.startswith("{"):
            found.append(json.loads(line))
    return found
