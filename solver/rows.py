"""Bounds as rows of a model: what lies between limits, and what two days may not hold together."""

import math
from collections.abc import Mapping

from solver.bounds import Bound
from solver.case import Case
from solver.columns import Entries, Layout, Matrix, Slack
from solver.demand import Stint
from solver.patterns import DayBound, DayCell, cliques
from solver.sorting import CellKey, cell_keys
from solver.sums import Sums
from solver.terms import HeldAt, Present, Unserved, Works

Choices = list[tuple[int, int | None]]
"""What a cell may hold, nothing first, with the columns."""


class Rows:
    """Adds rows to a model whose patterns and flows have their columns."""

    def __init__(self, case: Case, matrix: Matrix, layout: Layout) -> None:
        self.case = case
        self.matrix = matrix
        self.layout = layout
        self.sums = Sums(case, matrix, layout)

    def wide_day(self, cell: DayCell) -> None:
        """Add the clashes, limits and prices of a day whose patterns are not listed."""
        for clique in cliques(cell.clashes):
            self.matrix.row({column: 1 for bit, column in cell.columns() if bit & clique}, high=1)
        for limit in cell.limits:
            self._limit(self._of_day(cell, limit), limit, None)
        for limit, price in cell.prices:
            self._limit(self._of_day(cell, limit), limit, price)

    def _of_day(self, cell: DayCell, bound: DayBound) -> Entries:
        entries: Entries = {}
        for part in bound.parts:
            if part.once:
                _add(entries, self.sums.once(cell, part.mask), part.amount)
            else:
                _add(entries, {column: 1 for bit, column in cell.columns() if bit & part.mask}, part.amount)
        return entries

    def bound(self, bound: Bound, price: int | None) -> None:
        """Add a bound; ``price`` None makes it a blocking one."""
        entries: Entries = {}
        constant = 0
        for amount, term in bound.terms:
            _add(entries, self.sums.entries(term), amount)
            constant += amount * self.sums.constant(term)
        low = None if bound.low is None else bound.low - constant
        high = None if bound.high is None else bound.high - constant
        self._limit(entries, DayBound((), low, high), price, self._most_of(bound))

    def _limit(self, entries: Entries, bound: DayBound, price: int | None, known_most: float = math.inf) -> None:
        least, most = self.sums.reach(entries)
        most = min(most, known_most)
        low = bound.low if bound.low is not None and bound.low > least else None
        high = bound.high if bound.high is not None and bound.high < most else None
        if low is None and high is None:
            return
        if price is None:
            self.matrix.row(entries, -math.inf if low is None else low, math.inf if high is None else high)
        elif high is None and low is not None and low >= most:
            self._straight(entries, -price, price * low)
        elif low is None and high is not None and high <= least:
            self._straight(entries, price, -price * high)
        else:
            self._soft(entries, low, high, price)

    def _straight(self, entries: Entries, price: int, constant: int) -> None:
        self.matrix.offset += constant
        for column, value in entries.items():
            self.matrix.cost[column] += price * value

    def _soft(self, entries: Entries, low: int | None, high: int | None, price: int) -> None:
        below = None if low is None else self.matrix.column(price, math.inf)
        above = None if high is None else self.matrix.column(price, math.inf)
        row = dict(entries)
        if below is not None:
            row[below] = 1
        if above is not None:
            row[above] = -1
        self.matrix.row(row, -math.inf if low is None else low, math.inf if high is None else high)
        self.layout.slacks.append(Slack(entries, low, high, below, above))

    def _most_of(self, bound: Bound) -> float:
        """Give what a bound on sessions alone can reach: no group has more of them than its size."""
        groups = self.case.demand.groups
        most = 0
        for amount, term in bound.terms:
            if not isinstance(term, HeldAt | Unserved):
                return math.inf
            most += max(0, amount) * groups[term.group].size
        return most

    def pairs(self, pairs: dict[tuple[CellKey, CellKey], list[Bound]]) -> None:
        """Forbid what two cells may not hold together: one row for each set of excluded patterns."""
        for (one, other), bounds in pairs.items():
            if self._is_wide(one) or self._is_wide(other):
                for bound in bounds:
                    self.bound(bound, None)
                continue
            left, right = self._choices(one), self._choices(other)
            excluded = [0] * len(left)
            for bound in bounds:
                by_value: dict[int, int] = {}
                for i, value in enumerate(self._values(bound, other, right)):
                    by_value[value] = by_value.get(value, 0) | 1 << i
                for i, value in enumerate(self._values(bound, one, left)):
                    for others, mask in by_value.items():
                        if bound.units(value + others):
                            excluded[i] |= mask
            self._exclusions(left, right, excluded)

    def _is_wide(self, key: CellKey) -> bool:
        cell = None if isinstance(key[1], Stint) else self.layout.cells.get((key[0], key[1]))
        return cell is not None and cell.wide

    def _choices(self, key: CellKey) -> Choices:
        who, place = key
        if isinstance(place, Stint):
            return [(0, None), (1, self.layout.watching[who, place])]
        cell = self.layout.cells.get((who, place))
        return [(0, None)] if cell is None else [(0, None), *cell.columns()]

    def _values(self, bound: Bound, key: CellKey, choices: Choices) -> list[int]:
        """Give what each choice of a cell adds to a bound."""
        who, place = key
        values = [0] * len(choices)
        cell = None if isinstance(place, Stint) else self.layout.cells.get((who, place))
        for amount, term in bound.terms:
            if isinstance(term, Works | Present) and next(cell_keys(term)) == key:
                mask = 1 if cell is None else cell.mask(term.stints)
                once = isinstance(term, Present)
                for i, (pattern, _) in enumerate(choices):
                    met = pattern & mask
                    if met:
                        values[i] += amount if once else amount * met.bit_count()
        return values

    def _exclusions(self, left: Choices, right: Choices, excluded: list[int]) -> None:
        for (_, column), out in zip(left, excluded, strict=True):
            if out & 1 and column is not None:
                self.matrix.upper[column] = 0
        for i, (_, column) in enumerate(right):
            if excluded[0] >> i & 1 and column is not None:
                self.matrix.upper[column] = 0
        for out in dict.fromkeys(excluded[1:]):
            if out:
                ones = [c for (_, c), mine in zip(left, excluded, strict=True) if mine & out == out]
                others = [c for i, (_, c) in enumerate(right) if out >> i & 1]
                self.matrix.row(dict.fromkeys((c for c in ones + others if c is not None), 1), high=1)


def _add(entries: Entries, more: Mapping[int, int], amount: int) -> None:
    for column, value in more.items():
        entries[column] = entries.get(column, 0) + amount * value
