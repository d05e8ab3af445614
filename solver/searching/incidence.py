"""A linear model read by column: which rows a column meets, what a row's limits cost, and what a change does."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from solver.linear import LinearModel

Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Incidence:
    """The rows of a model by column.

    Parameters
    ----------
    start, rows, values
        Column j meets rows[start[j]:start[j + 1]] with these amounts.
    """

    linear: LinearModel
    start: Numbers
    rows: Numbers
    values: Numbers

    def activity(self, x: Numbers) -> Numbers:
        """Give the sum of each row."""
        linear = self.linear
        amounts = linear.values * x[linear.columns]
        return np.bincount(self.row_of_entry, amounts, linear.row_count).astype(np.int64)

    def entries(self, columns: Numbers) -> tuple[Numbers, Numbers]:
        """Give where the entries of some columns stand, and for each entry the place of its column among them."""
        lengths = self.start[columns + 1] - self.start[columns]
        owner = np.repeat(np.arange(len(columns)), lengths)
        within = np.arange(len(owner)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        return np.repeat(self.start[columns], lengths) + within, owner

    def rows_met(self, at: Numbers) -> tuple[Numbers, Numbers]:
        """Give the rows of some entries, each once and in order, and for each entry the place of its row among them.

        ``numpy.unique`` gives the same; it sorts, and its first call loads modules for longer than a small solve takes.
        """
        rows = self.rows[at]
        is_met = np.zeros(self.linear.row_count, bool)
        is_met[rows] = True
        return np.flatnonzero(is_met), (np.cumsum(is_met) - 1)[rows]

    def change(self, columns: Numbers, amounts: Numbers) -> tuple[Numbers, Numbers]:
        """Give the rows that a change of some columns touches, each once, and how much the sum of each changes."""
        at, owner = self.entries(columns)
        touched, place = self.rows_met(at)
        moved = np.bincount(place, self.values[at] * amounts[owner], len(touched)).astype(np.int64)
        return touched, moved

    def admits(self, x: Numbers) -> bool:
        """Tell whether column values keep every row and every limit."""
        linear, activity = self.linear, self.activity(x)
        return bool(
            (activity >= linear.row_low).all()
            and (activity <= linear.row_high).all()
            and (x >= linear.lower).all()
            and (x <= linear.upper).all()
        )

    def cost(self, x: Numbers) -> int:
        """Give what column values cost, offset included."""
        return int(self.linear.cost @ x) + self.linear.offset

    @cached_property
    def row_of_entry(self) -> Numbers:
        """The row of each entry of the model, in the model's own order."""
        return np.repeat(np.arange(self.linear.row_count), np.diff(self.linear.row_start))

    @cached_property
    def is_slack(self) -> NDArray[np.bool_]:
        """Tell of each column whether it does nothing but pay, unit by unit, for what one row misses."""
        linear = self.linear
        alone = np.diff(self.start) == 1
        amount = self.values[np.minimum(self.start[:-1], max(len(self.values) - 1, 0))] if len(self.values) else alone
        open_above = np.isinf(linear.upper) & (linear.lower == 0) & (linear.cost >= 0)
        found: NDArray[np.bool_] = alone & open_above & (np.abs(amount) == 1)
        return found

    @cached_property
    def slack_rows(self) -> tuple[Numbers, Numbers, Numbers]:
        """Slack columns, the row of each, and +1 where it pays for too little, -1 where for too much."""
        slack = np.flatnonzero(self.is_slack)
        at = self.start[slack]
        return slack, self.rows[at], self.values[at]

    def with_slack(self, x: Numbers) -> Numbers:
        """Give column values in which each slack column is as small as its row allows."""
        slack, rows, sign = self.slack_rows
        x = x.copy()
        x[slack] = 0
        activity = self.activity(x)
        short = np.where(
            sign > 0, self.linear.row_low[rows] - activity[rows], activity[rows] - self.linear.row_high[rows]
        )
        x[slack] = np.maximum(short, 0).astype(np.int64)
        return x


def incidence_of(linear: LinearModel) -> Incidence:
    """Give a model by column."""
    order = np.argsort(linear.columns, kind="stable")
    row = np.repeat(np.arange(linear.row_count), np.diff(linear.row_start))
    counts = np.bincount(linear.columns, minlength=linear.column_count)
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Incidence(linear, start, row[order], linear.values[order])
