"""The whole model, from the relaxed one: a bound at once, a near-best plan from its cheap columns, then the proof."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.engines.portfolio import News, Race, Whole
from solver.engines.process import EngineDied, EngineEvent, EnginePool, EngineProcess
from solver.incidence import Numbers
from solver.linear import LinearAnswer, LinearModel, LinearStatus, Relaxed
from solver.model import CompiledModel
from solver.neighbourhoods import CHEAP
from solver.reduction import Cut, cut_out
from solver.tighten import Tightening

MOST_TIGHTENINGS = 6
"""Relaxed models solved one after another, each with the rows that the one before has broken."""

LEAST_RISE = 1.0
"""Rise of the bound below which further rows are not looked for."""

CHEAP_SHARE = 0.5
"""Share of the time left that the model of cheap columns may take; what it finds makes the proof shorter."""

CLOSE = 0.003
"""Share of its cost within which the best plan with cheap columns is near enough: the proof looks at all columns."""

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
            return None if self._relaxed is None else self._relaxed.reduced_costs <= CHEAP


@dataclass(slots=True, eq=False)
class Proving:
    """A task for large models: HiGHS at the relaxed model, at its cheap columns, and at what is left to prove.

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
    """

    race: Race
    pool: EnginePool
    compiled: CompiledModel
    prices: Prices
    seconds: Callable[[], float]
    seed: int
    found: Callable[[EngineProcess, float], None]
    otherwise: Whole

    def __call__(self) -> None:
        """Search until the race is over."""
        began = time.perf_counter()
        try:
            process = self.pool.engine(ENGINE)
        except EngineDied:
            self.otherwise()
            return
        self.found(process, time.perf_counter() - began)
        tightening = Tightening(self.compiled)
        relaxed = self._relax(process, tightening)
        if relaxed is not None and not self.race.is_over():
            self._search_cheap(process)
        if self.race.is_over():
            return
        if not process.alive:
            self.race.notes.append(f"{ENGINE}: the engine's process ended early and is started again")
        answer = self._prove(tightening, relaxed) if process.alive else None
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

    def _search_cheap(self, process: EngineProcess) -> None:
        """Look for the best plan that uses cheap columns only, or what the best plan so far uses."""
        state, cheap = self.race.state(), self.prices.cheap()
        if state is None or cheap is None:
            return
        x, sums, _ = state
        others = ~self._patterns()
        cut = cut_out(self.race.incidence, x, sums, np.flatnonzero(cheap | (x > 0) | others))
        near = _Near(self.race)
        answer = process.solve(
            cut.linear,
            seconds=max(0.1, CHEAP_SHARE * self.seconds()),
            seed=self.seed,
            hint=cut.start(x),
            on_event=lambda event: self._take(event, cut, x, near),
            should_stop=near,
        )
        if answer.x is not None:
            self.race.offer(cut.merged(x, answer.x), ENGINE)

    def _take(self, event: EngineEvent, cut: Cut, x: Numbers, near: "_Near") -> None:
        near.bound = event.bound if event.bound is not None else near.bound
        if event.x is not None:
            self.race.offer(cut.merged(x, event.x), ENGINE)
        if event.phase is not None:
            self.race.news.put(News(ENGINE, phase=event.phase))

    def _patterns(self) -> NDArray[np.bool_]:
        columns = np.zeros(self.race.incidence.linear.column_count, bool)
        for cell in self.compiled.layout.cells.values():
            columns[cell.first_column : cell.first_column + len(cell.patterns)] = True
        return columns

    def _prove(self, tightening: Tightening, relaxed: Relaxed | None) -> LinearAnswer | None:
        """Solve the whole model without the choices that no better plan can hold."""
        state, cost = self.race.state(), self.race.cost
        if relaxed is None or state is None or cost is None:
            return None
        # Another thread may have found a cheaper plan since: then more columns stay than needed, which does no harm.
        within: LinearModel = tightening.within(relaxed, self.race.incidence.cost(state[0]))
        most = self.race.incidence.cost(state[0])
        answer = self.otherwise.ask(ENGINE, within, most)
        if answer is not None and answer.status is LinearStatus.INFEASIBLE:
            self.race.notes.append("the tightened model had no plan")
        return answer


@dataclass(slots=True)
class _Near:
    """Tells whether the best plan is as good as cheap columns can make it, or nearly; or the race over."""

    race: Race
    bound: float = -np.inf

    def __call__(self) -> bool:
        cost = self.race.cost
        near = cost is not None and cost - self.bound <= CLOSE * cost
        return near or self.race.is_over()
