"""Rows and limits that cut off fractions only: no whole-number plan worth having is lost.

In fractions, a day with work in the morning and in the afternoon can be chosen by half, so that a single session
costs half a journey.  Of any sessions that ask for the same people at one site, though, N need at least N / k days,
rounded up, where a day holds k of them.  Such rows are many, and a few matter: those that a relaxed solution breaks
are found by looking at all sets of the groups that share a site, a specialty and a week.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from solver.compiling.patterns import DayCell
from solver.demand import Group, Post, Stint
from solver.linear import LinearModel, Relaxed
from solver.model import CompiledModel

MOST_POSTS = 10
"""Of more kinds of seats that ask for the same people, only sets among the first so many are looked at."""

MOST_STINTS = 63
"""Days with more stints do not fit into the machine words used here."""

DIVISORS = (2, 3, 4)
"""How many sessions a day may hold, for rounding."""

LEAST_BREACH = 0.02
"""Rows broken by less are not worth their place, in days."""

Masks = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """Kinds of seats that ask for the same people at one site in one week.

    Parameters
    ----------
    sizes, unserved
        By post, how many sessions it is of and the column that counts those not held.
    columns, masks
        Columns of day patterns, and by post which stints of the pattern could fill it.
    """

    sizes: tuple[int, ...]
    unserved: tuple[int, ...]
    columns: NDArray[np.int64]
    masks: Masks


class Tightening:
    """A linear model that grows tighter by what its relaxed solutions show.

    Attributes
    ----------
    linear
        The model with all rows added so far.
    """

    def __init__(self, compiled: CompiledModel) -> None:
        self.linear = compiled.linear
        self._families = list(families(compiled))
        self._known: set[tuple[int, int, int]] = set()

    def add_rows(self, x: NDArray[np.float64]) -> int:
        """Add the rows that relaxed column values break, and give how many."""
        found = {
            (number, *broken): family for number, family in enumerate(self._families) for broken in _broken(family, x)
        }
        new = [key for key in found if key not in self._known]
        if new:
            self._known.update(new)
            self.linear = _with_rows(self.linear, [_row(found[key], key[1], key[2]) for key in new])
        return len(new)

    def within(self, relaxed: Relaxed, cost: int) -> LinearModel:
        """Give the model without the choices that no plan of at most this cost can hold.

        Parameters
        ----------
        relaxed
            The relaxed solution of ``linear``.
        """
        gap = cost - relaxed.bound + 1e-6
        linear, dear = self.linear, relaxed.reduced_costs
        steps = np.floor(np.divide(gap, np.abs(dear), out=np.full(len(dear), np.inf), where=np.abs(dear) > 1e-6))
        upper, lower = linear.upper.copy(), linear.lower.copy()
        up, down = dear > 1e-6, dear < -1e-6
        upper[up] = np.minimum(upper[up], linear.lower[up] + steps[up])
        lower[down] = np.maximum(lower[down], linear.upper[down] - steps[down])
        return replace(linear, lower=lower, upper=upper)


def families(compiled: CompiledModel) -> Iterator[Family]:
    """Give the families of a model whose days cost something."""
    groups = compiled.case.demand.groups
    by_place: dict[object, list[Post]] = {}
    for group in groups:
        for number, seat in enumerate(group.seats):
            if seat.exclusive and group.first.options:
                place = (group.first.site, seat.specialties, seat.side, _week(group))
                by_place.setdefault(place, []).append(Post(group.index, number))
    open_to = _open_to(compiled)
    for posts in by_place.values():
        family = _family(compiled, posts[:MOST_POSTS], open_to)
        if family is not None and np.median(compiled.linear.cost[family.columns]) > 0:
            yield family


def _week(group: Group) -> date:
    first = min(option.on for option in group.first.options)
    return first - timedelta(days=first.weekday())


def _open_to(compiled: CompiledModel) -> dict[Post, dict[tuple[str, date], set[Stint]]]:
    """Give by post, clinician and day the stints at which that person may fill it."""
    found: dict[Post, dict[tuple[str, date], set[Stint]]] = {}
    for flow in compiled.layout.flows:
        if flow.stint.exclusive:
            for post, _ in flow.posts:
                mine = found.setdefault(post, {})
                for who in flow.members:
                    mine.setdefault((who, flow.stint.on), set()).add(flow.stint)
    return found


def _family(
    compiled: CompiledModel, posts: list[Post], open_to: dict[Post, dict[tuple[str, date], set[Stint]]]
) -> Family | None:
    columns: list[NDArray[np.int64]] = []
    masks: list[Masks] = []
    for key in dict.fromkeys(key for post in posts for key in open_to.get(post, ())):
        cell = compiled.layout.cells[key]
        if len(cell.stints) > MOST_STINTS:
            return None
        met = _met(cell, [cell.mask(open_to.get(post, {}).get(key, ())) for post in posts])
        used = met.any(axis=1)
        columns.append(cell.first_column + np.flatnonzero(used))
        masks.append(met[used])
    if not columns or not sum(map(len, columns)):
        return None
    groups, unserved = compiled.case.demand.groups, compiled.layout.unserved
    return Family(
        tuple(groups[post.group].size for post in posts),
        tuple(unserved[post.group] for post in posts),
        np.concatenate(columns),
        np.concatenate(masks),
    )


def _met(cell: DayCell, masks: list[int]) -> Masks:
    patterns = np.array(cell.patterns, dtype=np.uint64)
    found: Masks = patterns[:, None] & np.array(masks, dtype=np.uint64)[None, :]
    return found


def _broken(family: Family, x: NDArray[np.float64]) -> Iterator[tuple[int, int]]:
    """Give the sets of posts (as masks) and divisors whose rows relaxed values break."""
    used = x[family.columns] > 1e-9
    values, masks = x[family.columns][used], family.masks[used]
    union = {0: np.zeros(len(values), dtype=np.uint64)}
    for members in range(1, 1 << len(family.sizes)):
        lowest = (members & -members).bit_length() - 1
        union[members] = union[members & (members - 1)] | masks[:, lowest]
        wanted = _wanted(family, members)
        held = np.bitwise_count(union[members])
        for divisor in DIVISORS:
            if wanted % divisor:
                rest = wanted % divisor
                total = float(values @ _rounded(held, divisor, rest))
                total += sum(x[c] * _rounded_one(n, divisor, rest) for c, n in _unserved(family, members).items())
                if total < rest * (wanted // divisor + 1 - LEAST_BREACH):
                    yield members, divisor


def _row(family: Family, members: int, divisor: int) -> tuple[dict[int, int], int]:
    """Give the amounts by column and the least sum of a row."""
    wanted = _wanted(family, members)
    rest = wanted % divisor
    union = np.bitwise_or.reduce(family.masks[:, [n for n in range(len(family.sizes)) if members >> n & 1]], axis=1)
    amounts = _rounded(np.bitwise_count(union), divisor, rest)
    row = {int(c): int(v) for c, v in zip(family.columns, amounts, strict=True) if v}
    row.update((c, _rounded_one(n, divisor, rest)) for c, n in _unserved(family, members).items())
    return row, rest * (wanted // divisor + 1)


def _wanted(family: Family, members: int) -> int:
    return sum(size for n, size in enumerate(family.sizes) if members >> n & 1)


def _unserved(family: Family, members: int) -> dict[int, int]:
    found: dict[int, int] = {}
    for n, column in enumerate(family.unserved):
        if members >> n & 1:
            found[column] = found.get(column, 0) + 1
    return found


def _rounded(counts: NDArray[np.uint8], divisor: int, rest: int) -> NDArray[np.int64]:
    """Give what a row over counts becomes when divided and rounded, times ``rest`` (mixed-integer rounding)."""
    whole, part = np.divmod(counts.astype(np.int64), divisor)
    return whole * rest + np.minimum(part, rest)


def _rounded_one(count: int, divisor: int, rest: int) -> int:
    whole, part = divmod(count, divisor)
    return whole * rest + min(part, rest)


def _with_rows(linear: LinearModel, rows: list[tuple[dict[int, int], int]]) -> LinearModel:
    lengths = np.cumsum([len(entries) for entries, _ in rows])
    return replace(
        linear,
        row_start=np.concatenate([linear.row_start, linear.row_start[-1] + lengths]),
        columns=np.concatenate([linear.columns, *(np.fromiter(e.keys(), np.int64) for e, _ in rows)]),
        values=np.concatenate([linear.values, *(np.fromiter(e.values(), np.int64) for e, _ in rows)]),
        row_low=np.concatenate([linear.row_low, [float(low) for _, low in rows]]),
        row_high=np.concatenate([linear.row_high, np.full(len(rows), math.inf)]),
    )
