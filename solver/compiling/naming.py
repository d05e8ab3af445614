"""From the counts of a model to named people and sessions, and back."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from solver.case import Case
from solver.compiling.columns import Chain, Layout
from solver.demand import Group, Post
from solver.linear import LinearModel
from solver.plan import Plan
from solver.problem import Held, Problem
from solver.terms import facts_of

Values = NDArray[np.int64]
Place = tuple[int, int]
"""Numbers of a group and of one of its options."""


def encode(case: Case, layout: Layout, linear: LinearModel, plan: Plan) -> Values | None:
    """Give column values that stand for a plan; None when the model does not admit it."""
    facts = facts_of(case.problem, case.demand, plan)
    x = np.zeros(linear.column_count, dtype=np.int64)
    days: dict[tuple[str, object], int] = {}
    if facts.flaws:
        return None
    for (who, post, option), sessions in facts.assigned.items():
        stint = case.demand.groups[post.group].stints[post.seat][option]
        found = layout.flow_of.get((who, stint, post))
        if found is None:
            return None
        x[found[1]] += len(sessions)
        if stint.exclusive:
            bit = layout.cells[who, stint.on].bit[stint]
            if days.get((who, stint.on), 0) & bit or len(sessions) > 1:
                return None
            days[who, stint.on] = days.get((who, stint.on), 0) | bit
        elif (who, stint) in layout.watching:
            x[layout.watching[who, stint]] = 1
    for key, cell in layout.cells.items():
        pattern = days.get(key, 0)
        if pattern and cell.wide:
            for single, column in cell.columns():
                x[column] = int(bool(pattern & single))
        elif pattern:
            if pattern not in cell.patterns:
                return None
            x[cell.first_column + cell.patterns.index(pattern)] = 1
    for group, column in zip(case.demand.groups, layout.unserved, strict=True):
        held = sum(len(facts.held.get((group.index, i), ())) for i in range(len(group.first.options)))
        x[column] = group.size - held
    _fill_in(layout, x)
    return x if admits(linear, x) else None


def admits(linear: LinearModel, x: Values) -> bool:
    """Tell whether column values keep every row and every limit."""
    activity = np.zeros(linear.row_count, dtype=np.int64)
    row = np.repeat(np.arange(linear.row_count), np.diff(linear.row_start))
    np.add.at(activity, row, linear.values * x[linear.columns])
    return bool(
        (activity >= linear.row_low).all()
        and (activity <= linear.row_high).all()
        and (x >= linear.lower).all()
        and (x <= linear.upper).all()
    )


def _fill_in(layout: Layout, x: Values) -> None:
    """Set the columns that follow from others."""
    for column, members in layout.present:
        x[column] = int(any(x[c] for c in members))
    for chain in layout.chains:
        _follow(chain, x)
    for entries, low, high, below, above in layout.slacks:
        value = sum(v * int(x[c]) for c, v in entries.items())
        if below is not None and low is not None:
            x[below] = max(0, low - value)
        if above is not None and high is not None:
            x[above] = max(0, value - high)


def _follow(chain: Chain, x: Values) -> None:
    """Set the columns that tell from which label to which a clinician's work passes."""
    state = chain.start
    for step in chain.steps:
        way = next((n for n, (columns, _, _) in enumerate(step.ways) if any(x[c] > 0 for c in columns)), -1)
        x[step.arcs[state, way]] = 1
        state = state if way < 0 else step.ways[way][2]


def decode(case: Case, layout: Layout, x: Values) -> Plan:
    """Give the plan that column values stand for, with names as published wherever counts allow."""
    people = _people(case, layout, x)
    published = {h.session: h for h in case.problem.published}
    held: list[Held] = []
    for group in case.demand.groups:
        numbers = range(len(group.first.options))
        counts = {o: len(people.get((Post(group.index, 0), o), ())) for o in numbers}
        for session, option in _sessions(case, group, counts, published, people):
            held.append(_team(case, group, (session, option), published, people))
    order = {session.id: i for i, session in enumerate(case.problem.sessions)}
    return Plan(tuple(sorted(held, key=lambda h: order[h.session])))


