"""A lawful plan at once: session by session into the compiled model, each where it costs least as things stand.

It knows no rule.  Whoever takes a seat changes the pattern of a day and the count of a post; the rows that these
columns meet tell whether that is allowed and what it costs.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import numpy as np

from solver.audit import audit
from solver.compiling.columns import Flow
from solver.compiling.patterns import DayCell
from solver.demand import Group, Post, Stint
from solver.model import CompiledModel, compile_model
from solver.plan import Plan
from solver.problem import Held, Problem, Strength
from solver.resting import resting_collector
from solver.searching.growing import FORBIDDEN, Growing, Steps
from solver.searching.incidence import Incidence, Numbers, incidence_of


class Choice(NamedTuple):
    """Someone for a post: what it costs, the steps in the model, and the day that gets a new pattern, if any."""

    price: int
    steps: Steps
    cell: DayCell | None = None
    pattern: int = 0


def greedy_plan(problem: Problem) -> Plan:
    """Give a lawful plan in a fraction of a second: what is published as far as it still holds, then the rest."""
    compiled = compile_model(problem)
    return lawful_part(problem, compiled.decode(greedy_values(compiled, incidence_of(compiled.linear))))


def greedy_values(compiled: CompiledModel, incidence: Incidence) -> Numbers:
    """Give column values of a plan: they keep every row that holding nothing keeps."""
    with resting_collector():
        builder = _Builder(compiled, incidence)
        for held in compiled.case.problem.published:
            builder.keep(held)
        for group in builder.waiting():
            builder.place(group)
        return builder.state.values()


def lawful_part(problem: Problem, plan: Plan) -> Plan:
    """Leave out sessions until no blocking rule is broken; hardly ever does anything."""
    while plan.held:
        broken = [b for b in audit(problem, plan).breaches if b.strength is Strength.BLOCK and b.sessions]
        if not broken:
            break
        plan = plan.without({breach.sessions[-1] for breach in broken})
    return plan


class _Builder:
    """A plan as it grows."""

    def __init__(self, compiled: CompiledModel, incidence: Incidence) -> None:
        self.case, self.layout = compiled.case, compiled.layout
        self.left = [group.size for group in self.case.demand.groups]
        tells, ignored = _tellers(compiled), _rows_of_chains(compiled, incidence)
        self.state = Growing(incidence, _own(compiled), _nothing_held(compiled), tells=tells, ignored=ignored)
        demand = self.case.demand
        self.published = {demand.group_of[held.session].index for held in self.case.problem.published}
        self.crowd: dict[int, int] = {}
        self.closed: set[tuple[int, int]] = set()
        self.places: dict[tuple[Post, int], list[tuple[Flow, int]]] = {}
        self.worth: dict[str, int] = {}
        for flow in self.layout.flows:
            for place, column in zip(flow.posts, flow.columns, strict=True):
                self.places.setdefault(place, []).append((flow, column))
            for who in flow.members:
                self.worth[who] = self.worth.get(who, 0) + len(flow.posts)
        self._pattern: dict[tuple[str, date], int] = {}
        self._trail: list[tuple[tuple[str, date], int]] = []
        self._order: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._index: dict[tuple[int, ...], dict[int, int]] = {}

    def waiting(self) -> list[Group]:
        """Give a group for each session not held: pinned first, then by priority, then with the fewest choices."""
        groups = [group for group in self.case.demand.groups if self.left[group.index]]
        ordered = sorted(groups, key=self._rank)
        return [group for group in ordered for _ in range(self.left[group.index])]

    def _rank(self, group: Group) -> tuple[bool, bool, int, int]:
        options = range(len(group.first.options))
        choices = [
            sum(len(flow.members) for o in options for flow, _ in self.places.get((Post(group.index, n), o), ()))
            for n in range(len(group.seats))
        ]
        return not group.is_history, not group.pins, -group.first.priority, min(choices, default=0)

    def keep(self, held: Held) -> None:
        """Hold a session as published, if every part of it is still allowed."""
        demand = self.case.demand
        group = demand.group_of[held.session]
        option = demand.options[group.index].get((held.on, held.half_day))
        seats = {demand.seat_of.get((held.session, seat)): who for seat, who in held.team}
        if option is None or set(seats) != set(range(len(group.seats))) or not self.left[group.index]:
            return
        total = self.state.apply(((self.layout.unserved[group.index], -1),))
        for number in range(len(group.seats)):
            choice = self._published(group, number, option, seats[number])
            if choice is None:
                self._give_up()
                return
            total += self._take(choice)
        if total < FORBIDDEN // 2:
            self._held(group, option)
        else:
            self._give_up()

    def _published(self, group: Group, number: int, option: int, who: str) -> Choice | None:
        post, stint = Post(group.index, number), group.stints[number][option]
        found = self.layout.flow_of.get((who, stint, post))
        return None if found is None else self._choice(stint, who, found[1])

    def place(self, group: Group) -> None:
        """Hold a session at the cheapest option that finds a team, or leave it."""
        best: tuple[int, int] | None = None
        gain = self.state.cost[self.layout.unserved[group.index]]
        for option in self._options(group):
            price = self._team(group, option)
            if price is None:
                self.closed.add((group.index, option))
                continue
            if price <= -gain and group.index not in self.published:
                self._held(group, option)
                return
            self._give_up()
            if best is None or price < best[0]:
                best = price, option
        if best is not None and best[0] < 0 and self._team(group, best[1]) is not None:
            self._held(group, best[1])

    def _options(self, group: Group) -> list[int]:
        """Give the options that may still be open, the least crowded first."""
        options = [o for o in range(len(group.first.options)) if (group.index, o) not in self.closed]
        lead = group.stints[0]
        return sorted(options, key=lambda o: (self.crowd.get(lead[o].index, 0), o))

    def _team(self, group: Group, option: int) -> int | None:
        """Fill all seats at an option and give the change of cost; None, and nothing changed, when that fails."""
        total = self.state.apply(((self.layout.unserved[group.index], -1),))
        for number in sorted(range(len(group.seats)), key=lambda n: not group.seats[n].exclusive):
            choice = self._best(Post(group.index, number), option, group.stints[number][option])
            if choice is None:
                self._give_up()
                return None
            total += self._take(choice)
        if total >= FORBIDDEN // 2:
            self._give_up()
            return None
        return total

    def _best(self, post: Post, option: int, stint: Stint) -> Choice | None:
        """Give the cheapest person for a post; those whom fewer others need come first among equals."""
        best: Choice | None = None
        for flow, column in self.places.get((post, option), ()):
            base = self.state.price(((column, 1),)) if stint.exclusive else 0
            for who in self._by_worth(flow.members) if stint.exclusive else flow.members[:1]:
                choice = self._choice(stint, who, column)
                if choice is not None and (best is None or choice.price < best.price):
                    best = choice
                    # Alone, the post stays empty, which is forbidden: nobody can be cheaper than that put right.
                    if stint.exclusive and choice.price <= base - FORBIDDEN:
                        return best
        return best

    def _by_worth(self, members: tuple[str, ...]) -> tuple[str, ...]:
        if members not in self._order:
            self._order[members] = tuple(sorted(members, key=lambda who: self.worth[who]))
        return self._order[members]

    def _choice(self, stint: Stint, who: str, column: int) -> Choice | None:
        """Give the steps by which a person takes a post; None when no pattern of the day has room for it."""
        if not stint.exclusive:
            steps: Steps = ((column, 1),)
            return Choice(self.state.price(steps), steps)
        cell = self.layout.cells[who, stint.on]
        before = self._pattern.get((who, stint.on), 0)
        after = before | cell.bit[stint]
        index = self._index.get(cell.patterns)
        if index is None:
            index = self._index[cell.patterns] = {pattern: i for i, pattern in enumerate(cell.patterns)}
        added = cell.bit[stint] if cell.wide else after
        if after == before or added not in index:
            return None
        steps = ((column, 1), (cell.first_column + index[added], 1))
        if before and not cell.wide:
            steps = (*steps, (cell.first_column + index[before], -1))
        return Choice(self.state.price(steps), steps, cell, after)

    def _take(self, choice: Choice) -> int:
        if choice.cell is not None:
            key = choice.cell.clinician, choice.cell.on
            self._trail.append((key, self._pattern.get(key, 0)))
            self._pattern[key] = choice.pattern
        return self.state.apply(choice.steps)

    def _give_up(self) -> None:
        """Take back what was done for the session in hand."""
        self.state.back_to(0)
        while self._trail:
            key, before = self._trail.pop()
            self._pattern[key] = before

    def _held(self, group: Group, option: int) -> None:
        self.left[group.index] -= 1
        self.state.settle()
        self._trail.clear()
        for stints in group.stints:
            self.crowd[stints[option].index] = self.crowd.get(stints[option].index, 0) + 1


def _own(compiled: CompiledModel) -> list[bool]:
    """Tell of each column whether it stands for a pattern, a post or a session not held."""
    own = np.zeros(compiled.linear.column_count, bool)
    for flow in compiled.layout.flows:
        own[list(flow.columns)] = True
    for cell in compiled.layout.cells.values():
        own[cell.first_column : cell.first_column + len(cell.patterns)] = True
    own[compiled.layout.unserved] = True
    found: list[bool] = own.tolist()
    return found


def _tellers(compiled: CompiledModel) -> Iterator[tuple[int, list[int]]]:
    """Give the columns that tell whether any of others is not 0, with those."""
    alone: dict[tuple[str, Stint], list[int]] = {}
    for flow in compiled.layout.flows:
        if not flow.stint.exclusive and len(flow.members) == 1:
            alone.setdefault((flow.members[0], flow.stint), []).extend(flow.columns)
    for key, column in compiled.layout.watching.items():
        yield column, alone.get(key, [])
    for column, entries in compiled.layout.present:
        yield column, list(entries)


def _rows_of_chains(compiled: CompiledModel, incidence: Incidence) -> list[int]:
    """Give the rows that lead from label to label: they follow from the plan once it is there."""
    arcs = {arc for chain in compiled.layout.chains for step in chain.steps for arc in step.arcs.values()}
    at, _ = incidence.entries(np.array(sorted(arcs), np.int64))
    found: list[int] = incidence.rows_met(at)[0].tolist()
    return found


def _nothing_held(compiled: CompiledModel) -> Numbers:
    x = np.zeros(compiled.linear.column_count, np.int64)
    x[compiled.layout.unserved] = [group.size for group in compiled.case.demand.groups]
    return x
