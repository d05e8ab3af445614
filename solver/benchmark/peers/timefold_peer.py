"""Timefold with its usual search: each seat is an entity that takes a person and a half-day, or stays empty.

Runs in an environment of its own (Timefold, and a Java to run it on).  Reads a question from standard input and
prints a line of JSON for each better plan and one at the end.
"""

import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import Annotated, Any

from timefold.solver import SolverFactory
from timefold.solver.config import Duration, ScoreDirectorFactoryConfig, SolverConfig, TerminationConfig
from timefold.solver.domain import (
    PlanningEntityCollectionProperty,
    PlanningId,
    PlanningPin,
    PlanningScore,
    PlanningVariable,
    ProblemFactCollectionProperty,
    ValueRangeProvider,
    planning_entity,
    planning_solution,
)
from timefold.solver.score import (
    Constraint,
    ConstraintCollectors,
    ConstraintFactory,
    HardSoftScore,
    Joiners,
    constraint_provider,
)

OPEN = 10**9
"""Stands for an open limit."""


@dataclass
class Presence:
    """Someone at one stretch of time, and the numbers of those that exclude it, perhaps itself."""

    number: int
    who: int
    clashes: list[int]


@dataclass
class Choice:
    """Someone at some half-day; choices of one profile count in the same terms."""

    number: int
    option: int
    profile: int
    presence: Presence


@dataclass
class Bound:
    """Limits of a sum, and the cost of a unit beyond; 0 for what must be kept."""

    number: int
    low: int
    high: int
    cost: int

    def units(self, total: int) -> int:
        """Give how far a sum lies beyond the limits."""
        return max(self.low - total, total - self.high, 0)


@dataclass
class Term:
    """A part of a bound: an amount for each choice that counts, or once for any."""

    number: int
    bound: Bound
    amount: int
    once: bool

    def value(self, count: int) -> int:
        """Give the amount for so many choices."""
        return self.amount if self.once else self.amount * count


@dataclass
class Entry:
    """Choices of this profile count in this term."""

    profile: int
    term: Term


@planning_entity
@dataclass
class Duty:
    """One seat of one session; ``worth`` is what it costs not to hold the session, by seat."""

    number: Annotated[int, PlanningId]
    session: int
    worth: int
    choices: Annotated[list[Choice], ValueRangeProvider(id="choices")]
    choice: Annotated[
        Choice | None, PlanningVariable(allows_unassigned=True, value_range_provider_refs=["choices"])
    ] = field(default=None)
    pinned: Annotated[bool, PlanningPin] = field(default=False)

    def profile(self) -> int:
        """Give the profile of what is chosen; -1 for nothing."""
        return -1 if self.choice is None else self.choice.profile

    def option(self) -> int:
        """Give the half-day chosen; -1 for none."""
        return -1 if self.choice is None else self.choice.option

    def who(self) -> int:
        """Give the person chosen; for nothing a number that no other seat has."""
        return -2 - self.number if self.choice is None else self.choice.presence.who

    def clashes(self, other: "Duty") -> bool:
        """Tell whether two seats, both taken, exclude each other for the person who takes them."""
        return other.presence() in self.choice.presence.clashes if self.choice is not None else False

    def presence(self) -> int:
        """Give the number of the presence chosen; -1 for nothing."""
        return -1 if self.choice is None else self.choice.presence.number


@planning_solution
@dataclass
class Roster:
    """All seats."""

    bounds: Annotated[list[Bound], ProblemFactCollectionProperty]
    terms: Annotated[list[Term], ProblemFactCollectionProperty]
    entries: Annotated[list[Entry], ProblemFactCollectionProperty]
    duties: Annotated[list[Duty], PlanningEntityCollectionProperty]
    score: Annotated[HardSoftScore | None, PlanningScore] = field(default=None)


@constraint_provider
def constraints(factory: ConstraintFactory) -> list[Constraint]:
    """Give what a roster must keep, and what it pays for."""
    return [
        together(factory),
        apart(factory),
        whole(factory),
        kept(factory),
        paid(factory),
    ]


def together(factory: ConstraintFactory) -> Constraint:
    """The seats of a session are filled for one half-day."""
    return (
        factory.for_each_unique_pair(Duty, Joiners.equal(lambda duty: duty.session))
        .filter(lambda one, other: one.option() != other.option())
        .penalize(HardSoftScore.ONE_HARD)
        .as_constraint("together")
    )


def apart(factory: ConstraintFactory) -> Constraint:
    """Nobody is in two places at once, or too soon in the next."""
    return (
        factory.for_each_unique_pair(Duty, Joiners.equal(lambda duty: duty.who()))
        .filter(lambda one, other: one.clashes(other))
        .penalize(HardSoftScore.ONE_HARD)
        .as_constraint("apart")
    )


def whole(factory: ConstraintFactory) -> Constraint:
    """A session whose team is not whole is not held; a seat filled meanwhile is a step on the way there."""
    return (
        factory.for_each_including_unassigned(Duty)
        .filter(lambda duty: duty.choice is None)
        .join(Duty, Joiners.equal(lambda duty: duty.session))
        .penalize(HardSoftScore.ONE_SOFT, lambda empty, filled: empty.worth)
        .as_constraint("whole")
    )


def sums(factory: ConstraintFactory) -> Any:
    """Give each bound with its sum."""
    return (
        factory.for_each(Duty)
        .join(Entry, Joiners.equal(lambda duty: duty.profile(), lambda entry: entry.profile))
        .group_by(lambda duty, entry: entry.term, ConstraintCollectors.count_bi())
        .group_by(
            lambda term, count: term.bound,
            ConstraintCollectors.sum(lambda term, count: term.value(count)),
        )
    )


