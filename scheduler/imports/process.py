"""The near side of reading a calendar file: a child process with little time, and what it found."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from typing import Any

from config import ROOT
from scheduler.imports import texts
from scheduler.imports.lines import MAX_BYTES
from scheduler.imports.records import CalendarFile, CalendarRefused, Window, file_from_json
from scheduler.lifeline import command_of_child
from scheduler.text import say

SECONDS = 10.0
"""How long reading may take by the clock."""
AT_ONCE = 2
"""Files that one process of ours has read at the same time."""
WAIT_SECONDS = 10.0
_turns = threading.BoundedSemaphore(AT_ONCE)


def read_in_child(data: bytes, window: Window, *, seconds: float = SECONDS) -> CalendarFile:
    """Give the events of a calendar file, read where it can do no harm.

    Raises
    ------
    CalendarRefused
        When it cannot be read, or not with so little time and memory.
    """
    if len(data) > MAX_BYTES:
        raise CalendarRefused(say(texts.TOO_BIG))
    if not _turns.acquire(timeout=WAIT_SECONDS):
        raise CalendarRefused(say(texts.BUSY))
    try:
        answer = _answer(data, window, seconds)
    finally:
        _turns.release()
    if "refused" in answer:
        raise CalendarRefused(say(answer["refused"]))
    return file_from_json(answer["file"])


def _answer(data: bytes, window: Window, seconds: float) -> dict[str, Any]:
    asked = {"from_on": window.from_on.isoformat(), "until_on": window.until_on.isoformat(), "zone": window.zone}
    process = subprocess.Popen(  # noqa: S603  (our own module; what comes from outside goes to its standard input)
        command_of_child("scheduler.imports.child"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # what it would say there may hold titles
        cwd=ROOT,
        env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONUTF8": "1"},
        process_group=0,
    )
    try:
        written, _ = process.communicate(json.dumps(asked).encode() + b"\n" + data, timeout=seconds)
    except subprocess.TimeoutExpired:
        raise CalendarRefused(say(texts.TOO_HARD)) from None
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    if process.returncode < 0:
        raise CalendarRefused(say(texts.TOO_HARD))
    if process.returncode > 0:
        raise CalendarRefused(say(texts.FAILED))
    answer: dict[str, Any] = json.loads(written)
    return answer
