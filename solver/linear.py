"""One linear model with small integers, as arrays that any engine reads."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class LinearModel:
    """Minimise ``cost @ x + offset`` over integers with ``low <= A x <= high`` and ``lower <= x <= upper``.

    Parameters
    ----------
    cost
        Integer cost per column.
    lower, upper
        Bounds per column; every column is integer.  Open sides are real infinities.
    row_start, columns, values
        The rows in compressed form: row i holds columns[row_start[i]:row_start[i + 1]].
    row_low, row_high
        Limits per row; open sides are real infinities.
    offset
        Part of the cost that no choice changes.
    """

    cost: NDArray[np.int64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    row_start: NDArray[np.int64]
    columns: NDArray[np.int64]
    values: NDArray[np.int64]
    row_low: NDArray[np.float64]
    row_high: NDArray[np.float64]
    offset: int = 0

    @property
    def column_count(self) -> int:
        """Number of columns."""
        return len(self.cost)

    @property
    def cost_step(self) -> int:
        """Give the whole number of which all costs are multiples, the offset aside."""
        return max(1, int(np.gcd.reduce(self.cost))) if len(self.cost) else 1

    @property
    def row_count(self) -> int:
        """Number of rows."""
        return len(self.row_low)


class LinearStatus(StrEnum):
    """What an engine claims about its answer; never trusted without an audit."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    UNKNOWN = "unknown"
    INFEASIBLE = "infeasible"


@dataclass(frozen=True, slots=True, eq=False)
class LinearAnswer:
    """The best column values an engine found, with the claimed cost and bound (offset included).

    ``x`` is None when the engine has found no values; ``note`` tells what went wrong, if anything did.
    """

    status: LinearStatus
    x: NDArray[np.int64] | None
    cost: int | None
    bound: float
    engine: str
    seconds: float
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Relaxed:
    """The best column values where fractions are allowed too.

    Parameters
    ----------
    bound
        Their cost, offset included: no whole-number values cost less.
    reduced_costs
        By column, what one unit more of it costs at least, however the others follow; below zero for one unit less.
    """

    bound: float
    x: NDArray[np.float64]
    reduced_costs: NDArray[np.float64]
