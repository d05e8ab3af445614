"""The near side of an engine's process: start it, hand it models, read its events, stop or end it."""

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from solver.engines.protocol import SolveRequest, dense, dense_floats, write_offer, write_request, write_stop
from solver.linear import LinearAnswer, LinearModel, LinearStatus, Relaxed

ENGINES = ("highs", "cpsat")
"""Names of the engines; each is a module of this package that can be run."""

START_SECONDS = 60.0
"""How long an engine may take to say that it is ready, on a busy machine or from a cold disk."""

STOP_SECONDS = 1.5
"""How long an engine may take to obey; then it is ended, and what it had reported last is kept."""

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True, eq=False)
class EngineEvent:
    """What an engine reports while it solves; ``x`` and ``cost`` only with an improving plan."""

    phase: str | None = None
    cost: int | None = None
    bound: float | None = None
    x: NDArray[np.int64] | None = None


OnEvent = Callable[[EngineEvent], None]
ShouldStop = Callable[[], bool]


class EngineDied(RuntimeError):
    """An engine's process ended although nobody asked it to."""


class EngineProcess:
    """One engine in a process of its own, for any number of solves one after another.

    The process ends with this object, with this process, and with the end of its standard input.

    Parameters
    ----------
    memory_mb
        Limit of its address space; None: no limit.
    python
        Command that runs Python there, possibly on another machine: ``("ssh", "box2", "/opt/passerelle/.venv/bin/
        python")``, where ``solver`` can be imported.  Nothing else is needed there: models go down its standard
        input, answers come up its standard output, and it ends when its input does.  None: this Python, here.

    Raises
    ------
    EngineDied
        When the engine does not come up.
    """

    def __init__(self, engine: str, *, memory_mb: int | None = None, python: Sequence[str] | None = None) -> None:
        if engine not in ENGINES:
            raise ValueError(f"engine must be one of {', '.join(ENGINES)}")
        self.engine = engine
        self._lines: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        command = [*(python or (sys.executable,)), "-m", f"solver.engines.{engine}"]
        if python is None:
            command += ["--parent", str(os.getpid())]
        if memory_mb:
            command += ["--memory-mb", str(memory_mb)]
        self._limit = f" (its memory is limited to {memory_mb} MB)" if memory_mb else ""
        began = time.perf_counter()
        # The parent-death signal follows the thread that starts a process, so the thread that reads its lines
        # starts it too: it lasts as long as there is something to read.
        threading.Thread(target=self._run, args=(command,), name=f"engine {engine}", daemon=True).start()
        ready = self._next(START_SECONDS)
        if ready is None:
            self.close()
            raise EngineDied(f"the engine {engine} did not start")
        self.version = str(ready["version"])
        self.start_seconds = time.perf_counter() - began

    @property
    def alive(self) -> bool:
        """Tell whether the process can take a model."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Give the process id."""
        return self._process.pid if self._process is not None else 0

    def solve(
        self,
        linear: LinearModel,
        *,
        seconds: float,
        seed: int = 1,
        workers: int = 0,
        hint: NDArray[np.int64] | None = None,
        effort: float = 0.0,
        on_event: OnEvent | None = None,
        should_stop: ShouldStop | None = None,
    ) -> LinearAnswer:
        """Solve a model; whatever happens to the process, the best values it reported are given."""
        with self._lock:
            run = _Run(self.engine, linear, on_event or (lambda event: None), seconds)
            if not linear.column_count:
                return run.nothing_to_choose()
            request = SolveRequest(linear, seconds, seed, workers, hint, effort)
            if not self._send(lambda stream: write_request(stream, request)):
                return run.best("the engine's process had ended")
            for line in self._events(seconds, should_stop):
                if line is None:
                    self.close()
                    return run.best("the engine's process ended early" + self._limit)
                if line["event"] == "answer":
                    return run.answer(line)
                run.note(line)
            self.close()
            return run.best("the engine did not stop in time")

    def relax(self, linear: LinearModel, *, seconds: float, should_stop: ShouldStop | None = None) -> Relaxed | None:
        """Solve a model with fractions allowed; None when that does not end in time.  Only for ``highs``.

        A model with the same columns and rows as the last, and more rows, is solved from where the last one ended.
        """
        with self._lock:
            request = SolveRequest(linear, seconds, relaxed=True)
            if not linear.column_count or not self._send(lambda stream: write_request(stream, request)):
                return None
            for line in self._events(seconds, should_stop):
                if line is None:
                    break
                if line["event"] == "answer":
                    return _relaxed(line, linear.column_count)
            self.close()
            return None

    def offer(self, x: NDArray[np.int64]) -> None:
        """Hand values of the model in hand to the running solve; an engine that cannot use them ignores them."""
        self._send(lambda stream: write_offer(stream, x))

    def close(self) -> None:
        """End the process."""
        process = self._process
        if process is not None:
            process.kill()
            process.wait()

    def __enter__(self) -> "EngineProcess":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self, command: list[str]) -> None:
        process = subprocess.Popen(  # noqa: S603 - our own module, no outside input
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
        )
        self._process = process
        with process:
            assert process.stdout is not None  # noqa: S101 - asked for above
            for line in process.stdout:
                self._lines.put(json.loads(line))
            self._lines.put(None)

    def _next(self, seconds: float) -> dict[str, Any] | None:
        try:
            return self._lines.get(timeout=seconds)
        except queue.Empty:
            return None

    def _send(self, write: Callable[[IO[bytes]], None]) -> bool:
        process = self._process
        if process is None or process.stdin is None or not self.alive:
            return False
        try:
            with self._writing:
                write(process.stdin)
        except (OSError, ValueError):
            return False
        return True

    def _events(self, seconds: float, should_stop: ShouldStop | None) -> Iterator[dict[str, Any] | None]:
        """Give lines until the engine has had its time and, asked to stop, the time to obey."""
        end = time.monotonic() + seconds + STOP_SECONDS
        stopping = False
        while True:
            with contextlib.suppress(queue.Empty):
                yield self._lines.get(timeout=0.1)
            now = time.monotonic()
            if now >= end and stopping:
                return
            if not stopping and (now >= end or (should_stop is not None and should_stop())):
                stopping, end = True, now + STOP_SECONDS
                self._send(write_stop)


