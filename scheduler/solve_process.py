"""The near side of a solving child process: start it, read its events, stop it, and be sure that it is gone."""

import contextlib
import json
import os
import queue
import signal
import subprocess
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from config import ROOT
from scheduler.lifeline import command_of_child
from scheduler.solve_child import STOP


class SolveProcess:
    """One solve in a child process.

    The thread that makes this object must last as long as the solve: the child ends with it.
    """

    def __init__(self, question: Mapping[str, Any]) -> None:
        self._events: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._process = subprocess.Popen(  # noqa: S603  (our own module, no outside input)
            command_of_child("scheduler.solve_child"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
            process_group=0,
        )
        threading.Thread(target=self._read, name="solve events", daemon=True).start()
        self._say(json.dumps(question))

    @property
    def pid(self) -> int:
        """Process id of the child."""
        return self._process.pid

    def next_event(self, seconds: float) -> dict[str, Any] | None:
        """Give the next event, waiting so long; None when there is none yet.

        Raises
        ------
        ChildEnded
            When the child has ended and all its events were read.
        """
        try:
            event = self._events.get(timeout=seconds)
        except queue.Empty:
            return None
        if event is None:
            raise ChildEnded(self._process.wait())
        return event

    def stop(self) -> None:
        """Ask for the best plan so far."""
        self._say(STOP)

    def __enter__(self) -> "SolveProcess":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the child and all that it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def _say(self, line: str) -> None:
        if self._process.stdin is not None:
            with contextlib.suppress(OSError, ValueError):
                self._process.stdin.write(line + "\n")
                self._process.stdin.flush()

    def _read(self) -> None:
        if self._process.stdout is not None:
            with contextlib.suppress(ValueError):
                for line in self._process.stdout:
                    self._events.put(json.loads(line))
        self._events.put(None)


class ChildEnded(Exception):
    """The child has ended without an outcome, with this exit code (negative: by this signal)."""

    def __init__(self, code: int) -> None:
        super().__init__(f"the solving process ended with code {code}")
        self.code = code
