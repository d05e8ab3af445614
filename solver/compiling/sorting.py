"""Where each bound goes in a model: into one day's patterns, into a price, between two days, or into a row."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from solver.bounds import Bound, ClashRule, Rule, clash_bound
from solver.case import Case
from solver.compiling.patterns import DayCell
from solver.demand import Stint
from solver.problem import Strength
from solver.rule_parts.clashes import Clashes
from solver.terms import AnyOf, Assigned, Changes, EndsAt, Present, Term, Works, label_of

CellKey = tuple[str, date | Stint]
"""A clinician and a day, or a clinician and a stint of cover."""


class Where(NamedTuple):
    """The day of stints that all occupy the person on one day, and what of them is cover."""

    on: date | None
    cover: tuple[Stint, ...]


@dataclass(slots=True, eq=False)
class Sorted:
    """Bounds by where they go; those within one day have gone into its cell.

    Attributes
    ----------
    prices
        Of placings, gathered from bounds and filters that do not block.
    named
        Placings that a row names, so that their people need columns of their own.
    cover_cells
        Cover that some bound speaks of, in the order met.
    pairs
        Blocking bounds between two cells.
    rows
        Bounds with the price of a unit, None for blocking ones.
    impossible
        Blocking bounds that not even the empty plan keeps.
    """

    prices: dict[Assigned, int] = field(default_factory=dict)
    named: set[Assigned] = field(default_factory=set)
    cover_cells: dict[tuple[str, Stint], None] = field(default_factory=dict)
    pairs: dict[tuple[CellKey, CellKey], list[Bound]] = field(default_factory=dict)
    rows: list[tuple[Bound, int | None]] = field(default_factory=list)
    impossible: list[tuple[Rule, Bound]] = field(default_factory=list)
    offset: int = 0
    _known: dict[tuple[Stint, ...], Where] = field(default_factory=dict)

    def where(self, stints: tuple[Stint, ...]) -> Where:
        """Give where some stints lie."""
        found = self._known.get(stints)
        if found is None:
            cover = tuple(stint for stint in stints if not stint.exclusive)
            days = {stint.on for stint in stints}
            on = days.pop() if len(days) == 1 and not cover else None
            found = self._known[stints] = Where(on, cover)
        return found


def sort_bounds(case: Case, cells: dict[tuple[str, date], DayCell]) -> Sorted:
    """Give the bounds of all rules by where they go."""
    found = Sorted()
    clashes = Clashes(case.demand.stints)
    _price_refusals(case, found)
    for rule in case.rules:
        usual = rule.price()
        if isinstance(rule, ClashRule) and not rule.personal and usual is None:
            _clashes(case, cells, found, (rule, clashes))
            bounds = rule.alone(case.problem, case.leaves)
        else:
            bounds = rule.bounds(case.problem, case.leaves)
        for bound in bounds:
            price = usual if bound.cost is None and not bound.advice else rule.price(bound)
            if price is None or price:
                _sort(case, cells, found, (rule, _plain(bound), price))
    return found


def _clashes(
    case: Case, cells: dict[tuple[str, date], DayCell], found: Sorted, given: tuple[ClashRule, Clashes]
) -> None:
    """Take in the clashes of a rule that treats all alike, each pair of stints asked about once."""
    rule, clashes = given
    clashes.begin(rule, case.problem)
    for who, stints in case.leaves.stints.items():
        person = case.problem.clinician[who]
        if not rule.applies_to.person(case.problem, person):
            continue
        for first, later in clashes.among(person, stints):
            if first.on == later.on:
                cells[who, first.on].exclude(first, later)
            else:
                pair = ((who, first.on), (who, later.on))
                found.pairs.setdefault(pair, []).append(clash_bound(who, first, later))


def _plain(bound: Bound) -> Bound:
    """Write "any of one person's stints" as presence at them."""
    if not any(isinstance(term, AnyOf) for _, term in bound.terms):
        return bound
    return replace(bound, terms=tuple((amount, _presence(term)) for amount, term in bound.terms))


def _presence(term: Term) -> Term:
    if not isinstance(term, AnyOf):
        return term
    inner = [part for part in elements(term) if isinstance(part, Works | Present)]
    people = {part.clinician for part in inner}
    if len(people) != 1 or len(inner) < len(list(elements(term))):
        return term
    return Present(people.pop(), tuple(dict.fromkeys(stint for part in inner for stint in part.stints)))


def elements(term: Term) -> Iterator[Term]:
    """Give the simple terms that a term is made of, or itself."""
    match term:
        case AnyOf():
            for inner in term.terms:
                yield from elements(inner)
        case Changes() | EndsAt():
            yield Works(term.clinician, tuple(label_of(term.labels)))
        case _:
            yield term


def _price_refusals(case: Case, found: Sorted) -> None:
    """Price placings that a filter only warns of."""
    for rule, placing in case.refused(rule for rule in case.filters if rule.strength is Strength.WARN):
        price = rule.price() or 0
        if price and not case.is_history(case.ask(*placing)):
            found.prices[placing] = found.prices.get(placing, 0) + price


def _sort(
    case: Case, cells: dict[tuple[str, date], DayCell], found: Sorted, given: tuple[Rule, Bound, int | None]
) -> None:
    rule, bound, price = given
    if not bound.terms:
        _constant(found, rule, bound, price)
    elif _never_exceeded(case, bound) or _folded(case, found, bound, price):
        return
    else:
        keys = _cells_of(found, bound)
        if keys is not None and len(keys) == 1 and isinstance(keys[0][1], date):
            cell = cells.get((keys[0][0], keys[0][1]))
            if cell is None:
                _constant(found, rule, bound, price)
            else:
                _within_day(found, cell, given)
        elif keys is not None and len(keys) == 2 and price is None and _grows(bound):
            found.pairs.setdefault((keys[0], keys[1]), []).append(bound)
            if isinstance(keys[0][1], Stint) or isinstance(keys[1][1], Stint):
                _speaks_of_cover(found, bound)
        else:
            found.rows.append((bound, price))
            _speaks_of_cover(found, bound)


def _grows(bound: Bound) -> bool:
    """Tell whether more work can only break the bound, so that what breaks it alone is forbidden altogether."""
    return bound.low is None and all(amount > 0 for amount, _ in bound.terms)


def _constant(found: Sorted, rule: Rule, bound: Bound, price: int | None) -> None:
    if price is not None:
        found.offset += price * bound.units(0)
    elif bound.units(0):
        found.impossible.append((rule, bound))


def _within_day(found: Sorted, cell: DayCell, given: tuple[Rule, Bound, int | None]) -> None:
    rule, bound, price = given
    if price is not None:
        cell.prices.append((cell.local(bound), price))
    elif not cell.forbid(bound):
        found.impossible.append((rule, bound))


def _never_exceeded(case: Case, bound: Bound) -> bool:
    """Tell whether presence at one exclusive stint, which nobody fills twice, keeps the bound by itself."""
    if bound.low is not None or bound.high is None or bound.high < 0:
        return False
    only: tuple[str, Stint] | None = None
    present = 0
    posts: dict[Assigned, int] = {}
    for amount, term in bound.terms:
        if isinstance(term, Assigned):
            stint = _stint_of(case, term)
        elif isinstance(term, Works | Present) and len(term.stints) == 1:
            stint = term.stints[0]
        else:
            return False
        if not stint.exclusive or only not in (None, (term.clinician, stint)):
            return False
        only = term.clinician, stint
        if isinstance(term, Assigned):
            posts[term] = posts.get(term, 0) + amount
        else:
            present += amount
    # Whoever is there fills one post: all that counts presence counts, and of the posts the dearest at most.
    return present + max((0, *posts.values())) <= bound.high


def _folded(case: Case, found: Sorted, bound: Bound, price: int | None) -> bool:
    """Turn a soft bound on one placing into a price, where its units follow the count in a straight line."""
    if price is None or len(bound.terms) != 1:
        return False
    amount, term = bound.terms[0]
    if not isinstance(term, Assigned) or amount <= 0:
        return False
    most = 1 if _stint_of(case, term).exclusive else case.demand.groups[term.post.group].size
    if bound.high is None and bound.low is not None and bound.low >= amount * most:
        found.offset += price * bound.low
        found.prices[term] = found.prices.get(term, 0) - price * amount
        return True
    if bound.low is None and bound.high is not None and bound.high <= 0:
        found.offset -= price * bound.high
        found.prices[term] = found.prices.get(term, 0) + price * amount
        return True
    return False


def _stint_of(case: Case, term: Assigned) -> Stint:
    return case.demand.groups[term.post.group].stints[term.post.seat][term.option]


def _cells_of(found: Sorted, bound: Bound) -> list[CellKey] | None:
    """Give the cells of a bound each of whose terms lies within one; None for others."""
    keys: dict[CellKey, None] = {}
    for _, term in bound.terms:
        if not isinstance(term, Works | Present) or not term.stints:
            return None
        on = found.where(term.stints).on
        if on is not None:
            keys[term.clinician, on] = None
        elif isinstance(term, Present) and all(stint is term.stints[0] for stint in term.stints):
            keys[term.clinician, term.stints[0]] = None
        else:
            return None
    return list(keys)


def cell_keys(term: Term) -> Iterator[CellKey]:
    """Give the cells of the stints that a term counts, with repeats."""
    if isinstance(term, Works | Present):
        for stint in term.stints:
            yield term.clinician, (stint.on if stint.exclusive else stint)


def _speaks_of_cover(found: Sorted, bound: Bound) -> None:
    """Take in the cover, and the placings, that a row names."""
    for _, term in bound.terms:
        for part in (term,) if isinstance(term, Works | Present) else elements(term):
            if isinstance(part, Works | Present):
                for stint in found.where(part.stints).cover:
                    found.cover_cells[part.clinician, stint] = None
            elif isinstance(part, Assigned):
                found.named.add(part)
