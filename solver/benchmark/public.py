"""Solve public instances, let their checkers judge, and compare with the best known: ``./run bench public``.

Instances and checkers are read from the folder that BENCH_DATA names; nothing of them is kept here.
"""

import argparse
import csv
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from solver.benchmark.machine import machine, sentence
from solver.benchmark.pages import merge, number, table, write_between
from solver.benchmark.run import FORMATS, Run, run_benchmark

Json = dict[str, Any]

DATA = Path("../shared/bench")
"""Where the instances are when nobody says; ``./run bench`` says what BENCH_DATA names."""

PHYSICIAN_BEST = {"instance03_0.34": 1505, "instance10-duplicated_0.23": 2980, "instance17_oneweek_real": 1795}
"""Best values of the MiniZinc Challenge 2021."""

SECONDS = {"physician": 120.0, "ihtc-surgical": 60.0, "curtois": 600.0}

FOLDERS = {
    "physician": ("physician", "*.dzn"),
    "ihtc-surgical": ("ihtc_surgical", "*.json"),
    "curtois": ("curtois", "Instance*.txt"),
}

CHECKERS = {
    "physician": ("check_physician.py", (), "total"),
    "ihtc-surgical": ("check_ihtc.py", ("--scp",), "scp_cost"),
    "curtois": ("check_curtois.py", (), "total"),
}
"""By format: the checker, its options, and where it tells the cost."""

KEY = ("instance", "seed")

HEADINGS = (
    "instance",
    "seed",
    "cost",
    "checker",
    "best known",
    "bound",
    "gap",
    "first plan",
    "best plan",
    "end",
    "status",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for and write the table; exit code 1 when a checker disagrees."""
    given = _parser().parse_args(arguments)
    found = machine()
    lines = []
    for line in _lines(given):
        print(json.dumps(line), flush=True)
        lines.append(line)
    if not given.dry:
        write_page(given.out, merge(given.out / "public.json", KEY, found, lines))
    return 1 if any(line["checked"] != line["cost"] for line in lines) else 0


def _lines(given: argparse.Namespace) -> Iterator[Json]:
    for format in FORMATS:
        files = [path for path in files_of(given.data, format) if named(path, given.only)]
        for seed in given.seeds:
            run = Run(format, given.seconds or SECONDS[format], seed, "auto", given.solutions / f"seed{seed}")
            for line, path in zip(run_benchmark(run, files), files, strict=True):
                checked = check(given.data, format, path, Path(line["solution"]))
                yield line | {"limit": run.seconds, "checked": checked, "best_known": best_known(path)}


def files_of(data: Path, format: str) -> list[Path]:
    """Give the instances of a format, in order of name and number."""
    folder, pattern = FOLDERS[format]
    return sorted((data / folder).glob(pattern), key=lambda path: (len(path.stem), path.stem))


def named(path: Path, names: Sequence[str]) -> bool:
    """Tell whether an instance is asked for: by its name, or with all."""
    return "all" in names or path.stem in names


def check(data: Path, format: str, instance: Path, solution: Path) -> int | None:
    """Give the cost by the published checker; None when it refuses the solution."""
    script, options, key = CHECKERS[format]
    command = [sys.executable, str(data / "checkers" / script), str(instance), str(solution), "--json", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - a checker named above
    if done.returncode:
        return None
    return int(json.loads(done.stdout)[key])


def best_known(instance: Path) -> int | None:
    """Give the best value published, which for the surgical part is that of the best full solution known."""
    table_of = instance.parent / "best_known.csv"
    if not table_of.exists():
        return PHYSICIAN_BEST.get(instance.stem)
    with table_of.open(encoding="utf-8", newline="") as lines:
        rows = {row["instance"]: row for row in csv.DictReader(lines)}
    row = rows.get(instance.stem.removeprefix("Instance"))
    return int(row.get("best_known") or row["surgical_part_of_best_known"]) if row else None


def write_page(folder: Path, results: list[Json]) -> None:
    """Write the table of all results."""
    rows = [_row(one) for one in sorted(results, key=lambda one: (one["format"], len(one["instance"]), *_key(one)))]
    measured = "\n".join(f"- {words}" for words in dict.fromkeys(sentence(one["machine"]) for one in results))
    write_between(folder / "public.md", "table", f"{table(HEADINGS, rows)}\n\nMeasured:\n{measured}")


def _key(one: Json) -> tuple[str, int]:
    return one["instance"], one["seed"]


def _row(one: Json) -> list[str]:
    return [
        f"{one['format']} {one['instance']} ({one['limit']:.0f} s)",
        str(one["seed"]),
        number(one["cost"]),
        "agrees" if one["checked"] is not None and one["checked"] == one["cost"] else f"says {one['checked']}",
        number(one["best_known"]),
        number(one["bound"]),
        number(None if one["gap"] is None else 100 * one["gap"], 2, " %"),
        number(one["first_plan_seconds"], 2, " s"),
        number(one["best_plan_seconds"], 1, " s"),
        number(one["seconds"], 1, " s"),
        one["status"] + (f"; {one['note']}" if one["note"] else ""),
    ]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run bench public", description=__doc__)
    add = parser.add_argument
    add("--only", type=lambda text: text.split(","), default=["all"], help="instances by name, for example i01,i02")
    add("--seeds", type=lambda text: [int(word) for word in text.split(",")], default=[1], help="for example 1,2,3")
    add("--seconds", type=float, help="the same limit for all, instead of one by format")
    add("--data", type=Path, default=DATA, help="public instances (%(default)s)")
    add("--solutions", type=Path, default=Path("build/solutions"), help="folder for solutions (%(default)s)")
    add("--out", type=Path, default=Path("docs/benchmarks"), help="pages to write (%(default)s)")
    add("--dry", action="store_true", help="print only, write no page")
    return parser


if __name__ == "__main__":
    sys.exit(main())
