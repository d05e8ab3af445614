"""How much memory this process and those it started hold together."""

import os
import threading
from pathlib import Path
from types import TracebackType

PROCESSES = Path("/proc")
PAUSE = 0.25
"""Seconds between two looks."""


class PeakMemory:
    """The most memory seen while a block runs, in MB; None where the system does not tell."""

    def __init__(self) -> None:
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.megabytes: int | None = None

    def __enter__(self) -> "PeakMemory":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            now = resident_megabytes()
            if now is not None:
                self.megabytes = max(self.megabytes or 0, now)
            if self._done.wait(PAUSE):
                return


def resident_megabytes() -> int | None:
    """Give the memory resident now, shared pages counted in each process; None where the system does not tell."""
    found = {int(path.name): status for path in PROCESSES.glob("[0-9]*") if (status := _status(path)) is not None}
    ours, added = {os.getpid()}, True
    while added:
        children = {name for name, (parent, _) in found.items() if parent in ours and name not in ours}
        ours |= children
        added = bool(children)
    sizes = [found[name][1] for name in ours if name in found]
    return sum(sizes) // 1024 if sizes else None


def _status(process: Path) -> tuple[int, int] | None:
    """Give the parent of a process, and its size in kB."""
    try:
        lines = (process / "status").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    fields = dict(line.split(":", 1) for line in lines if ":" in line)
    return int(fields["PPid"]), int(fields.get("VmRSS", "0 kB").split()[0])
