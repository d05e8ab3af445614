"""The same calendar served by ours, by Radicale and by nginx: requests per second and per core."""

import gzip
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from tests.feeds.bench import rivals, wrk
from tests.feeds.bench.pace import ask_steadily
from tests.feeds.bench.prepared import World
from tests.feeds.bench.processes import Answer, Server
from tests.feeds.bench.world import path_of

GZIP = {"Accept-Encoding": "gzip"}
CLINICIAN = 1
"""Whose feed it is."""

RADICALE_PATH = "/bench/roster/"
WARM_UP = 1.0
"""Seconds for which each is asked before the first round."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One way to ask one server; ``kind`` is the same for what can be compared."""

    name: str
    kind: str
    server: Server
    path: str
    headers: Mapping[str, str]
    status: int
    behind: tuple[Server, ...] = ()

    def ask(self, seconds: float) -> wrk.Burst:
        """Ask as fast as the answers come."""
        return wrk.ask(self.server, [self.path], seconds=seconds, headers=self.headers, behind=self.behind)


def measure_serving(world: World, folder: Path, *, rounds: int, seconds: float) -> dict[str, Any]:
    """Ask each server in turn, forward and back, so many times; give medians and what they cost."""
    with ExitStack() as servers:
        ours = servers.enter_context(rivals.ours(world.environ, folder / "ours.log"))
        calendar = _calendar(ours, world.size.events)
        cells, stored = _cells(world, folder, ours, calendar, servers)
        for cell in cells:
            _check(cell, calendar, world.size.events)
            cell.ask(WARM_UP)
        bursts: dict[int, list[wrk.Burst]] = {i: [] for i in range(len(cells))}
        for number in range(rounds):
            order = list(enumerate(cells))
            for i, cell in order if number % 2 == 0 else reversed(order):
                bursts[i].append(cell.ask(seconds))
        for cell in cells:
            _check(cell, calendar, world.size.events)
    rows = [_row(cell, bursts[i]) for i, cell in enumerate(cells)]
    return {
        "calendar": {"events": world.size.events, "bytes": len(calendar), "gzipped": len(gzip.compress(calendar))},
        "rounds": rounds,
        "seconds": seconds,
        "radicale_put_seconds": stored,
        "cells": _compared(rows),
    }


def measure_pace(world: World, folder: Path, *, rate: float, seconds: float) -> dict[str, Any]:
    """Ask ours for what did not change, at a fixed pace: one feed, and all feeds in turn."""
    everyone = range(1, world.size.clinicians + 1)
    with rivals.ours(world.environ, folder / "pace.log") as server:
        etags = {i: server.get(path_of(i), GZIP).headers["etag"] for i in everyone}
        headers = [{**GZIP, "If-None-Match": etags[i]} for i in everyone]
        paths = [path_of(i) for i in everyone]
        found = {}
        for name, count in (("one feed", 1), ("all feeds in turn", len(paths))):
            ask_steadily(server.port, paths[:count], rate=rate, seconds=2, expected=304, headers=headers[:count])
            paid = server.cpu_seconds()
            paced = ask_steadily(
                server.port, paths[:count], rate=rate, seconds=seconds, expected=304, headers=headers[:count]
            )
            found[name] = {**asdict(paced), "cpu_share": (server.cpu_seconds() - paid) / seconds}
    return found


def _cells(
    world: World, folder: Path, ours: Server, calendar: bytes, servers: ExitStack
) -> tuple[list[Cell], float | None]:
    files = world.folder / "feed-files"
    with_files = {**world.environ, "FEED_FILES": str(files)}
    one_process = servers.enter_context(rivals.one_process(with_files, folder / "one.log"))
    nginx = servers.enter_context(rivals.nginx(folder / "nginx", calendar, proxied=one_process, files=files))
    path = path_of(CLINICIAN)
    cells = [
        *_three(ours, path, path),
        *_three(one_process, path, path),
        *(replace(cell, name="nginx, X-Accel", behind=(one_process,)) for cell in _three(nginx, path, path)),
        *_three(nginx, "/plain/roster.ics", "/packed/roster.ics"),
    ]
    if not rivals.RADICALE.exists():
        return cells, None
    radicale = servers.enter_context(rivals.radicale(folder / "radicale"))
    stored = rivals.put_calendar(radicale, calendar, RADICALE_PATH)
    return [*cells, *_three(radicale, RADICALE_PATH, RADICALE_PATH, unchanged=200)], stored


def _three(server: Server, plain: str, packed: str, *, unchanged: int = 304) -> Iterable[Cell]:
    """Give the three ways to ask: plain, packed, and whether it changed."""
    etag = server.get(packed, GZIP).headers["etag"]
    yield Cell(server.name, "200", server, plain, {}, 200)
    yield Cell(server.name, "200 gzip", server, packed, GZIP, 200)
    yield Cell(server.name, "304", server, packed, {**GZIP, "If-None-Match": etag}, unchanged)


def _calendar(server: Server, events: int) -> bytes:
    answer = server.get(path_of(CLINICIAN))
    if answer.status != 200 or count_events(answer.body) != events:
        raise RuntimeError(f"ours served {count_events(answer.body)} events, status {answer.status}")
    return answer.body


def _check(cell: Cell, calendar: bytes, events: int) -> None:
    """See that a server gives what is to be measured: the status, all events, packed when asked."""
    answer = cell.server.get(cell.path, cell.headers)
    body = unpacked(answer)
    is_packed = answer.headers.get("content-encoding") == "gzip"
    if answer.status != cell.status:
        raise RuntimeError(f"{cell.name} answered {cell.kind} with {answer.status}")
    if answer.status == 200 and count_events(body) != events:
        raise RuntimeError(f"{cell.name} served {count_events(body)} events of {events}")
    if answer.status == 200 and cell.name != "Radicale" and body != calendar:
        raise RuntimeError(f"{cell.name} serves another calendar")
    if answer.status == 200 and is_packed != (cell.kind != "200"):
        raise RuntimeError(f"{cell.name} packed {cell.kind}: {is_packed}")


def unpacked(answer: Answer) -> bytes:
    """Give the body of an answer as it was before it was packed."""
    return gzip.decompress(answer.body) if answer.headers.get("content-encoding") == "gzip" else answer.body


def count_events(calendar: bytes) -> int:
    """Count the events of a calendar; none when it is cut off."""
    if not (calendar.startswith(b"BEGIN:VCALENDAR\r\n") and calendar.endswith(b"END:VCALENDAR\r\n")):
        return 0
    begun, ended = calendar.count(b"\r\nBEGIN:VEVENT\r\n"), calendar.count(b"\r\nEND:VEVENT\r\n")
    return begun if begun == ended else 0


def _row(cell: Cell, bursts: Sequence[wrk.Burst]) -> dict[str, Any]:
    rates = [one.rate for one in bursts]
    return {
        "server": cell.name,
        "kind": cell.kind,
        "status": cell.status,
        "lowest": min(rates),
        "highest": max(rates),
        **asdict(wrk.median(bursts)),
    }


def _compared(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add to each row how many times Radicale's rate it is, and which share of nginx's."""
    rates = {(row["server"], row["kind"]): row["rate"] for row in rows}
    return [
        row
        | {
            "times_radicale": _ratio(row["rate"], rates.get(("Radicale", row["kind"]))),
            "share_of_nginx": _ratio(row["rate"], rates.get(("nginx", row["kind"]))),
        }
        for row in rows
    ]


def _ratio(one: float, other: float | None) -> float | None:
    return one / other if other else None
