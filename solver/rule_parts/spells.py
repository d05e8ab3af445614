"""Spells of work: pieces of work that follow one another without a rest between."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import chain

from solver.bounds import Bound, Rule, Scope
from solver.demand import Stint, demand_of
from solver.problem import Clinician, FixedDuty, Problem
from solver.rule_parts.working_days import Piece, in_order, is_night, working_days_of
from solver.terms import Facts, Present, Term
from solver.text import Fact, Message, say

NONE = timedelta()


def spells(works: Sequence[Piece], rest: timedelta, limit: timedelta) -> Iterator[tuple[Piece, ...]]:
    """Give the spells, in order of start, that are longer than a limit, none a part of another with the same ends.

    Between two pieces of a spell lies less than the rest.  Of pieces that only fill a spell, those are left out
    without which it still is one.
    """
    for cluster in _clusters(works, rest):
        if max(work.end_at for work in cluster) - cluster[0].start_at > limit:
            for i, first in enumerate(cluster):
                yield from _grown(cluster, (first,), i, rest, limit)


def _clusters(works: Sequence[Piece], rest: timedelta) -> Iterator[Sequence[Piece]]:
    """Give the works in pieces between which all of them leave a rest."""
    begin = 0
    for i, work in enumerate(works):
        if i == begin:
            end = work.end_at
        elif work.start_at - end >= rest:
            yield works[begin:i]
            begin, end = i, work.end_at
        else:
            end = max(end, work.end_at)
    if works:
        yield works[begin:]


def _grown(
    works: Sequence[Piece], spell: tuple[Piece, ...], at: int, rest: timedelta, limit: timedelta
) -> Iterator[tuple[Piece, ...]]:
    last = spell[-1]
    if last.end_at - spell[0].start_at > limit:
        yield spell
        return
    for j in range(at + 1, len(works)):
        later = works[j]
        gap = later.start_at - last.end_at
        if gap >= rest:
            return
        needed = len(spell) == 1 or later.start_at - spell[-2].end_at >= rest
        if gap >= NONE and needed:
            yield from _grown(works, (*spell, later), j, rest, limit)


def follow(nights: Sequence[Piece], works: Sequence[Piece], rest: timedelta) -> Iterator[tuple[Piece, Piece]]:
    """Give the nights with the work that begins too soon after; on call at home, also during the night."""
    for night in nights:
        begin = night.end_at if night.exclusive else night.start_at
        for work in works:
            if begin <= work.start_at < night.end_at + rest and work is not night:
                yield night, work


def has_nights(problem: Problem, *, on_site: bool) -> bool:
    """Tell whether anyone can have a night at all, or one that occupies the person."""
    works: Iterator[Piece] = chain(demand_of(problem).stints, problem.fixed_duties)
    return any((work.exclusive or not on_site) and is_night(problem, work) for work in works)


def works_of(problem: Problem, scope: Scope) -> Iterator[tuple[Clinician, Sequence[Piece]]]:
    """Give what occupies each clinician, fixed duties included, in order of start."""
    fixed = working_days_of(problem).duties
    for who, stints in scope.stints.items():
        duties = [duty for own in fixed.get(who, {}).values() for duty in own]
        yield problem.clinician[who], in_order((*stints, *duties)) if duties else stints


class SpellRule(Rule):
    """A rule that some pieces of one person's work may not all be done; fixed duties are."""

    def forbidden(
        self,
        problem: Problem,
        person: Clinician,
        found: Iterable[tuple[Piece, ...]],
        term: Callable[[Stint], Term | None] | None = None,
    ) -> Iterator[Bound]:
        """Give a bound for each of these sets of pieces; ``term`` tells of a stint what is meant there."""
        advice = not self.applies_to.person(problem, person)
        for pieces in found:
            stints = [piece for piece in pieces if isinstance(piece, Stint)]
            terms = [Present(person.id, (stint,)) if term is None else term(stint) for stint in stints]
            if terms and all(terms):
                kept = tuple((1, one) for one in terms if one is not None)
                yield Bound((person.id, *pieces), kept, high=len(kept) - 1, advice=advice)

    def pieces(self, bound: Bound, facts: Facts) -> list[Piece]:
        """Give the pieces of work that a bound is about."""
        del facts
        return [part for part in bound.subject if isinstance(part, Stint | FixedDuty)]

    def said(
        self, text: str, problem: Problem, bound: Bound, facts: Facts, limit: int, *, of_last: bool = False
    ) -> Message:
        """Name the person, the limit, and the day and length of the whole; or only the day of the last piece."""
        pieces = self.pieces(bound, facts)
        values: dict[str, Fact] = {"clinician": problem.clinician[str(bound.subject[0])].name, "limit": limit}
        if of_last:
            return say(text, values, date=pieces[-1].on)
        minutes = int((pieces[-1].end_at - pieces[0].start_at).total_seconds()) // 60
        return say(text, values, date=pieces[0].on, hours=minutes // 60, minutes=minutes % 60)
