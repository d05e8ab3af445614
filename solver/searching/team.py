"""Who searches: engines at the whole model, and beside them neighbourhood search."""

import os
from collections.abc import Callable
from functools import partial

from solver.engines.portfolio import Race, Whole
from solver.engines.process import EnginePool, EngineProcess
from solver.model import CompiledModel
from solver.searching.improving import Improving
from solver.searching.neighbourhoods import Neighbourhoods
from solver.searching.proving import Prices, Proving

ENGINES: dict[str, tuple[str, ...]] = {
    "auto": ("highs", "cpsat"),
    "portfolio": ("highs", "cpsat"),
    "neighbourhoods": (),
    "highs": ("highs",),
    "cpsat": ("cpsat",),
    "greedy": (),
}
"""Engines at the whole model by the name asked for, in the order tried: the next one when the one before failed."""

LARGE = 6000
"""Columns from which ``auto`` searches neighbourhoods beside the whole model from the start."""

PATIENCE = 1.0
"""Seconds after which it does so for a smaller model: most are proven by then."""

MOST_WORKERS = 8

Left = Callable[[], float]
"""Gives the seconds that are left."""

Found = Callable[[EngineProcess, float], None]
"""Takes an engine that is up, and the seconds waited for it."""


def processors() -> int:
    """Give how many engines work side by side when nobody says: one for each processor, at least two."""
    return max(2, min(MOST_WORKERS, os.cpu_count() or 1))


class Team:
    """Who searches, as asked for."""

    def __init__(self, pool: EnginePool, engine: str, seed: int, workers: int, rounds: int | None) -> None:
        self.pool, self.engine, self.seed, self.workers, self.rounds = pool, engine, seed, workers, rounds

    def start(self, race: Race, compiled: CompiledModel, left: Left, found: Found) -> int:
        """Start all tasks and give their number."""
        names, workers = ENGINES[self.engine], self.workers
        if self.engine == "auto" and compiled.linear.column_count >= LARGE and workers == 1:
            names = ()
        started = 0
        small = compiled.linear.column_count < LARGE
        prices = Prices()
        if names:
            whole = Whole(race, self.pool, names, left, self.seed, found)
            parts = (race, self.pool, compiled, prices, left, self.seed, found, whole, not small)
            relaxes = names[0] == "highs" and not (small and race.stretches)
            race.run("whole", Proving(*parts) if relaxes else whole)
            started = 1
        if not names or self.engine == "portfolio" or (self.engine == "auto" and workers > 1):
            improving = Improving(
                race=race,
                pool=self.pool,
                parts=lambda: Neighbourhoods(compiled, race.incidence, self.seed),
                seed=self.seed,
                seconds=left,
                found=found,
                rounds=self.rounds,
                patience=PATIENCE if small and self.engine == "auto" else 0.0,
                cheap=prices.cheap,
            )
            for number in range(started, max(workers, started + 1)):
                race.run("neighbourhoods", partial(improving.work, number))
                started += 1
        return started
