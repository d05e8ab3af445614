"""Who passes which filters, as masks over the clinicians of a problem."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from solver.bounds import AppliesTo, Ask, Rule
from solver.problem import Problem, Seat

Candidates = tuple[str, ...]
"""Clinicians who may take a seat, in the order of the problem."""


class Reading:
    """What a filter reads of a placing, the clinician left out.

    Parameters
    ----------
    turns
        Days from which the filter's answer may be another one: of a day, how many of them went before is read.
    """

    def __init__(self, rule: Rule, turns: Iterable[date] | None = None) -> None:
        self._turns = None if turns is None else sorted(set(turns))
        self._number: dict[date, int] = {}
        self._readers = [self._turn if name == "day" else _READERS[name] for name in rule.on if name != "clinician"]

    def of(self, ask: Ask) -> object:
        """Give something that is equal where the filter reads the same."""
        if len(self._readers) == 1:
            return self._readers[0](ask)
        return tuple([reader(ask) for reader in self._readers])

    def _turn(self, ask: Ask) -> object:
        on = ask.group.first.options[ask.option_number].on
        if self._turns is None:
            return on
        number = self._number.get(on)
        if number is None:
            number = self._number[on] = bisect_right(self._turns, on)
        return number


def _seat(ask: Ask) -> object:
    seat = ask.seat
    return seat.role, seat.specialties, seat.side


_READERS: Mapping[str, Callable[[Ask], object]] = {
    "site": lambda ask: ask.group.first.site,
    "country": lambda ask: ask.site.country,
    "line": lambda ask: bool(ask.group.first.line),
    "kind": lambda ask: ask.group.first.kind,
    "agreement": lambda ask: ask.group.first.agreement,
    "seat": _seat,
    "specialties": lambda ask: ask.seat.specialties,
    "stint": lambda ask: ask.group.stints[ask.seat_number][ask.option_number].index,
    "pins": lambda ask: ask.pins,
    "placing": lambda ask: (ask.group.index, ask.seat_number, ask.option_number),
}


class Passing:
    """Who passes which filters.

    A filter is asked once for each class of people whom it cannot tell apart, and each combination of what else it
    reads.
    """

    def __init__(self, problem: Problem, regarded: Mapping[Rule, set[str]]) -> None:
        self.problem = problem
        self._bit = {person.id: 1 << n for n, person in enumerate(problem.clinicians)}
        self._names: dict[int, Candidates] = {0: ()}
        self._masks: dict[Candidates, int] = {}
        self.everyone = (1 << len(problem.clinicians)) - 1
        self._filters = {rule: _Filter(problem, rule, self._mask(regarded[rule]), self._mask) for rule in regarded}
        self._able: dict[tuple[Rule, Seat], int] = {}

    def _mask(self, names: Iterable[str]) -> int:
        mask, bit = 0, self._bit
        for name in names:
            mask |= bit[name]
        return mask

    def names(self, people: int) -> Candidates:
        """Give the ids of the clinicians of a mask, in the order of the problem."""
        if people not in self._names:
            clinicians = self.problem.clinicians
            self._names[people] = tuple(clinicians[n].id for n in _numbers(people))
        return self._names[people]

    def of(self, rules: Iterable[Rule], ask: Ask, people: int) -> int:
        """Give who of these people passes these filters at the place of a question."""
        for rule in rules:
            if not people:
                break
            own = self._filters[rule]
            regarded = own.regarded & people
            if regarded and own.concerns(ask):
                able = self._able_to(rule, ask.seat) if own.has_shortlist else self.everyone
                people &= ~regarded | own.passing(ask, regarded & able)
        return people

    def refused(self, rule: Rule, ask: Ask, names: Candidates) -> Candidates:
        """Give who of these people a filter refuses at the place of a question."""
        own = self._filters[rule]
        if not own.regarded or not own.concerns(ask):
            return ()
        if names not in self._masks:
            self._masks[names] = self._mask(names)
        people = self._masks[names] & own.regarded
        return self.names(people & ~self.of((rule,), ask, people)) if people else ()

    def _able_to(self, rule: Rule, seat: Seat) -> int:
        key = rule, seat
        if key not in self._able:
            able = rule.able(self.problem, seat)
            self._able[key] = self.everyone if able is None else self._mask(able)
        return self._able[key]


class _Filter:
    """One filter, and what it has answered."""

    def __init__(self, problem: Problem, rule: Rule, regarded: int, mask: Callable[[Iterable[str]], int]) -> None:
        self.rule = rule
        self.regarded = regarded
        self._mask = mask
        self.has_shortlist = type(rule).able is not Rule.able
        self._is_everywhere = not rule.applies_to.sites and not rule.applies_to.kinds
        self._alike = self._classes(problem) if regarded else []
        self._reading = Reading(rule, rule.turns(problem) if regarded else None)
        self._asked: dict[object, tuple[int, int]] = {}

    def _classes(self, problem: Problem) -> list[int]:
        """Give for each clinician the mask of all whom the filter cannot tell from them."""
        reads = "clinician" in self.rule.on
        everyone = [self.rule.traits(problem, person) if reads else () for person in problem.clinicians]
        masks: dict[object, int] = {}
        for n, traits in enumerate(everyone):
            masks[traits] = masks.get(traits, 0) | 1 << n
        return [masks[traits] for traits in everyone]

    def concerns(self, ask: Ask) -> bool:
        """Tell whether the filter is in force at the place of a question."""
        session = ask.group.first
        applies_to: AppliesTo = self.rule.applies_to
        return self._is_everywhere or applies_to.place(session.site, session.kind)

    def passing(self, ask: Ask, people: int) -> int:
        """Give who of these people passes."""
        key = self._reading.of(ask)
        asked, passing = self._asked.get(key) or self._first_of(ask)
        left = people & ~asked
        if left:
            while left:
                number = (left & -left).bit_length() - 1
                asked |= self._alike[number]
                person = ask.problem.clinicians[number]
                if self.rule.may(Ask(ask.problem, person, ask.group, ask.seat_number, ask.option_number)) is None:
                    passing |= self._alike[number]
                left &= ~asked
            self._asked[key] = asked, passing
        return people & passing

    def _first_of(self, ask: Ask) -> tuple[int, int]:
        """Give whose answer is known before anybody is asked at a place, and who of them passes."""
        few = self.rule.shortlist(ask)
        return (0, 0) if few is None else (~self._mask(few), 0)


def _numbers(people: int) -> Iterable[int]:
    """Give the numbers of the bits of a mask, lowest first."""
    while people:
        lowest = people & -people
        yield lowest.bit_length() - 1
        people ^= lowest
