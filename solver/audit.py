"""The judgement of any plan by the rules alone: solved, edited by hand or imported.  Never uses the solver."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from functools import cached_property

from solver.bounds import Bound, Rule, Scope
from solver.case import Case, by_clinician, case_of
from solver.demand import Post
from solver.outcome import Audit, Breach, Reason, RuleCost
from solver.plan import Plan
from solver.problem import Held, Option, Problem, Strength
from solver.resting import resting_collector
from solver.terms import Assigned, Facts, Flawed, InRoom, facts_of, people_of

NEARBY = timedelta(days=1)
"""How far from a session's day another may lie that still meets it in a room."""


def audit(problem: Problem, plan: Plan) -> Audit:
    """Give the breaches of a plan and what each rule and goal costs in it.

    Notes
    -----
    A breach of a blocking rule has units and no cost: costs compare lawful plans.
    """
    with resting_collector():
        return _audit(case_of(problem), plan)


def _audit(case: Case, plan: Plan) -> Audit:
    problem = case.problem
    facts = facts_of(problem, case.demand, plan)
    scope = _scope_of(case, facts)
    unlawful = tuple(pair for pair in _placings(facts) if pair[0] not in case.lawful)
    breaches: list[Breach] = []
    costs: dict[str, RuleCost] = {}
    for rule in case.rules:
        # A rule that is set otherwise for some people or places comes more than once.
        before = costs.get(rule.id, RuleCost(rule.id, 0, 0))
        units, cost = before.units, before.cost
        asked = unlawful if rule.strength is Strength.BLOCK else _placings(facts)
        found = [*_refused(case, asked, rule), *_exceeded(problem, scope, facts, rule)]
        for breach, price in found:
            units += breach.units
            cost += breach.units * price
            if not rule.is_goal:
                breaches.append(breach)
        costs[rule.id] = RuleCost(rule.id, units, cost)
    return Audit(sum(c.cost for c in costs.values()), tuple(costs.values()), tuple(breaches))


def refusals(
    problem: Problem,
    session_id: str,
    seat_id: str,
    clinician_id: str,
    option: Option,
    strength: Strength = Strength.BLOCK,
) -> Iterator[Reason]:
    """Give the reasons of all filters of a strength against a placing, whatever the plan, in registry order."""
    case = case_of(problem)
    group = case.demand.group_of[session_id]
    number = case.demand.options[group.index][option.on, option.half_day]
    post = Post(group.index, case.demand.seat_of[session_id, seat_id])
    for _, reason in case.refusals(case.ask(clinician_id, post, number), strength):
        yield reason


def why_not(problem: Problem, plan: Plan, held: Held, strength: Strength = Strength.BLOCK) -> tuple[Reason, ...]:
    """Give all reasons of rules of a strength that placing this session like that, instead of as it is, would add."""
    return tuple(dict.fromkeys(objections(problem, plan, held, strength)))


def objections(problem: Problem, plan: Plan, held: Held, strength: Strength = Strength.BLOCK) -> Iterator[Reason]:
    """Give the reasons of ``why_not`` one by one, filters first, each rule asked when its turn comes."""
    case = case_of(problem)
    rules = [rule for rule in case.rules if rule.strength is strength and not rule.is_goal]
    around = _around(problem, plan, held)
    people = frozenset(who for _, who in held.team)
    after = Facts(problem, case.demand, (*around, held), people)
    for placing, session in _placings(after):
        if session == held.session and (strength is not Strength.BLOCK or Assigned(*placing) not in case.lawful):
            for _, reason in case.refusals(case.ask(*placing), strength):
                yield reason
    near = _Pair(case, lambda: _part(case, plan, held, around), lambda: after)
    changed = plan.with_held(held)
    whole = _Pair(case, lambda: facts_of(problem, case.demand, plan), lambda: facts_of(problem, case.demand, changed))
    for rule in rules:
        pair = whole if rule.is_joint(problem) else near
        broken = list(_broken(problem, *pair.after, rule))
        if broken:
            known = {bound.subject: units for bound, units in _broken(problem, *pair.before, rule)}
            for bound, units in broken:
                if units > known.get(bound.subject, 0):
                    yield Reason(rule.id, rule.describe(problem, bound, pair.after[0]))


