"""The labels of a clinician's work as a flow through states, from the label before a day to the label after it."""

from collections.abc import Iterator
from itertools import pairwise

from solver.compiling.columns import Chain, Entries, Layout, Matrix, State, Step
from solver.compiling.patterns import DayCell
from solver.demand import Stint
from solver.terms import Labels, label_of, order_of_work

ChainKey = tuple[str, Labels, State]
"""Clinician, labels, and the label before the first work."""

Way = tuple[State, State, int]
"""First and last label of some work, and the changes within it."""


def add_chain(matrix: Matrix, layout: Layout, key: ChainKey) -> Chain:
    """Add the columns and rows of a flow, and give what they mean.

    Notes
    -----
    One unit leaves the start and passes each step along one arc, so that the columns follow from the patterns, and
    the part of a model that holds nothing else is as tight as can be.
    """
    who, labels, start = key
    inflow: dict[State, list[int]] = {start: []}
    steps: list[Step] = []
    changes: Entries = {}
    for ways in _steps(layout, who, label_of(labels)):
        arcs: dict[tuple[State, int], int] = {}
        after: dict[State, list[int]] = {}
        for state, incoming in inflow.items():
            leaving = dict.fromkeys((*range(len(ways)), -1), 0)
            for number in leaving:
                arcs[state, number] = leaving[number] = matrix.column()
            matrix.row(dict.fromkeys(leaving.values(), 1) | dict.fromkeys(incoming, -1), *(2 * [int(not steps)]))
            after.setdefault(state, []).append(leaving[-1])
        for number, ((first, last, within), columns) in enumerate(ways.items()):
            mine = {state: arcs[state, number] for state in inflow}
            matrix.row(dict.fromkeys(mine.values(), 1) | dict.fromkeys(columns, -1), 0, 0)
            after.setdefault(last, []).extend(mine.values())
            for state, column in mine.items():
                if within + (state not in ("", first)):
                    changes[column] = within + (state not in ("", first))
        steps.append(Step(tuple((tuple(c), first, last) for (first, last, _), c in ways.items()), arcs))
        inflow = after
    ends = {state: tuple(columns) for state, columns in inflow.items()} if steps else {}
    return Chain(start, tuple(steps), changes, ends)


def _steps(layout: Layout, who: str, label: dict[Stint, str]) -> Iterator[dict[Way, list[int]]]:
    """Give for each day or single stint, in order, the columns that mean labelled work by what that work is."""
    listed: set[DayCell] = set()
    for stint in sorted(label, key=order_of_work):
        name = label[stint]
        cell = layout.cells.get((who, stint.on)) if stint.exclusive else None
        if not stint.exclusive:
            if (who, stint) in layout.watching:
                yield {(name, name, 0): [layout.watching[who, stint]]}
        elif cell is not None and cell.wide:
            columns = [column for pattern, column in cell.columns() if stint in cell.bit and pattern & cell.bit[stint]]
            if columns:
                yield {(name, name, 0): columns}
        elif cell is not None and cell not in listed:
            listed.add(cell)
            ways = _ways(cell, label)
            if ways:
                yield ways


def _ways(cell: DayCell, label: dict[Stint, str]) -> dict[Way, list[int]]:
    ways: dict[Way, list[int]] = {}
    for pattern, column in cell.columns():
        names = [label[stint] for stint, bit in cell.bit.items() if pattern & bit and stint in label]
        if names:
            within = sum(one != other for one, other in pairwise(names))
            ways.setdefault((names[0], names[-1], within), []).append(column)
    return ways
