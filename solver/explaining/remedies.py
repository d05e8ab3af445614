"""What must give: the smallest sets of facts to change so that a session can be held, each tried out."""

import contextlib
import time
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from solver.audit import audit
from solver.engines.process import EnginePool
from solver.explaining.changes import ChangeKind, FactChange, applied
from solver.explaining.holding import Holding, hold, to_keep
from solver.explaining.needs import Changes, change_sets
from solver.outcome import SolveStatus
from solver.plan import Plan
from solver.problem import MOST_WEIGHT, Problem, Session
from solver.search import solve
from solver.text import Message

POLISH_SECONDS = 0.5
"""Least time for looking for the cheapest plan with a remedy."""

MOST_OF_A_KIND = 2
"""How many sets of the same kinds of changes are given, so that different ways are seen."""

GUESS_SHARE = 0.5
"""How much of the time is for guesses what must change; the rest is for trying them."""

POLISH_SESSIONS = 100
"""How many sessions a second of solving is reckoned to take, building included."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """A set of changes after which a session can be held, beside all that is held now and worth as much.

    Parameters
    ----------
    changes
        Nothing, where the session can be held as things are: the plan is not the best, or holding it costs more.
    verified
        A lawful plan with the session was found after the changes: ``plan``.
    minimal
        It is proven that no part of the changes is enough.
    cost_change
        By how much the whole plan's cost changes, at most; the least possible where ``cost_is_least``.
    """

    session: str
    changes: tuple[FactChange, ...]
    messages: tuple[Message, ...]
    verified: bool
    minimal: bool
    cost_change: int
    cost_is_least: bool
    plan: Plan


def remedies(
    problem: Problem, plan: Plan, session: str, *, seconds: float = 5.0, pool: EnginePool | None = None, most: int = 5
) -> tuple[Remedy, ...]:
    """Give the smallest sets of facts to change so that a session that is not held can be.

    Sets that could not be tried in the time are left out.

    Parameters
    ----------
    most
        How many sets to look for.

    Returns
    -------
    tuple[Remedy, ...]
        By number of changes, then by how willingly people make them.
    """
    with contextlib.ExitStack() as stack:
        engines = pool or stack.enter_context(EnginePool())
        return _Trials(problem, plan, session, engines, seconds).found(most)


class _Trials:
    """Sets of changes and what came of trying them."""

    def __init__(self, problem: Problem, plan: Plan, session: str, pool: EnginePool, seconds: float) -> None:
        self._problem, self._session, self._pool = problem, session, pool
        self._plan = plan.without([session])
        pool.engine("highs")
        self._until = time.monotonic() + seconds
        self._keep = to_keep(problem, self._plan, session)
        self._cost = audit(problem, self._plan).cost
        self._tried: dict[Changes, Holding] = {}
        self._changed: dict[Changes, Problem] = {}

    def found(self, most: int) -> tuple[Remedy, ...]:
        """Give the remedies, the cheapest plan of each looked for as long as time remains."""
        working = self._working(most)
        return tuple(self._remedy(ways, len(working) - n) for n, ways in enumerate(working))

    def _working(self, most: int) -> list[Changes]:
        if self._try(frozenset()).plan is not None:
            return [frozenset()]
        if time.monotonic() >= self._until:
            return []
        working: list[Changes] = []
        kinds: Counter[tuple[ChangeKind, ...]] = Counter()
        now = time.monotonic()
        guessed = now + GUESS_SHARE * (self._until - now)
        for ways in change_sets(self._problem, self._plan, self._problem.session[self._session], until=guessed):
            kind = tuple(change.kind for change in _ordered(ways))
            if len(working) >= most or time.monotonic() >= self._until:
                break
            if kinds[kind] < MOST_OF_A_KIND and self._is_least(ways, working) and self._try(ways).plan is not None:
                working.append(ways)
                kinds[kind] += 1
        return working

    def _is_least(self, ways: Changes, working: list[Changes]) -> bool:
        """Tell whether no part of some changes is enough; a part that is need not have been guessed by itself."""
        if any(known <= ways for known in working):
            return False
        return all(self._try(part).plan is None for part in _parts(ways))

    def _try(self, ways: Changes) -> Holding:
        if ways not in self._tried:
            changed = self._changed[ways] = applied(self._problem, _ordered(ways))
            self._tried[ways] = hold(changed, self._plan, self._session, self._keep, pool=self._pool, until=self._until)
        return self._tried[ways]

    def _remedy(self, ways: Changes, left: int) -> Remedy:
        changes = _ordered(ways)
        changed = self._changed[ways]
        plan = self._tried[ways].plan or Plan()
        plan, least = self._cheapest(changed, plan, (self._until - time.monotonic()) / left)
        return Remedy(
            session=self._session,
            changes=changes,
            messages=tuple(change.message(self._problem) for change in changes),
            verified=self._session in plan.by_session,
            minimal=all(self._try(part).proven for part in (frozenset(), *_parts(ways)) if part != ways),
            cost_change=audit(changed, plan).cost - self._cost,
            cost_is_least=least,
            plan=plan,
        )

    def _cheapest(self, changed: Problem, plan: Plan, seconds: float) -> tuple[Plan, bool]:
        """Give the cheapest plan found that keeps all that must be held, and whether none is cheaper."""
        if seconds < max(POLISH_SECONDS, len(changed.sessions) / POLISH_SESSIONS):
            return plan, False
        forced = replace(changed, sessions=tuple(_forced(changed, {self._session, *self._keep})))
        outcome = solve(forced, seconds=seconds, hint=plan, pool=self._pool)
        if not {self._session, *self._keep} <= set(outcome.plan.by_session):
            return plan, False
        better = outcome.plan if audit(changed, outcome.plan).cost <= audit(changed, plan).cost else plan
        return better, outcome.status is SolveStatus.OPTIMAL


def _forced(problem: Problem, musts: Collection[str]) -> Iterator[Session]:
    for session in problem.sessions:
        yield replace(session, unheld_cost=MOST_WEIGHT) if session.id in musts else session


def _parts(ways: Changes) -> Iterator[Changes]:
    """Give the smaller sets, single changes first, nothing left out but the empty set."""
    for size in range(1, len(ways)):
        yield from (frozenset(part) for part in combinations(_ordered(ways), size))


def _ordered(ways: Changes) -> tuple[FactChange, ...]:
    return tuple(sorted(ways, key=lambda change: (change.effort, repr(change))))
