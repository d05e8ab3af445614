"""A small model cut out of a large one: some columns are free, all others stay as they are."""

from dataclasses import dataclass

import numpy as np

from solver.linear import LinearModel
from solver.searching.incidence import Incidence, Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """A small model, and the columns of the large one that its columns are.

    The small model's cost, offset included, is the cost of the large one.
    """

    linear: LinearModel
    columns: Numbers

    def start(self, x: Numbers) -> Numbers:
        """Give the small model's part of column values."""
        return x[self.columns]

    def merged(self, x: Numbers, found: Numbers) -> Numbers:
        """Give column values with the small model's part replaced."""
        merged = x.copy()
        merged[self.columns] = found
        return merged


def cut_out(incidence: Incidence, x: Numbers, sums: Numbers, columns: Numbers) -> Cut:
    """Give the model in which only some columns are free.

    Parameters
    ----------
    x
        Values of all columns.
    sums
        The sum of each row at these values.
    columns
        The free ones, each once.

    Notes
    -----
    Linear in the entries of the free columns.  Rows that no choice could break are left out.
    """
    linear = incidence.linear
    at, owner = incidence.entries(columns)
    rows, place = incidence.rows_met(at)
    values = incidence.values[at]
    mine = np.bincount(place, values * x[columns][owner], len(rows))
    others = sums[rows] - mine
    low, high = linear.row_low[rows] - others, linear.row_high[rows] - others
    lower, upper = linear.lower[columns], linear.upper[columns]
    one, other = values * lower[owner], values * upper[owner]
    least = np.bincount(place, np.minimum(one, other), len(rows))
    most = np.bincount(place, np.maximum(one, other), len(rows))
    binding = (least < low) | (most > high)
    kept = binding[place]
    order = np.argsort(place[kept], kind="stable")
    counts = np.bincount(place[kept], minlength=len(rows))[binding]
    small = LinearModel(
        cost=linear.cost[columns],
        lower=lower,
        upper=upper,
        row_start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        columns=owner[kept][order],
        values=values[kept][order],
        row_low=low[binding],
        row_high=high[binding],
        offset=incidence.cost(x) - int(linear.cost[columns] @ x[columns]),
    )
    return Cut(small, columns)
