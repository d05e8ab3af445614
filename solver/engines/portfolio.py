"""Several engines at one model: what one finds, all know, and together they stop when the best is proven."""

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from solver.compiling.stretches import Stretches, Wide
from solver.engines.process import EngineDied, EngineEvent, EnginePool, EngineProcess
from solver.linear import LinearAnswer, LinearModel, LinearStatus
from solver.searching.incidence import Incidence, Numbers

RELAXING = "highs"
"""The engine that works from relaxed models, and gains by what makes them tighter."""

OFFER_EVERY_SECONDS = 0.5
"""How often an engine is handed what others have found, at most."""

WHOLE = 1e-6
"""How far a bound may lie below a whole number and still stand for it."""


@dataclass(frozen=True, slots=True)
class News:
    """Something that happened in a race: a phase, a better bound, better values, or the end of a task."""

    source: str
    phase: str | None = None
    ended: bool = False


class Race:
    """The best values and the best bound so far, shared by all who search; every method may be called by any thread.

    Parameters
    ----------
    over
        Tells whether someone said stop or time is up.
    stretches
        What can be added to the model to make its relaxed answers tighter, if anything.

    Attributes
    ----------
    source, bounder
        Who found the best values, and who the best bound.
    """

    def __init__(self, incidence: Incidence, over: Callable[[], bool], stretches: Stretches | None = None) -> None:
        self.incidence = incidence
        self.stretches = stretches
        self.news: queue.Queue[News] = queue.Queue()
        self.notes: list[str] = []
        self.answers: list[LinearAnswer] = []
        self._over = over
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._x: Numbers | None = None
        self._sums = np.zeros(0, np.int64)
        self.cost: int | None = None
        self.bound = -np.inf
        self.bounder = ""
        self.source = ""
        self.version = 0

    def state(self) -> tuple[Numbers, Numbers, int] | None:
        """Give the best values, the sums of their rows, and which version they are; None as long as there are none.

        The arrays are never changed afterwards.
        """
        with self._lock:
            return None if self._x is None else (self._x, self._sums, self.version)

    def offer(self, x: Numbers, source: str) -> bool:
        """Take in values if they keep all rows and cost less; tell whether they were."""
        cost = self.incidence.cost(x)
        if (self.cost is not None and cost >= self.cost) or not self.incidence.admits(x):
            return False
        sums = self.incidence.activity(x)
        with self._lock:
            if self.cost is not None and cost >= self.cost:
                return False
            self._keep(x, sums, cost, source)
        self.news.put(News(source))
        return True

    def merge(self, columns: Numbers, found: Numbers, source: str) -> int | None:
        """Put a part's values into the best ones, whatever has changed meanwhile.

        Returns
        -------
        What is gained, 0 or more; None when that would break a row by now or cost more, and nothing was changed.
        """
        with self._lock:
            if self._x is None or self.cost is None:
                return None
            moved = found - self._x[columns]
            linear = self.incidence.linear
            gain = -int(linear.cost[columns] @ moved)
            if gain < 0:
                return None
            rows, amounts = self.incidence.change(columns, moved)
            after = self._sums[rows] + amounts
            if (after < linear.row_low[rows]).any() or (after > linear.row_high[rows]).any():
                return None
            x, sums = self._x.copy(), self._sums.copy()
            x[columns], sums[rows] = found, after
            self._keep(x, sums, self.cost - gain, source)
        if gain:
            self.news.put(News(source))
        return gain

    def _keep(self, x: Numbers, sums: Numbers, cost: int, source: str) -> None:
        self._x, self._sums, self.cost, self.source = x, sums, cost, source
        self.version += 1

    def raise_bound(self, bound: float | None, source: str) -> None:
        """Take in a bound."""
        if bound is not None and np.isfinite(bound):
            bound = self._stepped(bound)
        if bound is not None and bound > self.bound + WHOLE:
            with self._lock:
                if bound > self.bound:
                    self.bound, self.bounder = bound, source
            self.news.put(News(source))

    def _stepped(self, bound: float) -> float:
        """Give the least cost at or above a bound that a plan can have at all."""
        linear = self.incidence.linear
        steps = np.ceil((bound - linear.offset) / linear.cost_step - WHOLE)
        return float(steps * linear.cost_step + linear.offset)

    def stop(self) -> None:
        """End all tasks soon."""
        self._stop.set()

    def is_over(self) -> bool:
        """Tell whether tasks should end: asked to, or the best is proven."""
        return self._stop.is_set() or self._over() or self.is_proven()

    def is_proven(self) -> bool:
        """Tell whether nothing can cost less than the best values."""
        return self.cost is not None and np.ceil(self.bound - WHOLE) >= self.cost

    def run(self, name: str, task: Callable[[], None]) -> threading.Thread:
        """Start a task in a thread of its own; its end is news."""

        def work() -> None:
            try:
                task()
            finally:
                self.news.put(News(name, ended=True))

        thread = threading.Thread(target=work, name=name, daemon=True)
        thread.start()
        return thread


