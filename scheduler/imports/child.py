"""The child process that reads one calendar file.

Standard input carries a line of JSON (the window) and then the bytes of the file; standard output one JSON value: what
was found, or why the file is refused.  The process has little time and memory, cannot speak to the network, start
programs or write files, and ends with its parent.
"""

import contextlib
import json
import resource
import sys
from datetime import date
from typing import Any

from scheduler.imports.reading import read_calendar
from scheduler.imports.records import CalendarRefused, Window, file_to_json
from scheduler.lifeline import end_with_parent

CPU_SECONDS = 8
MEMORY = 512 * 1024 * 1024
"""Bytes of addresses; an empty Python with icalendar takes a fifth."""
NO_FILE = 0
"""Bytes that may be written to a file."""
FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "urllib.",
    "ctypes.",
)
"""What a process that reads a calendar never does; matched with the beginning of Python's audit events."""


def main() -> None:
    """Read the file that comes in."""
    end_with_parent(sys.argv)
    limit_resources()
    forbid_contact()
    asked = json.loads(sys.stdin.buffer.readline())
    window = Window(date.fromisoformat(asked["from_on"]), date.fromisoformat(asked["until_on"]), asked["zone"])
    found: dict[str, Any]
    try:
        found = {"file": file_to_json(read_calendar(sys.stdin.buffer.read(), window))}
    except CalendarRefused as refused:
        found = {"refused": refused.message}
    sys.stdout.write(json.dumps(found))


def limit_resources() -> None:
    """Take away time and memory, where the platform lets us."""
    for kind, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, NO_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # macOS knows no RLIMIT_AS
            resource.setrlimit(kind, (most, most))


def forbid_contact() -> None:
    """Have this process end when anything in it tries to reach something outside."""

    def watch(event: str, _arguments: object) -> None:
        if event.startswith(FORBIDDEN):
            raise PermissionError(f"{event} has no place in the reading of a calendar")

    sys.addaudithook(watch)


if __name__ == "__main__":
    main()