def _relaxed(line: dict[str, Any], columns: int) -> Relaxed | None:
    if "values" not in line:
        return None
    values, reduced = (dense_floats(line[name], columns) for name in ("values", "reduced_costs"))
    return Relaxed(line["bound"], values, reduced)


class _Run:
    """The best that one solve has reported so far."""

    def __init__(self, engine: str, linear: LinearModel, on_event: OnEvent, seconds: float) -> None:
        self._engine, self._linear, self._on_event = engine, linear, on_event
        self._began = time.perf_counter()
        self._x: NDArray[np.int64] | None = None
        self._cost: int | None = None
        self._bound: float = -np.inf

    def note(self, line: dict[str, Any]) -> None:
        """Take in an event and hand it on."""
        if line.get("bound") is not None:
            self._bound = max(self._bound, line["bound"])
        if "x" in line:
            self._x, self._cost = dense(line["x"], self._linear.column_count), line["cost"]
        bound = self._bound if np.isfinite(self._bound) else None
        fresh = self._x if "x" in line else None
        self._on_event(EngineEvent(line.get("phase"), line.get("cost"), bound, fresh))

    def answer(self, line: dict[str, Any]) -> LinearAnswer:
        """Give the engine's own answer; should it hold no values, the last reported ones."""
        if line.get("bound") is not None:
            self._bound = max(self._bound, line["bound"])
        status = LinearStatus(line["status"])
        if "x" in line:
            self._x, self._cost = dense(line["x"], self._linear.column_count), line["cost"]
        elif status is not LinearStatus.INFEASIBLE:
            return self.best(line.get("note", ""))
        return self._give(status, "")

    def best(self, note: str) -> LinearAnswer:
        """Give the last reported values when there will be no answer."""
        return self._give(LinearStatus.UNKNOWN if self._x is None else LinearStatus.FEASIBLE, note)

    def nothing_to_choose(self) -> LinearAnswer:
        """Give the answer to a model without columns."""
        self._x, self._cost = np.zeros(0, np.int64), self._linear.offset
        return self._give(LinearStatus.OPTIMAL, "")

    def _give(self, status: LinearStatus, note: str) -> LinearAnswer:
        seconds = time.perf_counter() - self._began
        if status is LinearStatus.OPTIMAL and self._cost is not None:
            self._bound = self._cost
        return LinearAnswer(status, self._x, self._cost, self._bound, self._engine, seconds, note)


class EnginePool:
    """Engines that stay up between solves; one that has ended is started again when next asked for.

    Parameters
    ----------
    memory_mb
        Limit of each engine's address space; None: no limit.
    pythons
        Commands that run Python, see ``EngineProcess``: engine number n is started by command n, and over again from
        the first when there are more engines than commands.
    """

    def __init__(self, *, memory_mb: int | None = None, pythons: Sequence[Sequence[str]] = ()) -> None:
        self._memory_mb = memory_mb
        self._pythons = tuple(tuple(python) for python in pythons)
        self._engines: dict[tuple[str, int], EngineProcess] = {}
        self._locks: dict[tuple[str, int], threading.Lock] = {}
        self._lock = threading.Lock()
        self._closed = False

    def engine(self, name: str, number: int = 0) -> EngineProcess:
        """Give a running engine; another number, another process of it.

        Raises
        ------
        EngineDied
            When it does not come up, or the pool is closed.
        """
        key = name, number
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            engine = self._engines.get(key)
            if engine is None or not engine.alive:
                self._refuse_if_closed()
                python = self._pythons[number % len(self._pythons)] if self._pythons else None
                engine = EngineProcess(name, memory_mb=self._memory_mb, python=python)
                with self._lock:
                    self._engines[key] = engine
                if self._closed:
                    engine.close()
            self._refuse_if_closed()
            return engine

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise EngineDied("the engines have been closed")

    @property
    def pids(self) -> tuple[int, ...]:
        """Give the process ids of the engines that are up."""
        with self._lock:
            return tuple(engine.pid for engine in self._engines.values() if engine.alive)

    def prepare(self, name: str, number: int = 0) -> None:
        """Begin to start an engine that will be asked for soon."""
        threading.Thread(target=self._prepare, args=(name, number), daemon=True).start()

    def _prepare(self, name: str, number: int) -> None:
        # Whoever asks for the engine will be told.
        with contextlib.suppress(EngineDied):
            self.engine(name, number)

    def close(self) -> None:
        """End all engines, for good."""
        with self._lock:
            self._closed = True
            for engine in self._engines.values():
                engine.close()
            self._engines.clear()

    def __enter__(self) -> "EnginePool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