@dataclass(slots=True)
class Whole:
    """A task: one engine after another at the whole model, until one has given an answer without fault.

    Parameters
    ----------
    names
        Engines in the order tried.
    seconds
        Gives the time that is left.
    found
        Called with each engine that is up, and the seconds waited for it.
    """

    race: Race
    pool: EnginePool
    names: tuple[str, ...]
    seconds: Callable[[], float]
    seed: int
    found: Callable[[EngineProcess, float], None]
    workers: int = 0

    def __call__(self) -> None:
        """Search until the race is over."""
        for name in self.names:
            answer = self.ask(name)
            if answer is not None and not answer.note:
                return
            if self.race.is_over():
                return

    def ask(self, name: str, linear: LinearModel | None = None, most: int | None = None) -> LinearAnswer | None:
        """Let an engine search; None when it does not come up.

        Parameters
        ----------
        linear
            The race's model without some plans that cost more than ``most``; None: all of it.  It ends, too, once
            no plan costs ``most`` or less.
        """
        began = time.perf_counter()
        try:
            process = self.pool.engine(name)
        except EngineDied as died:
            self.race.notes.append(str(died))
            return None
        self.found(process, time.perf_counter() - began)
        state = self.race.state()
        offering = _Offering(self.race, process, self.race.cost, most)
        given = linear if linear is not None else self.race.incidence.linear
        # Values that break limits would be mended at length.
        fits = state is not None and bool((state[0] >= given.lower).all() and (state[0] <= given.upper).all())
        wide = self.race.stretches.widen(given) if name == RELAXING and self.race.stretches else Wide.plain(given)
        answer = wide.narrowed(
            process.solve(
                wide.linear,
                seconds=self.seconds(),
                seed=self.seed,
                workers=self.workers,
                hint=wide.complete(state[0]) if state is not None and fits else None,
                on_event=lambda event: self._take(name, wide.narrowed(event), offering, most),
                should_stop=offering,
            )
        )
        self._conclude(name, answer, most)
        return answer

    def _take(self, name: str, event: EngineEvent, offering: "_Offering", most: int | None) -> None:
        if event.x is not None:
            offering.known = event.cost
            self.race.offer(event.x, name)
        self.race.raise_bound(_known(event.bound, most), name)
        if event.phase is not None:
            self.race.news.put(News(name, phase=event.phase))

    def _conclude(self, name: str, answer: LinearAnswer, most: int | None) -> None:
        if answer.note:
            self.race.notes.append(f"{name}: {answer.note}")
        if answer.x is not None:
            self.race.offer(answer.x, name)
        if answer.status is not LinearStatus.INFEASIBLE:
            self.race.raise_bound(_known(answer.bound, most), name)
            self.race.answers.append(answer)
        elif most is None:
            self.race.answers.append(answer)
        elif self.race.cost is not None and self.race.cost > most:
            self.race.raise_bound(most + 1, name)
        else:
            self.race.notes.append(f"{name} claims that there is no plan of cost {most}")


def _known(bound: float | None, most: int | None) -> float | None:
    """Give what a bound says when plans that cost more than ``most`` were left out."""
    return bound if bound is None or most is None else min(bound, most + 1)


class _Offering:
    """Asked every tenth of a second whether to stop: uses the occasion to hand over what others have found."""

    def __init__(self, race: Race, process: EngineProcess, known: int | None, most: int | None) -> None:
        self._race, self._process, self._most = race, process, most
        self.known = known
        self._latest = time.monotonic()

    def __call__(self) -> bool:
        race, now = self._race, time.monotonic()
        better = race.cost is not None and (self.known is None or race.cost < self.known)
        if better and now - self._latest > OFFER_EVERY_SECONDS:
            state = race.state()
            if state is not None:
                self.known, self._latest = race.cost, now
                self._process.offer(state[0])
        return race.is_over() or (self._most is not None and race.bound > self._most)
