"""Neighbourhood search: solve one part of a model after another in an engine, and keep what is no worse."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from solver.compiling.stretches import Wide
from solver.engines.portfolio import Race
from solver.engines.process import EngineDied, EnginePool, EngineProcess
from solver.linear import LinearStatus
from solver.searching.neighbourhoods import Neighbourhood, Neighbourhoods
from solver.searching.reduction import cut_out

PART_SECONDS = 2.0
"""Time for one part; sizes settle at what is solved in a third of it."""

PART_EFFORT = 1.0
"""Work for one part where the search must be repeatable."""

MOST_DEATHS = 3
"""Engines lost before a worker gives up."""

IDLE_SECONDS = 0.05


@dataclass(slots=True, eq=False)
class Improving:
    """What the workers of one neighbourhood search share.

    Parameters
    ----------
    rounds
        Parts to solve at most; None: until the race is over.  With rounds the search is repeatable for a seed as
        long as one worker does it and time does not run out: nothing then depends on the clock.
    parts
        Makes ready what chooses parts; called when the first worker begins.
    cheap
        Tells which columns near-best plans may well use, once that is known.
    patience
        Seconds that others are given to prove their plan before the workers begin.
    found
        Called with each engine that is up, and the seconds waited for it.
    """

    race: Race
    pool: EnginePool
    parts: Callable[[], Neighbourhoods]
    seed: int
    seconds: Callable[[], float]
    found: Callable[[EngineProcess, float], None]
    engine: str = "highs"
    rounds: int | None = None
    patience: float = 0.0
    cheap: Callable[[], NDArray[np.bool_] | None] = lambda: None
    _told: bool = False
    _chooser: Neighbourhoods | None = None
    _busy: dict[int, frozenset[int]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _begun: int = 0

    def work(self, number: int) -> None:
        """Solve parts with one engine until the race is over or the rounds are done."""
        begin = time.monotonic() + self.patience
        while time.monotonic() < begin and not self.race.is_over():
            time.sleep(IDLE_SECONDS)
        deaths = 0
        while not self.race.is_over() and deaths < MOST_DEATHS:
            began = time.perf_counter()
            try:
                process = self.pool.engine(self.engine, number)
            except EngineDied as died:
                self.race.notes.append(str(died))
                return
            self.found(process, time.perf_counter() - began)
            if not self._go_on(process, number):
                return
            deaths += 1
            self.race.notes.append(f"{self.engine}: the engine's process ended early and was started again")

    def _go_on(self, process: EngineProcess, number: int) -> bool:
        """Solve parts until there is nothing more to do, or, which gives True, the engine has died."""
        while not self.race.is_over():
            if self.race.state() is None:
                time.sleep(IDLE_SECONDS)
                continue
            part = self._next(number)
            if part is None:
                return False
            try:
                self._improve(process, part)
            finally:
                with self._lock:
                    self._busy.pop(number, None)
            if not process.alive and not self.race.is_over():
                return True
        return False

    def _next(self, number: int) -> Neighbourhood | None:
        """Choose a part that shares no people with those in work."""
        state = self.race.state()
        with self._lock:
            if state is None or self._begun == self.rounds:
                return None
            self._begun += 1
            avoid = frozenset().union(*self._busy.values())
            self._chooser = self._chooser or self.parts()
            if not self._told:
                cheap = self.cheap()
                if cheap is not None:
                    self._chooser.prefer(cheap)
                    self._told = True
            part = self._chooser.choose(state[0], avoid)
            self._busy[number] = part.people if part is not None else frozenset()
            return part

    def _improve(self, process: EngineProcess, part: Neighbourhood) -> None:
        state = self.race.state()
        if state is None:
            return
        x, sums, _ = state
        began = time.perf_counter()
        cut = cut_out(self.race.incidence, x, sums, part.columns)
        exact = self.rounds is not None
        budget = self.seconds() if exact else min(PART_SECONDS, self.seconds())
        stretches = self.race.stretches
        wide = stretches.widen(cut.linear, cut.columns, x) if stretches else Wide.plain(cut.linear)
        answer = wide.narrowed(
            process.solve(
                wide.linear,
                seconds=budget,
                seed=self.seed,
                workers=1,
                hint=wide.complete(cut.start(x)),
                effort=PART_EFFORT if exact else 0.0,
                should_stop=self.race.is_over,
            )
        )
        gain = 0
        if answer.x is not None:
            gain = self.race.merge(cut.columns, answer.x, "neighbourhoods") or 0
        spent = PART_SECONDS / 2 if exact else time.perf_counter() - began
        finished = answer.status is LinearStatus.OPTIMAL
        with self._lock:
            if self._chooser is not None:
                self._chooser.learn(part, gain, spent, finished=finished, budget=PART_SECONDS)
