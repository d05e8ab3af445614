"""A long day has a break."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from solver.bounds import Bound, Scope
from solver.demand import Stint
from solver.problem import FixedDuty, Problem, Strength
from solver.rule_parts.spells import SpellRule, spells, works_of
from solver.rule_parts.working_days import Piece
from solver.rule_parts.working_time import EMPLOYED
from solver.terms import Facts, Present
from solver.text import N_, Message

Spell = tuple[Piece, ...]


class Breaks(SpellRule):
    """After so many hours of sessions in a row, fixed duties included, there is a break.

    A single session that is longer has its breaks within.
    """

    id = "breaks"
    title = N_("A break after six hours")
    why = N_("Sessions end late more often than early: without a break between them there is none at all.")
    source = N_("Directive 2003/88/EC art. 4; Code du travail L3121-16")
    source_ids = ("WTD-BREAK",)
    strength = Strength.WARN
    applies_to = EMPLOYED
    params = {"hours": 6, "break_minutes": 20, "break_minutes_BE": 15}  # noqa: RUF012 - a mapping that is only read
    labels = {  # noqa: RUF012 - a mapping that is only read
        "hours": N_("Hours of work after which there is a break"),
        "break_minutes": N_("Shortest break, in minutes"),
    }

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give a bound for each row of sessions that is too long."""
        known: dict[object, list[list[Spell]]] = {}
        for person, works in works_of(problem, scope):
            country = problem.site[person.home_site].country
            alike = tuple(works), country
            if alike not in known:
                known[alike] = list(self._rows(works, country))
            advice = not self.applies_to.person(problem, person)
            for sets in known[alike]:
                planned = [tuple(p for p in own if isinstance(p, Stint)) for own in sets]
                terms = tuple((1, Present(person.id, own)) for own in planned if own)
                if terms:
                    subject = (person.id, *(piece for own in sets for piece in own))
                    yield Bound(subject, terms, high=len(terms) - 1, advice=advice)

    def _rows(self, works: Sequence[Piece], country: str) -> Iterator[list[Spell]]:
        pause = timedelta(minutes=self.number("break_minutes", country))
        limit = timedelta(hours=self.number("hours", country))
        short = [work for work in works if work.end_at - work.start_at <= limit]
        return _merged(spells(short, pause, limit))

    def pieces(self, bound: Bound, facts: Facts) -> list[Piece]:
        """Give the pieces of work that are done of those that a bound is about."""
        done = facts.taken.get(str(bound.subject[0]), {})
        return [part for part in super().pieces(bound, facts) if isinstance(part, FixedDuty) or part in done]

    def describe(self, problem: Problem, bound: Bound, facts: Facts) -> Message:
        """Name the person, the day, the hours and the limit."""
        country = problem.site[problem.clinician[str(bound.subject[0])].home_site].country
        return self.said(NO_BREAK, problem, bound, facts, limit=self.number("hours", country))


def _merged(spells: Iterable[Spell]) -> Iterator[list[Spell]]:
    """Give spells as rows of sets: of pieces in one set, which overlap and so exclude each other, any makes a spell."""
    lasts: dict[Spell, list[Piece]] = {}
    for spell in spells:
        lasts.setdefault(spell[:-1], []).append(spell[-1])
    firsts: dict[tuple[Spell, Spell], list[Piece]] = {}
    for start, ends in lasts.items():
        for own in _overlapping(ends):
            firsts.setdefault((start[1:], own), []).append(start[0])
    for (middle, own), starts in firsts.items():
        for first in _overlapping(starts):
            yield [first, *((piece,) for piece in middle), own]


def _overlapping(pieces: list[Piece]) -> list[Spell]:
    """Give pieces together where all of them overlap one another and none is a fixed duty, else one by one."""
    meet = max(piece.start_at for piece in pieces) < min(piece.end_at for piece in pieces)
    together = meet and all(isinstance(piece, Stint) for piece in pieces)
    return [tuple(pieces)] if together else [(piece,) for piece in pieces]


NO_BREAK = N_(
    "%(clinician)s would work for %(hours)d h %(minutes)d min on %(date)s without a break (due after %(limit)d h)."
)
