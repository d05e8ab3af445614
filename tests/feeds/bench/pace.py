"""Asks at a fixed pace, whatever the server does: the wait of a late answer counts from when it was due.

A client that waits for one answer before it sends the next leaves out just the requests that would have waited
longest ("coordinated omission"); here each request has its moment, and finds a connection of its own.
"""

import math
import selectors
import socket
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.feeds.bench.processes import HOST

CONNECTIONS = 16
PATIENCE = 10.0
"""Seconds after the last request in which answers are waited for."""


@dataclass(frozen=True, slots=True)
class Paced:
    """Waits in milliseconds from the moment at which each request was due to the end of its answer.

    Parameters
    ----------
    late
        By how much the client itself sent late, 99th percentile: what a busy machine adds to the waits.
    failed
        Answers missing, or with another status than the one expected.
    """

    rate: float
    seconds: float
    requests: int
    p50: float
    p99: float
    p999: float
    most: float
    late: float
    failed: int


@dataclass(slots=True)
class _Line:
    """One connection; ``due`` is the moment of the request under way."""

    socket: socket.socket
    due: float | None = None
    received: bytearray = field(default_factory=bytearray)


def ask_steadily(
    port: int,
    paths: Sequence[str],
    *,
    rate: float,
    seconds: float,
    expected: int,
    headers: Sequence[Mapping[str, str]] = ({},),
) -> Paced:
    """Ask for the paths in turn, each with the headers of its place, at a fixed number of requests per second."""
    requests = [_request(path, headers[i % len(headers)]) for i, path in enumerate(paths)]
    return _Asking(port, requests, rate=rate, count=int(rate * seconds), expected=expected).run()


class _Asking:
    """One run: who is due when, and what came back."""

    def __init__(self, port: int, requests: Sequence[bytes], *, rate: float, count: int, expected: int) -> None:
        self.requests, self.rate, self.count = requests, rate, count
        self.expected = b"HTTP/1.1 %d " % expected
        self.selector = selectors.SelectSelector()  # epoll waits whole milliseconds
        self.idle = deque(self._connect(port) for _ in range(CONNECTIONS))
        self.waiting: deque[tuple[float, bytes]] = deque()
        self.waits: list[float] = []
        self.late: list[float] = []
        self.failed = 0

    def run(self) -> Paced:
        """Send all, and wait for the answers."""
        start, sent = time.perf_counter() + 0.05, 0
        end = start + self.count / self.rate + PATIENCE
        while len(self.waits) + self.failed < self.count and (now := time.perf_counter()) < end:
            while sent < self.count and (due := start + sent / self.rate) <= now:
                self.waiting.append((due, self.requests[sent % len(self.requests)]))
                sent += 1
            self._send()
            pause = start + sent / self.rate - time.perf_counter() if sent < self.count else 0.1
            for key, _ in self.selector.select(max(0.0, min(pause, 0.1))):
                self._receive(key.data)
        self._close()
        return self._paced()

    def _connect(self, port: int) -> _Line:
        line = _Line(socket.create_connection((HOST, port), timeout=5.0))
        line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.socket.setblocking(False)
        self.selector.register(line.socket, selectors.EVENT_READ, line)
        return line

    def _send(self) -> None:
        while self.waiting and self.idle:
            (due, request), line = self.waiting.popleft(), self.idle.popleft()
            self.late.append(time.perf_counter() - due)
            line.due = due
            line.received.clear()
            line.socket.sendall(request)

    def _receive(self, line: _Line) -> None:
        try:
            received = line.socket.recv(1 << 20)
        except BlockingIOError:
            return
        line.received += received
        if not received or line.due is None:
            self.selector.unregister(line.socket)
            self.failed += line.due is not None
            return
        if not _is_whole(line.received):
            return
        if line.received.startswith(self.expected):
            self.waits.append(time.perf_counter() - line.due)
        else:
            self.failed += 1
        line.due = None
        self.idle.append(line)

    def _close(self) -> None:
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]
        self.selector.close()

    def _paced(self) -> Paced:
        waits = sorted(1000 * wait for wait in self.waits) or [float("inf")]
        return Paced(
            rate=self.rate,
            seconds=self.count / self.rate,
            requests=self.count,
            p50=percentile(waits, 50),
            p99=percentile(waits, 99),
            p999=percentile(waits, 99.9),
            most=waits[-1],
            late=percentile(sorted(1000 * late for late in self.late) or [float("inf")], 99),
            failed=self.count - len(self.waits),
        )


def percentile(ordered: Sequence[float], share: float) -> float:
    """Give the smallest value that so many percent do not exceed."""
    return ordered[max(0, math.ceil(len(ordered) * share / 100) - 1)]


def _request(path: str, headers: Mapping[str, str]) -> bytes:
    lines = [f"GET {path} HTTP/1.1", f"Host: {HOST}", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _is_whole(received: bytearray) -> bool:
    """Tell whether an answer has come to its end; one without Content-Length (a 304) ends with its headers."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return False
    head = bytes(received[:end]).lower()
    if head.startswith(b"http/1.1 304"):
        return True
    _, found, length = head.partition(b"\r\ncontent-length:")
    return bool(found) and len(received) >= end + 4 + int(length.split(b"\r\n")[0])
