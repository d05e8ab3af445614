"""Parts of a large model worth solving anew: people who could do one another's work, on all days or some.

Everything is read off the model's layout and the problem, so that one hospital with many people and weeks is cut up
as readily as a region: by place, by shared work, around sessions that are not held, by days, and at random.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.model import CompiledModel
from solver.searching.incidence import Incidence, Numbers

FIRST_SIZE = 3000
"""Columns of the first parts; later ones are as large as can be solved in the time for one."""

LEAST_SIZE, MOST_SIZE = 150, 20_000

GROWTH, SHRINKAGE = 1.25, 0.7
"""How sizes follow the time that solving took."""

CHEAP_PARTS = 0.8
"""Share of the parts in which only cheap columns are free, once it is known which those are."""

MEMORY = 0.85
"""Weight of what a kind gained before, against what it gained last."""


@dataclass(frozen=True, slots=True, eq=False)
class Neighbourhood:
    """Columns to set free, the people they concern, and the kind by which they were chosen."""

    kind: str
    columns: Numbers
    people: frozenset[int]


@dataclass(slots=True)
class Record:
    """How a kind has done: the size it is at, and its gain a second."""

    size: float
    worth: float = 0.0
    tries: int = 0


@dataclass(slots=True, eq=False)
class _Person:
    """What one clinician could do: days with their columns, and the groups that could need them."""

    place: str
    days: dict[int, tuple[int, int]] = field(default_factory=dict)
    flows: dict[int, list[int]] = field(default_factory=dict)
    posts: dict[int, float] = field(default_factory=dict)
    groups: list[int] = field(default_factory=list)

    def size(self, days: Collection[int] | None, cheap: Mapping[int, int] | None = None) -> float:
        """Give the number of columns on these days, or of cheap ones; of posts that several people share, a part."""
        counts = {on: end - first for on, (first, end) in self.days.items()} if cheap is None else cheap
        patterns = sum(count for on, count in counts.items() if days is None or on in days)
        return patterns + sum(count for on, count in self.posts.items() if days is None or on in days)


class Neighbourhoods:
    """Chooses parts of a model, one after another, and learns which kinds and sizes pay."""

    def __init__(self, compiled: CompiledModel, incidence: Incidence, seed: int) -> None:
        self._incidence = incidence
        self._random = Random(seed)
        self._tried: dict[Any, int] = {}
        self._read(compiled)
        several_places = len({person.place for person in self._people}) > 1
        several_days = self._day_count > 2
        self._kinds: dict[str, Callable[[Numbers], Iterator[int]]] = {"gap": self._around_gaps, "work": self._by_work}
        if several_places:
            self._kinds["place"] = self._by_place
        else:
            self._kinds["people"] = self._anyone
        if several_days:
            self._kinds["days"] = self._by_place if several_places else self._anyone
            self._kinds["work days"] = self._by_work
        self._sessions: dict[str, Callable[[Numbers], Iterator[int]]] = {}
        if any(not person.days for person in self._people):
            # People whose day has no patterns, as on cover only, are bound together by sessions alone.
            self._sessions = {"sessions of one": self._of_one, "sessions of days": self._of_one}
            if not any(person.days for person in self._people):
                self._kinds = {"gap": self._around_gaps}
        first = min(FIRST_SIZE, max(LEAST_SIZE, incidence.linear.column_count // 4))
        self._cheap: NDArray[np.bool_] | None = None
        self._sizes: list[dict[int, int]] = []
        self.records = {kind: Record(first) for kind in (*self._kinds, *self._sessions)}

    def _read(self, compiled: CompiledModel) -> None:
        """Index people by number: their days, the posts they could take, and who could take the same."""
        problem, layout = compiled.case.problem, compiled.layout
        numbers: dict[str, int] = {}
        self._people: list[_Person] = []
        dates = sorted({on for _, on in layout.cells} | {flow.stint.on for flow in layout.flows})
        day_number = {on: i for i, on in enumerate(dates)}
        self._day_count = len(dates)
        for (who, on), cell in layout.cells.items():
            person = self._person(numbers, who, problem.clinician[who].home_site)
            person.days[day_number[on]] = cell.first_column, cell.first_column + len(cell.patterns)
        self._members: dict[int, list[int]] = {}
        self._flow_columns = [np.array(flow.columns, np.int64) for flow in layout.flows]
        self._flow_groups = [sorted({post.group for post, _ in flow.posts}) for flow in layout.flows]
        self._group_columns: dict[int, list[tuple[int, int]]] = {}
        for i, flow in enumerate(layout.flows):
            for (post, _), column in zip(flow.posts, flow.columns, strict=True):
                self._group_columns.setdefault(post.group, []).append((day_number[flow.stint.on], column))
            for who in flow.members:
                person = self._person(numbers, who, problem.clinician[who].home_site)
                there = day_number[flow.stint.on]
                person.flows.setdefault(there, []).append(i)
                person.posts[there] = person.posts.get(there, 0.0) + len(flow.columns) / len(flow.members)
                person.groups.extend(self._flow_groups[i])
                for group in self._flow_groups[i]:
                    self._members.setdefault(group, []).append(numbers[who])
        self._members = {group: list(dict.fromkeys(found)) for group, found in self._members.items()}
        for person in self._people:
            person.groups = list(dict.fromkeys(person.groups))
        self._unserved = np.array(layout.unserved, np.int64)
        self._at_place: dict[str, list[int]] = {}
        for i, person in enumerate(self._people):
            self._at_place.setdefault(person.place, []).append(i)
        self._near = self._neighbours()
        self._is_aux = self._auxiliary()

    def _person(self, numbers: dict[str, int], who: str, place: str) -> _Person:
        if who not in numbers:
            numbers[who] = len(self._people)
            self._people.append(_Person(place))
        return self._people[numbers[who]]

    def _neighbours(self) -> dict[str, list[str]]:
        """Give by place the others whose people could meet in a session with its own."""
        near: dict[str, dict[str, int]] = {place: {} for place in self._at_place}
        for members in self._members.values():
            places = sorted({self._people[i].place for i in members})
            for one in places:
                for other in places:
                    if one != other:
                        near[one][other] = near[one].get(other, 0) + 1
        return {one: sorted(others, key=lambda other: -others[other]) for one, others in near.items()}

    def _auxiliary(self) -> NDArray[np.bool_]:
        self._is_pattern = np.zeros(self._incidence.linear.column_count, bool)
        for person in self._people:
            for first, end in person.days.values():
                self._is_pattern[first:end] = True
        aux: NDArray[np.bool_] = ~self._is_pattern
        for columns in self._flow_columns:
            aux[columns] = False
        aux[self._unserved] = False
        return aux

    def prefer(self, cheap: NDArray[np.bool_]) -> None:
        """From now on, set mostly cheap patterns free: then a part holds more people."""
        self._cheap = cheap
        before = np.concatenate([[0], np.cumsum(cheap)])
        self._sizes = [
            {on: int(before[end] - before[first]) for on, (first, end) in person.days.items()}
            for person in self._people
        ]

    # Choosing

    def choose(self, x: Numbers, avoid: Collection[int] = ()) -> Neighbourhood | None:
        """Give the next part to solve; None when there is nothing to choose, or all of it is to be avoided."""
        if not self._people:
            return None
        kind = self._next_kind(x)
        days = self._some_days() if kind.endswith("days") else None
        if kind in self._sessions:
            return self._with_sessions(kind, x, days, avoid)
        frugal = self._cheap is not None and self._random.random() < CHEAP_PARTS
        chosen = self._up_to_size(
            (number for number in self._kinds[kind](x) if number not in avoid),
            lambda number: self._people[number].size(days, self._sizes[number] if frugal else None),
            self.records[kind].size,
        )
        if not chosen:
            return None
        columns = self._columns(chosen, days)
        if frugal and self._cheap is not None:
            columns = columns[(self._cheap | (x > 0) | ~self._is_pattern)[columns]]
        return Neighbourhood(kind, columns, frozenset(chosen))

    def _up_to_size(self, order: Iterator[int], size_of: Callable[[int], float], most: float) -> list[int]:
        """Give the first ones that together have about so many columns, at least one."""
        size = 0.0
        chosen: list[int] = []
        for number in order:
            more = size_of(number)
            if chosen and size + more > 1.2 * most:
                break
            chosen.append(number)
            size += more
            if size >= most:
                break
        return chosen

    def _with_sessions(
        self, kind: str, x: Numbers, days: frozenset[int] | None, avoid: Collection[int]
    ) -> Neighbourhood | None:
        """Give a part made of whole sessions; to be told from people, their groups count down from -1."""
        order = self._sessions[kind](x) if days is None else self._held_on(x, days)
        groups = self._up_to_size(
            (group for group in order if -1 - group not in avoid),
            lambda group: len(self._columns_of_group(group, days)),
            self.records[kind].size,
        )
        if not groups:
            return None
        free = np.zeros(self._incidence.linear.column_count, bool)
        for group in groups:
            free[self._columns_of_group(group, days)] = True
        free[self._unserved[groups]] = True
        self._add_dependent(free)
        return Neighbourhood(kind, np.flatnonzero(free), frozenset(-1 - group for group in groups))

    def _columns_of_group(self, group: int, days: frozenset[int] | None) -> list[int]:
        return [column for on, column in self._group_columns[group] if days is None or on in days]

    def learn(self, part: Neighbourhood, gain: int, seconds: float, *, finished: bool, budget: float) -> None:
        """Take in what solving a part has brought."""
        record = self.records[part.kind]
        record.tries += 1
        record.worth = MEMORY * record.worth + (1 - MEMORY) * gain / max(seconds, 0.01)
        if not finished:
            record.size = max(LEAST_SIZE, record.size * SHRINKAGE)
        elif seconds < budget / 3:
            record.size = min(MOST_SIZE, record.size * GROWTH)

    def _next_kind(self, x: Numbers) -> str:
        kinds = [kind for kind in self.records if kind != "gap" or x[self._unserved].any()]
        fresh = [kind for kind in kinds if self.records[kind].tries < 2]
        if fresh:
            return fresh[0]
        total = sum(self.records[kind].worth for kind in kinds) or 1.0
        weights = [self.records[kind].worth / total + 0.15 for kind in kinds]
        return self._random.choices(kinds, weights)[0]

    def _some_days(self) -> frozenset[int]:
        length = self._random.choice([1, 2, 2, 3]) if self._day_count <= 7 else self._random.choice([2, 4, 7, 10])
        first = self._random.randrange(max(1, self._day_count - length + 1))
        return frozenset(range(first, first + length))

    # Orders in which people are taken

    def _by_place(self, x: Numbers) -> Iterator[int]:
        """Take the people of one place, then of places near to those taken."""
        del x
        waiting, seen = [self._least_tried(list(self._at_place))], set()
        while waiting:
            place = waiting.pop(0)
            if place in seen:
                continue
            seen.add(place)
            yield from self._shuffled(self._at_place[place])
            waiting.extend(self._near[place][:2] if self._random.random() < 0.7 else self._shuffled(self._near[place]))

    def _by_work(self, x: Numbers) -> Iterator[int]:
        """Take those who could do a session, then those who could do other work of theirs."""
        del x
        return self._spread([self._least_tried(list(self._members))])

    def _around_gaps(self, x: Numbers) -> Iterator[int]:
        """Take those who could do a session that is not held, then those who could do their other work."""
        missing = [group for group in np.flatnonzero(x[self._unserved]).tolist() if group in self._members]
        return self._spread([self._least_tried(missing or list(self._members))])

    def _least_tried(self, things: list[Any]) -> Any:
        """Give one of those that were taken least often to start from, so that all have their turn."""
        least = min(self._tried.get(thing, 0) for thing in things)
        chosen = self._random.choice([thing for thing in things if self._tried.get(thing, 0) == least])
        self._tried[chosen] = least + 1
        return chosen

    def _spread(self, groups: list[int]) -> Iterator[int]:
        seen: set[int] = set()
        done: set[int] = set()
        while groups:
            group = groups.pop(0) if len(done) < 1 else groups.pop(self._random.randrange(len(groups)))
            if group in done:
                continue
            done.add(group)
            for number in self._shuffled(self._members[group]):
                if number not in seen:
                    seen.add(number)
                    yield number
                    more = self._people[number].groups
                    groups.extend(self._random.sample(more, min(3, len(more))))

    def _of_one(self, x: Numbers) -> Iterator[int]:
        """Take the sessions that one person could do, then those that another could."""
        del x
        order = self._shuffled(range(len(self._people)))
        order.insert(0, self._least_tried(order))
        return iter(dict.fromkeys(g for number in order for g in self._shuffled(self._people[number].groups)))

    def _held_on(self, x: Numbers, days: frozenset[int]) -> Iterator[int]:
        """Take the sessions held on some days, and between them those held on none that could be then."""
        here = {g: [(on, c) for on, c in found if on in days] for g, found in self._group_columns.items()}
        held = self._shuffled([g for g, found in here.items() if any(x[c] for _, c in found)])
        missing = self._shuffled([g for g, found in here.items() if found and x[self._unserved[g]]])
        for i in range(max(len(held), len(missing))):
            yield from held[i : i + 1]
            yield from missing[i : i + 1]

    def _anyone(self, x: Numbers) -> Iterator[int]:
        del x
        return iter(self._shuffled(range(len(self._people))))

    def _shuffled(self, numbers: Collection[object]) -> list[Any]:
        found = list(numbers)
        self._random.shuffle(found)
        return found

    # From people to columns

    def _columns(self, people: list[int], days: frozenset[int] | None) -> Numbers:
        """Give all columns that these people's days, their posts and what depends on both stand for."""
        free = np.zeros(self._incidence.linear.column_count, bool)
        groups: set[int] = set()
        on_days: set[tuple[int, int]] = set()
        for number in people:
            person = self._people[number]
            for on, (first, end) in person.days.items():
                if days is None or on in days:
                    free[first:end] = True
            for on, flows in person.flows.items():
                if days is None or on in days:
                    for flow in flows:
                        free[self._flow_columns[flow]] = True
                        groups.update(self._flow_groups[flow])
                        on_days.update((group, on) for group in self._flow_groups[flow])
        # The other seats of their sessions, too: whoever is there anyway may serve another of them.
        for group in groups:
            free[[column for on, column in self._group_columns[group] if (group, on) in on_days]] = True
        free[self._unserved[sorted(groups)]] = True
        self._add_dependent(free)
        return np.flatnonzero(free)

    def _add_dependent(self, free: NDArray[np.bool_]) -> None:
        """Set free what other columns decide: slack, and columns that tell of others."""
        incidence = self._incidence
        linear = incidence.linear
        fresh = np.flatnonzero(free)
        for _ in range(3):
            at, _owner = incidence.entries(fresh)
            rows, _ = incidence.rows_met(at)
            lengths = linear.row_start[rows + 1] - linear.row_start[rows]
            ends = np.repeat(linear.row_start[rows] - (np.cumsum(lengths) - lengths), lengths)
            met = linear.columns[ends + np.arange(len(ends))]
            before = free.copy()
            free[met[self._is_aux[met]]] = True
            fresh = np.flatnonzero(free & ~before)
            if not len(fresh):
                return
