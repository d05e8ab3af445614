"""Solve public instances with the product's own search: ``python -m solver benchmark``.

For each instance one file in the published checker's format and one line of JSON.  The cost in that line is counted
from the instance's file and not by the rules; should the two differ, the line says so.
"""

import json
import platform
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from solver.benchmark import Instance
from solver.benchmark.curtois import read_curtois
from solver.benchmark.ihtc_surgical import read_ihtc_surgical
from solver.benchmark.memory import PeakMemory
from solver.benchmark.physician import read_physician
from solver.engines.process import EnginePool
from solver.model import compile_model
from solver.outcome import Outcome, Progress
from solver.problem import InvalidProblem
from solver.search import solve

FORMATS: dict[str, Callable[[Path], Instance]] = {
    "physician": read_physician,
    "ihtc-surgical": read_ihtc_surgical,
    "curtois": read_curtois,
}
"""Readers by the name of the format."""

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Run:
    """How instances are to be solved, and the folder for solutions."""

    format: str
    seconds: float
    seed: int
    engine: str
    out: Path


def run_benchmark(run: Run, files: Iterable[Path]) -> Iterator[Line]:
    """Solve one instance after another with the same running engines and give a line about each.

    Raises
    ------
    InvalidProblem
        When a file is not an instance of the format.
    """
    run.out.mkdir(parents=True, exist_ok=True)
    with EnginePool() as pool:
        for path in files:
            yield _measured(run, read_instance(run.format, path), pool)


def read_instance(format: str, path: Path) -> Instance:
    """Read a public instance.

    Raises
    ------
    InvalidProblem
        When the file is not an instance of the format.
    """
    try:
        return FORMATS[format](path)
    except (KeyError, IndexError, TypeError, ValueError) as wrong:
        if isinstance(wrong, InvalidProblem):
            raise
        raise InvalidProblem(str(path), f"is not an instance of {format}: {wrong!r}") from None


class _Watch:
    """When the first plan and the best plan came."""

    def __init__(self) -> None:
        self.cost: int | None = None
        self.first: float | None = None
        self.best: float | None = None

    def __call__(self, progress: Progress) -> None:
        if progress.cost is not None and (self.cost is None or progress.cost < self.cost):
            self.first = progress.seconds if self.first is None else self.first
            self.cost, self.best = progress.cost, progress.seconds


def _measured(run: Run, instance: Instance, pool: EnginePool) -> Line:
    watch = _Watch()
    with PeakMemory() as peak:
        outcome = solve(
            instance.problem,
            seconds=run.seconds,
            seed=run.seed,
            engine=run.engine,
            on_progress=watch,
            pool=pool,
            explain=False,
        )
    path = run.out / f"{instance.name}.solution.json"
    path.write_text(json.dumps(instance.solution(outcome.plan)) + "\n", encoding="utf-8")
    linear = compile_model(instance.problem).linear
    return {
        "instance": instance.name,
        "format": run.format,
        **_quality(instance, outcome),
        "first_plan_seconds": _rounded(watch.first),
        "best_plan_seconds": _rounded(watch.best),
        "seconds": _rounded(outcome.seconds),
        "start_seconds": _rounded(outcome.start_seconds),
        "columns": linear.column_count,
        "rows": linear.row_count,
        "nonzeros": len(linear.values),
        "memory_mb": peak.megabytes,
        "engine": outcome.engine,
        "seed": run.seed,
        "versions": {"python": platform.python_version(), **dict(outcome.versions)},
        "unsupported": list(instance.unsupported),
        "solution": str(path),
    }


def _quality(instance: Instance, outcome: Outcome) -> Line:
    """Give cost and bound in the instance's own terms; without a plan that keeps its hard rules, no cost."""
    cost, bound = instance.cost(outcome.plan), outcome.bound - instance.offset
    notes = [outcome.note] if outcome.note else []
    status = outcome.status.value
    if cost is None:
        status = "incomplete"
        notes.append("the plan breaks a hard rule of the instance")
    elif cost != outcome.cost - instance.offset:
        status = "doubtful"
        notes.append(f"the rules find {outcome.cost - instance.offset}, the file {cost}")
    gap = None if cost is None else round(max(0.0, cost - bound) / cost, 6) if cost else 0.0
    return {"cost": cost, "bound": bound, "gap": gap, "status": status, "note": "; ".join(notes)}


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)
