"""Asks as fast as the answers come, by wrk: requests per second, and what the server paid for them."""

import json
import re
import statistics
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from tests.feeds.bench.processes import Server

THREADS, CONNECTIONS = 1, 4

_REPORT = """
done = function(summary, latency, requests)
  io.write(string.format(
    'RESULT {"requests": %d, "microseconds": %d, "bytes": %d, "p50": %d, "p99": %d, "failed": %d}\\n',
    summary.requests, summary.duration, summary.bytes, latency:percentile(50), latency:percentile(99),
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status
      + summary.errors.timeout))
end
"""
_AT_RANDOM = """
local paths, etags = {}, {}
for line in io.lines("%s") do
  local path, etag = line:match("([^ ]+) ?(.*)")
  paths[#paths + 1], etags[#etags + 1] = path, etag
end
math.randomseed(1)
request = function()
  local i = math.random(#paths)
  if etags[i] ~= "" then wrk.headers["If-None-Match"] = etags[i] end
  return wrk.format("GET", paths[i])
end
"""


@dataclass(frozen=True, slots=True)
class Burst:
    """What wrk found in one go.

    Parameters
    ----------
    rate
        Requests per second.
    p50, p99
        Milliseconds from sending to the last byte.
    cpu
        Milliseconds of processor time that the server's processes took for a request.
    bytes_each
        Bytes on the wire for a request, headers included.
    failed
        Requests without an answer, or with a status of 400 or more.
    """

    rate: float
    p50: float
    p99: float
    cpu: float
    bytes_each: float
    requests: int
    failed: int


def ask(
    server: Server,
    paths: Sequence[str],
    *,
    seconds: float,
    headers: Mapping[str, str] | None = None,
    behind: Sequence[Server] = (),
    etags: Sequence[str] = (),
) -> Burst:
    """Ask a server for a path, or for one of many at random, for some seconds (whole ones).

    Parameters
    ----------
    behind
        Servers whose processor time counts too, as this one asks them.
    etags
        Of several paths: what is known of each.
    """
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "report.lua")
        script.write_text(_REPORT + _choosing(Path(folder), paths, etags))
        command = ["wrk", f"-t{THREADS}", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "--timeout", "30s"]
        for name, value in (headers or {}).items():
            command += ["-H", f"{name}: {value}"]
        paid = _paid(server, *behind)
        said = subprocess.run(
            [*command, "-s", script, server.address + paths[0]], check=True, capture_output=True, text=True
        ).stdout
        paid = _paid(server, *behind) - paid
    found = re.search(r"^RESULT (.*)$", said, re.MULTILINE)
    if not found:
        raise RuntimeError(f"wrk told nothing: {said}")
    return _burst(json.loads(found[1]), paid)


def median(bursts: Sequence[Burst]) -> Burst:
    """Give the median of each figure; of requests and failures the sum."""
    return Burst(
        rate=statistics.median(one.rate for one in bursts),
        p50=statistics.median(one.p50 for one in bursts),
        p99=statistics.median(one.p99 for one in bursts),
        cpu=statistics.median(one.cpu for one in bursts),
        bytes_each=statistics.median(one.bytes_each for one in bursts),
        requests=sum(one.requests for one in bursts),
        failed=sum(one.failed for one in bursts),
    )


def _paid(*servers: Server) -> float:
    return sum(server.cpu_seconds() for server in servers)


def _choosing(folder: Path, paths: Sequence[str], etags: Sequence[str]) -> str:
    if len(paths) == 1:
        return ""
    listed = folder / "paths"
    listed.write_text("\n".join(map(" ".join, zip_longest(paths, etags, fillvalue=""))))
    return _AT_RANDOM % listed


def _burst(told: Mapping[str, float], paid: float) -> Burst:
    requests = max(1, int(told["requests"]))
    return Burst(
        rate=told["requests"] / (told["microseconds"] / 1e6),
        p50=told["p50"] / 1000,
        p99=told["p99"] / 1000,
        cpu=1000 * paid / requests,
        bytes_each=told["bytes"] / requests,
        requests=int(told["requests"]),
        failed=int(told["failed"]),
    )
