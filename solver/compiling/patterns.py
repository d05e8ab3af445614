"""Day patterns: what one clinician may do on one day, as sets of stints that break no blocking rule.

A pattern is a bit mask over the stints of its day.  Bounds whose terms lie within one clinician's day are kept
here: blocking ones decide which patterns exist, the others put a price on each.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.bounds import Bound
from solver.demand import Stint
from solver.terms import Present, Works

MOST_PATTERNS = 4000
"""A day with more of them is not listed: each of its stints has a column of its own."""


class Part(NamedTuple):
    """One term within a day: an amount for each stint of the mask, or once for any of them."""

    amount: int
    mask: int
    once: bool

    def value(self, pattern: int) -> int:
        """Give the value on a pattern."""
        met = pattern & self.mask
        return self.amount * (min(met, 1) if self.once else met.bit_count())


class DayBound(NamedTuple):
    """A bound within one day."""

    parts: tuple[Part, ...]
    low: int | None
    high: int | None

    def units(self, pattern: int) -> int:
        """Give how far a pattern lies beyond the limits."""
        return self.beyond(sum(part.value(pattern) for part in self.parts))

    def beyond(self, value: int) -> int:
        """Give how far a value lies beyond the limits."""
        below = self.low - value if self.low is not None else 0
        above = value - self.high if self.high is not None else 0
        return max(below, above, 0)

    def all_beyond(self, values: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give how far each of several values lies beyond the limits."""
        beyond = np.zeros(len(values), dtype=np.int64)
        if self.low is not None:
            np.maximum(beyond, self.low - values, out=beyond)
        if self.high is not None:
            np.maximum(beyond, values - self.high, out=beyond)
        return beyond


