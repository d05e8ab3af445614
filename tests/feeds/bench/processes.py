"""A server under measurement: its processes, the time and memory they take, and what it answers."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

HOST = "127.0.0.1"
PATIENCE = 60.0
"""Seconds in which a server has to come up."""

TICK = os.sysconf("SC_CLK_TCK")
LAST_WORDS = 10.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered; names of headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float


@dataclass(frozen=True, slots=True)
class Memory:
    """Memory of some processes in MB: resident, and resident with shared pages divided among who shares them."""

    resident: float
    proportional: float


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs: the process that was started, and the port at which it answers."""

    name: str
    process: "subprocess.Popen[bytes]"
    port: int

    @property
    def address(self) -> str:
        """Where it answers, without a slash at the end."""
        return f"http://{HOST}:{self.port}"

    @property
    def pids(self) -> tuple[int, ...]:
        """All its processes."""
        return (self.process.pid, *descendants(self.process.pid))

    def cpu_seconds(self) -> float:
        """Give the processor time that its processes took so far, those that ended included."""
        return sum(map(cpu_seconds, self.pids))

    def memory(self, part: str = "") -> Memory:
        """Give the memory of its processes, or of those alone in whose command a word stands."""
        sizes = [memory(pid) for pid in self.pids if part.encode() in command_of(pid)]
        return Memory(sum(size.resident for size in sizes), sum(size.proportional for size in sizes))

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask for a path over a connection of its own."""
        return get(self.port, path, headers)


@contextmanager
def running(
    name: str,
    command: Sequence[str | Path],
    *,
    port: int,
    log: Path,
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Iterator[Server]:
    """Run a server until the block ends; what it says goes to a file.

    Raises
    ------
    RuntimeError
        When it does not answer in time; the end of its log is told.
    """
    with log.open("wb") as said:
        process = subprocess.Popen(
            list(map(str, command)), cwd=folder, env={**os.environ, **(environ or {})}, stdout=said, stderr=said
        )
    try:
        _wait_until_up(name, process, port, log)
        yield Server(name, process, port)
    finally:
        process.terminate()
        try:
            process.wait(LAST_WORDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def get(port: int, path: str, headers: Mapping[str, str] | None = None, *, timeout: float = 60.0) -> Answer:
    """Ask a server of this machine for a path, over a connection of its own."""
    connection = HTTPConnection(HOST, port, timeout=timeout)
    started = time.perf_counter()
    try:
        connection.request("GET", path, headers=dict(headers or {}))
        response = connection.getresponse()
        body = response.read()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, body, time.perf_counter() - started)
    finally:
        connection.close()


def free_port() -> int:
    """Give a port at which nothing listens."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def descendants(pid: int) -> tuple[int, ...]:
    """Give the processes that a process started, and those that they did."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:
            continue
        for child in map(int, children):
            found += (child, *descendants(child))
    return tuple(found)


def cpu_seconds(pid: int) -> float:
    """Give the processor time of a process and of its children that ended; 0 for one that has gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / TICK


class Neighbours:
    """How many cores other processes of this machine keep busy while a block runs: what it disturbs."""

    def __init__(self) -> None:
        self.cores = 0.0

    def __enter__(self) -> "Neighbours":
        self._started, self._others = time.monotonic(), _cpu_of_others()
        return self

    def __exit__(self, *_: object) -> None:
        self.cores = max(0.0, (_cpu_of_others() - self._others) / (time.monotonic() - self._started))


def _cpu_of_others() -> float:
    ours = sum(map(cpu_seconds, (os.getpid(), *descendants(os.getpid()))))
    user, nice, system, _, _, irq, softirq, *_ = map(int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:])
    return (user + nice + system + irq + softirq) / TICK - ours


def memory(pid: int) -> Memory:
    """Give the memory of a process; none for one that has gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    except OSError:
        return Memory(0.0, 0.0)
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines}
    return Memory(kilobytes["Rss"] / 1024, kilobytes["Pss"] / 1024)


def command_of(pid: int) -> bytes:
    """Give the command line of a process; empty for one that has gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _wait_until_up(name: str, process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            get(port, "/", timeout=5.0)
        except (OSError, HTTPException):
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"{name} did not come up: {log.read_text(errors='replace')[-2000:]}")
