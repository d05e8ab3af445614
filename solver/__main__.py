"""The planning model on the command line: ``python -m solver solve | audit | explain | benchmark | …``; see ``--help``.

Exit codes: 0 every session is held (and nothing blocking is broken), 1 gaps or blocking breaches remain,
2 wrong input, with the path of the wrong field on standard error.
"""

import argparse
import json
import math
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from solver.audit import audit
from solver.bench import bench, show
from solver.benchmark.run import FORMATS, Run, run_benchmark
from solver.explaining.asking import add_check, add_explain
from solver.generate import SIZES, generate
from solver.outcome import Audit, Outcome, Progress
from solver.plan import Plan
from solver.problem import FORMAT, InvalidProblem, Problem
from solver.problem_checks import MOST_WEEKS
from solver.problem_json import (
    outcome_from_json,
    outcome_to_json,
    plan_from_json,
    problem_from_json,
    problem_schema,
    problem_to_json,
)
from solver.search import ENGINES, solve

SOLVED, GAPS, WRONG = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    given = _parser().parse_args(arguments)
    try:
        return int(given.run(given))
    except InvalidProblem as wrong:
        return _refuse(f"{wrong.path}: {wrong.reason}")
    except BrokenPipeError:
        # Whoever reads our lines has seen enough; Python must not complain when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as wrong:
        return _refuse(f"{wrong.filename}: {wrong.strerror}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m solver", description="Plan cross-border clinical sessions.")
    commands = parser.add_subparsers(required=True, metavar="command")

    making = commands.add_parser("generate", help="make a random but plausible problem")
    making.add_argument("--size", choices=SIZES, default="pilot", help="how large (default: %(default)s)")
    making.add_argument("--seed", type=_seed, default=1, help="another seed, another problem (default: %(default)s)")
    making.add_argument("--weeks", type=_weeks, default=1, help="ISO weeks to plan (default: %(default)s)")
    making.add_argument("--out", type=Path, help="file to write (default: standard output)")
    making.set_defaults(run=_generate)

    solving = commands.add_parser("solve", help="find the best plan")
    solving.add_argument("problem", type=Path, help="problem as JSON")
    solving.add_argument("--seconds", type=_seconds, default=20.0, help="time limit (default: %(default)s)")
    solving.add_argument("--seed", type=_seed, default=1, help="seed of the engine (default: %(default)s)")
    solving.add_argument("--engine", choices=ENGINES, default="auto", help="engine (default: %(default)s)")
    solving.add_argument("--out", type=Path, help="file for the outcome as JSON")
    solving.add_argument("--json", action="store_true", help="print the summary as one line of JSON")
    solving.add_argument("--progress", action="store_true", help="print progress to standard error")
    solving.set_defaults(run=_solve)

    auditing = commands.add_parser("audit", help="judge a plan by the rules")
    auditing.add_argument("problem", type=Path, help="problem as JSON")
    auditing.add_argument("outcome", type=Path, help="outcome or plan as JSON")
    auditing.add_argument("--json", action="store_true", help="print the judgement as one line of JSON")
    auditing.set_defaults(run=_audit)

    add_explain(commands, _problem, _plan, _seconds)
    add_check(commands, _problem)

    public = commands.add_parser("benchmark", help="solve public instances and write what their checkers read")
    public.add_argument("files", nargs="+", type=Path, metavar="FILE", help="instances")
    public.add_argument("--format", choices=FORMATS, required=True, help="what the files hold")
    public.add_argument("--seconds", type=_seconds, default=60.0, help="time limit each (default: %(default)s)")
    public.add_argument("--seed", type=_seed, default=1, help="seed of the engine (default: %(default)s)")
    public.add_argument("--engine", choices=ENGINES, default="auto", help="engine (default: %(default)s)")
    public.add_argument("--out", type=Path, default=Path("build/solutions"), help="folder (default: %(default)s)")
    public.set_defaults(run=_benchmark)

    measuring = commands.add_parser("measure", help="measure the solver on generated problems")
    measuring.add_argument("--sizes", nargs="+", choices=SIZES, default=["pilot", "zone"], help="how large")
    measuring.add_argument("--seeds", nargs="+", type=_seed, default=[1, 2, 3], help="which problems of a size")
    measuring.add_argument("--weeks", type=_weeks, default=1, help="ISO weeks to plan (default: %(default)s)")
    measuring.add_argument("--seconds", type=_seconds, default=30.0, help="time limit each (default: %(default)s)")
    measuring.add_argument("--engine", choices=ENGINES, default="auto", help="engine (default: %(default)s)")
    measuring.set_defaults(run=_measure)

    publishing = commands.add_parser("schema", help="print the JSON Schema of problems")
    publishing.set_defaults(run=_schema)
    return parser


def _weeks(text: str) -> int:
    return _number(text, 1, MOST_WEEKS)


def _seed(text: str) -> int:
    return _number(text, 0, 2**31 - 1)


