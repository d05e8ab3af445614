"""Why this person: who else could take a seat, what each would cost more, and what speaks for the one who has it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from solver.bounds import Rule
from solver.case import case_of
from solver.explaining.ranking import rank_candidates
from solver.outcome import RuleCost, SeatVerdict
from solver.plan import Plan
from solver.problem import Problem
from solver.text import N_, Fact, Message, say


class WhyKind(StrEnum):
    """What speaks for a person, or that nothing does."""

    PINNED = "pinned"
    ONLY_ONE = "only_one"
    SPARES = "spares"
    NEXT_BEST = "next_best"
    EQUAL = "equal"
    DEARER = "dearer"


@dataclass(frozen=True, slots=True)
class Why:
    """One reason for a choice, worked out from differences of cost.

    Parameters
    ----------
    rule
        The goal that anyone else would cost more in (``spares``), or that the next best would (``next_best``).
    units, cost
        By how much at least.
    clinicians
        Whom it compares with.
    """

    kind: WhyKind
    message: Message
    rule: str = ""
    units: int = 0
    cost: int = 0
    clinicians: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Excluded:
    """The people whom a rule keeps from a seat before any other rule does."""

    rule: str
    clinicians: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Why a person has a seat.

    Parameters
    ----------
    others
        Everyone else with the role and specialty, ranked: those who could take the seat as things stand by cost,
        with what each rule would cost more, then those who could not.
    excluded
        The latter by the first rule that forbids, in the order of the rules.
    """

    session: str
    seat: str
    clinician: str
    others: tuple[SeatVerdict, ...]
    excluded: tuple[Excluded, ...]
    reasons: tuple[Why, ...]


def why_this_person(problem: Problem, plan: Plan, session_id: str, seat_id: str) -> Choice:
    """Tell why a person has a seat, with all else as planned.

    Raises
    ------
    KeyError
        When nobody has this seat in the plan.
    """
    who = dict(plan.by_session[session_id].team)[seat_id]
    others = tuple(v for v in rank_candidates(problem, plan, session_id, seat_id) if v.clinician != who)
    reasons = tuple(_reasons(problem, session_id, seat_id, who, [v for v in others if v.allowed]))
    return Choice(session_id, seat_id, who, others, tuple(_excluded(problem, others)), reasons)


def _excluded(problem: Problem, others: tuple[SeatVerdict, ...]) -> Iterator[Excluded]:
    firsts: dict[str, list[str]] = {}
    for verdict in others:
        if verdict.reasons:
            firsts.setdefault(verdict.reasons[0].rule, []).append(verdict.clinician)
    for rule in dict.fromkeys(rule.id for rule in case_of(problem).rules):
        if rule in firsts:
            yield Excluded(rule, tuple(firsts[rule]))


def _reasons(problem: Problem, session: str, seat: str, who: str, free: list[SeatVerdict]) -> Iterator[Why]:
    name = problem.clinician[who].name
    if any((pin.session, pin.seat, pin.clinician) == (session, seat, who) for pin in problem.pins):
        yield Why(WhyKind.PINNED, say(PINNED, clinician=name), "pinned")
    if not free:
        yield Why(WhyKind.ONLY_ONE, say(ONLY_ONE, clinician=name))
        return
    rules = {rule.id: rule for rule in case_of(problem).rules}
    spared = list(_spared(rules, name, free))
    yield from spared
    yield from _beside_the_next(problem, rules, name, free[0], {why.rule for why in spared})


def _spared(rules: Mapping[str, Rule], name: str, free: list[SeatVerdict]) -> Iterator[Why]:
    """Give the goals in which everyone else would cost more, dearest first."""
    dearer = [{one.rule: one for one in verdict.rule_costs if one.cost > 0} for verdict in free]
    common = [rule for rule in rules if all(rule in costs for costs in dearer)]
    least = {rule: min((costs[rule] for costs in dearer), key=lambda one: one.cost) for rule in common}
    everyone = tuple(verdict.clinician for verdict in free)
    for rule, one in sorted(least.items(), key=lambda pair: -pair[1].cost):
        text = EVERYONE_ELSE.get(rule, OTHERS_COST)
        yield Why(
            WhyKind.SPARES, _said(text, rules[rule], one, {"clinician": name}), rule, one.units, one.cost, everyone
        )


def _beside_the_next(
    problem: Problem, rules: Mapping[str, Rule], name: str, other: SeatVerdict, told: set[str]
) -> Iterator[Why]:
    """Compare with the one who would be cheapest instead: by rules, or by saying that nothing decides."""
    names = {"clinician": name, "other": problem.clinician[other.clinician].name}
    change, whom = other.cost_change or 0, (other.clinician,)
    if change < 0:
        yield Why(WhyKind.DEARER, say(DEARER, names, cost=-change), cost=change, clinicians=whom)
    elif change == 0:
        yield Why(WhyKind.EQUAL, say(EQUAL, names), clinicians=whom)
    for one in other.rule_costs:
        if change > 0 and one.cost > 0 and one.rule not in told:
            message = _said(NEXT_COSTS, rules[one.rule], one, names)
            yield Why(WhyKind.NEXT_BEST, message, one.rule, one.units, one.cost, whom)


def _said(text: str, rule: Rule, one: RuleCost, names: Mapping[str, str]) -> Message:
    known: dict[str, Fact] = {**names, "rule": rule.title, "units": one.units, "cost": one.cost}
    return say(text, {name: value for name, value in known.items() if f"%({name})" in text})


PINNED = N_("%(clinician)s is pinned to this seat.")
ONLY_ONE = N_("As the plan stands, nobody but %(clinician)s may take this seat.")
EQUAL = N_("%(other)s could take this seat at the same cost: nothing decides between the two.")
DEARER = N_("%(other)s in place of %(clinician)s would make the plan better by %(cost)d.")
OTHERS_COST = N_("With anyone but %(clinician)s, “%(rule)s” would cost at least %(cost)d more.")
NEXT_COSTS = N_("With %(other)s, the next best, “%(rule)s” would cost %(cost)d more.")
EVERYONE_ELSE: Mapping[str, str] = {
    "trips": N_("Anyone but %(clinician)s would have to travel more (additional journeys: at least %(units)d)."),
    "continuity": N_("%(clinician)s is the usual visitor on this day."),
    "stability": N_("%(clinician)s was published for this; anyone else would be a change."),
    "fair_share": N_("%(clinician)s has made fewer visits for a full-time post than anyone else who could come."),
    "preferences": N_("This half-day suits %(clinician)s better than anyone else who could come."),
    "coverage": N_("With anyone but %(clinician)s, a session would not be held."),
}
"""What it means when everyone else would cost more in a goal."""
