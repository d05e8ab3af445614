"""Prices that share a burden evenly: each further piece costs the more, the further its bearer is ahead.

The height of a person is the number of pieces carried so far, divided by the full-time share.  With the member of
a team who has carried the least as the start, every piece costs one unit for each whole piece, beyond the first,
by which it takes its bearer above the start.  These prices rise evenly, so that the cheapest split of any number
of pieces is the most even one; and they say so to a solver without any search.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from solver.bounds import Bound, Rule, Scope
from solver.demand import Stint
from solver.problem import Clinician, FixedDuty, PastWeek, Problem
from solver.rule_parts.once import once
from solver.terms import Present, Weighted

LEAST_SHARE = 0.1
"""Nobody's share counts for less, so that a recorded zero does not decide a plan."""

Team = tuple[str, str]
"""Home organisation and specialty."""


class Burden(NamedTuple):
    """What one member of a team has carried, and the terms that count what is planned."""

    person: Clinician
    past: int
    terms: Weighted


class FairRule(Rule, ABC):
    """A goal that pieces of a burden, such as nights, are shared evenly within teams, history included.

    A team is everyone of one organisation and specialty whom the filters leave a piece.  Subclasses say what a
    piece is; several stints may belong to one piece, which is named by a date.
    """

    @abstractmethod
    def piece(self, problem: Problem, person: Clinician, stint: Stint) -> date | None:
        """Give the piece that a stint belongs to; None: it is no burden."""

    @abstractmethod
    def piece_of_duty(self, problem: Problem, person: Clinician, duty: FixedDuty) -> date | None:
        """Give the piece that a fixed duty belongs to."""

    @abstractmethod
    def pieces_of_week(self, week: PastWeek) -> int:
        """Give the pieces carried in an earlier week."""

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give for each member of a team one bound for each number of pieces at which the price rises."""
        name = f"teams {self.id} {self.applies_to} {sorted(self.params.items())}"
        teams = once(problem, name, lambda p: self._teams(p, scope.leaves()))
        past = self._past(problem) if teams else {}
        for team, people in teams.items():
            burdens = [self._burden(problem, scope, person, past.get(person.id, 0)) for person in people]
            yield from fair_bounds(team, burdens, self.weight, self.number("most_units"))

    def _teams(self, problem: Problem, leaves: Scope) -> dict[Team, list[Clinician]]:
        found: dict[Team, list[Clinician]] = {}
        for person in problem.clinicians:
            if self.applies_to.person(problem, person):
                stints = (*leaves.stints.get(person.id, ()), *leaves.watches.get(person.id, ()))
                if any(self.piece(problem, person, stint) for stint in stints):
                    for specialty in sorted(person.specialties):
                        found.setdefault((problem.organisation_of(person.id), specialty), []).append(person)
        return {team: people for team, people in found.items() if len(people) > 1}

    def _past(self, problem: Problem) -> dict[str, int]:
        since = problem.first_on - timedelta(weeks=self.number("past_weeks"))
        found: dict[str, int] = {}
        for week in problem.past_weeks:
            if week.first_on >= since:
                found[week.clinician] = found.get(week.clinician, 0) + self.pieces_of_week(week)
        return found

    def _burden(self, problem: Problem, scope: Scope, person: Clinician, past: int) -> Burden:
        taken = {
            self.piece_of_duty(problem, person, duty)
            for duty in scope.demand.duties.get(person.id, ())
            if problem.first_on <= duty.on <= problem.days[-1]
        }
        taken.discard(None)
        found: dict[date, list[Stint]] = {}
        for stint in (*scope.stints.get(person.id, ()), *scope.watches.get(person.id, ())):
            piece = self.piece(problem, person, stint)
            if piece is not None and piece not in taken:
                found.setdefault(piece, []).append(stint)
        terms = tuple((1, Present(person.id, tuple(found[piece]))) for piece in sorted(found))
        return Burden(person, past + len(taken), terms)


def fair_bounds(team: tuple[str, ...], burdens: Sequence[Burden], weight: int, most: int) -> Iterator[Bound]:
    """Give for each member of a team one bound for each number of pieces at which the price rises.

    Parameters
    ----------
    burdens
        One for each member, whether or not anything is planned for them.
    weight
        Price of one unit.
    most
        Units that one piece costs at most.
    """
    start = min(_height(burden.person, burden.past) for burden in burdens)
    for person, past, terms in burdens:
        prices = [0, *(_units(person, past + n, start, most) for n in range(1, len(terms) + 1))]
        for count, (lower, higher) in enumerate(pairwise(prices)):
            if higher > lower:
                yield Bound((person.id, team, count), terms, high=count, cost=weight * (higher - lower))


def _units(person: Clinician, pieces: int, start: float, most: int) -> int:
    """Give the units that the latest of a member's pieces costs."""
    ahead = math.ceil(_height(person, pieces) - start - 1e-9) - 1
    return min(max(ahead, 0), most)


def _height(person: Clinician, pieces: int) -> float:
    return pieces / max(LEAST_SHARE, person.share)
