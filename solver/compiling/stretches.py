"""Stretches of work and of days off as a flow through days, which makes relaxed answers much tighter.

Windows of days say exactly which rosters keep the lengths of stretches, but in fractions they say little.  A unit
that flows from the first day to the last, by way of "third day of work in a row" and the like, says all of it.  The
flow forbids nothing that the rules allow: it is added to what an engine solves and to nothing else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from solver.bounds import Stretch
from solver.engines.process import EngineEvent
from solver.linear import LinearAnswer, LinearModel
from solver.model import CompiledModel

Values = NDArray[np.int64]

Answer = TypeVar("Answer", LinearAnswer, EngineEvent)

State = tuple[bool, int, bool]
"""Whether work or days off, for how many days, and whether since before the first day, so that it may end at once."""


@dataclass(frozen=True, slots=True)
class _Day:
    """One person's day: columns that mean work, of which one at most is chosen, and whether work is fixed there."""

    columns: tuple[int, ...]
    is_worked: bool

    def choices(self) -> tuple[bool, ...]:
        """Give whether there may be work."""
        if self.is_worked:
            return (True,)
        return (False, True) if self.columns else (False,)


@dataclass(frozen=True, slots=True)
class _Path:
    """One person's flow: by day, the column of each arc by the states it joins."""

    days: tuple[_Day, ...]
    arcs: tuple[Mapping[tuple[State | None, State], int], ...]
    limits: Stretch


@dataclass(frozen=True, slots=True, eq=False)
class Wide:
    """A model with flows added behind its own columns and rows; its answers begin with those of the model."""

    linear: LinearModel
    narrow_count: int
    paths: tuple[_Path, ...]

    @classmethod
    def plain(cls, linear: LinearModel) -> "Wide":
        """Give a model to which nothing is added."""
        return cls(linear, linear.column_count, ())

    def narrowed(self, answer: Answer) -> Answer:
        """Give an answer, or an event on the way to one, in terms of the model itself."""
        return answer if answer.x is None else replace(answer, x=answer.x[: self.narrow_count])

    def complete(self, x: Values) -> Values:
        """Give values of all columns for values of the model's own."""
        wide = np.concatenate([x, np.zeros(self.linear.column_count - self.narrow_count, np.int64)])
        for path in self.paths:
            state: State | None = None
            for day, arcs in zip(path.days, path.arcs, strict=True):
                works = day.is_worked or any(x[column] for column in day.columns)
                after = _step(path.limits, state, works=works)
                if after is None or (state, after) not in arcs:
                    break
                wide[arcs[state, after]] = 1
                state = after
        return wide


class Stretches:
    """Adds the flows of a compiled problem's people to models of it."""

    def __init__(self, compiled: CompiledModel) -> None:
        case, cells = compiled.case, compiled.layout.cells
        found = [limits for rule in case.blocking for limits in rule.stretches(case.problem)]
        wide = {who for (who, _), cell in cells.items() if cell.wide}
        self._limits = {limits.clinician: limits for limits in found if limits.clinician not in wide}
        self._columns: dict[str, list[range]] = {}
        for who in self._limits:
            own = [cells.get((who, on)) for on in case.problem.days]
            self._columns[who] = [
                range(c.first_column, c.first_column + len(c.patterns)) if c is not None else range(0) for c in own
            ]

    def __bool__(self) -> bool:
        """Tell whether there is anything to add."""
        return bool(self._limits)

    def widen(self, linear: LinearModel, columns: Values | None = None, x: Values | None = None) -> Wide:
        """Add the flows of all whose days are free in a model.

        Parameters
        ----------
        columns, x
            For a model in which only some columns are free: these, in its order, and the values of all.
        """
        place = None if columns is None else {column: i for i, column in enumerate(columns.tolist())}
        builder = _Builder(linear.column_count)
        for who, own in self._columns.items():
            days = tuple(_day(there, place, x) for there in own)
            if any(day.columns for day in days):
                builder.add(days, self._limits[who])
        return Wide(builder.added_to(linear), linear.column_count, tuple(builder.paths))


