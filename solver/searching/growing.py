"""Column values that change step by step: each step is priced in microseconds, and can be taken back."""

from collections.abc import Iterable, Sequence

import numpy as np

from solver.searching.incidence import Incidence, Numbers

FORBIDDEN = 10**10
"""Price of one unit by which a row is not kept; nothing lawful costs as much."""

Steps = tuple[tuple[int, int], ...]
"""Changes of columns: pairs of column and amount."""

Effect = tuple[int, dict[int, int], dict[int, int]]
"""What steps change: the price, sums of rows, and helping columns that follow."""

OPEN = 2**62
"""Stands for an open side of a row."""

MOST_FOLLOWING = 64
"""Rows that are put right by helping columns in one step; more than any rule needs."""

NOTHING: dict[int, int] = {}
"""No column has followed."""


class Growing:
    """Values of a model's columns, of which the caller changes its own and the others follow.

    Slack columns are left out: a row's limits cost what its slack would.  Columns that tell of others are 1 while
    any of those is not 0.  Other columns that are not the caller's help: where a row would not be kept, one of them
    moves as far as puts it right.

    Parameters
    ----------
    own
        Tells of each column whether it is the caller's.
    tells
        Columns that tell of others, those they tell of after these.
    ignored
        Rows that are not looked at.
    """

    def __init__(
        self,
        incidence: Incidence,
        own: Sequence[bool],
        x: Numbers,
        *,
        tells: Iterable[tuple[int, Iterable[int]]] = (),
        ignored: Sequence[int] = (),
    ) -> None:
        linear = incidence.linear
        self._incidence = incidence
        self.cost: list[int] = linear.cost.tolist()
        self._lower: list[float] = linear.lower.tolist()
        self._upper: list[float] = linear.upper.tolist()
        self._low: list[int] = np.maximum(linear.row_low, -OPEN).astype(np.int64).tolist()
        self._high: list[int] = np.minimum(linear.row_high, OPEN).astype(np.int64).tolist()
        for row in ignored:
            self._low[row], self._high[row] = -OPEN, OPEN
        self._below, self._above = [FORBIDDEN] * linear.row_count, [FORBIDDEN] * linear.row_count
        slack, rows, sign = incidence.slack_rows
        for column, row, side in zip(slack.tolist(), rows.tolist(), sign.tolist(), strict=True):
            prices = self._below if side > 0 else self._above
            prices[row] = min(prices[row], self.cost[column])
        self._is_helper = ~np.asarray(own, bool) & ~incidence.is_slack
        self._told_by: dict[int, list[int]] = {}
        self._count: dict[int, int] = {}
        for teller, told in tells:
            self._is_helper[teller] = False
            self._count[teller] = 0
            for column in told:
                self._told_by.setdefault(column, []).append(teller)
                self._count[teller] += int(x[column])
        self._known_helpers: dict[int, list[tuple[int, int]]] = {}
        self._start, self._rows, self._values = (
            a.tolist() for a in (incidence.start, incidence.rows, incidence.values)
        )
        self._met: dict[int, list[tuple[int, int]]] = {}
        values = np.where(incidence.is_slack, 0, x).astype(np.int64)
        self._x: list[int] = values.tolist()
        self._sums: list[int] = incidence.activity(values).tolist()
        self._paid: list[int] = [self._row_price(row, total) for row, total in enumerate(self._sums)]
        self._trail: list[tuple[Steps, dict[int, int], dict[int, int]]] = []

    def _helpers(self, row: int) -> list[tuple[int, int]]:
        """Give the columns of a row that may move by themselves, with their amounts."""
        found = self._known_helpers.get(row)
        if found is None:
            linear = self._incidence.linear
            part = slice(int(linear.row_start[row]), int(linear.row_start[row + 1]))
            columns, values = linear.columns[part], linear.values[part]
            helps = self._is_helper[columns]
            found = list(zip(columns[helps].tolist(), values[helps].tolist(), strict=True))
            self._known_helpers[row] = found
        return found

    def price(self, steps: Steps) -> int:
        """Give what steps would change of the cost; ``FORBIDDEN`` for each unit that a row is not kept."""
        return self._effect(steps)[0]

    def apply(self, steps: Steps) -> int:
        """Take steps and give what they change of the cost."""
        price, sums, following = self._effect(steps)
        self._add(steps, sums, following, 1)
        self._trail.append((steps, sums, following))
        return price

    def mark(self) -> int:
        """Give a point that ``back_to`` can return to."""
        return len(self._trail)

    def back_to(self, mark: int) -> None:
        """Take back all steps since a mark."""
        while len(self._trail) > mark:
            self._add(*self._trail.pop(), -1)

    def settle(self) -> None:
        """Keep all steps for good."""
        self._trail.clear()

    def values(self) -> Numbers:
        """Give all column values, slack included."""
        return self._incidence.with_slack(np.array(self._x, np.int64))

    def _add(self, steps: Steps, sums: dict[int, int], following: dict[int, int], sign: int) -> None:
        for column, amount in (*steps, *following.items()):
            self._x[column] += sign * amount
            for teller in self._told_by.get(column, ()):
                self._count[teller] += sign * amount
        for row, amount in sums.items():
            if amount:
                total = self._sums[row] = self._sums[row] + sign * amount
                self._paid[row] = self._row_price(row, total)

    def _effect(self, steps: Steps) -> Effect:
        """Give what steps change.  This runs tens of thousands of times: hence one plain loop."""
        total = 0
        sums: dict[int, int] = {}
        met = self._met
        for column, amount in steps:
            total += self.cost[column] * amount
            if amount > 0 and self._x[column] + amount > self._upper[column]:
                total += FORBIDDEN
            entries = met.get(column)
            if entries is None:
                entries = self._entries(column)
            for row, value in entries:
                sums[row] = sums.get(row, 0) + value * amount
        told = self._tell(steps) if self._told_by else NOTHING
        for column, amount in told.items():
            total += self.cost[column] * amount
            for row, value in met.get(column) or self._entries(column):
                sums[row] = sums.get(row, 0) + value * amount
        price, lacking = self._rows_price(sums)
        if not lacking:
            return total + price, sums, told
        following = self._follow(sums, lacking)
        for column, amount in following.items():
            total += self.cost[column] * amount
        return total + self._rows_price(sums)[0], sums, told | following

    def _tell(self, steps: Steps) -> dict[int, int]:
        """Give the columns that change because they tell of others."""
        counts: dict[int, int] = {}
        found: dict[int, int] = {}
        waiting = list(steps)
        while waiting:
            column, amount = waiting.pop()
            for teller in self._told_by.get(column, ()):
                before = self._count[teller] + counts.get(teller, 0)
                counts[teller] = counts.get(teller, 0) + amount
                change = int(before + amount > 0) - int(before > 0)
                if change:
                    found[teller] = found.get(teller, 0) + change
                    waiting.append((teller, change))
        return found

    def _rows_price(self, sums: dict[int, int]) -> tuple[int, list[int]]:
        """Give what changed sums cost, and the rows not kept that helping columns might put right."""
        before, low, high, paid = self._sums, self._low, self._high, self._paid
        price = 0
        lacking: list[int] = []
        for row, amount in sums.items():
            if amount:
                total = before[row] + amount
                if total > high[row]:
                    price += (total - high[row]) * self._above[row] - paid[row]
                elif total < low[row]:
                    price += (low[row] - total) * self._below[row] - paid[row]
                else:
                    price -= paid[row]
                    continue
                if self._helpers(row):
                    lacking.append(row)
        return price, lacking

    def _entries(self, column: int) -> list[tuple[int, int]]:
        part = slice(self._start[column], self._start[column + 1])
        found = self._met[column] = list(zip(self._rows[part], self._values[part], strict=True))
        return found

    def _row_price(self, row: int, total: int) -> int:
        if total > self._high[row]:
            return (total - self._high[row]) * self._above[row]
        if total < self._low[row]:
            return (self._low[row] - total) * self._below[row]
        return 0

    def _follow(self, sums: dict[int, int], waiting: list[int]) -> dict[int, int]:
        """Move helping columns, each once, so that rows are kept; adds to the sums what that changes."""
        following: dict[int, int] = {}
        for _ in range(MOST_FOLLOWING):
            if not waiting:
                break
            row = waiting.pop(0)
            lack = self._lack(row, self._sums[row] + sums.get(row, 0))
            for column, value in self._helpers(row) if lack else ():
                step = -(-abs(lack) // abs(value)) * (1 if lack * value > 0 else -1)
                moved = self._x[column] + step
                if column not in following and self._lower[column] <= moved <= self._upper[column]:
                    following[column] = step
                    for other, amount in self._met.get(column) or self._entries(column):
                        sums[other] = sums.get(other, 0) + amount * step
                        if other != row and self._helpers(other):
                            waiting.append(other)
                    break
        return following

    def _lack(self, row: int, total: int) -> int:
        """Give what a row is short of its limits: positive when it needs more."""
        if total > self._high[row]:
            return self._high[row] - total
        return max(0, self._low[row] - total)
