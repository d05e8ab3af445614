"""A problem and its rules as one linear model over day patterns and counts.

Each clinician's day takes one pattern at most.  Whoever is present at a stint fills one of the posts there: the
flow of a class of people who may fill the same posts.  A group's seats are filled equally often at each option,
and what is not held is unserved.  Everything else is a bound: within one day it masks or prices patterns, between
two days it forbids pairs of patterns, and otherwise it is one row.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from solver.bounds import Rule
from solver.case import Case, case_of
from solver.compiling.columns import Flow, Layout, Matrix
from solver.compiling.naming import Values, decode, encode
from solver.compiling.patterns import MOST_PATTERNS, DayCell, bits_of, list_patterns, values_of
from solver.compiling.rows import Rows
from solver.compiling.sorting import Sorted, sort_bounds
from solver.compiling.tightening import tighten
from solver.demand import Post, Stint
from solver.linear import LinearModel
from solver.plan import Plan
from solver.problem import Problem
from solver.resting import resting_collector
from solver.text import N_, Message, say


@dataclass(frozen=True, slots=True, eq=False)
class CompiledModel:
    """A linear model that knows what its columns mean.

    Parameters
    ----------
    yielded_pins
        What is said about pins that met a rule and were let go.
    notes
        What else people should know before they read the answer.
    """

    linear: LinearModel
    case: Case
    layout: Layout
    yielded_pins: tuple[Message, ...] = ()
    notes: tuple[Message, ...] = ()

    def decode(self, x: Values) -> Plan:
        """Give the plan that column values stand for; rooms stay unnamed."""
        with resting_collector():
            return decode(self.case, self.layout, x)

    def encode(self, plan: Plan) -> Values | None:
        """Give column values that stand for a plan; None when the model does not admit it."""
        return encode(self.case, self.layout, self.linear, plan)


def compile_model(problem: Problem, *, most_patterns: int = MOST_PATTERNS) -> CompiledModel:
    """Give the linear model of a problem; a day with more patterns than ``most_patterns`` is not listed.

    Notes
    -----
    The garbage collector rests meanwhile: nothing built here is garbage, and looking for some takes a third more
    time.
    """
    with resting_collector():
        return _compile(case_of(problem), most_patterns)


def _compile(case: Case, most_patterns: int) -> CompiledModel:
    matrix, layout = Matrix(), Layout()
    layout.cells = _cells(case)
    found = sort_bounds(case, layout.cells)
    list_patterns(list(layout.cells.values()), most_patterns)
    _pattern_columns(matrix, layout)
    _flow_columns(case, matrix, layout, found)
    _flow_rows(case, matrix, layout)
    rows = Rows(case, matrix, layout)
    rows.sums.cover(found.cover_cells)
    for cell in layout.cells.values():
        if cell.wide:
            rows.wide_day(cell)
    for bound, price in found.rows:
        rows.bound(bound, price)
    rows.pairs(found.pairs)
    matrix.offset += found.offset
    tighten(matrix, layout)
    notes = tuple(dict.fromkeys(_impossible(rule) for rule, _ in found.impossible))
    return CompiledModel(matrix.build(), case, layout, case.yielded_pins, notes)


def _cells(case: Case) -> dict[tuple[str, date], DayCell]:
    cells: dict[tuple[str, date], DayCell] = {}
    for who, stints in case.leaves.stints.items():
        days: dict[date, list[Stint]] = {}
        for stint in stints:
            days.setdefault(stint.on, []).append(stint)
        for on, there in days.items():
            cells[who, on] = DayCell(who, on, tuple(there))
    return cells


def _pattern_columns(matrix: Matrix, layout: Layout) -> None:
    known: dict[object, list[int]] = {}
    for cell in layout.cells.values():
        cell.first_column = len(matrix.cost)
        if cell.wide:
            matrix.more_columns([0] * len(cell.patterns))
        elif cell.patterns:
            matrix.more_columns(_prices(cell, known))
            matrix.row(dict.fromkeys(range(cell.first_column, len(matrix.cost)), 1), high=1)
        matrix.offset += 0 if cell.wide else cell.price(0)


def _prices(cell: DayCell, known: dict[object, list[int]]) -> list[int]:
    """Give the price of each pattern beyond that of the free day; days with the same bounds share the work."""
    if not cell.prices:
        return [0] * len(cell.patterns)
    key = (cell.patterns, tuple(cell.prices))
    if key not in known:
        bits = bits_of(cell.patterns)
        found = np.full(len(cell.patterns), -cell.price(0), dtype=np.int64)
        for bound, cost in cell.prices:
            found += cost * bound.all_beyond(values_of(bound.parts, bits))
        known[key] = found.tolist()
    return known[key]


def _flow_columns(case: Case, matrix: Matrix, layout: Layout, found: Sorted) -> None:
    """Give a column to each post of each class of people who may fill the same posts at the same prices."""
    offers: dict[tuple[str, Stint], list[Offer]] = {}
    for placing in case.leaves.placings:
        who, post, option = placing
        stint = case.demand.groups[post.group].stints[post.seat][option]
        price = found.prices.get(placing, 0)
        offers.setdefault((who, stint), []).append((post, option, price, placing in found.named))
    classes: dict[ClassKey, list[str]] = {}
    for (who, stint), offered in offers.items():
        for key in _class_keys(who, stint, offered, found):
            classes.setdefault(key, []).append(who)
    stints = case.demand.stints
    for key, members in classes.items():
        _, number, posts, _ = key
        stint = stints[number]
        bounded = stint.exclusive or (members[0], stint) in found.cover_cells
        columns = []
        for post, _, price, _ in posts:
            size = case.demand.groups[post.group].size
            upper = min(size, len(members)) if stint.exclusive else size
            columns.append(matrix.column(price, upper))
        places = tuple((post, option) for post, option, _, _ in posts)
        layout.add_flow(Flow(stint, tuple(members), places, tuple(columns), bounded))


def _flow_rows(case: Case, matrix: Matrix, layout: Layout) -> None:
    filled: dict[tuple[Post, int], list[int]] = {}
    for flow in layout.flows:
        for place, column in zip(flow.posts, flow.columns, strict=True):
            filled.setdefault(place, []).append(column)
        if flow.stint.exclusive:
            matrix.row(_presence(layout, flow), 0, 0)
    for group in case.demand.groups:
        served: list[int] = []
        for option in range(len(group.first.options)):
            lead = filled.get((Post(group.index, 0), option), [])
            served.extend(lead)
            for seat in range(1, len(group.seats)):
                others = filled.get((Post(group.index, seat), option), [])
                if lead or others:
                    matrix.row(dict.fromkeys(others, 1) | dict.fromkeys(lead, -1), 0, 0)
        unserved = matrix.column(0, group.size)
        layout.unserved.append(unserved)
        matrix.row(dict.fromkeys([*served, unserved], 1), group.size, group.size)


def _presence(layout: Layout, flow: Flow) -> dict[int, int]:
    """Give the row that as many members are present as posts are filled."""
    entries = dict.fromkeys(flow.columns, -1)
    for who in flow.members:
        cell = layout.cells[who, flow.stint.on]
        entries.update(dict.fromkeys(cell.meeting(cell.bit[flow.stint]), 1))
    return entries


Offer = tuple[Post, int, int, bool]
"""A post, its option, the price of taking it, and whether a row names the person there."""

ClassKey = tuple[str, int, tuple[Offer, ...], str]
"""How people fill it, the stint's number, what they are offered, and the one member of a class of one."""


def _class_keys(who: str, stint: Stint, posts: list[Offer], found: Sorted) -> list[ClassKey]:
    """Give the classes that a person belongs to at a stint: one, or for cover that nothing else meets one a post."""
    alone = any(named for *_, named in posts)
    if stint.exclusive:
        return [("presence", stint.index, tuple(posts), who if alone else "")]
    if (who, stint) in found.cover_cells:
        return [("cover", stint.index, tuple(posts), who)]
    return [("free cover", stint.index, (post,), who if post[3] else "") for post in posts]


def _impossible(rule: Rule) -> Message:
    return say(IMPOSSIBLE, rule=rule.title)


IMPOSSIBLE = N_("The rule “%(rule)s” asks for something that not even an empty plan keeps, and is left out here.")
