"""The inside of an engine's process: takes requests, runs one at a time, ends with its parent."""

import argparse
import ctypes
import json
import os
import queue
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from solver.engines.protocol import Emit, Offer, SolveRequest, read_request


class Inbox:
    """What has come in for the running solve: the wish to stop, and values that someone else has found."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._offers: list[NDArray[np.int64]] = []

    @property
    def is_stopped(self) -> bool:
        """Tell whether the solve should end."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Ask the solve to end."""
        self._stop.set()

    def offer(self, x: NDArray[np.int64]) -> None:
        """Leave values; they replace those that nobody has fetched."""
        self._offers = [x]

    def fetch(self) -> NDArray[np.int64] | None:
        """Give the latest values left, once."""
        try:
            return self._offers.pop()
        except IndexError:
            return None

    def clear(self) -> None:
        """Make ready for the next solve."""
        self._stop.clear()
        self._offers = []


Solve = Callable[[SolveRequest, Emit, Inbox], dict[str, Any]]
"""Solves a request, emits events on the way, ends soon after the wish to stop, gives the answer's members."""

OUT_OF_MEMORY = "out of memory"

PR_SET_PDEATHSIG = 1
"""Linux: the signal that this process gets when the thread that started it ends."""


def serve(name: str, version: str, solve: Solve) -> None:
    """Answer requests from standard input until it ends."""
    arguments = _arguments(name)
    _die_with(arguments.parent)
    if arguments.memory_mb:
        size = arguments.memory_mb * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    emit = _emitter(_own_stdout())
    inbox = Inbox()
    requests: queue.Queue[SolveRequest] = queue.Queue()
    threading.Thread(target=_read, args=(sys.stdin.buffer, requests, inbox), daemon=True).start()
    emit("ready", engine=name, version=version)
    while True:
        request = requests.get()
        started = time.perf_counter()
        try:
            answer = solve(request, emit, inbox)
        except MemoryError:
            answer = {"status": "unknown", "note": OUT_OF_MEMORY}
        del request
        emit("answer", seconds=time.perf_counter() - started, **answer)


def _arguments(name: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=name, description="Engine process; started by solver.engines.process.")
    parser.add_argument("--parent", type=int, default=0, help="process that must stay alive; 0: it is elsewhere")
    parser.add_argument("--memory-mb", type=int, default=0, help="limit of the address space; 0: none")
    return parser.parse_args()


def _die_with(parent: int) -> None:
    """Ask for the parent's death signal, then check that the parent has not died before.

    A parent on another machine is told by the end of standard input only.
    """
    if not parent:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _own_stdout() -> IO[str]:
    """Give the true standard output; whatever a library prints goes to standard error instead."""
    own = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(own, "w", encoding="utf-8")


def _emitter(stream: IO[str]) -> Emit:
    lock = threading.Lock()

    def emit(event: str, **members: Any) -> None:
        line = json.dumps({"event": event, **members}, allow_nan=False)
        with lock:
            stream.write(line + "\n")
            stream.flush()

    return emit


def _read(stream: IO[bytes], requests: "queue.Queue[SolveRequest]", inbox: Inbox) -> None:
    while (request := read_request(stream)) is not None:
        if isinstance(request, SolveRequest):
            inbox.clear()
            requests.put(request)
        elif isinstance(request, Offer):
            inbox.offer(request.x)
        else:
            inbox.stop()
    os._exit(0)
