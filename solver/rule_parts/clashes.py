"""Which stints exclude each other by rules that treat all people alike, as masks over the stints of a problem."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import timedelta

from solver.bounds import ClashRule
from solver.demand import Stint
from solver.problem import Clinician, Problem


class Clashes:
    """Asks a rule once about each pair of stints that some person could hold."""

    def __init__(self, stints: Sequence[Stint]) -> None:
        self._stints = sorted(stints, key=lambda s: (s.start_at, s.index))
        self._starts = [stint.start_at for stint in self._stints]
        self._number = {stint: n for n, stint in enumerate(self._stints)}

    def begin(self, rule: ClashRule, problem: Problem) -> None:
        """Ask about another rule from here on."""
        self._rule, self._problem = rule, problem
        reach = rule.reach(problem)
        self._near = [self._after(n, reach) for n in range(len(self._stints))]
        self._asked = [0] * len(self._stints)
        self._clashing = [0] * len(self._stints)

    def _after(self, number: int, reach: timedelta) -> int:
        """Give the stints that come later and start within reach of the end of one."""
        last = bisect_left(self._starts, self._stints[number].end_at + reach)
        return max(0, (1 << last) - (1 << number + 1))

    def among(self, person: Clinician, stints: Sequence[Stint]) -> Iterator[tuple[Stint, Stint]]:
        """Give the clashing pairs of some stints, given in order of start."""
        numbers = [self._number[stint] for stint in stints]
        mine = 0
        for number in numbers:
            mine |= 1 << number
        for number, first in zip(numbers, stints, strict=True):
            near = mine & self._near[number]
            left = near & ~self._asked[number]
            if left:
                self._ask(person, number, left)
            clashing = near & self._clashing[number]
            while clashing:
                lowest = clashing & -clashing
                yield first, self._stints[lowest.bit_length() - 1]
                clashing ^= lowest

    def _ask(self, person: Clinician, number: int, left: int) -> None:
        self._asked[number] |= left
        first = self._stints[number]
        while left:
            lowest = left & -left
            if self._rule.clash(self._problem, person, first, self._stints[lowest.bit_length() - 1]):
                self._clashing[number] |= lowest
            left ^= lowest
