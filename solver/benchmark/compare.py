"""Measure Passerelle against other solvers on the same problems: ``./run bench solver``.

Every plan is judged by our audit.  What failed stands in the table like everything else.
"""

import argparse
import statistics
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from solver.benchmark.contenders import CONTENDERS, run_trial
from solver.benchmark.machine import machine, sentence
from solver.benchmark.pages import merge, number, table, write_between
from solver.benchmark.plots import plot_curves
from solver.benchmark.public import DATA, files_of, named
from solver.benchmark.run import FORMATS, read_instance
from solver.benchmark.trial import Trial
from solver.engines.process import EnginePool
from solver.generate import generate
from solver.problem import Problem

Json = dict[str, Any]

LIMITS = {"pilot": 5.0, "pilot4": 10.0, "zone": 30.0, "network": 60.0, "region": 150.0}
"""Seconds by size; ``pilot4`` is four weeks of a pilot."""

PUBLIC_SECONDS = 60.0

KEY = ("problem", "solver", "seed")

HEADINGS = ("problem", "solver", "cost", "to ours", "bound", "gap", "not held", "first plan", "end", "MB", "status")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for, then write tables and plots."""
    given = _parser().parse_args(arguments)
    found = machine()
    trials = []
    with EnginePool() as pool:
        for name in given.solvers:
            if name in ("passerelle", "highs"):
                pool.engine("highs")
        for problem, trial in _trials(given):
            run_trial(trial, problem, pool)
            trials.append(asdict(trial))
            print(_line(trial), flush=True)
    if not given.dry:
        write_pages(given.out, merge(given.out / "solver.json", KEY, found, trials))
    return 0


def _trials(given: argparse.Namespace) -> Iterator[tuple[Problem, Trial]]:
    for name, limit, problem, seed in _problems(given):
        for solver in given.solvers:
            yield problem, Trial(name, solver, seed, given.seconds or limit)


def _problems(given: argparse.Namespace) -> Iterator[tuple[str, float, Problem, int]]:
    for size in given.sizes:
        for seed in given.seeds:
            weeks = 4 if size == "pilot4" else 1
            yield size, LIMITS[size], generate("pilot" if weeks == 4 else size, seed, weeks=weeks), seed
    for format in FORMATS:
        for path in files_of(given.data, format):
            if named(path, given.public):
                for seed in given.seeds:
                    yield path.stem, PUBLIC_SECONDS, read_instance(format, path).problem, seed


def write_pages(folder: Path, results: list[Json]) -> None:
    """Write the table of all results, and a plot for each problem, from the first seed."""
    problems = list(dict.fromkeys(one["problem"] for one in results))
    rows = [row for name in problems for row in _rows([one for one in results if one["problem"] == name])]
    machines = list(dict.fromkeys(sentence(one["machine"]) for one in results))
    measured = "\n".join(f"- {words}" for words in machines)
    plots = "\n\n".join(f"![{name}: cost over time](plots/{name}.svg)" for name in problems)
    write_between(folder / "solver.md", "table", f"{table(HEADINGS, rows)}\n\nMeasured:\n{measured}")
    write_between(folder / "solver.md", "plots", plots)
    for name in problems:
        _plot(folder / f"plots/{name}.svg", [one for one in results if one["problem"] == name])


def _plot(path: Path, results: list[Json]) -> None:
    seed = min(one["seed"] for one in results)
    first = [one for one in results if one["seed"] == seed]
    curves = {one["solver"]: one["curve"] for one in first if one["curve"]}
    bounds = [one["bound"] for one in first if one["bound"] is not None]
    if curves:
        title = f"{path.stem}, seed {seed}"
        plot_curves(path, title, curves, max(one["limit"] for one in first), max(bounds, default=None))


def _rows(results: list[Json]) -> Iterator[list[str]]:
    """Give a row for each solver of one problem: medians over the seeds, and how each seed ended."""
    ours = {one["seed"]: one["cost"] for one in results if one["solver"] == "passerelle"}
    for solver in CONTENDERS:
        mine = sorted((one for one in results if one["solver"] == solver), key=lambda one: int(one["seed"]))
        if not mine:
            continue
        ratios = [one["cost"] / ours[one["seed"]] for one in mine if one["cost"] is not None and ours.get(one["seed"])]
        yield [
            f"{mine[0]['problem']} ({mine[0]['limit']:.0f} s)",
            solver,
            ", ".join(number(one["cost"]) for one in mine),
            number(_median(ratios), 2, "×"),
            ", ".join(number(one["bound"]) for one in mine),
            ", ".join(_percent(_gap(one)) for one in mine),
            ", ".join(number(one["gaps"]) for one in mine),
            number(_median([one["first"] for one in mine]), 2, " s"),
            number(_median([one["seconds"] for one in mine]), 1, " s"),
            number(_median([one["memory_mb"] for one in mine])),
            ", ".join(_status(one) for one in mine),
        ]


def _status(one: Json) -> str:
    words = [str(one["status"])]
    if one["breaches"]:
        words.append(f"{one['breaches']} blocking breaches (cost of the lawful part)")
    return " with ".join(words)


def _gap(one: Json) -> float | None:
    if one["cost"] is None or one["bound"] is None:
        return None
    return max(0.0, (one["cost"] - one["bound"]) / one["cost"]) if one["cost"] else 0.0


def _percent(share: float | None) -> str:
    return number(None if share is None else 100 * share, 2, " %")


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def _line(trial: Trial) -> str:
    return (
        f"{trial.problem:<28} seed {trial.seed}  {trial.solver:<11} cost {number(trial.cost):>8}"
        f"  bound {number(trial.bound):>8}  gap {_percent(trial.gap):>9}  not held {number(trial.gaps):>4}"
        f"  first {number(trial.first, 2):>7} s  end {trial.seconds:6.1f} s  {number(trial.memory_mb):>5} MB"
        f"  {trial.status}{f', {trial.breaches} blocking breaches' if trial.breaches else ''} {trial.note}"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run bench solver", description=__doc__)
    add = parser.add_argument
    add("--sizes", type=_one_of(LIMITS), default=list(LIMITS), help=f"of {','.join(LIMITS)}; none: -")
    add("--seeds", type=_numbers, default=[1, 2, 3], help="for example 1,2,3")
    add("--solvers", type=_one_of(CONTENDERS), default=list(CONTENDERS), help=f"of {','.join(CONTENDERS)}")
    add("--public", type=_words, default=[], help="instances by name, or all")
    add("--seconds", type=float, help="the same limit for all, instead of one by size")
    add("--data", type=Path, default=DATA, help="public instances (%(default)s)")
    add("--out", type=Path, default=Path("docs/benchmarks"), help="pages to write (%(default)s)")
    add("--dry", action="store_true", help="print only, write nothing")
    return parser


def _words(text: str) -> list[str]:
    return [] if text == "-" else text.split(",")


def _numbers(text: str) -> list[int]:
    return [int(word) for word in text.split(",")]


def _one_of(known: Iterable[str]) -> Callable[[str], list[str]]:
    """Give a reader of comma-separated names that are known; a dash means none."""
    names = list(known)

    def read(text: str) -> list[str]:
        wrong = [word for word in _words(text) if word not in names]
        if wrong:
            raise argparse.ArgumentTypeError(f"{', '.join(wrong)}: not one of {', '.join(names)}")
        return _words(text)

    return read


if __name__ == "__main__":
    sys.exit(main())