def _number(text: str, least: int, most: int) -> int:
    if not text.isdecimal() or not least <= int(text[:20]) <= most:
        raise argparse.ArgumentTypeError(f"must be a whole number from {least} to {most}, not {text!r}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not 0 < found < math.inf:
        raise argparse.ArgumentTypeError(f"must be a number of seconds above 0, not {text!r}")
    return found


def _generate(given: argparse.Namespace) -> int:
    problem = generate(given.size, given.seed, weeks=given.weeks)
    text = json.dumps(problem_to_json(problem), ensure_ascii=False, indent=1) + "\n"
    if given.out is None:
        sys.stdout.write(text)
    else:
        given.out.write_text(text, encoding="utf-8")
        print(f"{given.out}: {len(problem.sessions)} sessions, {len(problem.clinicians)} clinicians")
    return SOLVED


def _solve(given: argparse.Namespace) -> int:
    problem = _problem(given.problem)
    outcome = solve(
        problem,
        seconds=given.seconds,
        seed=given.seed,
        engine=given.engine,
        on_progress=_show_progress if given.progress else None,
    )
    if given.out is not None:
        given.out.write_text(json.dumps(outcome_to_json(outcome), ensure_ascii=False) + "\n", encoding="utf-8")
    summary = _summary(outcome)
    print(json.dumps(summary) if given.json else _sentences(summary))
    return GAPS if outcome.gaps or not audit(problem, outcome.plan).lawful else SOLVED


def _summary(outcome: Outcome) -> dict[str, Any]:
    return {
        "status": outcome.status.value,
        "cost": outcome.cost,
        "bound": outcome.bound,
        "gap": round(outcome.gap, 6),
        "gaps": len(outcome.gaps),
        "rules": {r.rule: {"units": r.units, "cost": r.cost} for r in outcome.rule_costs if r.units},
        "engine": outcome.engine,
        "seconds": round(outcome.seconds, 3),
        "start_seconds": round(outcome.start_seconds, 3),
        "first_plan_seconds": outcome.first_plan_seconds,
        "yielded_pins": [str(m) for m in outcome.yielded_pins],
        "note": outcome.note,
    }


def _sentences(summary: dict[str, Any]) -> str:
    lines = [
        f"{summary['status']}: cost {summary['cost']}, bound {summary['bound']:.0f}, gap {summary['gap']:.2%}, "
        f"{summary['gaps']} sessions not held, {summary['engine']}, {summary['seconds']} s"
    ]
    lines += [f"  {rule}: {found['units']} units, cost {found['cost']}" for rule, found in summary["rules"].items()]
    lines += summary["yielded_pins"]
    lines += [summary["note"]] if summary["note"] else []
    return "\n".join(lines)


def _show_progress(progress: Progress) -> None:
    print(
        f"{progress.seconds:7.2f} s  {progress.phase:<10} cost {progress.cost}  bound {progress.bound}  "
        f"gaps {progress.gaps}",
        file=sys.stderr,
    )


def _audit(given: argparse.Namespace) -> int:
    problem = _problem(given.problem)
    plan = _plan(given.outcome)
    found = audit(problem, plan)
    gaps = [s for s in problem.sessions if s.id not in plan.by_session]
    print(json.dumps(_judgement(found)) if given.json else _told(found))
    return GAPS if gaps or not found.lawful else SOLVED


def _judgement(found: Audit) -> dict[str, Any]:
    return {
        "lawful": found.lawful,
        "cost": found.cost,
        "rules": {r.rule: {"units": r.units, "cost": r.cost} for r in found.rule_costs if r.units},
        "breaches": [
            {"rule": b.rule, "strength": b.strength.value, "units": b.units, "message": str(b.message)}
            for b in found.breaches
        ],
    }


def _told(found: Audit) -> str:
    lines = [f"{'lawful' if found.lawful else 'not lawful'}: cost {found.cost}"]
    lines += [f"  {r.rule}: {r.units} units, cost {r.cost}" for r in found.rule_costs if r.units]
    lines += [f"  {b.strength.value}: {b.message} ({b.rule})" for b in found.breaches]
    return "\n".join(lines)


def _benchmark(given: argparse.Namespace) -> int:
    run = Run(given.format, given.seconds, given.seed, given.engine, given.out)
    complete = True
    for line in run_benchmark(run, given.files):
        print(json.dumps(line), flush=True)
        complete = complete and line["cost"] is not None
    return SOLVED if complete else GAPS


def _measure(given: argparse.Namespace) -> int:
    show(bench(given.sizes, given.seeds, seconds=given.seconds, engine=given.engine, weeks=given.weeks))
    return SOLVED


def _schema(given: argparse.Namespace) -> int:
    del given
    print(json.dumps(problem_schema(), indent=2, ensure_ascii=False))
    return SOLVED


def _problem(path: Path) -> Problem:
    return problem_from_json(_read(path))


def _plan(path: Path) -> Plan:
    data = _read(path)
    if isinstance(data, dict) and "plan" in data:
        return outcome_from_json(data).plan
    # The plan as it stands inside an outcome bears no number of its own.
    return plan_from_json({"format": FORMAT} | data if isinstance(data, dict) else data)


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as wrong:
        raise InvalidProblem(str(path), f"is not JSON: {wrong}") from None
    except RecursionError:
        raise InvalidProblem(str(path), "is nested too deeply") from None


def _refuse(text: str) -> int:
    print(text, file=sys.stderr)
    return WRONG


if __name__ == "__main__":
    sys.exit(main())
