"""Measure the solver on generated problems: ``python -m solver measure``.

One line for each size and seed: size of the model, seconds until it is built, until the first plan, until the best
plan is proven and until the end, how good the plan is known to be after some times, and memory.  Times of one machine
compare with times of the same run only; start-up of engines is left out.
"""

import resource
import statistics
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from solver.engines.process import EnginePool
from solver.generate import generate
from solver.model import compile_model
from solver.outcome import Outcome, Progress
from solver.problem_json import problem_from_json, problem_to_json
from solver.search import solve

MARKS = (1, 3, 10, 30, 60, 150, 300)
"""Seconds after which the gap is told, as far as the time limit goes."""

ENGINES_UP = 2
"""Engines that are up before the clock starts."""

COLUMNS = (
    ("columns", 9),
    ("rows", 8),
    ("build s", 9),
    ("first s", 9),
    ("proof s", 9),
    ("total s", 9),
    ("cost", 9),
    ("bound", 9),
    ("gap %", 8),
    ("gaps", 6),
    ("MB", 6),
    ("engines MB", 12),
)
HEADINGS = f"{'problem':<14}" + "".join(f"{name:>{width}}" for name, width in COLUMNS) + "  status"


@dataclass(frozen=True, slots=True)
class Moment:
    """What was known at one time: cost of the best plan and bound."""

    seconds: float
    cost: int | None
    bound: float | None


@dataclass(frozen=True, slots=True)
class Measured:
    """One solved problem and what it took; times in seconds, memory in megabytes at its highest."""

    name: str
    columns: int
    rows: int
    build_seconds: float
    outcome: Outcome
    moments: tuple[Moment, ...] = ()
    memory_mb: int = 0
    engines_mb: int = 0

    @property
    def proof_seconds(self) -> float | None:
        """Give when bound and cost met; None when they did not."""
        known = (m.seconds for m in self.moments if m.cost is not None and m.cost == m.bound)
        return next(known, None)

    def gap_at(self, seconds: float) -> float | None:
        """Give the gap between the best cost then and the best bound of the whole run, or None without a plan."""
        costs = [m.cost for m in self.moments if m.seconds <= seconds and m.cost is not None]
        return (costs[-1] - self.outcome.bound) / costs[-1] if costs and costs[-1] else (0.0 if costs else None)

    def __str__(self) -> str:
        """Give the line of the table."""
        found, proof = self.outcome, self.proof_seconds
        cells = (
            str(self.columns),
            str(self.rows),
            f"{self.build_seconds:.2f}",
            f"{found.first_plan_seconds or 0:.2f}",
            "-" if proof is None else f"{proof:.2f}",
            f"{found.seconds:.2f}",
            str(found.cost),
            f"{found.bound:.0f}",
            f"{100 * found.gap:.2f}",
            str(len(found.gaps)),
            str(self.memory_mb),
            str(self.engines_mb),
        )
        row = "".join(f"{cell:>{width}}" for cell, (_, width) in zip(cells, COLUMNS, strict=True))
        return f"{self.name:<14}{row}  {found.status.value}"

    def over_time(self) -> str:
        """Give the line that tells how the plan grew better: its gap to the last bound at some times."""
        marks = [mark for mark in MARKS if mark <= self.outcome.seconds]
        gaps = [(mark, self.gap_at(mark)) for mark in marks]
        return "  gap to the last bound: " + ", ".join(
            f"{'no plan' if gap is None else f'{100 * gap:.2f} %'} at {mark} s" for mark, gap in gaps
        )


@dataclass(slots=True)
class _Watch:
    """Remembers what progress tells."""

    moments: list[Moment] = field(default_factory=list)

    def __call__(self, progress: Progress) -> None:
        self.moments.append(Moment(progress.seconds, progress.cost, progress.bound))


def bench(
    sizes: Iterable[str], seeds: Iterable[int], *, seconds: float, engine: str = "auto", weeks: int = 1
) -> Iterator[Measured]:
    """Solve one generated problem after another, each with fresh engines that are up before."""
    seeds = tuple(seeds)
    for size in sizes:
        for seed in seeds:
            # Through JSON, so that nothing worked out for the first build is kept for the second.
            problem = generate(size, seed, weeks=weeks)
            began = time.perf_counter()
            linear = compile_model(problem_from_json(problem_to_json(problem))).linear
            built = time.perf_counter() - began
            watch = _Watch()
            with EnginePool() as pool:
                for number in range(ENGINES_UP if engine != "greedy" else 0):
                    pool.engine("cpsat" if engine == "cpsat" else "highs", number)
                outcome = solve(problem, seconds=seconds, seed=seed, engine=engine, pool=pool, on_progress=watch)
                engines = sum(_peak_mb(pid) for pid in pool.pids)
            own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            size_of = linear.column_count, linear.row_count, built
            yield Measured(f"{size} {seed}", *size_of, outcome, tuple(watch.moments), own, engines)


def _peak_mb(pid: int) -> int:
    """Give the most memory that a running process has held; 0 where the system does not tell."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")), 0)


def show(measured: Iterable[Measured]) -> None:
    """Print the table as it comes, and medians by size as ratios to the first one."""
    print(HEADINGS)
    totals: dict[str, list[float]] = {}
    for one in measured:
        print(one, flush=True)
        print(one.over_time())
        if one.outcome.note:
            print(f"  {one.outcome.note}")
        totals.setdefault(one.name.split()[0], []).append(one.proof_seconds or one.outcome.seconds)
    medians = {size: statistics.median(times) for size, times in totals.items()}
    for size, median in medians.items():
        first = next(iter(medians.values()))
        print(f"{size}: median until the proof or the end {median:.2f} s, {median / max(first, 1e-9):.1f} x the first")
