"""HiGHS, for proofs: reports each improving plan and the bound, and keeps the best when interrupted."""

import threading
import time
from typing import Any

import highspy
import numpy as np

from solver.engines.child import OUT_OF_MEMORY, Inbox, serve
from solver.engines.protocol import Emit, SolveRequest, sparse
from solver.linear import LinearModel

Highs: Any = highspy.Highs
"""The package's own types are incomplete."""

BOUND_EVERY_SECONDS = 0.5
"""How often a better bound is sent at most."""

NODES_PER_EFFORT = 100
"""Nodes of the search tree that count as about a second's work on a small model."""

ROW_WISE = 2
MINIMISE = 1
INTEGER = 1
CONTINUOUS = 0

SAFETY = 1e-9
"""Share of its value by which the bound of a relaxed model is lowered, for what floating point may have lost."""


def solve(request: SolveRequest, emit: Emit, inbox: Inbox) -> dict[str, Any]:
    """Solve a request with one thread; see ``solver.engines.child.Solve``."""
    emit("phase", phase="presolve")
    if request.relaxed:
        return relax(request, inbox)
    highs = _loaded(request)
    _watch(highs, emit, inbox, len(request.linear.cost))
    highs.run()
    return _answer(highs, len(request.linear.cost))


class _Kept:
    """The last relaxed model, from whose solution one with more rows goes on."""

    linear: LinearModel | None = None
    highs: Any = None


def relax(request: SolveRequest, inbox: Inbox) -> dict[str, Any]:
    """Solve a request with fractions allowed; one that only has more rows than the last one goes on from there."""
    linear, last = request.linear, _Kept.linear
    if last is not None and _grows_from(last, linear):
        highs = _Kept.highs
        _add_rows(highs, linear, last.row_count)
    else:
        highs = _loaded(request, integer=False)
        highs.cbSimplexInterrupt.subscribe(lambda event: event.interrupt(inbox.is_stopped))
    _Kept.linear, _Kept.highs = None, None
    # HiGHS counts the time of all runs of a model together.
    highs.setOptionValue("time_limit", float(highs.getRunTime() + request.seconds))
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return {"status": "unknown"}
    _Kept.linear, _Kept.highs = linear, highs
    solution, value = highs.getSolution(), highs.getInfo().objective_function_value
    return {
        "status": "optimal",
        "bound": value - SAFETY * max(1.0, abs(value)),
        "values": sparse(np.asarray(solution.col_value)),
        "reduced_costs": sparse(np.asarray(solution.col_dual)),
    }


def _grows_from(last: LinearModel, linear: LinearModel) -> bool:
    rows, entries = last.row_count, len(last.values)
    return (
        linear.row_count >= rows
        and linear.offset == last.offset
        and all(np.array_equal(getattr(last, name), getattr(linear, name)) for name in ("cost", "lower", "upper"))
        and all(np.array_equal(getattr(last, name), getattr(linear, name)[:rows]) for name in ("row_low", "row_high"))
        and np.array_equal(last.row_start, linear.row_start[: rows + 1])
        and np.array_equal(last.columns, linear.columns[:entries])
        and np.array_equal(last.values, linear.values[:entries])
    )


def _add_rows(highs: Any, linear: LinearModel, first: int) -> None:
    begin = int(linear.row_start[first])
    highs.addRows(
        linear.row_count - first,
        linear.row_low[first:],
        linear.row_high[first:],
        len(linear.values) - begin,
        (linear.row_start[first:-1] - begin).astype(np.int32),
        linear.columns[begin:].astype(np.int32),
        linear.values[begin:].astype(np.float64),
    )


def _loaded(request: SolveRequest, *, integer: bool = True) -> Any:
    linear, highs = request.linear, Highs()
    options = {
        "output_flag": False,
        "threads": max(1, request.workers),
        "random_seed": request.seed,
        "time_limit": float(request.seconds),
        "mip_rel_gap": 0.0,
        # Costs are multiples of a whole number: a plan within less than that of the bound is the best.
        "mip_abs_gap": 0.99 * linear.cost_step,
    }
    if request.effort:
        options |= {"mip_max_nodes": max(1, round(NODES_PER_EFFORT * request.effort))}
    for name, value in options.items():
        highs.setOptionValue(name, value)
    highs.passModel(
        linear.column_count,
        linear.row_count,
        len(linear.values),
        ROW_WISE,
        MINIMISE,
        float(linear.offset),
        linear.cost.astype(np.float64),
        linear.lower,
        linear.upper,
        linear.row_low,
        linear.row_high,
        linear.row_start.astype(np.int32),
        linear.columns.astype(np.int32),
        linear.values.astype(np.float64),
        np.full(linear.column_count, INTEGER if integer else CONTINUOUS, np.int32),
    )
    if request.hint is not None:
        solution = highspy.HighsSolution()
        solution.col_value = request.hint.astype(np.float64)
        highs.setSolution(solution)
    return highs


def _watch(highs: Any, emit: Emit, inbox: Inbox, columns: int) -> None:
    """Report plans and bounds, and hand on the wish to stop and the plans of others."""
    sent = {"bound": -np.inf, "at": 0.0}
    searching = threading.Event()

    def on_plan(event: Any) -> None:
        data = event.data_out
        x = np.rint(np.asarray(data.mip_solution)).astype(np.int64)
        emit(
            "incumbent",
            cost=round(data.objective_function_value),
            x=sparse(x),
            bound=_finite(data.mip_dual_bound),
        )

    def on_pause(event: Any) -> None:
        if inbox.is_stopped:
            event.interrupt()
        bound, now = event.data_out.mip_dual_bound, time.monotonic()
        if not searching.is_set():
            searching.set()
            emit("phase", phase="searching")
        if bound > sent["bound"] and np.isfinite(bound) and now - sent["at"] > BOUND_EVERY_SECONDS:
            sent.update(bound=bound, at=now)
            emit("bound", bound=bound)

    def on_simplex(event: Any) -> None:
        if inbox.is_stopped:
            event.interrupt()

    def on_wait(event: Any) -> None:
        found = inbox.fetch()
        if found is not None and len(found) == columns:
            event.data_in.setSolution(found.astype(np.float64))

    highs.cbMipUserSolution.subscribe(on_wait)
    highs.cbMipImprovingSolution.subscribe(on_plan)
    highs.cbMipInterrupt.subscribe(on_pause)
    highs.cbSimplexInterrupt.subscribe(on_simplex)


def _finite(number: float) -> float | None:
    return float(number) if np.isfinite(number) else None


def _answer(highs: Any, columns: int) -> dict[str, Any]:
    status, info = highs.getModelStatus(), highs.getInfo()
    if status == highspy.HighsModelStatus.kInfeasible:
        return {"status": "infeasible"}
    if info.primal_solution_status != 2:
        note = {"note": OUT_OF_MEMORY} if status == highspy.HighsModelStatus.kMemoryLimit else {}
        return {"status": "unknown", "bound": _finite(info.mip_dual_bound), **note}
    best = status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty)
    x = np.rint(np.asarray(highs.getSolution().col_value)).astype(np.int64)
    return {
        "status": "optimal" if best else "feasible",
        "cost": round(info.objective_function_value),
        "bound": _finite(info.mip_dual_bound if columns else info.objective_function_value),
        "x": sparse(x),
    }


if __name__ == "__main__":
    serve("highs", Highs().version(), solve)