class _Pair:
    """Facts before and after a change, with their scopes, each read when first asked for."""

    def __init__(self, case: Case, before: Callable[[], Facts], after: Callable[[], Facts]) -> None:
        self._case = case
        self._before = before
        self._after = after

    @cached_property
    def before(self) -> tuple[Facts, Scope]:
        """Without the change."""
        facts = self._before()
        return facts, _scope_of(self._case, facts)

    @cached_property
    def after(self) -> tuple[Facts, Scope]:
        """With the change."""
        facts = self._after()
        return facts, _scope_of(self._case, facts)


def _part(case: Case, plan: Plan, held: Held, around: list[Held]) -> Facts:
    """Give what is near a held session as the plan stands, of its own people only."""
    before = plan.by_session.get(held.session)
    people = frozenset(who for _, who in held.team)
    return Facts(case.problem, case.demand, (*around, before) if before else around, people)


def _around(problem: Problem, plan: Plan, held: Held) -> list[Held]:
    """Give the other held sessions that could meet this one: of its people, and at its site around its day."""
    found: dict[str, Held] = {}
    for _, clinician in held.team:
        for item, _ in plan.by_clinician.get(clinician, ()):
            found[item.session] = item
    site = problem.session[held.session].site if held.session in problem.session else ""
    for on in (held.on - NEARBY, held.on, held.on + NEARBY):
        for item in plan.by_day.get(on, ()):
            if item.session in problem.session and problem.session[item.session].site == site:
                found[item.session] = item
    found.pop(held.session, None)
    return list(found.values())


def _broken(problem: Problem, facts: Facts, scope: Scope, rule: Rule) -> Iterator[tuple[Bound, int]]:
    """Give the bounds of a rule that block and are not kept, with the units of each."""
    for bound in rule.bounds(problem, scope):
        if bound.cost is None and not bound.advice:
            units = bound.units(facts.total(bound.terms))
            if units:
                yield bound, units


def _scope_of(case: Case, facts: Facts) -> Scope:
    placings = tuple(Assigned(*key) for key in facts.assigned)
    busy, watching = by_clinician(case, placings)
    rooms = {room: tuple(sessions) for room, sessions in facts.rooms.items()}
    options = {
        name: case.demand.group_of[name].first.options[number]
        for sessions in rooms.values()
        for name in sessions
        for number in [facts.placed[name][1]]
    }
    held = tuple(facts.held)
    return Scope(case.demand, busy, watching, placings, held, lambda: case.leaves, rooms, options, facts.flaws)


Placed = tuple[tuple[str, Post, int], str]
"""Who takes which seat at which option, and of which session."""


def _placings(facts: Facts) -> Iterator[Placed]:
    for placing, sessions in facts.assigned.items():
        for session in sessions:
            yield placing, session


def _refused(case: Case, placings: Iterable[Placed], rule: Rule) -> Iterator[tuple[Breach, int]]:
    """Give the placings that a rule's filter refuses, with the price of each."""
    if rule not in case.filters:
        return
    price = rule.price() or 0
    for placing, session in placings:
        if not case.regards(rule, placing[0]):
            continue
        ask = case.ask(*placing)
        message = None if case.is_history(ask) else case.answer(rule, ask)
        if message is not None:
            yield Breach(rule.id, rule.strength, message, 1, (session,), (placing[0],)), price


def _exceeded(problem: Problem, scope: Scope, facts: Facts, rule: Rule) -> Iterator[tuple[Breach, int]]:
    """Give the bounds of a rule that a plan does not keep, with the price of a unit of each."""
    for bound in rule.bounds(problem, scope):
        units = bound.units(facts.total(bound.terms))
        if units:
            sessions, clinicians = _touched(facts, bound)
            message = rule.describe(problem, bound, facts)
            yield Breach(rule.id, _strength(rule, bound), message, units, sessions, clinicians), rule.price(bound) or 0


def _strength(rule: Rule, bound: Bound) -> Strength:
    """Give how binding a bound is: advice is shown only, and what has a price of its own never blocks."""
    if bound.advice:
        return Strength.INFO
    return Strength.WARN if bound.cost is not None and rule.strength is Strength.BLOCK else rule.strength


def _touched(facts: Facts, bound: Bound) -> tuple[tuple[str, ...], tuple[str, ...]]:
    sessions: dict[str, None] = {}
    clinicians: dict[str, None] = {}
    for _, term in bound.terms:
        sessions.update(dict.fromkeys(facts.sessions(term)))
        clinicians.update(dict.fromkeys(people_of(term)))
    if any(isinstance(term, Flawed | InRoom) for _, term in bound.terms):
        clinicians.update((who, None) for s in sessions if s in facts.placed for _, who in facts.placed[s][0].team)
    return tuple(sessions), tuple(clinicians)
