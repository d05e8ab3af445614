"""The whole model, from the relaxed one: a bound at once, a near-best plan close to its solution, then the proof."""

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from solver.engines.portfolio import News, Race, Whole
from solver.engines.process import EngineDied, EngineEvent, EnginePool, EngineProcess
from solver.linear import LinearAnswer, Relaxed
from solver.model import CompiledModel
from solver.searching.rounding import Tightening

MOST_TIGHTENINGS = 6
"""Relaxed models solved one after another, each with the rows that the one before has broken."""

LEAST_RISE = 1.0
"""Rise of the bound below which further rows are not looked for."""

SURE_SHARE = 0.7
"""Share of the choices the relaxed model is sure of that stay while a first plan near its solution is looked for."""

DIVE_SHARE = 0.2
"""Share of the time left that this may take; what it finds makes the proof shorter."""

CLOSE = 0.003
"""Share of its cost within which a plan is near enough to a bound, and a choice cheap enough for a near-best plan."""

TARGETS = CLOSE, 0.02
"""Shares of the bound above which the proof looks for plans, one after the other, as long as none so good is known."""

WHOLE = 1e-6
"""How far values may lie from whole ones that they stand for."""

ENGINE = "highs"


class Prices:
    """What the relaxed model says about columns, for those who look for plans; empty until it is solved."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._relaxed: Relaxed | None = None

    def give(self, relaxed: Relaxed) -> None:
        """Take in a solution."""
        with self._lock:
            self._relaxed = relaxed

    def cheap(self) -> NDArray[np.bool_] | None:
        """Tell of each column whether a near-best plan may well use it; None as long as that is not known."""
        with self._lock:
            return None if self._relaxed is None else self._relaxed.reduced_costs <= CLOSE * abs(self._relaxed.bound)


@dataclass(slots=True, eq=False)
class Proving:
    """A task: HiGHS at the relaxed model, near its solution, and at what is left to prove.

    Parameters
    ----------
    compiled
        The model of the race.
    seconds
        Gives the time that is left.
    found
        Called with the engine once it is up, and the seconds waited for it.
    otherwise
        What to do when the engine fails.
    dives
        Whether to look for a plan near the relaxed solution before the proof: small models need none.
    """

    race: Race
    pool: EnginePool
    compiled: CompiledModel
    prices: Prices
    seconds: Callable[[], float]
    seed: int
    found: Callable[[EngineProcess, float], None]
    otherwise: Whole
    dives: bool = True

    def __call__(self) -> None:
        """Search until the race is over."""
        began = time.perf_counter()
        try:
            process = self.pool.engine(ENGINE)
        except EngineDied:
            self.otherwise()
            return
        self.found(process, time.perf_counter() - began)
        self.race.news.put(News(ENGINE, phase="presolve"))
        tightening = Tightening(self.compiled)
        relaxed = self._relax(process, tightening)
        if relaxed is not None and self.dives and not self.race.is_over():
            self._dive(process, tightening, relaxed)
        if self.race.is_over():
            return
        if not process.alive:
            self.race.notes.append(f"{ENGINE}: the engine's process ended early and is started again")
        answer = self._prove(tightening, relaxed)
        if answer is None or (answer.note and not self.race.is_over()):
            self.otherwise()

    def _relax(self, process: EngineProcess, tightening: Tightening) -> Relaxed | None:
        """Give the solution of the relaxed model, once it breaks no more rows that are known to hold."""
        relaxed: Relaxed | None = None
        for _ in range(MOST_TIGHTENINGS):
            found = process.relax(tightening.linear, seconds=self.seconds(), should_stop=self.race.is_over)
            if found is None:
                if not self.race.is_over():
                    self.race.notes.append(f"{ENGINE}: the relaxed model was not solved")
                break
            rise = found.bound - (relaxed.bound if relaxed is not None else -np.inf)
            relaxed = found
            self.race.raise_bound(relaxed.bound, ENGINE)
            self.prices.give(relaxed)
            if self.race.is_over() or rise < LEAST_RISE or not tightening.add_rows(relaxed.x):
                break
        return relaxed

    def _dive(self, process: EngineProcess, tightening: Tightening, relaxed: Relaxed) -> None:
        """Look for a plan near the relaxed solution: dear choices are out, most of the days it is sure of stay."""
        near = tightening.within(relaxed, _above(relaxed, CLOSE))
        sure = np.flatnonzero(self._patterns() & (relaxed.x > 1 - WHOLE))
        lower = near.lower.copy()
        lower[sure[np.random.default_rng(self.seed).random(len(sure)) < SURE_SHARE]] = 1
        enough = _Near(self.race)
        answer = process.solve(
            replace(near, lower=lower),
            seconds=max(0.1, DIVE_SHARE * self.seconds()),
            seed=self.seed,
            on_event=lambda event: self._take(event, enough),
            should_stop=enough,
        )
        if answer.x is not None:
            self.race.offer(answer.x, ENGINE)

    def _take(self, event: EngineEvent, enough: "_Near") -> None:
        enough.bound = event.bound if event.bound is not None else enough.bound
        if event.x is not None:
            self.race.offer(event.x, ENGINE)
        if event.phase is not None:
            self.race.news.put(News(ENGINE, phase=event.phase))

    def _patterns(self) -> NDArray[np.bool_]:
        columns = np.zeros(self.race.incidence.linear.column_count, bool)
        for cell in self.compiled.layout.cells.values():
            columns[cell.first_column : cell.first_column + len(cell.patterns)] = True
        return columns

    def _prove(self, tightening: Tightening, relaxed: Relaxed | None) -> LinearAnswer | None:
        """Solve the whole model without the choices that no better plan can hold."""
        if relaxed is None or self.race.cost is None:
            return None
        for share in TARGETS if not self.race.stretches else ():
            most = _above(relaxed, share)
            if self.race.cost > most and not self.race.is_over():
                self._within(tightening, relaxed, most)
        state = self.race.state()
        if self.race.is_over() or state is None:
            return None
        # Another thread may have found a cheaper plan since: then more columns stay than needed, which does no harm.
        return self._within(tightening, relaxed, self.race.incidence.cost(state[0]))

    def _within(self, tightening: Tightening, relaxed: Relaxed, most: int) -> LinearAnswer | None:
        """Look among the plans of at most this cost; those found beyond are as welcome."""
        return self.otherwise.ask(ENGINE, tightening.within(relaxed, most), most)


def _above(relaxed: Relaxed, share: float) -> int:
    """Give a cost that is by a share above the bound."""
    return math.ceil(relaxed.bound + share * abs(relaxed.bound) - WHOLE)


@dataclass(slots=True)
class _Near:
    """Tells whether the best plan is as good as can be near the relaxed solution, or nearly; or the race over."""

    race: Race
    bound: float = -np.inf

    def __call__(self) -> bool:
        cost = self.race.cost
        near = cost is not None and cost - self.bound <= CLOSE * cost
        return near or self.race.is_over()
