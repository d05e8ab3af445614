"""The contrastive question: why not this person then, or there, or in that session, and what it would cost."""

import contextlib
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from solver.audit import audit, refusals
from solver.bounds import Bound, Rule, Scope
from solver.case import case_of
from solver.engines.process import EnginePool
from solver.explaining.comparing import PlanChange, plan_changes, rule_differences
from solver.explaining.placing import has_skill
from solver.outcome import Outcome, Reason, RuleCost, SolveStatus
from solver.plan import Plan
from solver.problem import HalfDay, Option, Problem, RuleSetting, Seat, Session, Strength
from solver.search import solve
from solver.terms import Assigned, Present, Weighted

SPARE = 10_000
"""What the wish weighs beyond everything that a plan can cost."""

MOST_FORBIDDEN = 40
"""How many forbidden placings are told of."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: that a clinician works, or does not, in any placing that fits; what is left out is open."""

    clinician: str
    on: date | None = None
    half_day: HalfDay | None = None
    site: str = ""
    session: str = ""
    seat: str = ""
    works: bool = True


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A placing that fits what is wanted, and the rules that forbid it whatever else is planned, the first first."""

    session: str
    seat: str
    on: date
    half_day: HalfDay
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Contrast:
    """The answer to “why not”.

    Parameters
    ----------
    possible
        True with a lawful ``plan`` that does what is wanted, False when it is proven that there is none, None when
        time was up before either.
    at_most, at_least
        The change of the whole plan's cost: that of ``plan``, and what no such plan undercuts; None: not known.
    proven
        Both are the same.
    rule_costs
        The rules that pay, and those that gain, with the changes of their units and costs.
    changes
        What is held otherwise, the wanted placing included.
    forbidden
        Placings that fit and that a rule forbids outright.
    """

    wanted: Wanted
    possible: bool | None
    at_most: int | None
    at_least: int | None
    proven: bool
    rule_costs: tuple[RuleCost, ...] = ()
    changes: tuple[PlanChange, ...] = ()
    forbidden: tuple[Forbidden, ...] = ()
    plan: Plan | None = None


def why_not_instead(
    problem: Problem, plan: Plan, wanted: Wanted, *, seconds: float = 10.0, pool: EnginePool | None = None
) -> Contrast:
    """Answer why a plan does not do what is wanted: force it, solve again, and compare.

    The change of cost is measured against the plan as given, which need not be the best one: a change below zero
    says that it is not.
    """
    forbidden = tuple(islice(_forbidden(problem, wanted), MOST_FORBIDDEN)) if wanted.works else ()
    asked = _copy(problem, plan)
    terms = _terms(asked, wanted)
    if wanted.works and not terms:
        return Contrast(wanted, possible=False, at_most=None, at_least=None, proven=True, forbidden=forbidden)
    before = audit(problem, plan)
    price = max(before.cost, audit(problem, Plan()).cost) + SPARE
    case = case_of(asked)
    case.rules = (*case.rules, _Wish(wanted, terms, price))
    with contextlib.ExitStack() as stack:
        engines = pool or stack.enter_context(EnginePool())
        outcome = solve(asked, seconds=seconds, hint=plan, pool=engines)
    answer = _answer(problem, plan, wanted, outcome)
    return replace(answer, forbidden=forbidden)


class _Wish(Rule):
    """That a clinician works where wanted, or does not; so dear that only what is impossible is not heard."""

    id = "wanted"
    is_goal = True

    def __init__(self, wanted: Wanted, terms: Weighted, price: int) -> None:
        super().__init__()
        self._works, self._terms, self._price = wanted.works, terms, price

    def bounds(self, problem: Problem, scope: Scope) -> Iterator[Bound]:
        """Give the one bound."""
        del problem, scope
        low, high = (1, None) if self._works else (None, 0)
        yield Bound(("wanted",), self._terms, low=low, high=high, cost=self._price)


def _terms(problem: Problem, wanted: Wanted) -> Weighted:
    """Give what counts as hearing the wish, of all that the filters leave."""
    case = case_of(problem)
    groups = case.demand.groups
    seat = case.demand.seat_of.get((wanted.session, wanted.seat))
    found: list[Assigned] = []
    for placing in case.leaves.placings:
        group = groups[placing.post.group]
        mine = placing.clinician == wanted.clinician and (not wanted.seat or placing.post.seat == seat)
        there = not wanted.session or wanted.session in group.sessions
        if mine and there and _fits(group.first, group.first.options[placing.option], wanted):
            found.append(placing)
    if wanted.session:
        return tuple((1, placing) for placing in found)
    stints = tuple(dict.fromkeys(groups[p.post.group].stints[p.post.seat][p.option] for p in found))
    return ((1, Present(wanted.clinician, stints)),) if stints else ()


def _fits(session: Session, option: Option, wanted: Wanted) -> bool:
    there = wanted.site in ("", session.site)
    return there and wanted.on in (None, option.on) and wanted.half_day in (None, option.half_day)


def _forbidden(problem: Problem, wanted: Wanted) -> Iterator[Forbidden]:
    """Give the placings that fit and that a filter forbids; of sessions that are alike, one."""
    person = problem.clinician[wanted.clinician]
    for group in case_of(problem).demand.groups:
        session = problem.session[wanted.session] if wanted.session in group.sessions else group.first
        if wanted.session in ("", session.id):
            for seat in session.seats:
                if wanted.seat == seat.id or (not wanted.seat and (wanted.session or has_skill(person, seat))):
                    yield from _refused(problem, wanted, session, seat)


def _refused(problem: Problem, wanted: Wanted, session: Session, seat: Seat) -> Iterator[Forbidden]:
    for option in session.options:
        if _fits(session, option, wanted):
            reasons = tuple(refusals(problem, session.id, seat.id, wanted.clinician, option))
            if reasons:
                yield Forbidden(session.id, seat.id, option.on, option.half_day, reasons)


def _copy(problem: Problem, plan: Plan) -> Problem:
    """Give a problem to add a goal to; where nothing is published, names are kept as the plan has them."""
    if problem.published:
        return replace(problem)
    settings = tuple(s for s in problem.settings if s.rule != "stability")
    known = tuple(held for held in plan.held if held.session in problem.session)
    off = RuleSetting("stability", strength=Strength.OFF)
    return replace(problem, published=known, settings=(*settings, off))


def _answer(problem: Problem, plan: Plan, wanted: Wanted, outcome: Outcome) -> Contrast:
    """Compare what came of it with the plan as it was; costs are those of the problem itself, without the wish."""
    before = audit(problem, plan)
    proven = outcome.status is SolveStatus.OPTIMAL
    if any(rule.rule == _Wish.id and rule.cost for rule in outcome.rule_costs):
        impossible = False if proven else None
        return Contrast(wanted, impossible, at_most=None, at_least=None, proven=proven)
    after = audit(problem, outcome.plan)
    # Another rule may look at what is published, too; then the bound is one of another question.
    same = after.cost == outcome.cost
    at_most = after.cost - before.cost
    at_least = math.ceil(outcome.bound) - before.cost if same else None
    return Contrast(
        wanted,
        possible=True,
        at_most=at_most,
        at_least=at_least,
        proven=at_least == at_most,
        rule_costs=rule_differences(before.rule_costs, after.rule_costs),
        changes=plan_changes(problem, plan, outcome.plan),
        plan=outcome.plan,
    )