@dataclass(slots=True, eq=False)
class DayCell:
    """One clinician's day: its stints, its bounds, and the patterns that remain.

    Attributes
    ----------
    clashes
        By stint, the mask of stints it excludes.
    patterns
        Without the free day, in a fixed order.
    wide
        True for a day with too many patterns to list: then each pattern is a single stint, several may be chosen,
        and clashes, limits and prices are rows.
    first_column
        Column of the first pattern; the others follow.
    """

    clinician: str
    on: date
    stints: tuple[Stint, ...]
    bit: dict[Stint, int] = field(init=False)
    clashes: list[int] = field(init=False)
    limits: list[DayBound] = field(default_factory=list)
    prices: list[tuple[DayBound, int]] = field(default_factory=list)
    patterns: tuple[int, ...] = ()
    wide: bool = False
    first_column: int = 0
    _meeting: dict[int, tuple[tuple[int, int], ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.bit = {stint: 1 << i for i, stint in enumerate(self.stints)}
        self.clashes = [0] * len(self.stints)

    def mask(self, stints: Iterable[Stint]) -> int:
        """Give the mask of these stints, those of other days left out."""
        return sum(self.bit.get(stint, 0) for stint in stints)

    def local(self, bound: Bound) -> DayBound:
        """Give a bound in terms of this day's masks."""
        parts = tuple(
            Part(amount, self.mask(term.stints), isinstance(term, Present))
            for amount, term in bound.terms
            if isinstance(term, Works | Present)
        )
        return DayBound(parts, bound.low, bound.high)

    def exclude(self, one: Stint, other: Stint) -> None:
        """Take in that two stints exclude each other."""
        mine, others = self.bit[one], self.bit[other]
        self.clashes[mine.bit_length() - 1] |= others
        self.clashes[others.bit_length() - 1] |= mine

    def forbid(self, bound: Bound) -> bool:
        """Take in a blocking bound; False when not even the free day keeps it."""
        local = self.local(bound)
        if local.units(0):
            return False
        pair = _pair(local)
        if pair is None:
            if local.units((1 << len(self.stints)) - 1) or any(part.amount < 0 for part in local.parts):
                self.limits.append(local)
        else:
            one, other = (mask.bit_length() - 1 for mask in pair)
            self.clashes[one] |= pair[1]
            self.clashes[other] |= pair[0]
        return True

    def price(self, pattern: int) -> int:
        """Give the price of a pattern by the bounds that do not block."""
        return sum(cost * bound.units(pattern) for bound, cost in self.prices)

    def meeting(self, mask: int) -> list[int]:
        """Give the columns of the patterns that hold any stint of a mask."""
        first = self.first_column
        return [first + i for i, _ in self._met(mask)]

    def counts(self, mask: int) -> dict[int, int]:
        """Give by column how many stints of a mask its pattern holds, where any."""
        first = self.first_column
        return {first + i: count for i, count in self._met(mask)}

    def share(self, known: dict[int, tuple[tuple[int, int], ...]]) -> None:
        """Keep what is found about patterns where other days with the same patterns find it."""
        self._meeting = known

    def _met(self, mask: int) -> tuple[tuple[int, int], ...]:
        found = self._meeting.get(mask)
        if found is None:
            found = tuple((i, (p & mask).bit_count()) for i, p in enumerate(self.patterns) if p & mask)
            self._meeting[mask] = found
        return found

    def columns(self) -> Iterator[tuple[int, int]]:
        """Give the patterns with their columns."""
        return ((pattern, self.first_column + i) for i, pattern in enumerate(self.patterns))


def list_patterns(cells: Sequence[DayCell], most: int = MOST_PATTERNS) -> None:
    """Fill in the patterns of all days; days with the same bounds share the work, and some are found wide."""
    known: dict[object, tuple[int, ...] | None] = {}
    shared: dict[tuple[int, ...], dict[int, tuple[tuple[int, int], ...]]] = {}
    for cell in cells:
        limits = tuple(dict.fromkeys(cell.limits))
        key = (tuple(cell.clashes), limits)
        if key not in known:
            known[key] = _patterns(cell.clashes, limits, most)
        found = known[key]
        cell.wide = found is None
        cell.patterns = tuple(cell.bit.values()) if found is None else found
        cell.share(shared.setdefault(cell.patterns, {}))


def _patterns(clashes: list[int], limits: tuple[DayBound, ...], most: int) -> tuple[int, ...] | None:
    """Give every set of stints that keeps the bounds, but the empty one, smaller last stints first.

    None when too many sets are reached on the way.
    """
    growing = [b for b in limits if b.low is None and b.high is not None and all(p.amount >= 0 for p in b.parts)]
    others = [b for b in limits if b not in growing]
    reached = [0]
    for i, excluded in enumerate(clashes):
        more = []
        for pattern in reached:
            larger = pattern | 1 << i
            if not pattern & excluded and not any(b.units(larger) for b in growing):
                more.append(larger)
        reached.extend(more)
        if len(reached) > most:
            return None
    return tuple(pattern for pattern in reached if pattern and not any(bound.units(pattern) for bound in others))


Bits = NDArray[np.bool_]
"""Patterns x stints: which stints each pattern holds."""


def bits_of(patterns: Sequence[int]) -> Bits:
    """Give patterns as a table of their stints."""
    size = max((pattern.bit_length() for pattern in patterns), default=0) // 8 + 1
    packed = np.frombuffer(b"".join(pattern.to_bytes(size, "little") for pattern in patterns), np.uint8)
    return np.unpackbits(packed.reshape(-1, size), axis=1, bitorder="little").astype(bool)


def values_of(parts: Iterable[Part], bits: Bits) -> NDArray[np.int64]:
    """Give the sum of some parts on each pattern."""
    values = np.zeros(len(bits), dtype=np.int64)
    for part in parts:
        met = bits[:, [i for i in range(bits.shape[1]) if part.mask >> i & 1]]
        values += part.amount * (met.any(axis=1) if part.once else met.sum(axis=1))
    return values


def cliques(clashes: Sequence[int]) -> Iterator[int]:
    """Give sets of stints that exclude each other, so that every clashing pair lies in one of them."""
    left = list(clashes)
    for i in range(len(clashes)):
        while left[i]:
            clique, common = 1 << i, clashes[i]
            for wanted in (left[i], common):
                for j in range(len(clashes)):
                    if wanted >> j & 1 and common >> j & 1:
                        clique |= 1 << j
                        common &= clashes[j]
            for j in range(len(clashes)):
                if clique >> j & 1:
                    left[j] &= ~clique
            yield clique


def _pair(bound: DayBound) -> tuple[int, int] | None:
    """Give the two stints of a bound that they exclude each other, or None when it says something else."""
    if bound.low is not None or bound.high != 1 or len(bound.parts) != 2:
        return None
    one, other = bound.parts
    single = one.mask.bit_count() == other.mask.bit_count() == 1
    return (one.mask, other.mask) if single and one.amount == other.amount == 1 and one.mask != other.mask else None
