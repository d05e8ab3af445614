"""CP-SAT used as its tutorials use it: a Boolean for each choice, optional intervals that do not overlap.

Reads a question from standard input and prints a line of JSON for each better plan and one at the end.
"""

import json
import sys
import time
from typing import Any

from ortools.sat.python import cp_model

WORKERS = 8


def main() -> None:
    """Solve the question on standard input; arguments: seconds and seed."""
    seconds, seed = float(sys.argv[1]), int(sys.argv[2])
    question = json.load(sys.stdin)
    began = time.perf_counter()
    model, taken = build(question)
    solver = cp_model.CpSolver()
    solver.parameters.random_seed = seed
    solver.parameters.num_workers = WORKERS
    solver.parameters.max_time_in_seconds = max(0.1, seconds - (time.perf_counter() - began))
    status = solver.solve(model, _Printer(taken, began))
    bound = solver.best_objective_bound if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None
    end = {"status": solver.status_name(status).lower(), "bound": bound, "end": time.perf_counter() - began}
    print(json.dumps(end), flush=True)


class _Printer(cp_model.CpSolverSolutionCallback):
    def __init__(self, taken: list[Any], began: float) -> None:
        super().__init__()
        self._taken, self._began = taken, began

    def on_solution_callback(self) -> None:
        """Print what is chosen."""
        chosen = [n for n, literal in enumerate(self._taken) if self.boolean_value(literal)]
        print(json.dumps({"seconds": time.perf_counter() - self._began, "taken": chosen}), flush=True)


def build(question: dict[str, Any]) -> tuple[Any, list[Any]]:
    """Give the model and the Boolean of each choice."""
    model: Any = cp_model.CpModel()
    taken = [model.new_bool_var(f"taken {n}") for n in range(len(question["choices"]))]
    _sessions(model, question, taken)
    _intervals(model, question, taken)
    costs = []
    for bound in question["bounds"]:
        if bound["rule"] != "no_overlap":
            costs += _bound(model, bound, taken)
    model.minimize(sum(costs))
    return model, taken


def _sessions(model: Any, question: dict[str, Any], taken: list[Any]) -> None:
    """Hold each session once at most, with one person in each seat."""
    fill: dict[tuple[int, int, int], list[Any]] = {}
    for literal, (session, seat, option, *_) in zip(taken, question["choices"], strict=True):
        fill.setdefault((session, option, seat), []).append(literal)
    for session, (seats, options) in enumerate(question["sessions"]):
        held = [model.new_bool_var(f"held {session} {option}") for option in range(options)]
        if held:
            model.add_at_most_one(held)
        for option, at in enumerate(held):
            for seat in range(seats):
                model.add(sum(fill.get((session, option, seat), ())) == at)


def _intervals(model: Any, question: dict[str, Any], taken: list[Any]) -> None:
    """Nobody is in two places at once."""
    days: dict[int, list[Any]] = {}
    for n, (*_, who, stint, exclusive) in enumerate(question["choices"]):
        if exclusive:
            start, end = question["stints"][stint]
            interval = model.new_optional_fixed_size_interval_var(start, end - start, taken[n], f"interval {n}")
            days.setdefault(who, []).append(interval)
    for intervals in days.values():
        model.add_no_overlap(intervals)


def _bound(model: Any, bound: dict[str, Any], taken: list[Any]) -> list[Any]:
    """Add a bound and give what it costs to go beyond it."""
    total = bound["constant"]
    most = abs(total)
    for amount, once, numbers in bound["terms"]:
        literals = [taken[n] for n in numbers]
        if once and len(literals) > 1:
            anyone = model.new_bool_var("")
            model.add_max_equality(anyone, literals)
            literals = [anyone]
        total += amount * sum(literals)
        most += abs(amount) * len(literals)
    costs = []
    for limit, sign in ((bound["low"], -1), (bound["high"], 1)):
        if limit is None:
            continue
        if bound["cost"] is None:
            model.add(sign * total <= sign * limit)
        else:
            beyond = model.new_int_var(0, most + abs(limit), "")
            model.add(sign * total - beyond <= sign * limit)
            costs.append(bound["cost"] * beyond)
    return costs


if __name__ == "__main__":
    main()
