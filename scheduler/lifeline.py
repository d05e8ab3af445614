"""Ties a process to the one that started it: it ends when its parent does, however that ends."""

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from typing import IO

OPTION = "--parent"
REPLACES = "--replaces"
"""Tells a process which dead one it takes the place of."""
PR_SET_PDEATHSIG = 1
"""Linux: the signal that this process gets when the thread that started it ends."""


def command_of_child(module: str, *arguments: str) -> list[str]:
    """Give the command that runs a module of ours as a child tied to this process."""
    return [sys.executable, "-m", module, *arguments, OPTION, str(os.getpid())]


def end_with_parent(arguments: Sequence[str]) -> bool:
    """Have this process end with its parent, if the arguments name one; tell whether they do.

    Where the system offers it the parent's death is a signal; a parent that has gone already ends the process now.
    """
    if OPTION not in arguments:
        return False
    die_with_parent()
    if os.getppid() != int(arguments[arguments.index(OPTION) + 1]):
        os._exit(1)
    return True


def die_with_parent() -> None:
    """Have the system end this process with its parent, however that ends, where the system offers it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def watch_input(stream: IO[str], on_line: Callable[[str], object], on_end: Callable[[], object]) -> None:
    """Read lines in a thread of its own; the end of the stream means that the parent has gone."""

    def read() -> None:
        for line in stream:
            on_line(line.strip())
        on_end()

    threading.Thread(target=read, name="lifeline", daemon=True).start()
