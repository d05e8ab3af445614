"""Writes what was measured: tables for the terminal and for the documentation."""

import os
import platform
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from config import ROOT
from solver.benchmark.machine import machine
from solver.benchmark.pages import number, table, write_between
from tests.feeds.bench import rivals

Json = dict[str, Any]

PACKAGES = ("icalendar", "flask", "sqlalchemy", "gunicorn")


def environment() -> Json:
    """Give machine, load and versions; no date."""
    found = machine()
    return {
        "processor": found["processor"],
        "cores": found["cores"],
        "memory_gb": found["memory_gb"],
        "load_before": [round(load, 2) for load in os.getloadavg()],
        "neighbours": {},
        "commit": _said("git", "rev-parse", "--short", "HEAD"),
        "versions": {
            "python": platform.python_version(),
            **{name: _version(name) for name in PACKAGES},
            "radicale": _said(rivals.RADICALE, "-m", "radicale", "--version"),
            "nginx": _said("nginx", "-v").removeprefix("nginx version: nginx/"),
            "wrk": _said("wrk", "-v").split(" [")[0].removeprefix("wrk "),
        },
    }


def sentence(found: Mapping[str, Any], part: str = "") -> str:
    """Write an environment in words; of a part that was measured also what other processes did meanwhile."""
    versions = ", ".join(f"{name} {number}" for name, number in found["versions"].items())
    cores = found["neighbours"].get(part)
    disturbed = "" if cores is None else f", other processes kept {cores} cores busy meanwhile"
    return (
        f"Commit {found['commit']}; {found['processor']}, {found['cores']} cores, {found['memory_gb']} GB; load before"
        f" the run {found['load_before'][0]}{disturbed}; {versions}."
    )


def sections(results: Json) -> Json:
    """Give the text of each section that was measured, by its name."""
    writers = {"serving": _serving, "pace": _pace, "change": _change, "crowd": _crowd, "world": _world}
    return {name: write(results[name]) for name, write in writers.items() if name in results}


def write_page(page: Path, results: Json) -> None:
    """Put what was measured between the markers of a page; sections that were left out stay."""
    for name, text in sections(results).items():
        write_between(page, name, f"{text}\n\n{sentence(results['environment'], name)}")


def _serving(found: Json) -> str:
    calendar = found["calendar"]
    rows = [_cell(row) for kind in ("200", "200 gzip", "304") for row in found["cells"] if row["kind"] == kind]
    headings = (
        *("asked for", "server", "requests/s", "lowest–highest", "p50 ms", "p99 ms"),
        *("CPU ms each", "requests per core-second", "× Radicale", "share of nginx", "failed"),
    )
    stored = number(found["radicale_put_seconds"], 1, " s")
    return (
        f"One calendar of {calendar['events']} events, {calendar['bytes']:,} bytes, gzipped {calendar['gzipped']:,}."
        f" wrk -t1 -c4, {found['rounds']} rounds of {found['seconds']:g} s each, forward and back, medians."
        f" Radicale took {stored} to store the calendar.\n\n{table(headings, rows)}"
    )


def _cell(row: Json) -> Sequence[str]:
    note = " (answers 200)" if row["kind"] == "304" and row["status"] == 200 else ""
    return (
        row["kind"] + note,
        row["server"],
        _grouped(row["rate"]),
        f"{_grouped(row['lowest'])}–{_grouped(row['highest'])}",
        number(row["p50"], 2),
        number(row["p99"], 2),
        number(row["cpu"], 3),
        _grouped(1000 / row["cpu"] if row["cpu"] else None),
        number(row["times_radicale"], 0),
        number(row["share_of_nginx"], 2),
        number(row["failed"]),
    )


