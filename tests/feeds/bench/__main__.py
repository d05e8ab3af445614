"""Measures calendar feeds: ``./run bench feeds``.

Serving beside Radicale and nginx, answers at a fixed pace, a publish that touches everyone, thousands of addresses.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from config import ROOT
from tests.feeds.bench.changing import measure_change
from tests.feeds.bench.crowd import measure_crowd
from tests.feeds.bench.prepared import World, copied, prepare
from tests.feeds.bench.processes import Neighbours
from tests.feeds.bench.report import environment, missing_tools, sections, sentence, write_page
from tests.feeds.bench.serving import measure_pace, measure_serving
from tests.feeds.bench.world import SUBSCRIPTIONS_EACH, Size

FOLDER = ROOT / "build/feeds"
PAGE = ROOT / "docs/benchmarks/feeds.md"
PARTS = ("serving", "pace", "crowd", "change")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for, print it, and keep it as JSON."""
    given = _parser().parse_args(arguments)
    missing = missing_tools(("wrk", "nginx"))
    if missing:
        print(f"Install what is missing first: {', '.join(missing)}", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    results: dict[str, Any] = {"environment": environment()}
    size = Size(given.clinicians, given.events, given.addresses)
    prepared = prepare(FOLDER, size)
    results["world"] = {
        "clinicians": size.clinicians,
        "events": size.events,
        "addresses": size.addresses,
        **prepared.made,
    }
    with copied(prepared, FOLDER / "run") as world:
        for part in given.parts:
            print(f"Measuring: {part} ...", flush=True)
            with Neighbours() as neighbours:
                results[part] = _measures(given)[part](world, FOLDER)
            results["environment"]["neighbours"][part] = round(neighbours.cores, 2)
    _tell(results, given)
    return 0


def _measures(given: argparse.Namespace) -> dict[str, Callable[[World, Path], dict[str, Any]]]:
    return {
        "serving": lambda world, folder: measure_serving(world, folder, rounds=given.rounds, seconds=given.seconds),
        "pace": lambda world, folder: measure_pace(world, folder, rate=given.rate, seconds=given.pace_seconds),
        "crowd": lambda world, folder: measure_crowd(world, folder, seconds=given.seconds),
        "change": measure_change,
    }


def _tell(results: dict[str, Any], given: argparse.Namespace) -> None:
    for name, text in sections(results).items():
        print(f"\n{name}\n\n{text}\n\n{sentence(results['environment'], name)}")
    path = FOLDER / "feeds.json"
    path.write_text(json.dumps(results, indent=1) + "\n")
    print(f"All of it: {path}")
    if given.page:
        write_page(PAGE, results)
        PAGE.with_suffix(".json").write_text(json.dumps(results, indent=1) + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run bench feeds", description=__doc__)
    add = parser.add_argument
    add("--clinicians", type=int, default=1000, help="an even number (%(default)s)")
    add("--events", type=int, default=500, help="duties of each clinician (%(default)s)")
    add("--addresses", type=int, default=SUBSCRIPTIONS_EACH, help="subscriptions to each feed (%(default)s)")
    add("--rounds", type=int, default=6, help="of asking all servers in turn, forward and back (%(default)s)")
    add("--seconds", type=float, default=3.0, help="of each burst (%(default)s)")
    add("--rate", type=float, default=200.0, help="requests per second at a fixed pace (%(default)s)")
    add("--pace-seconds", type=float, default=30.0, help="how long at that pace (%(default)s)")
    add("--parts", type=_parts, default=list(PARTS), help=f"of {','.join(PARTS)}")
    add("--page", action="store_true", help="write the figures into docs/benchmarks as well")
    return parser


def _parts(text: str) -> list[str]:
    wrong = [word for word in text.split(",") if word not in PARTS]
    if wrong:
        raise argparse.ArgumentTypeError(f"{', '.join(wrong)}: not one of {', '.join(PARTS)}")
    return text.split(",")


if __name__ == "__main__":
    sys.exit(main())
