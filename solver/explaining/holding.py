"""Whether a session can be held beside those that are: asked in ever larger parts of a problem.

A part holds some of the sessions.  When they cannot all be held, neither can all sessions; when they can, and the
rest of the plan goes with that, the answer is found; else the sessions that clash join the part.
"""

import time
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from solver.audit import audit
from solver.case import case_of
from solver.engines.process import EngineEvent, EnginePool
from solver.explaining.placing import candidates, free_team, held_at
from solver.linear import LinearStatus
from solver.model import CompiledModel, compile_model
from solver.outcome import Audit
from solver.plan import Plan
from solver.problem import MOST_WEIGHT, Problem, RuleSetting, Session, Strength
from solver.rooms import RoomsLacking, name_rooms
from solver.rules import RULES
from solver.terms import AnyOf, Assigned, Flawed, HeldAt, InRoom, Present, Term, Works

KEPT_GOALS = {"coverage": None, "stability": 1}
"""Goals that count while a part is solved, and their weights."""

SMALL_ROUNDS = 3
"""How often a part grows by the days of a clash alone, before it takes in all that the people in it do."""

IMPROVE_SECONDS = 0.5
"""How long a plan of a part may be brought nearer to the present one."""

LEAST_SECONDS = 0.1
"""What an engine is given at least."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A lawful plan that holds what was asked for; without one, whether it is proven that there is none."""

    plan: Plan | None
    proven: bool


def worth(problem: Problem, session: Session) -> int:
    """Give what it costs not to hold a session."""
    if session.unheld_cost is not None:
        return session.unheld_cost
    rule = next((rule for rule in case_of(problem).rules if rule.id == "coverage"), None)
    if rule is None:
        return 0
    return rule.weight * session.priority if session.priority else rule.number("optional_weight")


def to_keep(problem: Problem, plan: Plan, session: str) -> frozenset[str]:
    """Give the held sessions that are worth as much as this one, or more."""
    least = worth(problem, problem.session[session])
    held = (problem.session[h.session] for h in plan.held if h.session in problem.session)
    return frozenset(one.id for one in held if worth(problem, one) >= least)


def hold(
    problem: Problem, plan: Plan, session: str, keep: Collection[str], *, pool: EnginePool, until: float
) -> Holding:
    """Hold a session and keep others, with as few changes to a plan as a look at the clashes finds.

    Parameters
    ----------
    keep
        Sessions that must stay held.
    until
        Reading of the monotonic clock at which the search ends without an answer.
    """
    simple = _added(problem, plan, session)
    if simple is not None:
        return Holding(simple, proven=True)
    return _Parts(problem, plan, frozenset({session, *keep}), pool, until).search(session)


def neighbourhood(problem: Problem, plan: Plan, session: Session) -> Problem:
    """Give the problem of a session, of all that its possible team does, and of what is near it in place and time."""
    people = {who.id for seat in session.seats for who in candidates(problem, session, seat)}
    days = {option.on + timedelta(days=n) for option in session.options for n in (-1, 0, 1)}
    kept = {held.session for who in people for held, _ in plan.by_clinician.get(who, ())}
    for held in plan.held:
        known = problem.session.get(held.session)
        if known is not None and known.site == session.site and held.on in days:
            kept.add(held.session)
    return only(problem, {session.id, *kept})


def only(problem: Problem, sessions: Collection[str]) -> Problem:
    """Give the problem of some of the sessions."""
    return replace(
        problem,
        sessions=tuple(one for one in problem.sessions if one.id in sessions),
        pins=tuple(pin for pin in problem.pins if pin.session in sessions),
        published=tuple(held for held in problem.published if held.session in sessions),
    )


def _can_be_split(problem: Problem) -> bool:
    """Tell whether leaving sessions out never makes these sessions harder to hold.

    That is so when every blocking bound limits from above what more work can only raise.
    """
    case = case_of(problem)
    for rule in case.blocking:
        for bound in rule.bounds(problem, case.leaves):
            if bound.cost is None and not bound.advice:
                rising = all(amount >= 0 and _rises(term) for amount, term in bound.terms)
                if not rising or (bound.low is not None and bound.low > 0):
                    return False
    return True