def kept(factory: ConstraintFactory) -> Constraint:
    """Blocking bounds are kept."""
    return (
        sums(factory)
        .filter(lambda bound, total: bound.cost == 0 and bound.units(total) > 0)
        .penalize(HardSoftScore.ONE_HARD, lambda bound, total: bound.units(total))
        .as_constraint("kept")
    )


def paid(factory: ConstraintFactory) -> Constraint:
    """All others are paid for."""
    return (
        sums(factory)
        .filter(lambda bound, total: bound.cost > 0 and bound.units(total) > 0)
        .penalize(HardSoftScore.ONE_SOFT, lambda bound, total: bound.cost * bound.units(total))
        .as_constraint("paid")
    )


def roster(question: dict[str, Any]) -> Roster:
    """Give the empty roster of a question.

    Notes
    -----
    One more duty, with one choice, brings each bound's constant in, so that a bound of which nothing is chosen is
    counted too.
    """
    bounds: list[Bound] = []
    terms: list[Term] = []
    worth: dict[int, int] = {}
    presences = _presences(question["choices"])
    sizes = Counter(presence.number for presence in presences)
    counts: list[list[int]] = [[] for _ in question["choices"]]
    constants: list[int] = []
    for bound in question["bounds"]:
        if _is_clash(bound, presences, sizes):
            continue
        low = -OPEN if bound["low"] is None else bound["low"]
        high = OPEN if bound["high"] is None else bound["high"]
        known = Bound(len(bounds), low, high, bound["cost"] or 0)
        bounds.append(known)
        constants.append(len(terms))
        terms.append(Term(len(terms), known, bound["constant"], True))
        for amount, once, numbers in bound["terms"]:
            for number in numbers:
                counts[number].append(len(terms))
                if bound["rule"] == "coverage" and amount < 0:
                    session = question["choices"][number][0]
                    worth[session] = known.cost // question["sessions"][session][0]
            terms.append(Term(len(terms), known, amount, once))
    profiles: dict[tuple[int, ...], int] = {tuple(constants): 0}
    choices: dict[tuple[int, int], list[Choice]] = {}
    for number, (session, seat, option, *_) in enumerate(question["choices"]):
        profile = profiles.setdefault(tuple(counts[number]), len(profiles))
        choices.setdefault((session, seat), []).append(Choice(number, option, profile, presences[number]))
    entries = [Entry(profile, terms[number]) for numbers, profile in profiles.items() for number in numbers]
    only = Choice(-1, 0, 0, Presence(-1, -1, []))
    duties = [Duty(0, -1, 0, [only], only, True)]
    seats = enumerate(choices.items(), start=1)
    duties += [Duty(n, session, worth.get(session, 0), own) for n, ((session, _), own) in seats]
    return Roster(bounds, terms, entries, duties)


def _presences(choices: list[list[Any]]) -> list[Presence]:
    """Give the presence that each choice means: the same object for the same person and stretch of time."""
    known: dict[tuple[int, int], Presence] = {}
    return [known.setdefault((who, stint), Presence(len(known), who, [])) for *_, who, stint, _ in choices]


def _is_clash(bound: dict[str, Any], presences: list[Presence], sizes: Counter[int]) -> bool:
    """Tell whether a bound says that two presences, or two seats of one, exclude each other; then they take it in."""
    limits = bound["cost"], bound["low"], bound["high"], bound["constant"]
    terms = bound["terms"]
    if limits != (None, None, 1, 0) or [once for _, once, _ in terms] not in ([False], [True, True]):
        return False
    there: list[Presence] = []
    for amount, _, numbers in terms:
        found = {presences[n].number: presences[n] for n in numbers}
        if amount != 1 or len(found) != 1 or sizes[next(iter(found))] != len(numbers):
            return False
        there.extend(found.values())
    there[0].clashes.append(there[-1].number)
    if len(there) == 2:
        there[1].clashes.append(there[0].number)
    return True


def main() -> None:
    """Solve the question on standard input; arguments: seconds and seed.

    Notes
    -----
    Time counts from the start of the search: the start of Java, and the translation of the constraints into its
    code, are left out.
    """
    seconds, seed = float(sys.argv[1]), int(sys.argv[2])
    question = json.load(sys.stdin)
    start = roster(question)
    config = SolverConfig(
        solution_class=Roster,
        entity_class_list=[Duty],
        score_director_factory_config=ScoreDirectorFactoryConfig(constraint_provider_function=constraints),
        termination_config=TerminationConfig(spent_limit=Duration(milliseconds=int(seconds * 1000))),
        random_seed=seed,
    )
    solver = SolverFactory.create(config).build_solver()

    def better(event: Any) -> None:
        _show(event.new_best_solution, event.time_spent.total_seconds())

    solver.add_event_listener(better)
    best = solver.solve(start)
    _show(best, seconds)
    print(json.dumps({"status": str(best.score), "bound": None, "end": seconds}), flush=True)


def _show(found: Roster, seconds: float) -> None:
    if found.score is None or not found.score.is_feasible:
        return
    taken = [duty.choice.number for duty in found.duties if duty.choice is not None and duty.choice.number >= 0]
    print(json.dumps({"seconds": seconds, "taken": taken}), flush=True)


if __name__ == "__main__":
    main()
