"""Bounds as rows of a model: each term written as a sum of columns."""

import math
from collections.abc import Iterable
from datetime import date

from solver.bounds import Bound
from solver.case import Case
from solver.columns import Entries, Layout, Matrix, Slack
from solver.demand import Stint
from solver.patterns import DayCell
from solver.sorting import CellKey, cell_keys
from solver.terms import Assigned, HeldAt, Present, Term, Unserved, Works


class Rows:
    """Adds rows to a model whose patterns and flows have their columns."""

    def __init__(self, case: Case, matrix: Matrix, layout: Layout) -> None:
        self.case = case
        self.matrix = matrix
        self.layout = layout
        self._cell_of: dict[int, DayCell] = {}
        self._held: dict[tuple[int, int], list[int]] = {}
        for cell in layout.cells.values():
            for _, column in cell.columns():
                self._cell_of[column] = cell
        for flow in layout.flows:
            for (post, option), column in zip(flow.posts, flow.columns, strict=True):
                if post.seat == 0:
                    self._held.setdefault((post.group, option), []).append(column)

    def cover(self, cells: Iterable[tuple[str, Stint]]) -> None:
        """Tell for each of these covers whether the clinician holds any."""
        for who, stint in cells:
            flows = [flow for flow in self.layout.flows if flow.stint is stint and flow.members == (who,)]
            columns = [(c, post) for flow in flows for c, (post, _) in zip(flow.columns, flow.posts, strict=True)]
            watching = self.layout.watching[who, stint] = self.matrix.column()
            for column, post in columns:
                self.matrix.row({column: 1, watching: -self.case.demand.groups[post.group].size}, high=0)
            self.matrix.row({watching: 1} | {column: -1 for column, _ in columns}, high=0)

    def bound(self, bound: Bound, price: int | None) -> None:
        """Add a bound; ``price`` None makes it a blocking one."""
        entries: Entries = {}
        for amount, term in bound.terms:
            for column, value in self.entries(term).items():
                entries[column] = entries.get(column, 0) + amount * value
        self._limit(entries, bound, price, self._most_of(bound))

    def _limit(self, entries: Entries, bound: Bound, price: int | None, known_most: float) -> None:
        least, most = self._reach(entries)
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

    def _reach(self, entries: Entries) -> tuple[float, float]:
        """Give limits of a sum; of the patterns of one day only one counts."""
        days: dict[tuple[str, date], tuple[float, float]] = {}
        least = most = 0.0
        for column, value in entries.items():
            cell = self._cell_of.get(column)
            if cell is None:
                ends = value * self.matrix.lower[column], value * self.matrix.upper[column]
                least, most = least + min(ends), most + max(ends)
            else:
                low, high = days.get((cell.clinician, cell.on), (0, 0))
                days[cell.clinician, cell.on] = min(low, value), max(high, value)
        return least + sum(low for low, _ in days.values()), most + sum(high for _, high in days.values())

    def _most_of(self, bound: Bound) -> float:
        """Give what a bound on sessions alone can reach: no group has more of them than its size."""
        groups = self.case.demand.groups
        most = 0
        for amount, term in bound.terms:
            if not isinstance(term, HeldAt | Unserved):
                return math.inf
            most += max(0, amount) * groups[term.group].size
        return most

    def entries(self, term: Term) -> Entries:
        """Give a term as a sum of columns."""
        match term:
            case Works():
                return self._works(term)
            case Present():
                return self._present(term)
            case Assigned():
                stint = self.case.demand.groups[term.post.group].stints[term.post.seat][term.option]
                found = self.layout.flow_of.get((term.clinician, stint, term.post))
                return {} if found is None else {found[1]: 1}
            case HeldAt():
                return dict.fromkeys(self._held.get(term, ()), 1)
            case Unserved():
                return {self.layout.unserved[term.group]: 1}
            case _:
                return {}

    def _works(self, term: Works) -> Entries:
        entries: Entries = {}
        for who, place in dict.fromkeys(cell_keys(term)):
            if isinstance(place, Stint):
                for flow in self.layout.flows:
                    if flow.stint is place and flow.members == (who,):
                        entries |= dict.fromkeys(flow.columns, 1)
            else:
                cell = self.layout.cells[who, place]
                mask = cell.mask(term.stints)
                for pattern, column in cell.columns():
                    if pattern & mask:
                        entries[column] = (pattern & mask).bit_count()
        return entries

    def _present(self, term: Present) -> Entries:
        keys = list(dict.fromkeys(cell_keys(term)))
        entries: Entries = {}
        for who, place in keys:
            if isinstance(place, Stint):
                entries[self.layout.watching[who, place]] = 1
            else:
                cell = self.layout.cells[who, place]
                mask = cell.mask(term.stints)
                entries |= {column: 1 for pattern, column in cell.columns() if pattern & mask}
        return entries if len(keys) <= 1 else self._any(entries)

    def _any(self, entries: Entries) -> Entries:
        """Give a column that is 1 exactly when the sum is at least 1."""
        column = self.matrix.column()
        _, most = self._reach(entries)
        self.matrix.row({column: 1} | {c: -v for c, v in entries.items()}, high=0)
        self.matrix.row({column: -int(most)} | entries, high=0)
        self.layout.present.append((column, entries))
        return {column: 1}

    def pairs(self, pairs: dict[tuple[CellKey, CellKey], list[Bound]]) -> None:
        """Forbid what two cells may not hold together: one row for each set of excluded patterns."""
        for (one, other), bounds in pairs.items():
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

    def _choices(self, key: CellKey) -> list[tuple[int, int | None]]:
        """Give what a cell may hold, nothing first, with the columns."""
        who, place = key
        if isinstance(place, Stint):
            return [(0, None), (1, self.layout.watching[who, place])]
        return [(0, None), *self.layout.cells[who, place].columns()]

    def _values(self, bound: Bound, key: CellKey, choices: list[tuple[int, int | None]]) -> list[int]:
        """Give what each choice of a cell adds to a bound."""
        who, place = key
        values = [0] * len(choices)
        for amount, term in bound.terms:
            if isinstance(term, Works | Present) and next(cell_keys(term)) == key:
                mask = 1 if isinstance(place, Stint) else self.layout.cells[who, place].mask(term.stints)
                once = isinstance(term, Present)
                for i, (pattern, _) in enumerate(choices):
                    met = pattern & mask
                    if met:
                        values[i] += amount if once else amount * met.bit_count()
        return values

    def _exclusions(
        self, left: list[tuple[int, int | None]], right: list[tuple[int, int | None]], excluded: list[int]
    ) -> None:
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
