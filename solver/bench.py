"""Measure the solver on generated problems: ``./run bench solver``.

One line for each size and seed: size of the model, seconds until it is built, until the first plan and until the
end, and how good the plan is known to be.  Times of one machine compare with times of the same run only.
"""

import statistics
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from solver.engines.process import EnginePool
from solver.generate import generate
from solver.model import compile_model
from solver.outcome import Outcome
from solver.problem_json import problem_from_json, problem_to_json
from solver.search import solve

HEADINGS = (
    f"{'problem':<14}{'columns':>9}{'rows':>8}{'build s':>9}{'first s':>9}{'total s':>9}"
    f"{'cost':>9}{'bound':>9}{'gap %':>8}{'gaps':>6}  status"
)


@dataclass(frozen=True, slots=True)
class Measured:
    """One solved problem and what it took; times in seconds."""

    name: str
    columns: int
    rows: int
    build_seconds: float
    outcome: Outcome

    def __str__(self) -> str:
        """Give the line of the table."""
        found = self.outcome
        return (
            f"{self.name:<14}{self.columns:>9}{self.rows:>8}{self.build_seconds:>9.2f}"
            f"{found.first_plan_seconds or 0:>9.2f}{found.seconds:>9.2f}{found.cost:>9}{found.bound:>9.0f}"
            f"{100 * found.gap:>8.2f}{len(found.gaps):>6}  {found.status.value}"
        )


def bench(
    sizes: Iterable[str], seeds: Iterable[int], *, seconds: float, engine: str = "auto", weeks: int = 1
) -> Iterator[Measured]:
    """Solve one generated problem after another with the same running engines."""
    seeds = tuple(seeds)
    with EnginePool() as pool:
        for size in sizes:
            for seed in seeds:
                # Through JSON, so that nothing worked out for the first build is kept for the second.
                problem = generate(size, seed, weeks=weeks)
                began = time.perf_counter()
                linear = compile_model(problem_from_json(problem_to_json(problem))).linear
                built = time.perf_counter() - began
                outcome = solve(problem, seconds=seconds, seed=seed, engine=engine, pool=pool)
                yield Measured(f"{size} {seed}", linear.column_count, linear.row_count, built, outcome)


def show(measured: Iterable[Measured]) -> None:
    """Print the table as it comes, and the median of the total times."""
    print(HEADINGS)
    totals = []
    for one in measured:
        print(one, flush=True)
        if one.outcome.note:
            print(f"  {one.outcome.note}")
        totals.append(one.outcome.seconds)
    if totals:
        print(f"median of the total: {statistics.median(totals):.2f} s")