def _pace(found: Json) -> str:
    headings = (
        *("304 of", "requests/s", "seconds", "p50 ms", "p99 ms", "p99.9 ms", "longest ms"),
        *("client late p99 ms", "cores busy", "failed"),
    )
    rows = [
        (
            *(name, number(one["rate"]), number(one["seconds"])),
            *(number(one[key], 2) for key in ("p50", "p99", "p999", "most", "late", "cpu_share")),
            number(one["failed"]),
        )
        for name, one in found.items()
    ]
    return table(headings, rows)


def _change(found: Json) -> str:
    watched, firsts = found["watched"], found["first_reader_seconds"]
    rows = [
        ("publish: judged, checked, written", number(found["publish_seconds"], 2, " s")),
        ("commit", number(found["commit_seconds"], 3, " s")),
        (f"commit until the last of {len(firsts)} first readers had the new bytes", f"{firsts[-1]:.3f} s"),
        ("… the median one", f"{firsts[len(firsts) // 2]:.3f} s"),
        (f"commit until all {found['clinicians']:,} feeds were rendered anew", number(found["all_seconds"], 1, " s")),
        ("CPU of web processes and worker meanwhile", number(found["server_cpu_seconds"], 1, " s")),
        ("feeds without the change in the end", found["not_new_in_the_end"]),
        ("feeds whose Last-Modified did not go ahead", found["went_back"]),
        ("answers to readers meanwhile", f"{watched['answers']:,}, {watched['after_commit']:,} asked after the commit"),
        ("… errors, empty or cut off", watched["problem_count"]),
        ("… old although asked after the commit", watched["old_after_commit"]),
        ("… old after the same feed had been served new", watched["new_then_old"]),
        *(
            (f"… wait {when}, p50, p99, longest", " / ".join(f"{ms:.1f} ms" for ms in watched[key].values()))
            for when, key in (
                ("while the publish was under way", "waits_while_publishing"),
                ("after the commit", "waits_after_commit"),
            )
        ),
    ]
    return table(("what", "measured"), rows)


def _crowd(found: Json) -> str:
    moments = (("before", "memory_before"), ("after each was fetched once", "memory_after_all"))
    headings = ("MB resident (shared pages divided)", "web processes", "worker", "all with the supervisor")
    rows = [
        (name, *(f"{found[key][part]['resident']:.0f} ({found[key][part]['proportional']:.0f})" for part in _PARTS))
        for name, key in (*moments, ("after the load below", "memory_in_the_end"))
    ]
    facts = [
        ("addresses, feeds", f"{found['subscriptions']:,}, {found['feeds']:,}"),
        ("database", f"{found['database_mb']:,.0f} MB"),
        ("files in the instance folder", found["files"]),
        (
            "files of the export for nginx, each feed plain and packed",
            f"{found['exported_files']:,}, {found['exported_mb']:,.0f} MB",
        ),
        *(
            (f"{kind}, any address at random", f"{_grouped(one['rate'])} requests/s, p99 {one['p99']:.1f} ms")
            for kind, one in found["at_random"].items()
        ),
    ]
    return f"{table(headings, rows)}\n\n{table(('what', 'measured'), facts)}"


_PARTS = ("web", "worker", "all")


def _world(found: Json) -> str:
    rows = [
        (
            "clinicians, duties each, addresses each",
            f"{found['clinicians']:,}, {found['events']}, {found['addresses']}",
        ),
        ("first rendering of all: CPU of web processes and worker", number(found["first_cpu_seconds"], 0, " s")),
        ("… for an event", number(1000 * found["first_cpu_seconds"] / found["clinicians"] / found["events"], 2, " ms")),
    ]
    return table(("what", "measured"), rows)


def _grouped(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}" if value >= 20 else f"{value:.1f}"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def _said(*command: str | Path) -> str:
    try:
        done = subprocess.run([*command], cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError:
        return "missing"
    lines = (done.stdout + done.stderr).strip().splitlines()
    return lines[0].strip() if lines else "missing"


def missing_tools(names: Iterable[str]) -> list[str]:
    """Give the programs that are not there."""
    return [name for name in names if shutil.which(name) is None]
