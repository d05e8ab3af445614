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

from solver.engines.protocol import Emit, SolveRequest, read_request

Solve = Callable[[SolveRequest, Emit, threading.Event], dict[str, Any]]
"""Solves a request, emits events on the way, ends soon after the stop event, gives the answer's members."""

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
    stop = threading.Event()
    requests: queue.Queue[SolveRequest] = queue.Queue()
    threading.Thread(target=_read, args=(sys.stdin.buffer, requests, stop), daemon=True).start()
    emit("ready", engine=name, version=version)
    while True:
        request = requests.get()
        started = time.perf_counter()
        try:
            answer = solve(request, emit, stop)
        except MemoryError:
            answer = {"status": "unknown", "note": "out of memory"}
        emit("answer", seconds=time.perf_counter() - started, **answer)


def _arguments(name: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=name, description="Engine process; started by solver.engines.process.")
    parser.add_argument("--parent", type=int, required=True, help="process that must stay alive")
    parser.add_argument("--memory-mb", type=int, default=0, help="limit of the address space; 0: none")
    return parser.parse_args()


def _die_with(parent: int) -> None:
    """Ask for the parent's death signal, then check that the parent has not died before."""
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


def _read(stream: IO[bytes], requests: "queue.Queue[SolveRequest]", stop: threading.Event) -> None:
    while (request := read_request(stream)) is not None:
        if isinstance(request, SolveRequest):
            stop.clear()
            requests.put(request)
        else:
            stop.set()
    os._exit(0)
