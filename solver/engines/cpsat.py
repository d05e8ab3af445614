"""CP-SAT, for cross-checks and re-planning: reports each improving plan and the bound."""

import threading
from importlib.metadata import version
from typing import Any

import numpy as np

# The layer under ``cp_model``, which has all that is used here without importing pandas: that takes seconds.
from ortools.sat.python import cp_model_helper as sat

from solver.engines.child import OUT_OF_MEMORY, Inbox, serve
from solver.engines.protocol import Emit, SolveRequest, sparse

WORKERS = 8
"""Workers by default: also on few processors, since each searches in another way."""

OPEN = 10**8
"""Stands for an open side of a column."""

STATUS = {
    sat.CpSolverStatus.OPTIMAL: "optimal",
    sat.CpSolverStatus.FEASIBLE: "feasible",
    sat.CpSolverStatus.INFEASIBLE: "infeasible",
}


def solve(request: SolveRequest, emit: Emit, inbox: Inbox) -> dict[str, Any]:
    """Solve a request; see ``solver.engines.child.Solve``.  Plans of others are not taken in on the way."""
    emit("phase", phase="presolve")
    model = _loaded(request)
    solver: Any = sat.SolveWrapper()
    solver.set_parameters(_parameters(request))
    solver.add_best_bound_callback(lambda bound: emit("bound", bound=float(bound)))
    reporter = _Reporter(emit)
    solver.add_solution_callback(reporter)
    done = threading.Event()
    found: list[Any] = []
    notes = ["the search failed"]

    def work() -> None:
        try:
            found.append(solver.solve(model))
        except MemoryError:
            notes.append(OUT_OF_MEMORY)
        finally:
            done.set()

    threading.Thread(target=work, daemon=True).start()
    while not done.wait(0.05):
        if inbox.is_stopped:
            solver.stop_search()
    solver.clear_solution_callback(reporter)
    return _answer(found[0]) if found else {"status": "unknown", "note": notes[-1]}


def _parameters(request: SolveRequest) -> Any:
    parameters = sat.SatParameters()
    parameters.max_time_in_seconds = float(request.seconds)
    parameters.random_seed = request.seed
    parameters.num_workers = request.workers or WORKERS
    parameters.linearization_level = 2
    if request.effort:
        parameters.max_deterministic_time = request.effort
    return parameters


class _Reporter(sat.SolutionCallback):
    """Sends each improving plan."""

    def __init__(self, emit: Emit) -> None:
        super().__init__()
        self._emit = emit

    def OnSolutionCallback(self) -> None:
        """Send the plan that was just found."""
        own: Any = self
        x = np.asarray(own.Response().solution, np.int64)
        cost, bound = round(self.ObjectiveValue()), float(self.BestObjectiveBound())
        self._emit("incumbent", cost=cost, x=sparse(x), bound=bound)


def _loaded(request: SolveRequest) -> Any:
    linear, proto = request.linear, sat.CpModelProto()
    lower = np.ceil(np.clip(linear.lower, -OPEN, OPEN)).astype(np.int64).tolist()
    upper = np.floor(np.clip(linear.upper, -OPEN, OPEN)).astype(np.int64).tolist()
    for low, high in zip(lower, upper, strict=True):
        proto.variables.add().domain.extend([low, high])
    starts, columns, values = linear.row_start.tolist(), linear.columns.tolist(), linear.values.tolist()
    for row, (low, high) in enumerate(zip(_row_ends(linear.row_low), _row_ends(linear.row_high), strict=True)):
        part = slice(starts[row], starts[row + 1])
        constraint = proto.constraints.add().linear
        constraint.vars.extend(columns[part])
        constraint.coeffs.extend(values[part])
        constraint.domain.extend([low, high])
    priced = np.flatnonzero(linear.cost)
    proto.objective.vars.extend(priced.tolist())
    proto.objective.coeffs.extend(linear.cost[priced].tolist())
    proto.objective.offset = linear.offset
    if request.hint is not None:
        proto.solution_hint.vars.extend(range(linear.column_count))
        proto.solution_hint.values.extend(request.hint.tolist())
    return proto


def _row_ends(ends: Any) -> list[int]:
    """Give row limits as whole numbers, with the ends of the number range for open sides."""
    return [int(e) if np.isfinite(e) else (2**63 - 1 if e > 0 else -(2**63)) for e in ends]


def _answer(response: Any) -> dict[str, Any]:
    status = STATUS.get(response.status, "unknown")
    if status not in ("optimal", "feasible"):
        return {"status": status}
    return {
        "status": status,
        "cost": round(response.objective_value),
        "bound": float(response.best_objective_bound),
        "x": sparse(np.asarray(response.solution, np.int64)),
    }


if __name__ == "__main__":
    serve("cpsat", version("ortools"), solve)
