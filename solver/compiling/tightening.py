"""Rows made tighter, so that relaxed answers come closer to whole ones; no plan is lost or won."""

import math

from solver.compiling.columns import Entries, Layout, Matrix

Indicator = tuple[int, Entries]
"""A column that is 1 when any of its members is more than zero, and 0 otherwise."""


def tighten(matrix: Matrix, layout: Layout) -> None:
    """Let limits count only for those who work at all.

    Where a column tells whether any of some others is more than zero, a limit on a sum of these others is nothing
    once that column is 0: ``sum <= most`` becomes ``sum <= most * column``.  Without this, a person who is paid for
    once could be planned by halves, for half the price, and still work as much as half of two people.
    """
    told_by: dict[int, list[Indicator]] = {}
    for indicator in layout.present:
        for member in indicator[1]:
            told_by.setdefault(member, []).append(indicator)
    for i, (entries, low, high) in enumerate(matrix.rows):
        if _limits(entries, low, high):
            indicators = [one for one in told_by.get(next(iter(entries)), ()) if all(c in one[1] for c in entries)]
            if indicators:
                column, _ = min(indicators, key=lambda one: len(one[1]))
                matrix.rows[i] = ({**entries, column: -int(high)}, -math.inf, 0)


def _limits(entries: Entries, low: float, high: float) -> bool:
    """Tell whether a row limits a sum of amounts above zero."""
    return low == -math.inf and 0 < high < math.inf and bool(entries) and all(v > 0 for v in entries.values())
