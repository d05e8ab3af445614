"""Timefold with its usual search: each seat is an entity that takes a person and a half-day, or stays empty.

Runs in an environment of its own (Timefold, and a Java to run it on).  Reads a question from standard input and
prints a line of JSON for each better plan and one at the end.
"""

import json
import sys
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
class Choice:
    """Someone at some half-day; choices of one profile count in the same terms."""

    number: int
    option: int
    profile: int


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
    counts: list[list[int]] = [[] for _ in question["choices"]]
    constants: list[int] = []
    for bound in question["bounds"]:
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
        choices.setdefault((session, seat), []).append(Choice(number, option, profile))
    entries = [Entry(profile, terms[number]) for numbers, profile in profiles.items() for number in numbers]
    only = Choice(-1, 0, 0)
    duties = [Duty(0, -1, 0, [only], only, True)]
    seats = enumerate(choices.items(), start=1)
    duties += [Duty(n, session, worth.get(session, 0), own) for n, ((session, _), own) in seats]
    return Roster(bounds, terms, entries, duties)


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
