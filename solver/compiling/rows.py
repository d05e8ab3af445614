"""Bounds as rows of a model: what lies between limits, and what two days may not hold together."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from solver.bounds import Bound
from solver.case import Case
from solver.compiling.columns import Entries, Layout, Matrix, Slack
from solver.compiling.patterns import DayBound, DayCell, Part, bits_of, cliques, values_of
from solver.compiling.sorting import CellKey, cell_keys
from solver.compiling.sums import Sums
from solver.demand import Stint
from solver.terms import EndsAt, HeldAt, Present, Unserved, Works


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
            if isinstance(term, EndsAt):
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

    def pairs(self, pairs: Mapping[tuple[CellKey, CellKey], Sequence[Bound]]) -> None:
        """Forbid what two cells may not hold together; cells with the same choices and bounds share the work."""
        known: dict[object, Exclusions] = {}
        for (one, other), bounds in pairs.items():
            left, right = self._choices(one), self._choices(other)
            if left.wide or right.wide:
                for bound in bounds:
                    self.bound(bound, None)
                continue
            local = tuple(_TwoSided.of(bound, left, right) for bound in bounds)
            key = (id(left.patterns), id(right.patterns), local)
            if key not in known:
                known[key] = _exclusions(left.patterns, right.patterns, local)
            dead_left, dead_right, crowds = known[key]
            for column in (*(left.first + i for i in dead_left), *(right.first + i for i in dead_right)):
                self.matrix.upper[column] = 0
            for ones, others in crowds:
                columns = (*(left.first + i for i in ones), *(right.first + i for i in others))
                self.matrix.row(dict.fromkeys(columns, 1), high=1)

    def _choices(self, key: CellKey) -> "_Choices":
        who, place = key
        if isinstance(place, Stint):
            return _Choices(key, WATCHING, {place: 1}, self.layout.watching[who, place], wide=False)
        cell = self.layout.cells.get((who, place))
        if cell is None:
            return _Choices(key, (), {}, 0, wide=False)
        return _Choices(key, cell.patterns, cell.bit, cell.first_column, wide=cell.wide)


WATCHING = (1,)
"""The one pattern of a stint of cover."""

Exclusions = tuple[list[int], list[int], list[tuple[list[int], list[int]]]]
"""Patterns of two cells that are never possible, and sets of both of which one may be chosen at most."""


class _Choices(NamedTuple):
    """What a cell may hold besides nothing, and the column of the first of it."""

    key: CellKey
    patterns: tuple[int, ...]
    bit: Mapping[Stint, int]
    first: int
    wide: bool


class _TwoSided(NamedTuple):
    """A bound on two cells, in terms of the masks of each."""

    left: tuple[Part, ...]
    right: tuple[Part, ...]
    low: int | None
    high: int | None

    @staticmethod
    def of(bound: Bound, left: _Choices, right: _Choices) -> "_TwoSided":
        """Give the parts of a bound by side."""
        sides: tuple[list[Part], list[Part]] = [], []
        for amount, term in bound.terms:
            if isinstance(term, Works | Present):
                is_right = next(cell_keys(term)) == right.key
                bit = (right if is_right else left).bit
                mask = sum(bit.get(stint, 0) for stint in dict.fromkeys(term.stints))
                sides[is_right].append(Part(amount, mask, isinstance(term, Present)))
        return _TwoSided(tuple(sides[0]), tuple(sides[1]), bound.low, bound.high)


def _exclusions(left: tuple[int, ...], right: tuple[int, ...], bounds: tuple[_TwoSided, ...]) -> Exclusions:
    """Give the sets of patterns of which one may be chosen at most: one for each set of excluded patterns."""
    ones, others = bits_of((0, *left)), bits_of((0, *right))
    excluded = np.zeros((len(ones), len(others)), dtype=bool)
    for bound in bounds:
        total = values_of(bound.left, ones)[:, None] + values_of(bound.right, others)[None, :]
        if bound.high is not None:
            excluded |= total > bound.high
        if bound.low is not None:
            excluded |= total < bound.low
    dead_left, dead_right = np.flatnonzero(excluded[1:, 0]).tolist(), np.flatnonzero(excluded[0, 1:]).tolist()
    crowds = []
    for out in dict.fromkeys(row.tobytes() for row in excluded[1:]):
        row = np.frombuffer(out, dtype=bool)
        if row.any():
            also = excluded[1:][:, row].all(axis=1)
            crowds.append((np.flatnonzero(also).tolist(), np.flatnonzero(row[1:]).tolist()))
    return dead_left, dead_right, crowds


def _add(entries: Entries, more: Mapping[int, int], amount: int) -> None:
    if entries.keys().isdisjoint(more):
        entries.update(more if amount == 1 else {column: amount * value for column, value in more.items()})
        return
    for column, value in more.items():
        entries[column] = entries.get(column, 0) + amount * value