Waiting = dict[tuple[Post, int], list[tuple[str, ...]]]
"""By post and option, whoever waits to be put into a session: each a choice of people, most often of one."""


def _people(case: Case, layout: Layout, x: Values) -> Waiting:
    """Give by post and option whoever fills it."""
    working: set[tuple[str, int]] = set()
    chosen = set(np.flatnonzero(x > 0).tolist())
    for (who, _), cell in layout.cells.items():
        columns = range(cell.first_column, cell.first_column + len(cell.patterns))
        for column in chosen.intersection(columns):
            pattern = cell.patterns[column - cell.first_column]
            working.update((who, s.index) for s in cell.stints if pattern & cell.bit[s])
    found: Waiting = {}
    for flow in layout.flows:
        if chosen.isdisjoint(flow.columns):
            continue
        there = [who for who in flow.members if (who, flow.stint.index) in working]
        for place, column in zip(flow.posts, flow.columns, strict=True):
            count = int(x[column])
            if flow.stint.exclusive:
                found.setdefault(place, []).extend((who,) for who in there[:count])
                del there[:count]
            else:
                found.setdefault(place, []).extend([flow.members] * count)
    return found


def _sessions(
    case: Case, group: Group, counts: dict[int, int], published: dict[str, Held], people: Waiting
) -> list[tuple[str, int]]:
    """Choose which of the interchangeable sessions are held at which option: first those published there."""
    options = case.demand.options[group.index]
    chosen: dict[str, int] = {}
    left = dict(counts)

    def kept(session: str, option: int) -> int:
        seats = [case.demand.seat_of.get((session, seat)) for seat, _ in published[session].team]
        pairs = zip(seats, published[session].team, strict=True)
        return sum(any(who in c for c in people.get((Post(group.index, n or 0), option), ())) for n, (_, who) in pairs)

    there = [
        (session, options[published[session].on, published[session].half_day])
        for session in group.sessions
        if session in published and (published[session].on, published[session].half_day) in options
    ]
    for session, option in sorted(there, key=lambda pair: -kept(*pair)):
        if left[option]:
            chosen[session] = option
            left[option] -= 1
    waiting = [session for session in group.sessions if session not in chosen]
    for option, count in left.items():
        for session in waiting[:count]:
            chosen[session] = option
        del waiting[:count]
    return _best_kept_first(chosen, published, kept)


def _best_kept_first(
    chosen: dict[str, int], published: dict[str, Held], kept: Callable[[str, int], int]
) -> list[tuple[str, int]]:
    """Put published sessions first, so that they find their people before others take them."""
    return sorted(chosen.items(), key=lambda pair: -kept(*pair) if pair[0] in published else 1)


def _team(case: Case, group: Group, place: tuple[str, int], published: dict[str, Held], people: Waiting) -> Held:
    """Take a team out of those who wait, as published where possible, cover by a member of the team if it can be."""
    session, option = place
    seats = case.problem.session[session].seats
    before = dict(published[session].team) if session in published else {}
    team: list[tuple[str, str]] = []
    for n in sorted(range(len(seats)), key=lambda i: not seats[i].exclusive):
        waiting = people[Post(group.index, n), option]
        wanted = [before.get(seats[n].id), *(who for _, who in team)]
        team.append((seats[n].id, _take(case.problem, waiting, [w for w in wanted if w is not None])))
    order = {seat.id: i for i, seat in enumerate(seats)}
    at = group.first.options[option]
    return Held(session, at.on, at.half_day, None, tuple(sorted(team, key=lambda pair: order[pair[0]])))


def _take(problem: Problem, waiting: list[tuple[str, ...]], wanted: list[str]) -> str:
    for who in wanted:
        for i, choice in enumerate(waiting):
            if who in choice:
                del waiting[i]
                return who
    return waiting.pop(0)[0]