def _rises(term: Term) -> bool:
    if isinstance(term, AnyOf):
        return all(_rises(inner) for inner in term.terms)
    return isinstance(term, Works | Present | Assigned | HeldAt | InRoom | Flawed)


def _added(problem: Problem, plan: Plan, name: str) -> Plan | None:
    """Give the cheapest plan in which only this session is added; None when no half-day is free for it."""
    session = problem.session[name]
    near = neighbourhood(problem, plan, session)
    around = Plan(tuple(held for held in plan.held if held.session in near.session))
    found: list[tuple[int, int, Plan]] = []
    for option in session.options:
        team = free_team(near, around, session, option)
        if team is not None:
            longer, lacking = _with_rooms(problem, plan.with_held(held_at(session, option, team)))
            judged = audit(problem, longer)
            if judged.lawful and not lacking:
                found.append((judged.cost, len(found), longer))
    return min(found)[2] if found else None


def _with_rooms(problem: Problem, plan: Plan) -> tuple[Plan, tuple[str, ...]]:
    """Give the plan with rooms named, and the sessions for which there is none."""
    try:
        return name_rooms(problem, plan), ()
    except RoomsLacking as found:
        return found.plan, found.sessions


class _Parts:
    """The search through ever larger parts."""

    def __init__(self, problem: Problem, plan: Plan, musts: frozenset[str], pool: EnginePool, until: float) -> None:
        self._problem, self._plan, self._musts = problem, plan, musts
        self._pool, self._until = pool, until
        self._settings = _bare(problem)
        self._rounds = 0

    def search(self, session: str) -> Holding:
        """Give a plan that holds all that must be, or the proof that there is none."""
        part = self._around(session)
        while time.monotonic() < self._until:
            compiled = compile_model(self._part(part))
            found = self._solved(compiled, part)
            if found is None:
                if not self._refuted(compiled, part):
                    break
                if self._is_whole(part) or _can_be_split(compiled.case.problem):
                    return Holding(None, proven=True)
                part = self._whole()
                continue
            rest = tuple(held for held in self._plan.held if held.session not in part)
            merged, lacking = _with_rooms(self._problem, Plan((*rest, *found.held)))
            self._rounds += 1
            judged = audit(self._problem, merged)
            if judged.lawful and not lacking:
                return Holding(merged, proven=True)
            larger = part | self._clashing(judged, merged, lacking)
            if larger == part:
                if self._is_whole(part):
                    break
                larger = self._whole()
            part = larger
        return Holding(None, proven=False)

    def _around(self, session: str) -> frozenset[str]:
        """Give the session and what its possible team does on the days on which it could be held."""
        own = only(self._problem, {session})
        people = {who for who, *_ in case_of(own).leaves.placings}
        days = {option.on for option in self._problem.session[session].options}
        theirs = {h.session for who in people for h, _ in self._plan.by_clinician.get(who, ()) if h.on in days}
        return frozenset({session, *theirs} & set(self._problem.session))

    def _whole(self) -> frozenset[str]:
        return frozenset(self._problem.session)

    def _is_whole(self, part: frozenset[str]) -> bool:
        return len(part) == len(self._problem.sessions)

    def _part(self, part: frozenset[str]) -> Problem:
        """Give the problem of these sessions alone, with what the plan holds as published and hardly any goals."""
        part_only = only(self._problem, part)
        sessions = tuple(replace(s, unheld_cost=self._price(s)) for s in part_only.sessions)
        published = tuple(held for held in self._plan.held if held.session in part)
        return replace(part_only, sessions=sessions, published=published, settings=self._settings)

    def _price(self, session: Session) -> int:
        return MOST_WEIGHT if session.id in self._musts else MOST_WEIGHT // 1000

    def _solved(self, compiled: CompiledModel, part: frozenset[str]) -> Plan | None:
        watch = _Watch()
        answer = self._pool.engine("highs").solve(
            compiled.linear, seconds=self._seconds(), on_event=watch.note, should_stop=watch.is_enough
        )
        if answer.x is None:
            return None
        plan = compiled.decode(answer.x)
        return plan if self._musts & part <= set(plan.by_session) else None

    def _refuted(self, compiled: CompiledModel, part: frozenset[str]) -> bool:
        """Tell whether it is proven that a part cannot hold all it must, whatever that costs."""
        linear = compiled.linear
        cost = np.zeros_like(linear.cost)
        for group, column in zip(compiled.case.demand.groups, compiled.layout.unserved, strict=True):
            # What must be held has a worth of its own, so that groups are of one kind.
            cost[column] = int(group.sessions[0] in self._musts)
        pure = replace(linear, cost=cost, offset=0)
        answer = self._pool.engine("highs").solve(pure, seconds=self._seconds())
        return answer.status is LinearStatus.OPTIMAL and answer.cost is not None and answer.cost > 0

    def _seconds(self) -> float:
        return max(LEAST_SECONDS, self._until - time.monotonic())

    def _clashing(self, judged: Audit, merged: Plan, lacking: tuple[str, ...]) -> frozenset[str]:
        """Give the sessions that break blocking rules, with those in which their people or rooms are needed."""
        broken = {s for b in judged.breaches if b.strength is Strength.BLOCK for s in b.sessions}
        people = {who for b in judged.breaches if b.strength is Strength.BLOCK for who in b.clinicians}
        days = {merged.by_session[name].on for name in broken if name in merged.by_session}
        mine = (held for who in people for held, _ in merged.by_clinician.get(who, ()))
        theirs = {held.session for held in mine if self._rounds > SMALL_ROUNDS or held.on in days}
        for name in lacking:
            near = merged.by_day.get(merged.by_session[name].on, ())
            broken |= {held.session for held in near if self._same_place(name, held.session)}
        return frozenset((broken | theirs) & set(self._problem.session))

    def _same_place(self, one: str, other: str) -> bool:
        first, second = self._problem.session[one], self._problem.session[other]
        return (first.site, first.room_kind) == (second.site, second.room_kind)