def _day(own: range, place: Mapping[int, int] | None, x: Values | None) -> _Day:
    if place is None or x is None:
        return _Day(tuple(own), is_worked=False)
    free = tuple(place[column] for column in own if column in place)
    return _Day(free, is_worked=any(x[column] for column in own if column not in place))


def _step(limits: Stretch, state: State | None, *, works: bool) -> State | None:
    """Give the state after a day; None when the limits do not allow it."""
    if state is None:
        return works, 1, True
    worked, days, is_first = state
    most, least = (limits.most, limits.least) if worked else (None, limits.least_off)
    if works is worked:
        # Days off, and work without an end, need no counting beyond the least.
        longer = min(days + 1, max(least, 1)) if most is None else days + 1
        return None if most is not None and days >= most else (worked, longer, is_first)
    return (works, 1, False) if is_first or days >= least else None


class _Builder:
    """Columns and rows as they are added."""

    def __init__(self, first_column: int) -> None:
        self.count = self.first = first_column
        self.rows: list[tuple[dict[int, int], int]] = []
        self.paths: list[_Path] = []

    def add(self, days: tuple[_Day, ...], limits: Stretch) -> None:
        """Add the flow of one person."""
        states: dict[State | None, list[int]] = {None: []}
        arcs: list[dict[tuple[State | None, State], int]] = []
        for day in days:
            here: dict[tuple[State | None, State], int] = {}
            for state, after in _arcs(limits, states, day):
                here[state, after] = self.count
                self.count += 1
            self._conserve(states, here)
            if day.columns:
                work = [column for (_, after), column in here.items() if after[0]]
                row = dict.fromkeys(work, 1) | dict.fromkeys(day.columns, -1)
                self.rows.append((row, int(day.is_worked)))
            states = {}
            for (_, after), column in here.items():
                states.setdefault(after, []).append(column)
            arcs.append(here)
        self.paths.append(_Path(days, tuple(arcs), limits))

    def _conserve(
        self, states: Mapping[State | None, list[int]], here: Mapping[tuple[State | None, State], int]
    ) -> None:
        leaving: dict[State | None, list[int]] = {state: [] for state in states}
        for (state, _), column in here.items():
            leaving[state].append(column)
        for state, incoming in states.items():
            row = dict.fromkeys(leaving[state], 1) | dict.fromkeys(incoming, -1)
            self.rows.append((row, int(state is None)))

    def added_to(self, linear: LinearModel) -> LinearModel:
        """Give a model with the rows and columns behind its own."""
        more = self.count - self.first
        lengths = [len(row) for row, _ in self.rows]
        ends = np.array([end for _, end in self.rows], np.float64)
        last = linear.row_start[-1] if len(linear.row_start) else 0
        return LinearModel(
            cost=np.concatenate([linear.cost, np.zeros(more, np.int64)]),
            lower=np.concatenate([linear.lower, np.zeros(more)]),
            upper=np.concatenate([linear.upper, np.ones(more)]),
            row_start=np.concatenate([linear.row_start, last + np.cumsum(lengths)]).astype(np.int64),
            columns=np.concatenate([linear.columns, [c for row, _ in self.rows for c in row]]).astype(np.int64),
            values=np.concatenate([linear.values, [v for row, _ in self.rows for v in row.values()]]).astype(np.int64),
            row_low=np.concatenate([linear.row_low, ends]),
            row_high=np.concatenate([linear.row_high, ends]),
            offset=linear.offset,
        )


def _arcs(limits: Stretch, states: Mapping[State | None, list[int]], day: _Day) -> Iterator[tuple[State | None, State]]:
    for state in states:
        for works in day.choices():
            after = _step(limits, state, works=works)
            if after is not None:
                yield state, after
