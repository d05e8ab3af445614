"""The columns of a compiled model and what they mean, and the rows as they are gathered."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import numpy as np

from solver.compiling.patterns import DayCell
from solver.demand import Post, Stint
from solver.linear import LinearModel

Entries = dict[int, int]
"""Amounts by column."""


@dataclass(slots=True, eq=False)
class Matrix:
    """Columns and rows as they are gathered."""

    cost: list[int] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    rows: list[tuple[Entries, float, float]] = field(default_factory=list)
    offset: int = 0

    def column(self, cost: int = 0, upper: float = 1, lower: float = 0) -> int:
        """Add a column and give its number."""
        self.cost.append(cost)
        self.upper.append(upper)
        self.lower.append(lower)
        return len(self.cost) - 1

    def more_columns(self, costs: Sequence[int]) -> None:
        """Add columns of 0 or 1 at these costs."""
        self.cost.extend(costs)
        self.upper.extend([1] * len(costs))
        self.lower.extend([0] * len(costs))

    def row(self, entries: Entries, low: float = -math.inf, high: float = math.inf) -> None:
        """Add a row."""
        self.rows.append((entries, low, high))

    def build(self) -> LinearModel:
        """Give the arrays."""
        kept = [(e, low, high) for e, low, high in self.rows if e]
        lengths = [len(entries) for entries, _, _ in kept]
        return LinearModel(
            cost=np.array(self.cost, dtype=np.int64),
            lower=np.array(self.lower, dtype=np.float64),
            upper=np.array(self.upper, dtype=np.float64),
            row_start=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            columns=np.array([c for e, _, _ in kept for c in e], dtype=np.int64),
            values=np.array([v for e, _, _ in kept for v in e.values()], dtype=np.int64),
            row_low=np.array([low for _, low, _ in kept], dtype=np.float64),
            row_high=np.array([high for _, _, high in kept], dtype=np.float64),
            offset=self.offset,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """People who may fill the same posts at one stint, for the same prices.

    Parameters
    ----------
    members
        Clinicians, in the order of the problem.
    posts
        Pairs of post and option number.
    columns
        By post, how many of the members fill it.
    bounded
        False for cover that nothing else meets: then any member may fill any number.
    """

    stint: Stint
    members: tuple[str, ...]
    posts: tuple[tuple[Post, int], ...]
    columns: tuple[int, ...]
    bounded: bool


class Slack(NamedTuple):
    """What a soft row pays for: units above and below its limits."""

    entries: Mapping[int, int]
    low: int | None
    high: int | None
    below: int | None
    above: int | None


State = str
"""The last label of a clinician's work so far; empty before the first."""


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A day, or a stint, that may change the label of a clinician's work.

    Parameters
    ----------
    ways
        Sets of columns that mean labelled work, each with its first and its last label.
    arcs
        By label before and number of the way (-1: no labelled work), the column that is 1 when both are so.
    """

    ways: tuple[tuple[tuple[int, ...], str, str], ...]
    arcs: Mapping[tuple[State, int], int]


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """The labels of one clinician's work from start to end, as a flow through states.

    Parameters
    ----------
    changes
        How much each column adds to the number of changes.
    ends
        By last label, the columns that lead there; empty without any step.
    """

    start: State
    steps: tuple[Step, ...]
    changes: Mapping[int, int]
    ends: Mapping[State, tuple[int, ...]]


@dataclass(slots=True, eq=False)
class Layout:
    """What the columns of a model stand for.

    Attributes
    ----------
    watching
        The column that tells whether a clinician is on cover at a stint, where anything else depends on it.
    present
        Columns that tell whether any of several sums is more than zero.
    chains
        Columns that follow the label of a clinician's work from day to day.
    """

    cells: dict[tuple[str, date], DayCell] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    flow_of: dict[tuple[str, Stint, Post], tuple[Flow, int]] = field(default_factory=dict)
    watching: dict[tuple[str, Stint], int] = field(default_factory=dict)
    unserved: list[int] = field(default_factory=list)
    slacks: list[Slack] = field(default_factory=list)
    present: list[tuple[int, Entries]] = field(default_factory=list)
    chains: list[Chain] = field(default_factory=list)

    def add_flow(self, flow: Flow) -> None:
        """Take in a flow and remember whose posts it holds."""
        self.flows.append(flow)
        for (post, _), column in zip(flow.posts, flow.columns, strict=True):
            for who in flow.members:
                self.flow_of[who, flow.stint, post] = (flow, column)