class _Watch:
    """Ends the solve of a part as soon as it is clear whether all that must be held can be."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._cost, self._bound = float(MOST_WEIGHT), 0.0

    def note(self, event: EngineEvent) -> None:
        """Take in what the engine reports."""
        self._cost = self._cost if event.cost is None else min(self._cost, event.cost)
        self._bound = self._bound if event.bound is None else max(self._bound, event.bound)

    def is_enough(self) -> bool:
        """Tell whether a plan is there and has been improved for a while, or the bound speaks against any."""
        late = time.monotonic() - self._began > IMPROVE_SECONDS
        return self._bound >= MOST_WEIGHT or (late and self._cost < MOST_WEIGHT)


def _bare(problem: Problem) -> tuple[RuleSetting, ...]:
    """Give the settings of a problem with the goals switched off that do not count here."""
    blocking = {rule.id for rule in case_of(problem).blocking}
    own = {s.rule: s for s in problem.settings if s.applies_to is None}
    found = [s for s in problem.settings if s.applies_to is not None and not _is_soft(s)]
    for rule in RULES:
        present = own.get(rule.id, RuleSetting(rule.id))
        if rule.id in KEPT_GOALS:
            present = RuleSetting(rule.id, weight=KEPT_GOALS[rule.id])
        elif rule.id not in blocking:
            present = RuleSetting(rule.id, strength=Strength.OFF)
        found.append(present)
    return tuple(found)


def _is_soft(setting: RuleSetting) -> bool:
    return any(rule.id == setting.rule and rule.is_goal for rule in RULES)
