"""CP-SAT, for cross-checks and re-planning: reports each improving plan and the bound."""

import threading
from importlib.metadata import version
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from solver.engines.child import serve
from solver.engines.protocol import Emit, SolveRequest, sparse

WORKERS = 8
"""Workers by default: also on few processors, since each searches in another way."""

OPEN = 10**8
"""Stands for an open side of a column."""

STATUS = {
    cp_model.OPTIMAL: "optimal",
    cp_model.FEASIBLE: "feasible",
    cp_model.INFEASIBLE: "infeasible",
}


def solve(request: SolveRequest, emit: Emit, stop: threading.Event) -> dict[str, Any]:
    """Solve a request; see ``solver.engines.child.Solve``."""
    emit("phase", phase="presolve")
    model = _loaded(request)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = float(request.seconds)
    solver.parameters.random_seed = request.seed
    solver.parameters.num_workers = request.workers or WORKERS
    solver.parameters.linearization_level = 2
    solver.best_bound_callback = lambda bound: emit("bound", bound=float(bound))
    done = threading.Event()
    found: list[Any] = []

    def work() -> None:
        try:
            found.append(solver.solve(model, _Reporter(emit)))
        finally:
            done.set()

    threading.Thread(target=work, daemon=True).start()
    while not done.wait(0.05):
        if stop.is_set():
            solver.stop_search()
    return _answer(solver, found[0]) if found else {"status": "unknown", "note": "the search failed"}


class _Reporter(cp_model.CpSolverSolutionCallback):
    """Sends each improving plan."""

    def __init__(self, emit: Emit) -> None:
        super().__init__()
        self._emit = emit

    def on_solution_callback(self) -> None:
        """Send the plan that was just found."""
        x = np.asarray(self.response_proto.solution, np.int64)
        cost, bound = round(self.objective_value), float(self.best_objective_bound)
        self._emit("incumbent", cost=cost, x=sparse(x), bound=bound)


def _loaded(request: SolveRequest) -> cp_model.CpModel:
    linear, model = request.linear, cp_model.CpModel()
    proto = model.proto
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
    return model


def _row_ends(ends: Any) -> list[int]:
    """Give row limits as whole numbers, with the ends of the number range for open sides."""
    return [int(e) if np.isfinite(e) else (2**63 - 1 if e > 0 else -(2**63)) for e in ends]


def _answer(solver: cp_model.CpSolver, code: Any) -> dict[str, Any]:
    status = STATUS.get(code, "unknown")
    if status not in ("optimal", "feasible"):
        return {"status": status}
    x = np.asarray(solver.response_proto.solution, np.int64)
    return {
        "status": status,
        "cost": round(solver.objective_value),
        "bound": float(solver.best_objective_bound),
        "x": sparse(x),
    }


if __name__ == "__main__":
    serve("cpsat", version("ortools"), solve)
