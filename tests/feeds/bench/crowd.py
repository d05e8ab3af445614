"""Ten thousand addresses: what they take of memory and disk, and how fast any of them is answered."""

import random
import shutil
from dataclasses import asdict
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from tests.feeds.bench import rivals, wrk
from tests.feeds.bench.prepared import World
from tests.feeds.bench.processes import HOST, Server
from tests.feeds.bench.serving import GZIP
from tests.feeds.bench.world import path_of

MEGABYTE = 1024 * 1024


def measure_crowd(world: World, folder: Path, *, seconds: float) -> dict[str, Any]:
    """Fetch every address once, then any at random; give memory before and after, files and rates."""
    paths = [path_of(i, number) for number in range(world.size.addresses) for i in range(1, world.size.clinicians + 1)]
    random.Random(3).shuffle(paths)
    exported = folder / "feed-files"
    with rivals.ours({**world.environ, "FEED_FILES": str(exported)}, folder / "crowd.log") as server:
        before = _memory(server)
        etags = _fetch_all(server, paths)
        after = _memory(server)
        rates = {
            "200": wrk.ask(server, paths, seconds=seconds),
            "200 gzip": wrk.ask(server, paths, seconds=seconds, headers=GZIP),
            "304": wrk.ask(server, paths, seconds=seconds, headers=GZIP, etags=etags),
        }
        in_the_end = _memory(server)
        files = _files(world.folder)
        _export(server, world)
    exported_sizes = [path.stat().st_size for path in _files(exported)]
    shutil.rmtree(exported)
    return {
        "subscriptions": len(paths),
        "feeds": world.size.clinicians,
        "memory_before": before,
        "memory_after_all": after,
        "memory_in_the_end": in_the_end,
        "database_mb": world.database.stat().st_size / MEGABYTE,
        "files": len(files),
        "exported_files": len(exported_sizes),
        "exported_mb": sum(exported_sizes) / MEGABYTE,
        "at_random": {kind: asdict(burst) for kind, burst in rates.items()},
    }


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _export(server: Server, world: World) -> None:
    """Read each feed packed and plain as behind a proxy that hands out files."""
    for headers in ({}, GZIP):
        for clinician in range(1, world.size.clinicians + 1):
            answer = server.get(path_of(clinician), {**headers, "X-Feed-Files": "yes"})
            if "x-accel-redirect" not in answer.headers:
                raise RuntimeError("a feed was not handed out as a file")


def _memory(server: Server) -> dict[str, Any]:
    return {
        "web": asdict(server.memory("scheduler.serve\0web")),
        "worker": asdict(server.memory("scheduler.worker")),
        "all": asdict(server.memory()),
    }


def _fetch_all(server: Server, paths: list[str]) -> list[str]:
    """Fetch each address once; give their ETags."""
    connection, etags = HTTPConnection(HOST, server.port, timeout=60), []
    for path in paths:
        connection.request("GET", path, headers=GZIP)
        response = connection.getresponse()
        response.read()
        if response.status != 200:
            raise RuntimeError(f"an address was answered with {response.status}")
        etags.append(response.headers["ETag"])
    connection.close()
    return etags
